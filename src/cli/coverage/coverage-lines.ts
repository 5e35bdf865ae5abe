/** Coverage as people read it: totals and tables first, then what is open, then what is excused and why. */

import type { Coverage, CoveredRequirement, Tally } from '../../suite/catalogue/coverage.js';
import { counted } from '../../suite/verdict/counted.js';

/** One line each; `details` adds the two lists of requirement by case and case by requirement. */
export function coverageLines(coverage: Coverage, { details }: { readonly details: boolean }): readonly string[] {
  const { total, byCase } = coverage;
  const tables: readonly (readonly [string, readonly Tally[]])[] = [
    ['source', coverage.bySource],
    ['level', coverage.byLevel],
    ['basis', coverage.byBasis],
    ['role', coverage.byRole],
    ['profile', coverage.byProfile],
  ];
  const standing = (wanted: CoveredRequirement['standing']) =>
    coverage.byRequirement.filter((covered) => covered.standing === wanted);
  return [
    `${total.requirements} requirements: ${total.tested} tested by ${counted(byCase.length, 'case')}, ${total.open} open, ${total.excused} cannot be seen in packets`,
    '',
    ...tables.flatMap(([name, tallies]) => [...tableLines(name, tallies), '']),
    ...listLines('Open: packets can show it, no case asks for it', standing('open').map(openLine)),
    ...listLines('Deliberately not tested', standing('excused').map(excusedLine)),
    ...(details ? detailLines(coverage) : []),
  ];
}

function tableLines(name: string, tallies: readonly Tally[]): readonly string[] {
  const row = (first: string, cells: readonly (string | number)[]): string =>
    `${first.padEnd(16)}${cells.map((cell) => String(cell).padStart(14)).join('')}`;
  return [
    row(`by ${name}`, ['requirements', 'tested', 'open', 'not testable']),
    ...tallies.map((each) => row(each.name, [each.requirements, each.tested, each.open, each.excused])),
  ];
}

const listLines = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [`${title} (${lines.length})`, ...lines.map((line) => `  ${line}`), ''];

const openLine = ({ requirement }: CoveredRequirement): string =>
  `${requirement.id} ${requirement.level} ${requirement.statement}`;

const excusedLine = ({ requirement: { id, testable } }: CoveredRequirement): string =>
  typeof testable === 'object' && 'no' in testable ? `${id}: ${testable.no}` : id;

function detailLines({ byRequirement, byCase }: Coverage): readonly string[] {
  const tested = byRequirement.filter(({ cases }) => cases.length > 0);
  return [
    ...listLines(
      'Requirement by case',
      tested.map(({ requirement, cases }) => `${requirement.id}: ${cases.join(', ')}`),
    ),
    ...listLines(
      'Case by requirement',
      byCase.map((entry) => `${entry.case} (${entry.expansions}): ${entry.requirements.join(', ')}`),
    ),
  ];
}
