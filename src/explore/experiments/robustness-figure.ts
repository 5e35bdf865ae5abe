/** The paper's figure 8 from our measurements: mean time from connect to accept against loss on the default path. */
import { drawLineChart } from './figure/line-chart.js';
import { figure, figureTop } from './figure/svg.js';
import type { RobustnessPoint, RobustnessReport, RobustnessRequest, RobustnessSeries } from './robustness.js';

/** Profiles whose points are all the same, as one. */
export interface AlikeSeries {
  readonly profiles: readonly string[];
  readonly points: readonly RobustnessPoint[];
}

/** In the order of the first of each. */
export const groupAlike = (series: readonly RobustnessSeries[]): readonly AlikeSeries[] => {
  const groups = new Map<string, { readonly profiles: string[]; points: readonly RobustnessPoint[] }>();
  for (const { profile, source, points } of series) {
    const key = JSON.stringify(points.map(({ accepted, time }) => [accepted, time]));
    const group = groups.get(key) ?? { profiles: [], points };
    group.profiles.push(source === 'live' ? `${profile} live` : profile);
    // Only some of those that go alike have a closed form.
    if (points.some(({ expected }) => expected !== undefined)) group.points = points;
    groups.set(key, group);
  }
  return [...groups.values()];
};

export const robustnessClaim =
  'The paper (sections 3.1 and 4.1): with growing loss on the default route the time to connect grows in steps of the ' +
  'retransmission timeout without RobE, and stays nearly constant with it.';

const width = 860;
const ticks: readonly number[] = [10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000, 100_000];

/** One `<svg>`. */
export const robustnessFigure = ({ request, series }: RobustnessReport): string => {
  const groups = groupAlike(series);
  const times = groups.flatMap(({ points }) => points.flatMap(({ time }) => (time === undefined ? [] : [time.mean])));
  const least = Math.min(20, ...times);
  const most = Math.max(1_000, ...times) * 1.25;
  const { drawing, bottom } = drawLineChart(
    {
      series: groups.map(({ profiles, points }) => ({
        label: profiles.join(', '),
        points: points.flatMap(({ loss, time }) =>
          time === undefined
            ? []
            : [{ x: loss, y: time.mean, low: Math.max(time.mean - time.half, least), high: time.mean + time.half }],
        ),
        formula: points.flatMap(({ loss, expected }) =>
          expected?.mean === undefined ? [] : [{ x: loss, y: expected.mean }],
        ),
        below: points.map(({ loss, connections, accepted }) => ({ x: loss, y: accepted / connections })),
      })),
      x: { label: `loss on the default path, ${lossyWords[request.lossy]}`, domain: [0, 1], format: percent },
      y: {
        label: 'connect to accept (logarithmic)',
        domain: [least, most],
        ticks: ticks.filter((tick) => tick >= least && tick <= most),
        format: (tick) => (tick < 1_000 ? `${tick} ms` : `${tick / 1_000} s`),
      },
      below: { label: 'accepted' },
      formula: 'closed form',
    },
    width,
    figureTop,
  );
  return figure(
    {
      title: 'Time to connect against loss on the default path',
      subtitle: `${connectionsOf(request)} a point; round trips ${request.rtts.join(' and ')} ms`,
      caption: [
        robustnessClaim,
        measuredSentence(groups),
        'Bands: 95 % confidence of the mean of those accepted.',
        survivorSentence(groups),
      ],
    },
    { width, bottom },
    drawing,
  );
};

export const lossyWords = {
  'to-server': 'towards the server',
  both: 'both directions',
  syns: 'SYNs towards the server only',
} as const;

const connectionsOf = ({ connections, live }: RobustnessRequest): string => {
  const simulated = `${connections.toLocaleString('en')} connections`;
  return live === undefined ? simulated : `${live.connections} connections live, ${simulated} simulated`;
};

/** A note on what the mean over the accepted connections does not show. */
const survivorSentence = (groups: readonly AlikeSeries[]): string => {
  const never = groups.some(({ points }) => points.some(({ connections, accepted }) => accepted < connections));
  if (!never) return '';
  return (
    'Connections that are never accepted are in no mean, of the closed form neither: where the lower panel falls, ' +
    'the curve above it shows the lucky ones alone, and flattens.'
  );
};

/** The middle of the loss in words. */
const measuredSentence = (groups: readonly AlikeSeries[]): string => {
  const middle = groups.flatMap(({ profiles, points }) => {
    const point = points.reduce((best, each) => (Math.abs(each.loss - 0.5) < Math.abs(best.loss - 0.5) ? each : best));
    if (point.time === undefined) return [];
    return [{ loss: point.loss, words: `${profiles[0]} ${Math.round(point.time.mean)} ms` }];
  });
  const loss = middle[0]?.loss;
  if (loss === undefined) return '';
  return `Here, at ${percent(loss)} loss: ${middle.map(({ words }) => words).join(', ')}.`;
};

const percent = (share: number): string => `${Math.round(share * 100)} %`;
