/** The paper's equations 2, 3, 6 and 7 as a figure: printed, by packets, simulated and measured. */
import { type DotRow, drawDotChart } from './figure/dot-chart.js';
import { figure, figureTop } from './figure/svg.js';
import type { LawsReport } from './laws.js';

export const lawsClaim =
  'The paper (section 3): RobE establishes after 1.5 round trips of the fastest path and every further flow after 1.5 of its ' +
  'own (equations 2 and 7), classic after 1.5 of the default path and further flows later (3 and 6). Equation 6 as printed ' +
  'counts a round trip of the further path where the packets take one of the default path.';

const width = 860;
const times = new Set([2, 3, 6, 7]);
const shown = new Set(['mptcp', 'robe-downgrade', 'robe-esim']);

/** One `<svg>`. */
export const lawsFigure = ({ rows }: LawsReport): string => {
  let before: string | undefined;
  const dots = rows.flatMap(({ rtts, quantity, profile, equation, printed, law, simulated, measured }): DotRow[] => {
    if (equation === undefined || !times.has(equation) || !shown.has(profile)) return [];
    const set = rtts.join('/');
    const begins = set !== before;
    before = set;
    return [
      {
        label: `${profile} ${quantity} (${equation})`,
        ...(begins && { heading: `round trips ${set} ms` }),
        values: {
          ...(printed === undefined ? {} : { printed }),
          ...(law === undefined ? {} : { law }),
          ...(simulated === undefined ? {} : { simulated }),
          ...(measured === undefined ? {} : { measured }),
        },
      },
    ];
  });
  const axis = { label: 'since the first SYN', format: (tick: number) => `${tick} ms` };
  const { drawing, bottom } = drawDotChart(dots, axis, width, figureTop);
  return figure(
    {
      title: 'When flows are established: what the paper prints and what the packets do',
      subtitle: 'Round trip times of the paths, the default one first; the number of the equation in parentheses',
      caption: [lawsClaim],
    },
    { width, bottom },
    drawing,
  );
};
