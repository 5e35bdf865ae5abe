import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Clock } from '../../net/clock/clock.js';
import type { ControlAnswer, ControlCommand } from '../../suite/scenario/contract.js';
import { controlByHooks } from './hooks.js';
import { openTransport } from './transport.js';

/** Milliseconds of the test process as a clock. */
const clock: Clock = {
  now: () => process.hrtime.bigint(),
  at(time, callback) {
    const timer = setTimeout(callback, Math.max(0, Number((time - process.hrtime.bigint()) / 1_000_000n) + 1));
    return { cancel: () => clearTimeout(timer) };
  },
};

const node = (script: string): string[] => [process.execPath, '-e', script];
const environment = { PATH: '/usr/bin:/bin' };

const perform = (
  hook: readonly string[],
  command: ControlCommand,
  deadline = 60_000_000_000n,
  by = clock,
): Promise<ControlAnswer> =>
  openTransport({ kind: 'local' }, clock, environment).then(
    (transport) =>
      new Promise((resolve) =>
        controlByHooks({ [command.verb]: hook }, by, deadline, transport).perform(command, resolve),
      ),
  );

describe('hooks', function () {
  this.timeout(180_000);
  const health: ControlCommand = { verb: 'health' };

  it('reads exit 0 as done, with results', async () =>
    expect(await perform(node('console.log("accepted=2\\nstate=open\\nmptcp=true")'), health)).to.deep.equal({
      answer: 'ok',
      result: { accepted: 2, state: 'open', mptcp: true },
    }));

  it('reads exit 89 as unsupported', async () =>
    expect(await perform(node('process.exit(89)'), health)).to.deep.equal({ answer: 'unsupported' }));

  it('reads any other exit as failed, with the last words', async () => {
    const answer = await perform(node('console.error("first\\nno such \\u001b device"); process.exit(3)'), health);
    expect(answer.answer === 'failed' && answer.why).to.contain('ended with 3: no such \\x1b device');
  });

  it('tries again on exit 75', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'robe-hooks-'));
    const once = ['sh', '-c', 'test -e "$1" && exit; touch "$1"; exit 75', 'hook', join(folder, 'asked')];
    expect(await perform(once, health)).to.deep.equal({ answer: 'ok', result: {} });
    rmSync(folder, { recursive: true });
  });

  it('tries no more when the deadline has come', async () => {
    // The whole time is over once the deadline is set, however long the hook really takes.
    let asked = 0;
    const hasty: Clock = { ...clock, now: () => clock.now() + (asked++ === 0 ? 0n : 60_000_000_000n) };
    const answer = await perform(['sh', '-c', 'exit 75'], health, 60_000_000_000n, hasty);
    expect(answer.answer === 'failed' && answer.why).to.equal('hook sh still asks to try later at its deadline');
  });

  it('ends a hook that hangs', async () => {
    const answer = await perform(node('setInterval(() => {}, 1000)'), health, 500_000_000n);
    expect(answer.answer === 'lost' && answer.why).to.contain('did not end within its deadline');
  });

  it('tells of a hook that cannot be started', async () => {
    const answer = await perform(['/nonexistent/hook'], health);
    expect(answer.answer === 'lost' && answer.why).to.contain('could not be started');
  });

  it('leaves a verb without a hook unsupported', async () => {
    const transport = await openTransport({ kind: 'local' }, clock, environment);
    const control = controlByHooks({}, clock, 1_000_000_000n, transport);
    expect(await new Promise((resolve) => control.perform(health, resolve))).to.deep.equal({ answer: 'unsupported' });
  });

  it('hands the command over in the environment', async () => {
    const answer = await perform(
      node('for (const k of ["ADDRESS","PORT","PATHS"]) console.log(k.toLowerCase() + "=" + process.env["ROBE_"+k])'),
      {
        verb: 'connect',
        connection: 'c',
        to: { address: '192.0.2.1', port: 80 },
        paths: [1, 2],
      },
    );
    expect(answer).to.deep.equal({ answer: 'ok', result: { address: '192.0.2.1', port: 80, paths: '1 2' } });
  });
});
