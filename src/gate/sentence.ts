/** The gate in one sentence: red, with the reason, or that it holds, with counts. */
import { counted } from '../suite/verdict/counted.js';
import { type EntryFault, entryFaults } from './entry-scope.js';
import type { Gate } from './gate.js';
import { type Standing, standings } from './standing.js';

/** A standing in words, with its number. */
export const tellStanding: Readonly<Record<Standing, (count: number) => string>> = {
  'as-expected': (n) => `${n} as expected`,
  known: (n) => counted(n, 'known deviation'),
  'observation-changed': (n) => counted(n, 'other observation'),
  regressed: (n) => `${n} regressed`,
  changed: (n) => `${n} changed`,
  fixed: (n) => `${n} fixed`,
  'new-failure': (n) => `${n} not conformant`,
  flaky: (n) => `${n} flaky`,
  expired: (n) => counted(n, 'expired excuse'),
  inconclusive: (n) => `${n} inconclusive`,
  missing: (n) => `${n} missing`,
  error: (n) => counted(n, 'error'),
};

const tellFault: Readonly<Record<EntryFault, (count: number) => string>> = {
  dead: (n) => counted(n, 'dead baseline entry', 'dead baseline entries'),
  miscounted: (n) => counted(n, 'miscounted baseline entry', 'miscounted baseline entries'),
  duplicate: (n) => counted(n, 'doubled baseline entry', 'doubled baseline entries'),
  rarer: (n) => counted(n, 'cause that shows less often', 'causes that show less often'),
  wider: (n) => counted(n, 'cause that shows more often', 'causes that show more often'),
  foreign: (n) => counted(n, 'baseline of another implementation', 'baselines of other implementations'),
  outdated: (n) => counted(n, 'baseline of another version', 'baselines of another version'),
};

/** `Red: 1 regressed, 2 fixed, 1 dead baseline entry.` or `The gate holds: 118 as expected, 3 known deviations.` */
export const gateSentence = ({ cases, entries, run, counts, exit }: Gate): string => {
  const redStandings = new Set(cases.filter(({ red }) => red).map(({ standing }) => standing));
  const told = (wanted: (standing: Standing) => boolean): readonly string[] =>
    standings
      .filter((standing) => counts[standing] > 0 && wanted(standing))
      .map((each) => tellStanding[each](counts[each]));
  if (exit === 0) return `The gate holds: ${told(() => true).join(', ')}.`;
  const parts = [
    ...run.map(({ sentence }) => sentence),
    ...told((standing) => redStandings.has(standing)),
    ...entryFaults.flatMap((fault) => {
      const count = entries.filter((entry) => entry.fault === fault).length;
      return count === 0 ? [] : [tellFault[fault](count)];
    }),
  ];
  return `Red: ${parts.join(', ')}.`;
};
