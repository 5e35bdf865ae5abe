/** The reports of the experiments for people, beside what the paper says. */
import { agreementOf } from '../../explore/experiments/closed-form.js';
import type { LawRow, LawsReport } from '../../explore/experiments/laws.js';
import { lawsClaim } from '../../explore/experiments/laws-figure.js';
import type { PageLoadReport } from '../../explore/experiments/page-load.js';
import { gainSentence, pageLoadClaim, pageLoadHonesty } from '../../explore/experiments/page-load-figure.js';
import type { RobustnessPoint, RobustnessReport } from '../../explore/experiments/robustness.js';
import { groupAlike, lossyWords, robustnessClaim } from '../../explore/experiments/robustness-figure.js';
import type { Mean } from '../../explore/experiments/statistics.js';
import { wrapWords } from '../../explore/experiments/wrap-words.js';
import { type Column, layColumns } from './columns.js';

const figures = (value: number): string => (Math.abs(value) < 100 ? value.toFixed(1) : value.toFixed(0));

const withHalf = ({ mean, half }: Mean): string => `${figures(mean)} ±${Number.isFinite(half) ? figures(half) : '?'}`;

const percent = (share: number): string => `${Math.round(share * 1000) / 10} %`;

export const robustnessLines = (report: RobustnessReport, columns: number): readonly string[] => {
  const { request, series } = report;
  const groups = groupAlike(series);
  const first: Column = { head: ['', '', 'loss'], cells: request.losses.map(percent) };
  const others = groups.flatMap(({ profiles, points }) => [
    ...seriesColumns(profiles, points),
    ...(points.some(({ expected }) => expected !== undefined) ? [expectedColumn(points)] : []),
  ]);
  const alike = groups.filter(({ profiles }) => profiles.length > 1);
  const agreement = agreementOf(groups.flatMap(({ points }) => points));
  return [
    ...wrapWords(
      `Time from connect to accept in ms, mean of the accepted ±95 % confidence; ${request.connections} connections a point` +
        `${request.live === undefined ? '' : ` simulated and ${request.live.connections} live, where "never" is not within ${request.live.patienceSeconds} s`}, ` +
        `round trips ${request.rtts.join(' and ')} ms, loss on the default path: ${lossyWords[request.lossy]}; "never": share never accepted`,
      columns,
    ),
    '',
    ...layColumns(first, others, columns),
    '',
    ...alike.map(({ profiles: [shown, ...rest] }) => `${rest.join(', ')}: the same as ${shown}`),
    ...(agreement.points === 0
      ? []
      : wrapWords(
          `The closed form lies within the 95 % interval at ${agreement.within} of ${agreement.points} points, and within the one ` +
            `made for all points together at ${agreement.withinTogether}.`,
          columns,
        )),
    ...wrapWords(robustnessClaim, columns),
  ];
};

const seriesColumns = (profiles: readonly string[], points: readonly RobustnessPoint[]): readonly Column[] => {
  const [base = '', ...settings] = (profiles[0] ?? '').split('+');
  return [
    {
      head: [base, settings.join('+'), 'ms'],
      cells: points.map(({ time }) => (time === undefined ? '-' : withHalf(time))),
    },
    ...(points.every(({ accepted, connections }) => accepted === connections)
      ? []
      : [
          {
            head: ['', '', 'never'],
            cells: points.map(({ accepted, connections }) => percent(1 - accepted / connections)),
          },
        ]),
  ];
};

const expectedColumn = (points: readonly RobustnessPoint[]): Column => ({
  head: ['', 'closed', 'form'],
  cells: points.map(({ expected }) => (expected?.mean === undefined ? '-' : figures(expected.mean))),
});

export const pageLoadLines = (report: PageLoadReport, columns: number): readonly string[] => {
  const { request, results } = report;
  const [baseline] = request.profiles;
  const resultsOf = (profile: string) =>
    request.pages.map(({ id }) => results.find((each) => each.page === id && each.profile === profile));
  const first: Column = { head: ['', 'page'], cells: request.pages.map(({ id }) => id) };
  const column = (profile: string): Column => ({
    head: [profile, profile === baseline ? 'ms' : 'ms, gain'],
    cells: resultsOf(profile).map((each) => {
      if (each?.time === undefined) return '-';
      return each.gain === undefined ? withHalf(each.time) : `${withHalf(each.time)}, ${each.gain.mean.toFixed(2)}`;
    }),
  });
  const unfinished = results.reduce((sum, each) => sum + each.unfinished, 0);
  const links = request.links.map(
    ({ name, rttMs, jitterMs, bitsPerSecond }) =>
      `${name} ${rttMs} ms (jitter up to ${jitterMs} ms) at ${bitsPerSecond / 1e6} Mbit/s`,
  );
  return [
    ...wrapWords(
      `Time to load in ms, mean ±95 % confidence of ${request.samples} visits, ${request.connections} connections; ${links.join(', ')}; the first is the default path`,
      columns,
    ),
    '',
    ...layColumns(first, request.profiles.map(column), columns),
    '',
    ...(unfinished === 0 ? [] : [`${unfinished} visits did not come to their end`]),
    ...wrapWords(pageLoadClaim, columns),
    ...wrapWords(gainSentence(report), columns),
    ...wrapWords(pageLoadHonesty, columns),
  ];
};

export const lawsLines = ({ rows, timers }: LawsReport, columns: number): readonly string[] => {
  const sets = [...new Set(rows.map(({ rtts }) => rtts.join('/')))];
  return [
    ...wrapWords(
      'Milliseconds since the first SYN until third segments are at the server (t_i the first, t_s those of further paths), and gains. "printed": the equation of the paper, "law": what its packets need',
      columns,
    ),
    ...sets.flatMap((set) => [
      '',
      `round trips ${set} ms, the default path first`,
      ...lawTable(
        rows.filter(({ rtts }) => rtts.join('/') === set),
        columns,
      ),
    ]),
    '',
    'dead paths before a good one, seconds of delay (equation 1)',
    ...layColumns(
      {
        head: ['timer'],
        cells: timers.map(({ timer, backoff }) => `${timer} s${backoff === 'exp' ? ' doubled' : ''}`),
      },
      [
        { head: ['dead'], cells: timers.map(({ dead }) => String(dead)) },
        { head: ['printed'], cells: timers.map(({ printed }) => printed.toFixed(3)) },
        { head: ['simulated'], cells: timers.map(({ simulated }) => simulated?.toFixed(3) ?? '-') },
      ],
      columns,
    ),
    '',
    ...wrapWords(lawsClaim, columns),
  ];
};

const lawTable = (rows: readonly LawRow[], columns: number): readonly string[] => {
  const shown = (pick: (row: LawRow) => number | undefined): readonly string[] =>
    rows.map((row) => {
      const value = pick(row);
      return value === undefined ? '-' : row.quantity.startsWith('A') ? value.toFixed(2) : value.toFixed(1);
    });
  const measured = rows.some((row) => row.measured !== undefined);
  return layColumns(
    { head: ['profile'], cells: rows.map(({ profile }) => profile) },
    [
      { head: ['quantity'], cells: rows.map(({ quantity }) => quantity) },
      { head: ['eq.'], cells: rows.map(({ equation }) => (equation === undefined ? '' : String(equation))) },
      { head: ['printed'], cells: shown(({ printed }) => printed) },
      { head: ['law'], cells: shown(({ law }) => law) },
      { head: ['simulated'], cells: shown(({ simulated }) => simulated) },
      ...(measured ? [{ head: ['live'], cells: shown((row) => row.measured) }] : []),
    ],
    columns,
  );
};
