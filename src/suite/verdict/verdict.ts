/**
 * Verdicts and how they combine. Monotone: the worst verdict wins, and no later finding improves it.
 * `pass` judged, all met · `info` the source is silent, the observation is recorded · `nonstrict` MUST kept, SHOULD missed ·
 * `inconclusive` stimulus or evidence insufficient · `fail` a MUST violated · `error` tester, environment or case at fault.
 * Decided before the run: `not-applicable`. Answered by control at run time: `unsupported`. Not reached: `not-run`.
 */
export const ranked = ['pass', 'info', 'nonstrict', 'inconclusive', 'fail', 'error'] as const;
export type RankedVerdict = (typeof ranked)[number];
export type Verdict = RankedVerdict | 'not-applicable' | 'unsupported' | 'not-run';

/** The worse of two. */
export const worse = (a: RankedVerdict, b: RankedVerdict): RankedVerdict =>
  ranked.indexOf(a) >= ranked.indexOf(b) ? a : b;

const byBadness = [
  'not-applicable',
  'pass',
  'info',
  'nonstrict',
  'inconclusive',
  'unsupported',
  'fail',
  'not-run',
  'error',
] as const satisfies readonly Verdict[];

/** The rank of a verdict of any kind, for comparison. */
export const badness = (verdict: Verdict): number => byBadness.indexOf(verdict);

export const facets = ['conformance', 'timing', 'hygiene', 'liveness'] as const;
export type Facet = (typeof facets)[number];

export type FailureClass = 'mismatch' | 'missing' | 'unexpected' | 'timing' | 'crash' | 'hang';

/** One finding: its facet, verdict and place, and the reason in one sentence. */
export interface Finding {
  readonly facet: Facet;
  readonly verdict: RankedVerdict;
  readonly class?: FailureClass;
  /** Step by position from 1, with its label where it has one. */
  readonly step: string;
  /** The field or segment concerned, e.g. `SYN-ACK.mp_capable.key`; no numbers that change from run to run. */
  readonly subject: string;
  /** One plain sentence: expected what, got what. */
  readonly sentence: string;
  /** Index into the trace of the guilty observation, if there is one. */
  readonly observation?: number;
  /** Field by field for a mismatch, each candidate that arrived. */
  readonly differences?: readonly Difference[];
  /** The expected segment that did not come, for `missing`. */
  readonly awaited?: readonly AwaitedSegment[];
  /** All right reactions, if the step has a choice: `refused: RST on 2`. */
  readonly right?: readonly string[];
  /** The broken rule of the book, if a rule made the finding. */
  readonly rule?: string;
  /** The broken sentences: of the rule, of the step or fragment, or of the wrong field. */
  readonly requirements?: readonly string[];
  /** The sentence that segment or field obeys in ordinary circumstances, if the case asks for others. */
  readonly ordinarily?: string;
  /** Whether the case failed in a fragment, before its own steps. */
  readonly setUp?: true;
  /** The tester's last action before, in words without numbers: `SYN+mp_join`, `connect`. */
  readonly after?: string;
  /** All actions of the tester before, in order: a dialogue must contain them to reach the same point. */
  readonly trail?: readonly Deed[];
  /** Equal if the tester did the same before, including the values. */
  readonly point?: string;
  /** Where the step is written. */
  readonly place?: { readonly file: string; readonly line: number; readonly column: number };
}

/** An action of the tester, in words without numbers. */
export interface Deed {
  /** `SYN+mp_join`, `connect`, `icmp port-unreachable`, `wait`. */
  readonly did: string;
  /** Whether on a flow of the current step; absent if it was on none. */
  readonly here?: boolean;
  /** Header fields that the case sets itself: `seq`, `window`. */
  readonly fields?: readonly string[];
}

/** An expected segment: its flow, its path, and its name in a case. */
export interface AwaitedSegment {
  readonly flow: string;
  readonly path: number;
  readonly segment: string;
}

export interface Difference {
  readonly field: string;
  readonly expected: string;
  readonly got: string;
  /** If the expected value was computed: the expression of the case, and the values of its names. */
  readonly computed?: Computation;
  /** The case's name for the value that came, if it is another value of the dialogue. */
  readonly named?: string;
}

export interface Computation {
  /** As the case writes it, e.g. `hmac_b(A, B, RA, RB)`. */
  readonly expression: string;
  /** In order of appearance; numbers as `0x…`, octets as hex digits. */
  readonly inputs: readonly { readonly name: string; readonly value: string }[];
}

/** The judgement of one case. */
export interface Judgement {
  readonly verdict: RankedVerdict | 'unsupported';
  readonly facets: Readonly<Partial<Record<Facet, RankedVerdict>>>;
  /** The first finding of the worst verdict determines class, signature and sentence. */
  readonly class?: FailureClass;
  /** The kind of failure, without positions and numbers ({@link signatureOf}), e.g. `mismatch/SYN-ACK.mp_capable.key`. */
  readonly signature?: string;
  readonly sentence: string;
  /** For `info`: the recorded observation, e.g. `rst`. */
  readonly observation?: string;
  readonly findings: readonly Finding[];
}
