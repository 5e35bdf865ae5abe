/**
 * Verdicts and how they combine. Monotone: the worst wins and nothing repairs an earlier one.
 * `pass` judged, all met · `info` the source is silent, the observation is recorded · `nonstrict` MUST kept, SHOULD missed ·
 * `inconclusive` stimulus or evidence insufficient · `fail` a MUST violated · `error` tester, environment or case at fault.
 * Decided before the run: `not-applicable`. Answered by control at run time: `unsupported`. Not reached: `not-run`.
 */ export const ranked = ['pass', 'info', 'nonstrict', 'inconclusive', 'fail', 'error'] as const;
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

/** How bad a verdict of any kind is, to compare with others. */
export const badness = (verdict: Verdict): number => byBadness.indexOf(verdict);

export const facets = ['conformance', 'timing', 'hygiene', 'liveness'] as const;
export type Facet = (typeof facets)[number];

export type FailureClass = 'mismatch' | 'missing' | 'unexpected' | 'timing' | 'crash' | 'hang';

/** One judged thing: which facet, how bad, where, and in one sentence why. */
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
  /** Index into the trace of the guilty observation, where there is one. */
  readonly observation?: number;
  /** Field by field for a mismatch, each candidate that arrived. */
  readonly differences?: readonly Difference[];
  /** What was waited for and did not come, for `missing`. */
  readonly awaited?: readonly AwaitedSegment[];
  /** Everything that would have been right, where the step leaves a choice: `refused: RST on 2`. */
  readonly right?: readonly string[];
  /** The rule of the book that is broken, where it was not the case that found it. */
  readonly rule?: string;
  /** The sentences that are broken: of the rule, of the step or fragment, or of the field that is wrong. */
  readonly requirements?: readonly string[];
  /** Whether the case had not come to its own steps: it failed at what a fragment sets up. */
  readonly setUp?: true;
  /** What the tester did last before, in words without numbers: `SYN+mp_join`, `connect`. */
  readonly after?: string;
  /** Everything that the tester did before, in order: what a dialogue has to contain to come to the same point. */
  readonly trail?: readonly Deed[];
  /** Equal where the tester did the same before, to the values. */
  readonly point?: string;
  /** Where the step is written. */
  readonly place?: { readonly file: string; readonly line: number; readonly column: number };
}

/** Something that the tester did, in words without numbers. */
export interface Deed {
  /** `SYN+mp_join`, `connect`, `icmp port-unreachable`, `wait`. */
  readonly did: string;
  /** Whether on a flow of the step under way; absent where it was on none. */
  readonly here?: boolean;
  /** Header fields that the case gives itself: `seq`, `window`. */
  readonly fields?: readonly string[];
}

/** A segment that was waited for: on which flow, of which path, by the name that a case gives it. */
export interface AwaitedSegment {
  readonly flow: string;
  readonly path: number;
  readonly segment: string;
}

export interface Difference {
  readonly field: string;
  readonly expected: string;
  readonly got: string;
  /** Where the expected value was computed: the expression of the case, and what its names stood for. */
  readonly computed?: Computation;
  /** What the case calls the value that came, where it is another value of the dialogue. */
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
  /** The first finding of the worst verdict decides class, signature and sentence. */
  readonly class?: FailureClass;
  /** What went wrong, without positions and numbers ({@link signatureOf}), e.g. `mismatch/SYN-ACK.mp_capable.key`. */
  readonly signature?: string;
  readonly sentence: string;
  /** For `info`: the recorded observation, e.g. `rst`. */
  readonly observation?: string;
  readonly findings: readonly Finding[];
}
