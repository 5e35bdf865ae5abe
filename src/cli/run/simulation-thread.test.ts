/** Two threads give the results of one, case by case. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { CaseResult } from '../../suite/verdict/results.js';
import { bundledCatalogue } from '../testing/bundled-catalogue.js';
import { conductSimulated } from './conduct-simulated.js';
import { openRunDirectory } from './run-directory.js';
import type { RunRequest } from './run-request.js';
import { recordingOf } from './simulate-recorded.js';
import { startSimulationThread } from './simulation-thread.js';
import { subjectsOf } from './subjects-of.js';

const mutant = 'mutant:esim-mac-split-otherwise';

describe('a second thread that simulates', function () {
  this.timeout(60_000);
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'robe-thread-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  it('takes its share and judges as the first, evidence and all', async () => {
    const [subject] = subjectsOf(mutant);
    if (subject?.time !== 'virtual') throw new Error(`${mutant} is simulated`);
    const cases = bundledCatalogue().cases.filter(({ id }) => id.startsWith('robe-esim.server.'));
    const run = async (name: string, alone: boolean): Promise<readonly CaseResult[]> => {
      const directory = openRunDirectory(join(folder, name), false);
      const selection = { select: [], exclude: [], profiles: [], roles: [], requirements: [], levels: [] };
      const request: RunRequest = {
        iut: mutant,
        selection,
        catalogue: [],
        seed: '7',
        jobs: 1,
        shuffle: false,
        confirm: 0,
        out: directory.path,
        command: [],
      };
      const enough = Number.POSITIVE_INFINITY;
      const setup = { request, cases, directory: directory.path, several: false };
      const thread = alone ? undefined : startSimulationThread(enough, setup);
      let jobs = 0;
      const counted = thread && {
        end: thread.end,
        run: (job: Parameters<typeof thread.run>[0]) => {
          jobs += 1;
          return thread.run(job);
        },
      };
      const results: CaseResult[] = [];
      await conductSimulated({
        subject,
        cases,
        job: { seed: '7', attempt: 1 },
        ledger: { began: () => {}, finished: (result) => results.push(result) },
        recording: recordingOf(subject, request, 1, directory),
        thread: counted,
        stopped: () => false,
      });
      await thread?.end();
      expect(jobs > 0, 'the thread was asked').to.equal(thread !== undefined);
      directory.close();
      return results.toSorted((a, b) => a.id.localeCompare(b.id));
    };
    const one = await run('one', true);
    expect(one.length).to.equal(cases.length);
    expect(one.some(({ verdict }) => verdict === 'fail')).to.equal(true);
    const timeless = (results: readonly CaseResult[]) => results.map((result) => ({ ...result, duration: 0 }));
    expect(timeless(await run('two', false))).to.deep.equal(timeless(one));
  });
});
