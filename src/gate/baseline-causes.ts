/**
 * Updates of a baseline by cause: deviations without an entry become an entry for each cause; counts follow the run;
 * entries from before version 0.2, one for each case with the number of the step in its signature, are merged into an
 * entry for each cause.
 *
 * A cause in fewer cases needs no reason, a cause in more cases does.
 */
import type { CaseResult } from '../suite/verdict/results.js';
import { withoutStep } from '../suite/verdict/signature.js';
import { type BaselineEntry, patternOf } from './baseline.js';
import type { EntryFields } from './baseline-edit.js';
import { causesOf } from './causes.js';
import type { EntryFinding } from './entry-scope.js';
import type { GatedCase } from './gate.js';
import { isAskedFor, type Pen, type UpdateRules } from './update-pen.js';

type Caused = Extract<CaseResult['verdict'], 'fail' | 'nonstrict' | 'inconclusive'>;

const hasCause = ({ verdict, signature }: CaseResult): boolean =>
  signature !== undefined && (verdict === 'fail' || verdict === 'nonstrict' || verdict === 'inconclusive');

/** Results for entries of single cases: those without a cause. */
export const isOfCause = ({ result }: GatedCase): boolean => hasCause(result);

/** An entry for each cause and verdict of these results. */
function entriesFor(results: readonly CaseResult[]): readonly Pick<EntryFields, 'cause' | 'count' | 'expect'>[] {
  const plain = results.map((each) => ({ ...each, verdict: each.verdict }));
  return causesOf(plain)
    .filter(({ decides }) => decides)
    .flatMap(({ results: members }) => {
      const verdicts = [...new Set(members.map(({ result }) => result.verdict))];
      return verdicts.map((verdict) => {
        const own = members.filter(({ result }) => result.verdict === verdict);
        const signatures = [...new Set(own.map(({ result }) => withoutStep(result.signature ?? '')))];
        const [only] = signatures;
        return {
          cause: signatures.length === 1 && only !== undefined ? only : signatures,
          count: own.length,
          expect: verdict as Caused,
        };
      });
    });
}

/** Whether an entry is of the old form and holds, so that a cause can replace it. */
const isOldForm = ({ case: exact, signature, when, until }: BaselineEntry): boolean =>
  exact !== undefined && when === undefined && until === undefined && [signature ?? []].flat().some(beginsWithStep);

const beginsWithStep = (signature: string): boolean => withoutStep(signature) !== signature;

/** Merges entries of the old form, and adds entries for new deviations if there is a reason; refuses the rest. */
export function settleCauses(own: readonly GatedCase[], rules: UpdateRules, pen: Pen): void {
  const old = own.filter(({ entry, standing }) => entry !== undefined && isOldForm(entry) && standing === 'known');
  const fresh = own.filter((each) => each.entry === undefined && isOfCause(each) && isAskedFor(each.standing, rules));
  const reasons = new Set(old.map(({ entry }) => `${entry?.reason}\n${entry?.issue ?? ''}`));
  for (const each of reasons) {
    const taken = old.filter(({ entry }) => `${entry?.reason}\n${entry?.issue ?? ''}` === each);
    const [reason = '', issue = ''] = each.split('\n');
    const signatures = new Set(taken.map(({ result }) => withoutStep(result.signature ?? '')));
    // A cause with two reasons stays with the entries as they were written.
    const clash = old.some(
      (other) => !taken.includes(other) && signatures.has(withoutStep(other.result.signature ?? '')),
    );
    if (clash) {
      pen.refused.push(
        `${taken.length} entries "${reason}": other entries give another reason for the same cause; join them by hand`,
      );
      continue;
    }
    for (const { entry } of taken) if (entry !== undefined) pen.draft.remove(entry.index);
    for (const entry of entriesFor(taken.map(({ result }) => result))) {
      pen.draft.add({ ...entry, reason, ...(issue === '' ? {} : { issue }) });
      pen.done.push(`took over ${entry.count} entries as one: ${tellCause(entry)}`);
    }
  }
  for (const entry of entriesFor(fresh.map(({ result }) => result))) {
    if (rules.reason === undefined)
      pen.refused.push(`${tellCause(entry)}; an entry needs --reason: why is this known?`);
    else {
      pen.draft.add({
        ...entry,
        reason: rules.reason,
        ...(rules.issue === undefined ? {} : { issue: rules.issue }),
      });
      pen.done.push(`added ${tellCause(entry)}`);
    }
  }
}

const tellCause = ({ expect, cause, count }: Pick<EntryFields, 'cause' | 'count' | 'expect'>): string =>
  `${expect} ${[cause ?? []].flat().join(', ')} (${count})`;

/** Updates the counts of causes; returns whether it handled the finding. */
export function settleCount({ entry, fault }: EntryFinding, shows: number, rules: UpdateRules, pen: Pen): boolean {
  if (entry?.cause === undefined || (fault !== 'rarer' && fault !== 'wider')) return false;
  const place = `line ${entry.origin.line}, ${patternOf(entry)}`;
  const count = entry.count ?? 0;
  if (shows > count && rules.reason === undefined) {
    pen.refused.push(`${place}: shows in ${shows} cases, ${count} are known; a higher count needs --reason`);
    return true;
  }
  if (!isAskedFor(shows > count ? 'regressed' : 'fixed', rules)) return true;
  if (shows === 0) pen.draft.remove(entry.index);
  else pen.draft.setCount(entry.index, shows);
  pen.done.push(shows === 0 ? `removed ${place}: fixed` : `${place}: ${count} -> ${shows} cases`);
  return true;
}
