/**
 * The input of every format for CI: a list of tests, one for each case and one for each fault of a baseline or of the run
 * as a whole, so that a red gate never looks green in a format that has only tests. No writer decides by itself what is
 * green.
 */
import { causeOf } from '../gate/cause.js';
import type { Gate, GatedCase } from '../gate/gate.js';
import { printable } from '../protocol/bytes/printable.js';
import type { CaseResult, Results } from '../suite/verdict/results.js';
import {
  causeByResult,
  type QuotedRegister,
  type ReportedCause,
  reportedCauses,
  tellSentence,
} from './reported-cause.js';

/** A run and its gate: the input of every writer. */
export interface RunReport {
  readonly results: Results;
  readonly gate: Gate;
  /** The requirements, to quote what is broken; absent: ids alone. */
  readonly register?: QuotedRegister;
}

/**
 * `passed` green · `known` deviates as the baseline says: listed, not red · `skipped` does not apply · `failed` red by what
 * the implementation does, or by the baseline · `errored` no verdict to rely on, so never green either.
 */
export const outcomes = ['passed', 'known', 'skipped', 'failed', 'errored'] as const;
export type Outcome = (typeof outcomes)[number];

export interface ReportedTest {
  /** Printable, on one line; unique within the suite. */
  readonly name: string;
  /** The subject, or `baseline`, or `run`. */
  readonly suite: string;
  readonly outcome: Outcome;
  /** The standing of a case, or the fault. */
  readonly kind: string;
  /** Printable, on one line. */
  readonly message: string;
  /** The key of its cause: the signature, if there is one. */
  readonly group: string;
  /** Where to look: the place in a baseline, or the step at which a case failed. */
  readonly place?: { readonly file: string; readonly line: number; readonly column: number };
  readonly result?: CaseResult;
  /** Its cause. */
  readonly cause?: ReportedCause;
}

export type OutcomeCounts = Readonly<Record<Outcome, number>>;

const longestName = 400;
const longestMessage = 2000;

export const reportedTests = ({ gate, register }: RunReport): readonly ReportedTest[] => {
  const causes = causeByResult(reportedCauses(gate.cases, register));
  return [
    ...gate.run.map(({ fault, sentence }) => fromFault('run', fault, fault, sentence)),
    ...gate.entries.map(({ fault, file, line, column, sentence }) => ({
      ...fromFault('baseline', `${file}:${line} ${fault}`, fault, sentence),
      place: { file, line, column },
    })),
    ...gate.cases.map((gated) => fromCase(gated, causes.get(gated.result))),
  ];
};

export const countOutcomes = (tests: readonly ReportedTest[]): OutcomeCounts => {
  const count = (wanted: Outcome): number => tests.filter(({ outcome }) => outcome === wanted).length;
  return {
    passed: count('passed'),
    known: count('known'),
    skipped: count('skipped'),
    failed: count('failed'),
    errored: count('errored'),
  };
};

const fromFault = (suite: string, name: string, kind: string, sentence: string): ReportedTest => ({
  name: printable(name, longestName),
  suite,
  outcome: kind === 'interrupted' || kind === 'ended-early' || kind === 'incomplete' ? 'errored' : 'failed',
  kind,
  message: printable(sentence, longestMessage),
  group: kind,
});

/** How the test of a case is named. */
export const nameTest = ({
  subject,
  id,
}: Pick<CaseResult, 'subject' | 'id'>): Pick<ReportedTest, 'suite' | 'name'> => ({
  suite: printable(subject, longestName),
  name: printable(id, longestName),
});

/** One case as a test, with the cause that it belongs to where it is not green. */
export const fromCase = (gated: GatedCase, cause?: ReportedCause): ReportedTest => ({
  ...nameTest(gated.result),
  outcome: outcomeOf(gated),
  kind: gated.standing,
  message: printable(causeOf(gated), longestMessage),
  group: `${gated.standing}: ${printable(cause?.cause.signature ?? gated.result.observation ?? gated.result.verdict, longestName)}`,
  result: gated.result,
  ...(cause === undefined ? {} : { cause }),
  ...(placeOf(gated.result) ?? {}),
});

/** Where the step is written at which it failed. */
const placeOf = ({ verdict, findings }: CaseResult): Pick<ReportedTest, 'place'> | undefined => {
  const place = findings.find((finding) => finding.verdict === verdict && finding.verdict !== 'pass')?.place;
  return place === undefined ? undefined : { place };
};

const outcomeOf = ({ result, standing, red }: GatedCase): Outcome => {
  switch (standing) {
    case 'as-expected':
      return result.verdict === 'not-applicable' ? 'skipped' : 'passed';
    case 'known':
      return result.verdict === 'info' ? 'passed' : 'known';
    case 'observation-changed':
      return 'passed';
    case 'fixed':
      return red ? 'failed' : 'passed';
    case 'regressed':
    case 'changed':
    case 'new-failure':
    case 'flaky':
    case 'expired':
      return 'failed';
    // Within a budget the gate may hold, but nothing inconclusive is ever shown as green.
    case 'inconclusive':
    case 'missing':
    case 'error':
      return 'errored';
  }
};

/** Further details of a case, as `name: value` lines. */
export const factsOf = ({ result, kind, place, cause }: ReportedTest): readonly (readonly [string, string])[] => {
  const at = place === undefined ? undefined : `${place.file}:${place.line}:${place.column}`;
  if (result === undefined) return at === undefined ? [] : [['at', at]];
  const { verdict, signature, requirements, evidence, observation, attempts, title } = result;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['title', title],
    ['standing', kind],
    ['verdict', verdict],
    ['signature', signature],
    [
      'breaks',
      cause === undefined || cause.broken.length === 0 ? undefined : cause.broken.map(tellSentence).join(', '),
    ],
    ['likely', cause?.likely],
    ['right', cause?.right],
    ['step', at],
    ['observation', observation],
    ['requirements', requirements.length === 0 ? undefined : requirements.join(' ')],
    ['evidence', evidence],
    ['attempts', attempts?.map((each) => each.verdict).join(' ')],
  ];
  return facts.flatMap(([name, value]) =>
    value === undefined ? [] : [[name, printable(value, longestMessage)] as const],
  );
};

/** Whether a test makes the gate red or could not be judged. */
export const needsAttention = ({ outcome }: ReportedTest): boolean => outcome === 'failed' || outcome === 'errored';

export interface TestGroup {
  readonly group: string;
  readonly tests: readonly ReportedTest[];
}

/** Tests of one cause together, the largest group first. */
export const groupTests = (tests: readonly ReportedTest[]): readonly TestGroup[] => {
  const groups = new Map<string, ReportedTest[]>();
  for (const test of tests) {
    const members = groups.get(test.group);
    if (members === undefined) groups.set(test.group, [test]);
    else members.push(test);
  }
  return [...groups]
    .map(([group, members]) => ({ group, tests: members }))
    .sort((a, b) => b.tests.length - a.tests.length || (a.group < b.group ? -1 : 1));
};
