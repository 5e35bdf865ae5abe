/**
 * Faults of the environment, each of a kind that once let a run hang, lose results or end as if somebody did not conform: a
 * child's end is not the end of its pipes; our own output fails; two runs have one directory; a run is killed; an
 * implementation has us send elsewhere.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { exitCodes } from '../gate/exit-code.js';
import { controlByHooks } from '../iut/control/hooks.js';
import { shimChannel } from '../iut/control/shim-process.js';
import { openTransport } from '../iut/control/transport.js';
import { milliseconds } from '../net/clock/clock.js';
import { realClock } from '../net/clock/real.js';
import type { ControlAnswer } from '../suite/scenario/contract.js';
import { results } from '../suite/verdict/results.js';

const program = fileURLToPath(new URL('./main.js', import.meta.url));

describe('a fault', function () {
  this.timeout(60_000);
  let directory: string;
  const children: ChildProcess[] = [];

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'robe-faults-'));
  });
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  });

  const start = (command: string, argv: readonly string[], stdout: 'pipe' | number = 'pipe'): ChildProcess => {
    const child = spawn(command, argv, { stdio: ['pipe', stdout, 'pipe'], cwd: directory });
    children.push(child);
    return child;
  };

  const robe = async (argv: readonly string[], stdout: 'pipe' | number = 'pipe') => {
    const child = start(process.execPath, [program, ...argv], stdout);
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
    await once(child, 'close');
    return { code: child.exitCode, said };
  };

  describe('of a child that leaves another with its pipes', () => {
    it('does not keep a shim from being over', async () => {
      const child = start('sh', ['-c', 'sleep 50 & echo no shim']);
      const began = performance.now();
      expect(await shimChannel(child, 'the shim').gone).to.match(/ended with exit code 0/);
      expect(performance.now() - began).to.be.below(20_000);
    });

    it('does not keep a shim from being over that ended before anybody listened', async () => {
      const child = start('true', []);
      await once(child, 'exit');
      expect(await shimChannel(child, 'the shim').gone).to.match(/ended with exit code 0/);
    });

    it('does not keep a hook from being done, and what it left running goes on', async () => {
      const clock = realClock();
      const mark = join(directory, 'mark');
      const hook = ['sh', '-c', `(sleep 1; touch ${mark}; sleep 50) & echo accepted=3`];
      const transport = await openTransport({ kind: 'local' }, clock, process.env);
      const control = controlByHooks({ accepted: hook }, clock, milliseconds(10_000), transport);
      const answer = await new Promise<ControlAnswer>((resolve) =>
        control.perform({ verb: 'accepted', from: [] }, resolve),
      );
      expect(answer).to.deep.equal({ answer: 'ok', result: { accepted: 3 } });
      await control.close();
      for (let attempt = 0; attempt < 200 && !existsSync(mark); attempt += 1) await sleep(50);
      expect(existsSync(mark)).to.equal(true);
    });
  });

  const quick = ['run', 'tcp.server.connection', '--iut', 'embedded:tcp', '--seed', '1'];

  it('of the own output is exit code 3, whatever came of the cases', async () => {
    const { code, said } = await robe([...quick, '--out', 'out'], openSync('/dev/full', 'w'));
    expect(said).to.contain('standard output could not be written').and.not.contain('    at ');
    expect(code).to.equal(exitCodes.error);
    expect(
      results.parse(JSON.parse(readFileSync(join(directory, 'out', 'results.json'), 'utf8'))).totals.pass,
    ).to.equal(2);
  });

  it('of a reader that leaves is none', async () => {
    const child = start(process.execPath, [program, ...quick, '--out', 'out']);
    child.stdout?.destroy();
    await once(child, 'close');
    expect(child.exitCode).to.equal(exitCodes.holds);
  });

  it('of too few descriptors is exit code 3', async () => {
    const child = start('sh', ['-c', `ulimit -n 25; exec ${process.execPath} ${program} list`]);
    await once(child, 'close');
    expect(child.exitCode === null || child.exitCode === exitCodes.error || child.exitCode > 128).to.equal(true);
  });

  it('of two runs with one directory is told to the second, and the first keeps its results', async () => {
    writeFileSync(join(directory, 'probe.mjs'), '');
    const lock = join(directory, 'out', 'lock');
    const first = start(process.execPath, [program, 'run', '--iut', 'embedded:mptcp', '--out', 'out']);
    while (!existsSync(lock) && first.exitCode === null) await sleep(1);
    first.kill('SIGSTOP');
    const second = await robe([...quick, '--out', 'out']);
    expect(second.code).to.equal(exitCodes.usage);
    expect(second.said).to.match(/another run, of process \d+, keeps its results in out/);
    first.kill('SIGKILL');
    await once(first, 'close');
    const third = await robe([...quick, '--out', 'out']);
    expect(third.code).to.equal(exitCodes.holds);
    expect(existsSync(lock)).to.equal(false);
  });

  it('that kills a run leaves a journal that reports are made of', async () => {
    const run = start(process.execPath, [program, 'run', '--iut', 'embedded:mptcp', '--out', 'out']);
    const journal = join(directory, 'out', 'journal.ndjson');
    while (run.exitCode === null && !(existsSync(journal) && readFileSync(journal, 'utf8').includes('"result"')))
      await sleep(2);
    run.kill('SIGKILL');
    await once(run, 'close');
    const report = await robe(['report', 'out', '--junit', 'junit.xml']);
    expect(report.said).to.contain('the run was killed');
    expect(report.code).to.be.oneOf([exitCodes.incomplete, exitCodes.error]);
    expect(readFileSync(join(directory, 'junit.xml'), 'utf8')).to.contain('<testsuites');
  });
});
