/** `robe experiment` as a user types it: forms of the report, what is refused, Ctrl-C. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { UsageError } from '../../conduct/usage-error.js';
import { announcing, untilInterruptible } from '../testing/interruptible.js';
import { layColumns } from './columns.js';
import {
  lawsRequest,
  liveRobustnessRequests,
  pageLoadRequest,
  readLosses,
  refuseLiveOptions,
  robustnessRequest,
} from './experiment-request.js';

const program = fileURLToPath(new URL('../main.js', import.meta.url));

describe('robe experiment', function () {
  this.timeout(60_000);
  let directory: string;
  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'robe-experiment-'));
  });
  after(() => rmSync(directory, { recursive: true, force: true }));

  const robe = (...args: readonly string[]) =>
    spawnSync(process.execPath, [program, 'experiment', ...args], {
      encoding: 'utf8',
      cwd: directory,
      timeout: 170_000,
    });

  it('prints JSON and leaves numbers, figure and page', () => {
    const done = robe(
      ...['robustness', '--profile', 'mptcp,robe-esim', '--loss', '0,50', '--connections', '200', '--json'],
      ...['--csv', 'r.csv', '--plot', 'r.svg', '--html', 'r.html'],
    );
    expect(done.stderr).to.equal('');
    expect(done.status).to.equal(0);
    const report = JSON.parse(done.stdout);
    expect(report.format).to.equal('robe-robustness/1');
    expect(report.series).to.have.length(2);
    const read = (name: string) => readFileSync(join(directory, name), 'utf8');
    expect(read('r.csv')).to.match(/^profile,source,version,loss/);
    expect(read('r.svg')).to.match(/^<svg /);
    expect(read('r.html'))
      .to.include('<svg ')
      .and.to.match(/closed form lies within/);
  });

  it('stops at Ctrl-C without a report', async () => {
    const child = spawn(process.execPath, [...announcing, program, 'experiment', 'page-load'], {
      cwd: directory,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let printed = '';
    child.stdout.on('data', (chunk) => {
      printed += String(chunk);
    });
    const exit = new Promise<number | null>((resolve) => child.on('exit', (code) => resolve(code)));
    await untilInterruptible(child);
    child.kill('SIGINT');
    expect(await exit).to.equal(130);
    expect(printed).to.equal('');
  });

  it('says what it does not know', () => {
    const done = robe('robustness', '--profile', 'robe-magic');
    expect(done.stderr).to.match(/"robe-magic" is no profile/);
    expect(done.stderr).not.to.match(/\n\s+at /);
    expect(done.status).to.equal(2);
  });
});

describe('a request of robe experiment', () => {
  const usual = {
    profile: ['mptcp'],
    loss: '0',
    connections: 1,
    rtt: '20,20',
    lossy: 'to-server' as const,
    seed: '1',
  };
  const visits = {
    profile: ['mptcp', 'tcp'],
    page: [],
    samples: 1,
    connections: 'short' as const,
    rate: 10,
    seed: '1',
  };
  const refusals: readonly (readonly [what: string, ask: () => unknown, told: RegExp])[] = [
    ['loss beyond 100', () => robustnessRequest({ ...usual, loss: '0,101' }), /from 0 to 100/],
    ['no loss', () => robustnessRequest({ ...usual, loss: '' }), /from 0 to 100/],
    ['a range backwards', () => robustnessRequest({ ...usual, loss: '9-1/1' }), /from 0 to 100/],
    ['one path', () => robustnessRequest({ ...usual, rtt: '20' }), /--rtt takes 2 to 4/],
    ['no connection', () => robustnessRequest({ ...usual, connections: 0 }), /--connections/],
    ['a round trip that timers do not await', () => lawsRequest({ rtt: ['1000,20'], seed: '1' }), /below 1000 ms/],
    ['a round trip of nothing', () => lawsRequest({ rtt: ['0,20'], seed: '1' }), /--rtt/],
    [
      'patience where no time passes',
      () => refuseLiveOptions({ live: false, patience: 3 }),
      /--patience is for --live/,
    ],
    ['only SYNs on wires', () => liveRobustnessRequests({ ...usual, lossy: 'syns', live: true }), /simulate it/],
    ['no patience', () => liveRobustnessRequests({ ...usual, live: true, patience: 0 }), /--patience takes/],
    ['nothing to compare', () => pageLoadRequest({ ...visits, profile: ['mptcp'] }), /at least two/],
    ['links that carry nothing', () => pageLoadRequest({ ...visits, rate: 0 }), /--rate takes Mbit/],
    ['a page that there is not', () => pageLoadRequest({ ...visits, page: ['x'] }), /no page x/],
    ['a file that there is not', () => pageLoadRequest({ ...visits, pages: '/nowhere' }), /cannot be read/],
  ];
  for (const [what, ask, told] of refusals) {
    it(`${what} is refused`, () => {
      expect(ask).to.throw(UsageError).with.property('message').match(told);
    });
  }

  it('reads lists and ranges of loss', () => {
    expect(readLosses('50,0,50')).to.deep.equal([0, 0.5]);
    expect(readLosses('0-100/25')).to.deep.equal([0, 0.25, 0.5, 0.75, 1]);
  });
});

describe('columns', () => {
  const column = (name: string, ...cells: readonly string[]) => ({ head: [name], cells });

  it('that do not fit go below', () => {
    const lines = layColumns(column('x', '1', '22'), [column('aaa', '1', '2'), column('b', '333', '4')], 10);
    expect(lines).to.deep.equal(['x   aaa', '1     1', '22    2', '', 'x     b', '1   333', '22    4']);
  });

  it('stand beside each other where there is room', () => {
    expect(layColumns(column('x', '1'), [column('a', '2'), column('b', '3')], 80)).to.deep.equal([
      'x  a  b',
      '1  2  3',
    ]);
  });
});
