/**
 * How fast the paper's experiments run under virtual time, on one core: connections a second of the robustness experiment with
 * its tree of courses and when each connection is played segment by segment, and pages of the page-load experiment.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parsePair } from '../explore/end-name.js';
import { measurePageLoads, usualLinks } from '../explore/experiments/page-load.js';
import { parsePages } from '../explore/experiments/page-profile.js';
import { connectionTree, measureRobustness, usualLosses, usualProfiles } from '../explore/experiments/robustness.js';
import { seededChance } from '../net/link/chance.js';
import { timed } from './stopwatch.js';

const connections = 10_000;
const played = 1_000;
const rtts: readonly number[] = [20, 20];
const pagesFile = fileURLToPath(new URL('../../fixtures/pages/pages.yaml', import.meta.url));

const finish = <Report>(experiment: Generator<number, Report>): Report => {
  let step = experiment.next();
  while (step.done !== true) step = experiment.next();
  return step.value;
};

/** Measures, prints and returns connections a second of the whole robustness experiment. */
export const benchExperiments = async (print: (line: string) => void = console.log): Promise<number> => {
  const request = {
    profiles: usualProfiles,
    losses: usualLosses,
    connections,
    rtts,
    lossy: 'to-server',
    seed: 'bench',
  } as const;
  let courses = 0;
  const seconds = await timed(() => {
    courses = finish(measureRobustness(request)).series.reduce((sum, series) => sum + series.courses, 0);
  });
  const total = usualProfiles.length * usualLosses.length * connections;
  const pair = parsePair({ profile: 'mptcp', paths: rtts.length, seed: 'bench' });
  const chance = seededChance('bench');
  const one = await timed(() => {
    // A tree that is thrown away after one connection shares nothing.
    for (let count = 0; count < played; count += 1) connectionTree(pair, request).sample(() => chance() < 0.3);
  });
  print(
    `robustness, ${usualProfiles.length} profiles, ${usualLosses.length} points: ${total} connections in ${seconds.toFixed(2)} s, ` +
      `${Math.round(total / seconds)} a second, of ${courses} courses of losses; segment by segment ${Math.round(played / one)} a second`,
  );
  const pages = parsePages(readFileSync(pagesFile, 'utf8')).slice(0, 3);
  const octets = pages.reduce((sum, page) => sum + page.octets, 0);
  const loading = await timed(() => {
    const profiles = ['mptcp', 'robe-esim'];
    finish(measurePageLoads({ profiles, pages, connections: 'short', links: usualLinks, samples: 1, seed: 'bench' }));
  });
  print(
    `page load: ${2 * pages.length} visits in ${loading.toFixed(2)} s, ${((2 * octets) / loading / 1e6).toFixed(1)} MB of pages a second`,
  );
  return total / seconds;
};
