/** `robe explore` as a user types it: what it prints and leaves, Ctrl-C and going on, and what it refuses. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { UsageError } from '../../conduct/usage-error.js';
import { announcing, untilInterruptible } from '../testing/interruptible.js';
import { type ExploreArguments, exploreRequest, mostStatesOf } from './explore-request.js';

const program = fileURLToPath(new URL('../main.js', import.meta.url));

describe('robe explore', function () {
  this.timeout(60_000);
  let directory: string;
  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'robe-explore-'));
  });
  after(() => rmSync(directory, { recursive: true, force: true }));

  const robe = (...args: readonly string[]) =>
    spawnSync(process.execPath, [program, ...args], { encoding: 'utf8', cwd: directory, timeout: 170_000 });

  it('reports as JSON', () => {
    const done = robe('explore', 'robe-sim', '--json');
    expect(done.status).to.equal(0);
    const report = JSON.parse(done.stdout);
    expect(report).to.include({ complete: true, orders: 20, ladders: 20, version: 1, client: 'robe-sim' });
    expect(report.outcomes).to.have.length(2);
    expect(report.violations).to.deep.equal([]);
  });

  it('keeps a violation as a schedule and as a case, and both show it again', () => {
    const found = robe('explore', 'mutant:second-flow-a-connection-of-its-own', '--out', 'found');
    expect(found.status).to.equal(1);
    expect(found.stdout).to.match(/INV-1 {2}2 connections accepted/);
    expect(readdirSync(join(directory, 'found')).sort()).to.deep.equal(['violation-1.json', 'violation-1.yaml']);
    const replayed = robe('explore', '--replay', 'found/violation-1.json');
    expect(replayed.status).to.equal(1);
    expect(replayed.stdout).to.match(/^A2$[\s\S]*INV-1/m);
    const judged = robe(
      'run',
      'found/violation-1.yaml',
      '--iut',
      'mutant:second-flow-a-connection-of-its-own',
      '--out',
      'run',
    );
    expect(judged.stdout, judged.stderr).to.match(/1 fail|FAIL/);
    expect(judged.status).to.equal(1);
  });

  it('stops at Ctrl-C and goes on', async () => {
    const long = ['explore', 'robe-sim', '--paths', '3', '--losses', '2', '--duplicates', '2', '--out', 'stopped'];
    const child = spawn(process.execPath, [...announcing, program, ...long], {
      cwd: directory,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let told = '';
    child.stderr.on('data', (chunk) => {
      told += String(chunk);
    });
    const exit = new Promise<number | null>((resolve) => child.on('exit', (code) => resolve(code)));
    await untilInterruptible(child);
    child.kill('SIGINT');
    expect(await exit).to.equal(130);
    expect(told).to.match(/robe explore --resume stopped.state\.json/);
    const before = JSON.parse(readFileSync(join(directory, 'stopped', 'state.json'), 'utf8')).tally.states;
    const more = robe(
      'explore',
      '--resume',
      'stopped/state.json',
      '--most-states',
      '500',
      '--out',
      'stopped',
      '--json',
    );
    expect(more.status).to.equal(5);
    expect(JSON.parse(more.stdout).states).to.be.greaterThan(before);
  });

  it('tells random schedules from searched ones', () => {
    const done = robe('explore', 'robe-sim', '--random', '20', '--losses', '2');
    expect(done.stdout)
      .to.match(/^ {2}schedules +20, /m)
      .and.not.match(/orders|states/);
  });

  for (const others of [['--paths', '3'], ['--talk'], ['--seed', '2']]) {
    it(`goes on with the search that was stopped and with none changed by ${others.join(' ')}`, () => {
      const done = robe('explore', '--resume', 'none.json', ...others);
      expect(done.stderr).to.match(/resume and \w+ are mutually exclusive/);
      expect(done.status).to.equal(2);
    });
  }

  it('refuses a state that is none', () => {
    writeFileSync(join(directory, 'bad.json'), '{');
    const done = robe('explore', '--resume', 'bad.json');
    expect(done.stderr).to.match(/bad\.json cannot be resumed: it is no JSON/);
    expect(done.stderr).not.to.match(/\n\s+at /);
    expect(done.status).to.equal(2);
  });
});

describe('a request of robe explore', () => {
  for (const most of [0, -5, 1.5, Number.NaN]) {
    it(`to stop after ${most} states is refused`, () => {
      expect(() => mostStatesOf({ 'most-states': most })).to.throw(UsageError, /--most-states must be a whole number/);
    });
  }

  const usual: ExploreArguments = {
    profile: 'robe-sim',
  };
  const refusals: readonly (readonly [given: Partial<ExploreArguments>, told: RegExp])[] = [
    [{ profile: undefined }, /name a profile/],
    [{ profile: 'robe-magic' }, /"robe-magic" is no profile/],
    [{ profile: 'robe-sim+sim.when=now' }, /there is no parameter sim\.when/],
    [{ peer: 'mutant:nobody' }, /there is no mutant "nobody"/],
    [{ paths: 9 }, /--paths must be a whole number from 1 to 4/],
    [{ losses: -1 }, /--losses must be a whole number from 0/],
    [{ version: 2 }, /--version must be 0 or 1/],
    [{ shard: '3/2' }, /--shard/],
  ];
  for (const [given, told] of refusals) {
    it(`${JSON.stringify(given)} is refused`, () => {
      expect(() => exploreRequest({ ...usual, ...given }))
        .to.throw(UsageError)
        .with.property('message')
        .match(told);
    });
  }
});
