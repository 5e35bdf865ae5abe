import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { RunQueueDelay } from './run-queue.js';

describe('the delay of a run queue', () => {
  it('is told of this process, and never becomes less', () => {
    const delay = new RunQueueDelay();
    const first = delay.read();
    expect(delay.readable).to.equal(true);
    expect(delay.read()).to.be.at.least(first);
  });

  it('is told of another process, and is 0 once that is gone', async () => {
    const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] });
    await once(child, 'spawn');
    const delay = new RunQueueDelay(child.pid ?? 0);
    const [, told] = readFileSync(`/proc/${child.pid}/schedstat`, 'utf8').split(' ');
    expect(delay.readable).to.equal(true);
    expect(delay.read()).to.be.at.least(Number(told));
    child.stdin.end();
    await once(child, 'exit');
    expect(delay.read()).to.equal(0);
  });

  it('is 0 for a process that does not exist', () => {
    const delay = new RunQueueDelay(2 ** 22 + 1);
    expect([delay.readable, delay.read()]).to.deep.equal([false, 0]);
  });
});
