/**
 * How long all reports of a run of a thousand cases take: each writer of one text, and the HTML page, from results of which
 * many are red. The cases are judged on an implementation without RobE that is held to it, before the clock runs.
 */

import { bundledCatalogue } from '../conduct/testing/bundled-catalogue.js';
import { chooseIut } from '../iut/choose.js';
import { writeHtml } from '../report/html/page.js';
import { simulatedReport, simulatedRun } from '../report/html/testing/simulated-report.js';
import { writers } from '../report/writers.js';
import { applies } from '../suite/catalogue/applicability.js';
import { timed } from './stopwatch.js';

const wanted = 1000;
const subject = 'null:plain-mptcp-v1:robe-downgrade';

/** Measures and prints seconds for each report, and for all of them together. */
export const benchWriters = async (print: (line: string) => void = console.log): Promise<number> => {
  const [chosen] = chooseIut(subject);
  const applicable = bundledCatalogue().cases.filter(
    (each) => chosen !== undefined && applies(each, chosen.claims).applies,
  );
  const run = simulatedRun(
    subject,
    applicable.slice(0, wanted).map(({ id }) => id),
  );
  const judged = run.results.cases.filter(({ verdict }) => verdict !== 'not-applicable').length;
  const red = run.gate.cases.filter((each) => each.red).length;
  let total = 0;
  const measured: string[] = [];
  const measure = async (name: string, write: () => string): Promise<void> => {
    let octets = 0;
    const seconds = await timed(() => {
      octets = Buffer.byteLength(write());
    });
    total += seconds;
    measured.push(`${name} ${(seconds * 1000).toFixed(0)} ms ${(octets / 1e6).toFixed(2)} MB`);
  };
  await measure('results.json', () => JSON.stringify(run.results, null, 2));
  for (const [name, { write }] of Object.entries(writers)) await measure(name, () => write(run));
  await measure('html', () => writeHtml(simulatedReport(run)));
  print(`reports of ${judged} cases, ${red} of them red: all in ${total.toFixed(2)} s`);
  print(`  ${measured.join(', ')}`);
  return total;
};
