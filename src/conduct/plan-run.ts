/**
 * The plan of a run, made before anything is written or sent: the cases, their subjects, and the cases that apply to
 * none.
 */
import type { Subject } from '../iut/subject.js';
import { type Assignment, assign } from '../run/assignment.js';
import type { Catalogue } from '../suite/catalogue/catalogue.js';
import type { ExpandedCase } from '../suite/language/case.js';
import type { CaseResult, Results } from '../suite/verdict/results.js';
import { dealShard } from './deal-shard.js';
import { loadSoundCatalogue, selectOrRefuse } from './load-catalogue.js';
import type { RunRequest } from './run-request.js';
import { subjectsOf } from './subjects-of.js';
import { UsageError } from './usage-error.js';

export interface RunPlan {
  /** The whole catalogue, whatever the selection. */
  readonly catalogue: Catalogue;
  /** The subjects in the results: they run a case, or are named for a case that does not apply. */
  readonly subjects: readonly Subject[];
  readonly assignments: readonly Assignment[];
  readonly notApplicable: readonly CaseResult[];
  readonly shard?: Results['run']['shard'];
}

/** Throws a UsageError if the request cannot be carried out. */
export const planRun = (request: RunRequest, workingDirectory: string): RunPlan => {
  const subjects = subjectsOf(request.iut);
  const catalogue = loadSoundCatalogue(request.catalogue, workingDirectory);
  const selected = request.replayed === undefined ? selectOrRefuse(catalogue, request.selection) : [request.replayed];
  const dealt = request.shard === undefined ? undefined : dealShard(selected, request.shard);
  const cases = dealt?.cases ?? selected;
  const { assignments, notApplicable } = assign(subjects, cases, request.exhaustive);
  // It is no error if no case of a shard applies, as cases of other shards may: the merge judges that.
  if (assignments.length === 0 && dealt === undefined) throw nothingApplies(subjects, cases, notApplicable);
  const named = new Set([
    ...assignments.map(({ subject }) => subject.name),
    ...notApplicable.map(({ subject }) => subject),
  ]);
  return {
    catalogue,
    subjects: subjects.filter(({ name }) => named.has(name)),
    assignments,
    notApplicable,
    ...(dealt === undefined ? {} : { shard: dealt.record }),
  };
};

const nothingApplies = (
  subjects: readonly Subject[],
  cases: readonly ExpandedCase[],
  notApplicable: readonly CaseResult[],
): UsageError => {
  const names = subjects.map(({ name }) => name).join(', ');
  const [first] = notApplicable;
  return new UsageError([
    `nothing to run: none of the ${cases.length} selected cases applies to ${names}`,
    ...(first === undefined ? [] : [`${first.id}: ${first.sentence}`]),
  ]);
};
