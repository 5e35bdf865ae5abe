/**
 * The experiments as tables of RFC 4180: one header, one record a line. An absent value is empty, such as the interval of
 * one sample.
 */
import type { LawsReport } from './laws.js';
import type { PageLoadReport } from './page-load.js';
import type { RobustnessReport } from './robustness.js';

type Cell = string | number | undefined;

const cell = (value: Cell): string => {
  if (value === undefined || value === Number.POSITIVE_INFINITY) return '';
  const written = typeof value === 'number' ? String(Math.round(value * 1e6) / 1e6) : value;
  return /[",\n]/.test(written) ? `"${written.replaceAll('"', '""')}"` : written;
};

const table = (header: readonly string[], rows: readonly (readonly Cell[])[]): string =>
  [header, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');

export const robustnessCsv = ({ series }: RobustnessReport): string =>
  table(
    [
      'profile',
      'source',
      'version',
      'loss',
      'connections',
      'accepted',
      'mean_ms',
      'ci95_ms',
      'expected_ms',
      'expected_share',
    ],
    series.flatMap(({ profile, source, version, points }) =>
      points.map(({ loss, connections, accepted, time, expected }) => [
        profile,
        source,
        version,
        loss,
        connections,
        accepted,
        time?.mean,
        time?.half,
        expected?.mean,
        expected?.share,
      ]),
    ),
  );

export const pageLoadCsv = ({ results }: PageLoadReport): string =>
  table(
    [
      'page',
      'profile',
      'visits',
      'unfinished',
      'mean_ms',
      'ci95_ms',
      'gain',
      'gain_ci95',
      'document_ms',
      'document_ci95_ms',
      'document_gain',
    ],
    results.map(({ page, profile, time, unfinished, gain, document, documentGain }) => [
      page,
      profile,
      (time?.samples ?? 0) + unfinished,
      unfinished,
      time?.mean,
      time?.half,
      gain?.mean,
      gain?.half,
      document?.mean,
      document?.half,
      documentGain?.mean,
    ]),
  );

export const lawsCsv = ({ rows, timers }: LawsReport): string =>
  table(
    ['rtts_ms', 'profile', 'quantity', 'equation', 'printed', 'law', 'simulated', 'measured'],
    [
      ...rows.map((row): readonly Cell[] => [
        row.rtts.join('/'),
        row.profile,
        row.quantity,
        row.equation,
        row.printed,
        row.law,
        row.simulated,
        row.measured,
      ]),
      ...timers.map(({ dead, timer, backoff, printed, simulated }): readonly Cell[] => [
        '',
        'robe-timer',
        `delay in s behind ${dead} dead paths, timer ${timer} s, backoff ${backoff}`,
        1,
        printed,
        printed,
        simulated,
        undefined,
      ]),
    ],
  );
