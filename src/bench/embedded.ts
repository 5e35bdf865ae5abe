/**
 * How many whole cases a second one core judges in virtual time: each with a host of its own, its trace and its
 * judgement. Loading the catalogue is measured apart, for it is done once a run.
 */
import { setImmediate as breathe } from 'node:timers/promises';
import { loadSoundCatalogue } from '../conduct/load-catalogue.js';
import { chooseIut } from '../iut/choose.js';
import { assign } from '../run/assignment.js';
import { simulateCase } from '../run/simulate.js';
import type { ExpandedCase } from '../suite/language/case.js';
import { rate, timed } from './stopwatch.js';

const casesInOneBreath = 16;

/** Measures, prints and returns cases a second. */
export const benchEmbedded = async (print: (line: string) => void = console.log): Promise<number> => {
  let cases: readonly ExpandedCase[] = [];
  const loading = await timed(() => {
    ({ cases } = loadSoundCatalogue([], '/'));
  });
  const { assignments } = assign(chooseIut('embedded'), cases, true);
  let judged = 0;
  const judgeAll = async () => {
    for (const { subject, cases: own } of assignments) {
      if (subject.time !== 'virtual') continue;
      for (const each of own) {
        // As a run does: what a case held is given back in between.
        if (judged % casesInOneBreath === 0) await breathe();
        simulateCase(subject, each, 'bench');
        judged += 1;
      }
    }
  };
  const seconds = await timed(judgeAll);
  const { perSecond } = rate(judged, seconds);
  print(`catalogue: ${cases.length} expanded cases loaded and checked in ${loading.toFixed(2)} s`);
  print(`embedded: ${judged} cases in ${seconds.toFixed(2)} s, ${Math.round(perSecond)} a second on one core`);
  return perSecond;
};
