/** Coverage as people read it: totals and tables first, then what is open or not tried everywhere, then what is hidden and why. */

import type { Coverage, CoveredRequirement, Tally } from '../../suite/catalogue/coverage.js';
import type { CoveredSentence, SentenceCoverage } from '../../suite/catalogue/sentence-coverage.js';
import { printSetting } from '../../suite/catalogue/trials.js';
import { counted } from '../../suite/verdict/counted.js';

/** One line each; `details` adds the two lists of requirement by case and case by requirement. */
export const coverageLines = (
  coverage: Coverage,
  sentences: SentenceCoverage,
  { details }: { readonly details: boolean },
): readonly string[] => {
  const { total, byCase, byRequirement } = coverage;
  const tables: readonly (readonly [string, readonly Tally[]])[] = [
    ['source', coverage.bySource],
    ['level', coverage.byLevel],
    ['basis', coverage.byBasis],
    ['role', coverage.byRole],
    ['profile', coverage.byProfile],
  ];
  const standing = (wanted: CoveredRequirement['standing']) =>
    byRequirement.filter((covered) => covered.standing === wanted);
  const partly = byRequirement.filter(({ tried }) => tried.missing.length > 0);
  return [
    `${total.requirements} requirements: ${total.asked} asked by ${counted(byCase.length, 'case')}, ${total.watched} only watched by rules, ${total.hidden} cannot be seen in packets, ${total.open} open`,
    `${counted(partly.length, 'requirement')} not tried in every role and version`,
    '',
    ...sentenceTable(sentences),
    ...tables.flatMap(([name, tallies]) => [...tableLines(name, tallies), '']),
    ...listLines('Open: packets can show it, nothing asks or watches', standing('open').map(openLine)),
    ...listLines('Sentences that no requirement reads', unreadLines(sentences)),
    ...listLines('Not tried in every role and version', partly.map(partlyLine)),
    ...listLines('Not tried somewhere, for a reason', byRequirement.flatMap(untriedLines)),
    ...listLines('Cannot be seen in packets', standing('hidden').map(hiddenLine)),
    ...(details ? detailLines(coverage) : []),
  ];
};

const columns = ['asked', 'watched', 'not visible', 'open'] as const;

const row = (first: string, cells: readonly (string | number)[]): string =>
  `${first.padEnd(16)}${cells.map((cell) => String(cell).padStart(14)).join('')}`;

const tableLines = (name: string, tallies: readonly Tally[]): readonly string[] => [
  row(`by ${name}`, ['requirements', ...columns]),
  ...tallies.map((each) => row(each.name, [each.requirements, each.asked, each.watched, each.hidden, each.open])),
];

/** RFC 9293 is counted by the numbers that it gives its sentences itself, and by hardly anybody taken to be covered. */
const sentenceTable = ({ bySource }: SentenceCoverage): readonly string[] => {
  if (bySource.length === 0) return [];
  const tcp = bySource.find(({ name }) => name === 'RFC 9293');
  return [
    row('sentences of', ['sentences', ...columns]),
    ...bySource.map((each) => row(each.name, [each.sentences, each.asked, each.watched, each.hidden, each.open])),
    ...(tcp === undefined || tcp.open === 0
      ? []
      : [
          `This is not a TCP conformance suite: ${tcp.open} of ${tcp.sentences} numbered sentences of RFC 9293 are open.`,
        ]),
    '',
  ];
};

const listLines = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [`${title} (${lines.length})`, ...lines.map((line) => `  ${line}`), ''];

const openLine = ({ requirement }: CoveredRequirement): string =>
  `${requirement.id} ${requirement.level} ${requirement.statement}`;

/** Each section once. */
const unreadLines = ({ bySentence }: SentenceCoverage): readonly string[] => {
  const sections = new Map<string, string[]>();
  for (const each of bySentence.filter(({ read }) => !read)) {
    const section = `${each.sentence.doc} ${each.sentence.section}`;
    sections.set(section, [...(sections.get(section) ?? []), unreadName(each)]);
  }
  return [...sections].map(([section, names]) => `${section}: ${names.join(', ')}`);
};

const unreadName = ({ sentence: { name }, unread }: CoveredSentence): string =>
  unread.length === 0 ? `#${name}` : `#${name} ${unread.join('+')}`;

const partlyLine = ({ requirement, tried }: CoveredRequirement): string =>
  `${requirement.id} ${requirement.level}: ${tried.missing.map(printSetting).join(', ')}`;

const untriedLines = ({ requirement: { id, untried = [] } }: CoveredRequirement): readonly string[] =>
  untried.map(({ role, mptcp, ip, reason }) => {
    const where = [
      role,
      mptcp === undefined ? undefined : `MPTCP v${mptcp}`,
      ip === undefined ? undefined : `IPv${ip}`,
    ];
    return `${id}, ${where.filter((each) => each !== undefined).join(', ')}: ${reason}`;
  });

const hiddenLine = ({ requirement: { id, testable } }: CoveredRequirement): string =>
  typeof testable === 'object' && 'no' in testable ? `${id}: ${testable.no}` : id;

const detailLines = ({ byRequirement, byCase }: Coverage): readonly string[] => {
  const covered = byRequirement.filter(({ cases, rules }) => cases.length + rules.length > 0);
  return [
    ...listLines(
      'Requirement by rule and case',
      covered.map(({ requirement, cases, rules }) => `${requirement.id}: ${[...rules, ...cases].join(', ')}`),
    ),
    ...listLines(
      'Case by requirement',
      byCase.map((entry) => `${entry.case} (${entry.expansions}): ${entry.requirements.join(', ')}`),
    ),
  ];
};
