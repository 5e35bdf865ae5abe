/**
 * How long reports take: all writers for a thousand cases, the HTML report of more than five thousand, and how long a
 * browser takes to open that. The cases are real ones on a broken implementation and on a right one, hundreds of them red.
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gateOf, strictly } from '../gate/gate.js';
import { writeHtml } from '../report/html/page.js';
import type { ReportedRun } from '../report/html/report-input.js';
import { simulatedReport, simulatedRun } from '../report/html/testing/simulated-report.js';
import { writers } from '../report/writers.js';
import { totalsOf } from '../suite/verdict/results.js';
import { timed } from './stopwatch.js';

const few = 1000;

/** Measures and prints. */
export const benchReport = async (print: (line: string) => void = console.log): Promise<void> => {
  const runs = ['mutant:esim-other-crc', 'embedded:robe-downgrade'].map((iut) => simulatedRun(iut, ['*']));
  const part = runs.slice(0, 1).map(firstCases);
  const seconds = await timed(() => {
    for (const run of part) for (const { write } of Object.values(writers)) write(run);
  });
  print(`${Object.keys(writers).length} writers, ${few} cases: ${seconds.toFixed(2)} s`);
  print(`HTML, ${few} cases: ${(await timed(() => void writeHtml(simulatedReport(...part)))).toFixed(2)} s`);
  let page = '';
  const writing = await timed(() => {
    page = writeHtml(simulatedReport(...runs));
  });
  const cases = runs.flatMap(({ results }) => results.cases);
  const red = runs.flatMap(({ gate }) => gate.cases.filter((each) => each.red)).length;
  const size = (Buffer.byteLength(page) / 1e6).toFixed(1);
  print(`HTML, ${cases.length} cases, ${red} of them red: ${writing.toFixed(2)} s, ${size} MB`);
  await benchOpening(page, print);
};

/** Cases that were judged before others, so that there is something to write about. */
const firstCases = ({ results, ...run }: ReportedRun): ReportedRun => {
  const judged = results.cases.filter(({ verdict }) => verdict !== 'not-applicable');
  const cases = [...judged.filter(({ verdict }) => verdict === 'fail'), ...judged].slice(0, few);
  const all = { ...results, cases: [...new Set(cases)], totals: totalsOf(cases) };
  return { ...run, results: all, gate: gateOf(all, strictly('2026-01-01')) };
};

const attempts = 5;
const browserAt = '/usr/bin/chromium';

/** From the request to the page being complete, and to its first picture. */
const benchOpening = async (page: string, print: (line: string) => void): Promise<void> => {
  if (!existsSync(browserAt)) {
    print('opening it: left out, there is no Chromium here');
    return;
  }
  const { chromium } = await import('playwright-core');
  const folder = mkdtempSync(join(tmpdir(), 'robe-bench-'));
  const browser = await chromium.launch({ executablePath: browserAt, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    const file = join(folder, 'report.html');
    writeFileSync(file, page);
    const times: number[] = [];
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const tab = await browser.newPage();
      times.push(
        await timed(async () => {
          await tab.goto(String(pathToFileURL(file)));
          await tab.screenshot();
        }),
      );
      await tab.close();
    }
    const [best] = times.sort((a, b) => a - b);
    const median = times[Math.floor(times.length / 2)];
    print(
      `opening it in Chromium, up to the first picture: ${median?.toFixed(2)} s, best of ${attempts} ${best?.toFixed(2)} s`,
    );
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true });
  }
};
