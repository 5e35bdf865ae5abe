/** One member of the matrix of every case, another one each turn. */
import type { ExpandedCase } from '../../suite/language/case.js';

export const membersInTurn = (cases: readonly ExpandedCase[], turn: number): readonly ExpandedCase[] => {
  const members = new Map<string, ExpandedCase[]>();
  for (const each of cases) {
    const known = members.get(each.authoredId);
    if (known === undefined) members.set(each.authoredId, [each]);
    else known.push(each);
  }
  return [...members.values()].flatMap((each, index) => each[(index + turn) % each.length] ?? []);
};
