/**
 * A cause for the reader, the same in every report: the broken sentence, what was expected and what came in the case's
 * own names, the likely wrong computation, the number of cases, and the case to look at first. Everything is printable.
 */
import { type Cause, causesOf } from '../gate/causes.js';
import type { GatedCase } from '../gate/gate.js';
import { printable } from '../protocol/bytes/printable.js';
import type { Level, Requirement } from '../suite/catalogue/requirement-schema.js';
import type { CaseResult } from '../suite/verdict/results.js';

/** The register, as far as a report quotes it. */
export type QuotedRegister = ReadonlyMap<string, Pick<Requirement, 'id' | 'level' | 'source' | 'statement'>>;

export interface BrokenSentence {
  readonly id: string;
  readonly level?: Level;
  /** `RFC 6824 section 3.2`. */
  readonly section?: string;
  readonly statement?: string;
}

export interface ReportedCause {
  readonly cause: Cause;
  /**
   * The broken sentences: for a failure those with a MUST first, since only these fail a host; then the one of most
   * cases.
   */
  readonly broken: readonly BrokenSentence[];
  /** The failure of the simplest case, in one sentence. */
  readonly sentence: string;
  readonly expected?: string;
  readonly got?: string;
  readonly likely?: string;
  /** Other right reactions, if the step has a choice. */
  readonly right?: string;
  /** The case to look at first. */
  readonly first: CaseResult;
  /** Where its step is written: `cases/tcp/server/x.yaml:12:5`. */
  readonly place?: Place;
}

export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

const longest = 400;

/** Every cause of results that are not green, including those in a baseline. */
export const reportedCauses = (
  cases: readonly Pick<GatedCase, 'result'>[],
  register?: QuotedRegister,
): readonly ReportedCause[] =>
  causesOf(cases.map(({ result }) => result)).flatMap((cause) => describe(cause, register));

/** The causes of some results, explained together with all: by result. */
export const causeByResult = (causes: readonly ReportedCause[]): ReadonlyMap<CaseResult, ReportedCause> =>
  new Map(
    causes
      .filter(({ cause }) => cause.decides)
      .flatMap((each) => each.cause.results.map(({ result }) => [result, each] as const)),
  );

const describe = (cause: Cause, register: QuotedRegister | undefined): readonly ReportedCause[] => {
  const [first] = cause.results;
  if (first === undefined) return [];
  const { result, finding } = first;
  // If the whole segment is another one, the sentence says more.
  const difference = finding?.differences?.find(({ field }) => field !== 'segment');
  const place = finding?.place;
  const got = difference === undefined ? undefined : gotText(difference);
  return [
    {
      cause,
      broken: byForce(
        cause,
        cause.requirements.map((id) => quote(id, register)),
      ),
      sentence: printable(finding?.sentence ?? result.sentence, longest),
      ...(difference === undefined
        ? {}
        : { expected: printable(`${difference.field} ${expectedText(difference)}`, longest) }),
      ...(got === undefined ? {} : { got: printable(got, longest) }),
      ...(difference?.likely === undefined ? {} : { likely: printable(difference.likely.join(', or '), longest) }),
      ...(finding?.right === undefined ? {} : { right: printable(finding.right.join(', or '), longest) }),
      first: result,
      ...(place === undefined ? {} : { place }),
    },
  ];
};

const byForce = ({ verdict }: Cause, broken: readonly BrokenSentence[]): readonly BrokenSentence[] =>
  verdict === 'fail' ? broken.toSorted((a, b) => Number(isMust(b)) - Number(isMust(a))) : broken;

const isMust = ({ level }: BrokenSentence): boolean => level === 'MUST';

type Difference = NonNullable<CaseResult['findings'][number]['differences']>[number];

/** `hmac_b(A, B, RA, RB) = 0x…` where the case computes it. */
const expectedText = ({ expected }: Difference): string => {
  const computed = /^(\S+) \((.+)\)$/.exec(expected);
  return computed === null ? expected : `${computed[2]} = ${computed[1]}`;
};

const gotText = ({ got, named }: Difference): string => (named === undefined ? got : `${named} = ${got}`);

export const quote = (id: string, register: QuotedRegister | undefined): BrokenSentence => {
  const requirement = register?.get(id);
  if (requirement === undefined) return { id };
  const { level, statement, source } = requirement;
  return {
    id,
    level,
    statement: statement.replaceAll(/\s+/g, ' ').trim(),
    section: source.section === undefined ? source.doc : `${source.doc} ${sectionText(source.section)}`,
  };
};

/** Figures, equations and tables are named by themselves. */
const sectionText = (section: string): string => (/^[0-9A-Z][0-9.]*$/.test(section) ? `section ${section}` : section);

/** `MUST RFC6824-3.2-04 (RFC 6824 section 3.2)`. */
export const tellSentence = ({ id, level, section }: BrokenSentence): string =>
  [level, id, section === undefined ? undefined : `(${section})`].filter((each) => each !== undefined).join(' ');

export const tellPlace = ({ file, line, column }: Place): string => printable(`${file}:${line}:${column}`);

/** What was expected, what came, and the likely reason, in one sentence; `otherwise` where it is not known field by field. */
export const tellCause = (cause: ReportedCause | undefined, otherwise: string): string => {
  if (cause?.expected === undefined || cause.got === undefined) return otherwise;
  const likely = cause.likely === undefined ? '' : ` (likely: ${cause.likely})`;
  return `Expected ${cause.expected}, got ${cause.got}${likely}.`;
};
