/** The paper's figure 9 from our measurements: load times of pages over a slow default path and a faster one. */
import { drawBarChart } from './figure/bar-chart.js';
import { figure, figureTop } from './figure/svg.js';
import { overallGain, type PageLoadReport } from './page-load.js';

export const pageLoadClaim =
  'The paper (sections 3.2 and 4.2): with links of 20 and 40 ms and the slower one as the default, load times improve by ' +
  'half to double.';

export const pageLoadHonesty =
  'Pages are models of kinds of pages, not measurements of sites; the aggregation point answers at once.';

const width = 860;

/** One `<svg>`. */
export const pageLoadFigure = (report: PageLoadReport): string => {
  const { request, results } = report;
  const { profiles, pages, connections, links, samples } = request;
  const { drawing, bottom } = drawBarChart(
    {
      series: profiles,
      groups: pages.map(({ id }) => ({
        label: id,
        bars: results.flatMap(({ page, profile, time, gain }) =>
          page !== id || time === undefined
            ? []
            : [
                {
                  series: profiles.indexOf(profile),
                  value: time.mean,
                  low: time.mean - (Number.isFinite(time.half) ? time.half : 0),
                  high: time.mean + (Number.isFinite(time.half) ? time.half : 0),
                  note: `${Math.round(time.mean)} ms${gain === undefined ? '' : `, gain ${gain.mean.toFixed(2)}`}`,
                },
              ],
        ),
      })),
      axis: { label: 'time to load', format: (tick) => `${tick / 1_000} s` },
    },
    width,
    figureTop,
  );
  return figure(
    {
      title: 'Time to load a page, the slower link as the default path',
      subtitle: `${links.map(({ name, rttMs, bitsPerSecond }) => `${name} ${rttMs} ms, ${bitsPerSecond / 1e6} Mbit/s`).join('; ')}; ${connections} connections; ${samples} visits a bar; whiskers: 95 % confidence of the mean`,
      caption: [pageLoadClaim, gainSentence(report), pageLoadHonesty],
    },
    { width, bottom },
    drawing,
  );
};

/** The gain of each profile, and the range over pages. */
export const gainSentence = (report: PageLoadReport): string => {
  const [baseline = '', ...others] = report.request.profiles;
  const gains = others.flatMap((profile) => {
    const overall = overallGain(report, profile, 'gain');
    const document = overallGain(report, profile, 'documentGain');
    const each = report.results.flatMap((result) =>
      result.profile === profile && result.gain !== undefined ? [result.gain.mean] : [],
    );
    if (overall === undefined || document === undefined) return [];
    const range = `${Math.min(...each).toFixed(2)} to ${Math.max(...each).toFixed(2)}`;
    return [
      `${profile} ${overall.mean.toFixed(2)} times (pages: ${range}), the document alone ${document.mean.toFixed(2)} times`,
    ];
  });
  return `Here, as fast as ${baseline}: ${gains.join('; ')}.`;
};
