/**
 * `npm run bench`: what the suite can do, against what people use today, in one run on one machine; absolute figures
 * differ between machines, the ratios should not. What a machine lacks is named and left out. Nothing here is asserted.
 * Words after it choose sections: `npm run bench -- races`.
 */
import { benchAggregation } from './aggregation.js';
import { benchCodec } from './codec.js';
import { benchEmbedded } from './embedded.js';
import { benchExperiments } from './experiments.js';
import { benchExplore } from './explore.js';
import { benchInspect } from './inspect.js';
import { benchLive } from './live-run.js';
import { benchRace } from './race.js';
import { benchRaceGains } from './race-gains.js';
import { benchReport } from './report.js';
import { benchWire } from './wire.js';
import { benchWriters } from './writers.js';

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const wanted = process.argv.slice(2);

for (const [what, bench] of [
  ['Codec', () => benchCodec(print)],
  ['Embedded cases', () => benchEmbedded(print)],
  ['Exploration', () => benchExplore(print)],
  ['Experiments', () => benchExperiments(print)],
  ['Reports', () => benchWriters(print)],
  ['Captures', () => benchInspect(print)],
  ['Report', () => benchReport(print)],
  ['On the wire', () => benchWire(print)],
  ['Aggregation point', () => benchAggregation(print)],
  ["Races of the kernel's sockets", () => benchRace(print)],
  ['What a user gains', () => benchRaceGains(print)],
  ['Live catalogue', () => benchLive(print)],
] as const) {
  if (wanted.length > 0 && !wanted.some((word) => what.toLowerCase().includes(word.toLowerCase()))) continue;
  print(`\n${what}`);
  try {
    await bench();
  } catch (cause) {
    print(`left out: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}
// A capture that was closed can keep the event loop alive.
process.exit(0);
