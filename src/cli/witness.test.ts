/**
 * The engine as client under test, on the kernel's own sockets: what the reference was written for is judged where somebody else's
 * TCP does it. Skipped, with the reason, without privilege, libpcap, a C compiler or MPTCP in the kernel.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { engineProgram } from '../engine/engine-program.js';
import { LabError } from '../net/lab/command.js';
import { needLiveLab, skipBecause } from '../net/lab/testing/skip.js';
import { results } from '../suite/verdict/results.js';

const program = fileURLToPath(new URL('main.js', import.meta.url));

/** Elections that end within a fraction of a second. */
const prompt: Readonly<Record<string, readonly string[]>> = {
  'lab:linux-sim': ['robe-sim.client.orders', 'robe-sim.client.orders-of-three', 'robe-sim.client.first-answer-plain'],
  'lab:linux-timer': ['robe-timer.client.orders', 'robe-timer.client.default-path-refuses'],
};

describe('the engine under test', function () {
  this.timeout(90_000);
  let folder = '';

  before(async function () {
    await needLiveLab(this);
    if (!existsSync('/proc/sys/net/mptcp/pm_type'))
      skipBecause(this, 'this kernel has no MPTCP, or no path manager for it');
    try {
      await engineProgram(process.env);
    } catch (cause) {
      if (!(cause instanceof LabError)) throw cause;
      skipBecause(this, cause.message);
    }
    folder = mkdtempSync(join(tmpdir(), 'robe-witness-'));
  });
  after(() => {
    if (folder !== '') rmSync(folder, { recursive: true });
  });

  for (const [iut, cases] of Object.entries(prompt)) {
    it(`${iut} elects as the draft has it`, async () => {
      const out = join(folder, iut.slice(4));
      const argv = [program, 'run', ...cases, '--iut', iut, '--seed', '7', '--out', out];
      await once(spawn(process.execPath, argv, { stdio: 'ignore' }), 'close');
      const judged = results.parse(JSON.parse(readFileSync(join(out, 'results.json'), 'utf8'))).cases;
      const asked = judged.filter(({ verdict }) => verdict !== 'not-applicable');
      expect(asked.length).to.be.greaterThan(5);
      // A machine that was held up shows nothing, which is no failure.
      expect(asked.filter(({ verdict }) => verdict !== 'pass' && verdict !== 'inconclusive')).to.deep.equal([]);
      expect(asked.some(({ verdict }) => verdict === 'pass')).to.equal(true);
    });
  }
});
