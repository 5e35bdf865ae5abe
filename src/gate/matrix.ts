/**
 * Several implementations side by side: the requirements that each keeps and breaks, by topic and by requirement. Only
 * the sentence of a finding is violated, not all requirements of its case; the others were not reached.
 */
import type { Requirement } from '../suite/catalogue/requirement-schema.js';
import type { CaseResult, Results, SubjectRecord } from '../suite/verdict/results.js';

/** From the best to the worst; `unclear`: no reliable verdict; `unreached`: the case failed earlier. */
export const states = ['absent', 'kept', 'missed', 'unreached', 'unclear', 'broken'] as const;
export type State = (typeof states)[number];

export interface MatrixCell {
  readonly state: State;
  /** The number of cases that cite it here, and of those with this outcome. */
  readonly asked: number;
  readonly so: number;
  /** One of those cases, as a link to the packets; absent if all is kept. */
  readonly example?: CaseResult;
}

export interface MatrixRow {
  /** A topic, or the id of a requirement. */
  readonly name: string;
  /** The requirement's sentence. */
  readonly statement?: string;
  /** In the order of the columns. */
  readonly cells: readonly MatrixCell[];
  /** Implementations to which it applies differ. */
  readonly differs: boolean;
}

export interface MatrixColumn {
  readonly subject: SubjectRecord;
  readonly results: Results;
  readonly counts: Readonly<Record<'judged' | 'green' | 'missed' | 'red', number>>;
}

export interface Matrix {
  readonly columns: readonly MatrixColumn[];
  readonly topics: readonly MatrixRow[];
  readonly requirements: readonly MatrixRow[];
}

/** A column for each subject of each run. Rows that differ come first, then those with more broken, then by name. */
export const matrixOf = (runs: readonly Results[], register: ReadonlyMap<string, Requirement>): Matrix => {
  const columns = runs.flatMap((results) => results.subjects.map((subject) => columnOf(results, subject)));
  const judged = columns.map(({ results, subject }) =>
    marksOf(results.cases.filter((each) => each.subject === subject.name)),
  );
  const ids = [...new Set(judged.flatMap((marks) => [...marks.keys()]))];
  const rowOf = (name: string, members: readonly string[], statement?: string): MatrixRow => {
    const cells = judged.map((marks) => cellOf(members.flatMap((id) => marks.get(id) ?? [])));
    const shown = new Set(cells.map(({ state }) => state).filter((state) => state !== 'absent'));
    return { name, ...(statement === undefined ? {} : { statement }), cells, differs: shown.size > 1 };
  };
  const topicOf = (id: string): string => register.get(id)?.topic ?? 'other';
  const topics = [...new Set(ids.map(topicOf))];
  return {
    columns,
    topics: ordered(
      topics.map((topic) =>
        rowOf(
          topic,
          ids.filter((id) => topicOf(id) === topic),
        ),
      ),
    ),
    requirements: ordered(ids.map((id) => rowOf(id, [id], register.get(id)?.statement))),
  };
};

const green: readonly CaseResult['verdict'][] = ['pass', 'info', 'nonstrict'];
const unjudged: readonly CaseResult['verdict'][] = ['not-applicable', 'not-run'];

const columnOf = (results: Results, subject: SubjectRecord): MatrixColumn => {
  const own = results.cases.filter((each) => each.subject === subject.name && !unjudged.includes(each.verdict));
  const count = (counts: (verdict: CaseResult['verdict']) => boolean): number =>
    own.filter(({ verdict }) => counts(verdict)).length;
  return {
    subject,
    results,
    counts: {
      judged: own.length,
      green: count((verdict) => green.includes(verdict) && verdict !== 'nonstrict'),
      missed: count((verdict) => verdict === 'nonstrict'),
      red: count((verdict) => !green.includes(verdict)),
    },
  };
};

interface Mark {
  readonly state: State;
  readonly result: CaseResult;
}

/** The outcome of each requirement in each case that cites it, or that found it violated. */
const marksOf = (cases: readonly CaseResult[]): ReadonlyMap<string, readonly Mark[]> => {
  const marks = new Map<string, Mark[]>();
  for (const result of cases)
    for (const [id, state] of statesIn(result)) marks.set(id, [...(marks.get(id) ?? []), { state, result }]);
  return marks;
};

const statesIn = (result: CaseResult): ReadonlyMap<string, State> => {
  const { verdict, requirements, findings } = result;
  const all = (state: State) => new Map(requirements.map((id) => [id, state] as const));
  const found = (wanted: 'fail' | 'nonstrict', state: State) =>
    findings
      .filter((finding) => finding.verdict === wanted)
      .flatMap((finding) => (finding.requirements ?? requirements).map((id) => [id, state] as const));
  switch (verdict) {
    case 'pass':
    case 'info':
      return all('kept');
    case 'nonstrict':
      return new Map([...all('kept'), ...found('nonstrict', 'missed')]);
    case 'fail':
      if (!findings.some((finding) => finding.verdict === 'fail')) return all('broken');
      return new Map([...all('unreached'), ...found('nonstrict', 'missed'), ...found('fail', 'broken')]);
    case 'inconclusive':
    case 'error':
    case 'unsupported':
      return all('unclear');
    case 'not-applicable':
    case 'not-run':
      return new Map();
  }
};

const rankOf = (state: State): number => states.indexOf(state);

const cellOf = (marks: readonly Mark[]): MatrixCell => {
  const worst = marks.reduce<Mark | undefined>(
    (found, mark) => (found === undefined || rankOf(mark.state) > rankOf(found.state) ? mark : found),
    undefined,
  );
  if (worst === undefined) return { state: 'absent', asked: 0, so: 0 };
  const so = marks.filter(({ state }) => state === worst.state).length;
  const { state, result } = worst;
  return { state, asked: marks.length, so, ...(state === 'kept' ? {} : { example: result }) };
};

const ordered = (rows: readonly MatrixRow[]): readonly MatrixRow[] => {
  const broken = ({ cells }: MatrixRow): number => cells.filter(({ state }) => state === 'broken').length;
  return [...rows].sort(
    (a, b) => Number(b.differs) - Number(a.differs) || broken(b) - broken(a) || (a.name < b.name ? -1 : 1),
  );
};
