import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { dealShard } from '../../conduct/deal-shard.js';
import { UsageError } from '../../conduct/usage-error.js';
import { readResults } from '../../gate/read-results.js';
import { baselineText, failing, sampleCase, sampleResults } from '../../gate/testing/sample-results.js';
import type { Results } from '../../suite/verdict/results.js';
import { toolName } from '../environment.js';
import { type GateArguments, prepareGate } from './gate-options.js';
import { shardOf } from './shard-options.js';

const program = fileURLToPath(new URL('../main.js', import.meta.url));
const tool = toolName();

describe('gating from the command line', function () {
  // Each line below starts the program.
  this.timeout(180_000);
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'robe-gate-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  const robe = (...words: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...words], {
      cwd: folder,
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
  };
  /** A catalogue of one case, so that baselines do not wait for the whole one. */
  const small = (): readonly string[] => {
    const file = join(folder, 'cases.yaml');
    writeFileSync(
      file,
      [
        '- id: tcp.server.syn',
        '  title: A SYN is answered with a SYN/ACK',
        '  requirements: [RFC9293-3.10.7-01]',
        '  role: server',
        '  profiles: [tcp]',
        '  steps:',
        '    - send:   {on: 1, segment: SYN}',
        '    - expect: {on: 1, segment: SYN/ACK, flags: 18, ack: isn + 1, mptcp: none}',
        '',
      ].join('\n'),
    );
    return ['--cases', file];
  };
  const keep = (name: string, results: Results): string => {
    mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, name, 'results.json'), JSON.stringify(results));
    return name;
  };
  const kept = (name: string): Results => {
    const reading = readResults(name, readFileSync(join(folder, name, 'results.json'), 'utf8'));
    if ('problems' in reading) throw new Error(reading.problems.join('\n'));
    return reading.results;
  };

  /** The exit code that `run`, `report` and `merge` come to, without starting a program. */
  const gateExit = async (results: Results, given: Partial<GateArguments> = {}): Promise<number> => {
    const gate = await prepareGate(
      { gate: 'must', 'max-inconclusive': 0, 'allow-fixed': false, 'expect-all': false, ...given },
      [],
      folder,
    );
    return gate.conclude(gate.judge(results, results.cases), () => {});
  };
  const inFolder = (name: string): string => join(folder, name);

  const pass = sampleCase('a');
  const judgedOnce = sampleResults([pass]);
  const contradictory: Results = {
    ...judgedOnce,
    subjects: judgedOnce.subjects.map((each) => ({
      ...each,
      review: [{ item: 'profile tcp', status: 'unmet' as const, sentence: 'not claimed' }],
    })),
  };
  const exits: readonly (readonly [string, Results, Partial<GateArguments>, number])[] = [
    ['it holds', sampleResults([pass]), {}, 0],
    ['one failure', sampleResults([pass, failing('b', 's')]), {}, 1],
    ['nothing judged', sampleResults([]), {}, 2],
    ['an error', sampleResults([pass, sampleCase('b', { verdict: 'error' })]), {}, 3],
    ['too little evidence', sampleResults([pass, sampleCase('b', { verdict: 'inconclusive' })]), {}, 4],
    ['a budget', sampleResults([pass, sampleCase('b', { verdict: 'inconclusive' })]), { 'max-inconclusive': 1 }, 0],
    ['a missing case', sampleResults([pass, sampleCase('b', { verdict: 'not-run' })]), {}, 5],
    ['an interrupted run', sampleResults([pass], { interrupted: true }), {}, 130],
    ['what does not apply', sampleResults([pass, sampleCase('b', { verdict: 'not-applicable' })]), {}, 0],
    [
      'what does not apply, with everything expected,',
      sampleResults([pass, sampleCase('b', { verdict: 'not-applicable' })]),
      { 'expect-all': true },
      1,
    ],
    ['what cannot be done', sampleResults([pass, sampleCase('b', { verdict: 'unsupported' })]), {}, 1],
    ['a contradictory declaration', contradictory, {}, 2],
    ['a missed SHOULD', sampleResults([sampleCase('b', { verdict: 'nonstrict' })]), { gate: 'should' }, 1],
  ];
  for (const [about, results, given, exit] of exits)
    it(`${about} is exit ${exit}`, async () => expect(await gateExit(results, given)).to.equal(exit));

  it('report ends with the exit code of the gate, each of them, and 256 failures are not 0', async () => {
    const failures = Array.from({ length: 256 }, (_, index) => failing(`c-${index}`, 's'));
    const ends = [
      ['holds', sampleResults([pass]), 0],
      ['red', sampleResults(failures), 1],
      ['usage', sampleResults([]), 2],
      ['error', sampleResults([...failures, sampleCase('z', { verdict: 'error' })]), 3],
      ['inconclusive', sampleResults([pass, sampleCase('b', { verdict: 'inconclusive' })]), 4],
      ['incomplete', sampleResults([pass, sampleCase('b', { verdict: 'not-run' })]), 5],
      ['interrupted', sampleResults(failures, { interrupted: true }), 130],
    ] as const;
    const ended = ends.map(async ([name, results, code]) => {
      const child = spawn(process.execPath, [program, 'report', keep(`end-${name}`, results)], {
        cwd: folder,
        stdio: 'ignore',
      });
      const [status] = await once(child, 'close');
      return [name, status, code] as const;
    });
    for (const [name, status, code] of await Promise.all(ended)) expect(status, name).to.equal(code);
  });

  it('report refuses totals that are not those of the cases', () => {
    const name = keep('wrong', { ...sampleResults([failing('b', 's')]), totals: { pass: 1 } });
    const { status, stderr } = robe('report', name);
    expect(status).to.equal(2);
    expect(stderr).to.contain('totals say 1 pass, the cases are 0');
  });

  it('report writes every format it is asked for', () => {
    keep('run', sampleResults([pass, failing('b', 's')]));
    const formats = ['junit', 'tap', 'ctrf', 'markdown', 'badge', 'github-summary', 'github-annotations'];
    robe('report', 'run', ...formats.flatMap((format) => [`--${format}`, `out.${format}`]));
    for (const format of formats) expect(readFileSync(join(folder, `out.${format}`), 'utf8'), format).to.not.equal('');
    expect(robe('report', 'run', '--tap', '-').stdout).to.match(/^TAP version 14\n1\.\.2\n/);
  });

  it('report that cannot write is an error', async () => {
    expect(await gateExit(sampleResults([pass]), { junit: inFolder('no/such/folder/junit.xml') })).to.equal(3);
  });

  it('report goes through any reporter of Mocha', () => {
    keep('run', sampleResults([pass, failing('b', 's')]));
    const { status, stdout } = robe('report', 'run', '--mocha-reporter', 'tap');
    expect(stdout).to.match(/ok 1 stack a\nnot ok 2 stack b\n/);
    expect(status).to.equal(1);
    expect(robe('report', 'run', '--mocha-reporter', 'no-such-reporter').status).to.equal(2);
  });

  it('a baseline is begun, holds, and turns red when something is fixed', async () => {
    const before = sampleResults([pass, failing('b', 's')], { tool });
    // Every case of the catalogue was run: only then is a cause known to be gone.
    const after = sampleResults(
      [pass, sampleCase('b'), sampleCase('tcp.server.syn.ip4'), sampleCase('tcp.server.syn.ip6')],
      { tool },
    );
    const baseline = [inFolder('b.yaml')];
    keep('run', before);
    expect(robe('baseline', 'update', 'b.yaml', '--from', 'run', ...small()).status).to.equal(1);
    expect(existsSync(join(folder, 'b.yaml'))).to.equal(false);
    expect(robe('baseline', 'update', 'b.yaml', '--from', 'run', '--reason', 'known', ...small()).status).to.equal(0);
    expect(await gateExit(before, { baseline })).to.equal(0);
    expect(await gateExit(after, { baseline })).to.equal(1);
    expect(await gateExit(after, { baseline, 'allow-fixed': true })).to.equal(0);
    expect(robe('baseline', 'explain', 'b', '--baseline', 'b.yaml', '--from', 'run', ...small()).stdout).to.contain(
      'reason   known',
    );
    keep('better', after);
    expect(robe('baseline', 'update', 'b.yaml', '--from', 'better', ...small()).status).to.equal(0);
    expect(readFileSync(join(folder, 'b.yaml'), 'utf8')).to.contain('entries: []');
  });

  it('a dead entry is exit 2, at its line, and pruned', () => {
    keep('run', sampleResults([pass], { tool }));
    writeFileSync(join(folder, 'dead.yaml'), baselineText('case: bb\nexpect: unsupported\nreason: r'));
    const { status, stderr } = robe('report', 'run', '--baseline', 'dead.yaml', ...small());
    expect(status).to.equal(2);
    expect(stderr).to.contain('dead.yaml:5:5: bb means no case of the catalogue');
    expect(robe('baseline', 'check', 'dead.yaml', ...small()).status).to.equal(2);
    expect(robe('baseline', 'prune', 'dead.yaml', '--from', 'run', ...small()).status).to.equal(0);
    expect(readFileSync(inFolder('dead.yaml'), 'utf8')).to.contain('entries: []');
  });

  it('compare ends with 1 when something is worse', () => {
    keep('before', sampleResults([pass, sampleCase('b')]));
    keep('after', sampleResults([pass, failing('b', 's')]));
    expect(robe('compare', 'before', 'after', '--markdown', 'c.md').status).to.equal(1);
    expect(readFileSync(join(folder, 'c.md'), 'utf8')).to.contain('### regressed');
    expect(robe('compare', 'after', 'before').stdout).to.contain('FIXED [stack] b: fail s -> pass');
  });

  describe('of shards', () => {
    const plan = ['a', 'b', 'c', 'd', 'e'].map((id) => failing(id, 's'));
    const keepShard = (index: number): string => {
      const { cases, record } = dealShard(plan, { index, of: 3 });
      return keep(`shards/${index}`, sampleResults(cases, { shard: record }));
    };
    it('merge gives the whole, with evidence that is found', () => {
      for (const index of [1, 2, 3]) keepShard(index);
      expect(robe('merge', 'shards', '--out', 'whole', '--junit', 'whole.xml').status).to.equal(1);
      const { cases, totals, run } = kept('whole');
      expect(cases.map(({ id, evidence }) => [id, evidence])).to.deep.equal([
        ['a', '../shards/1/evidence/a'],
        ['b', '../shards/2/evidence/b'],
        ['c', '../shards/3/evidence/c'],
        ['d', '../shards/1/evidence/d'],
        ['e', '../shards/2/evidence/e'],
      ]);
      expect(totals).to.deep.equal({ fail: 5 });
      expect(run.shard).to.equal(undefined);
      expect(readFileSync(join(folder, 'whole.xml'), 'utf8')).to.contain('tests="5"');
    });
    it('merge ends with 5 when one is missing or doubled, and writes nothing', () => {
      const [first, second] = [keepShard(1), keepShard(2)];
      expect(robe('merge', first, second, '--out', 'part').status).to.equal(5);
      expect(robe('merge', 'shards', first, '--out', 'part').status).to.equal(5);
      expect(existsSync(join(folder, 'part'))).to.equal(false);
    });
    it('merge of an empty folder ends with 5', () => {
      mkdirSync(join(folder, 'empty'), { recursive: true });
      expect(robe('merge', 'empty', '--out', 'part').status).to.equal(5);
    });
    const jobs: readonly (readonly [string, Readonly<Record<string, string>>, string])[] = [
      ['auto/3', { JOB_COMPLETION_INDEX: '0' }, '1/3'],
      ['auto/3', { JOB_COMPLETION_INDEX: '2' }, '3/3'],
      ['auto', { CI_NODE_INDEX: '2', CI_NODE_TOTAL: '4' }, '2/4'],
      ['auto/4', { CI_NODE_INDEX: '2', CI_NODE_TOTAL: '9' }, '2/4'],
    ];
    for (const [shard, environment, expected] of jobs)
      it(`${shard} is ${expected} with ${JSON.stringify(environment)}`, () =>
        expect(shardOf({ shard }, environment)).to.deep.equal(shardOf({ shard: expected }, {})));
    const lost: readonly (readonly [string, Readonly<Record<string, string>>, string])[] = [
      ['auto/3', {}, 'this job has no number'],
      ['auto', { JOB_COMPLETION_INDEX: '0' }, 'how many parts there are'],
      ['auto/3', { JOB_COMPLETION_INDEX: '3' }, 'counted from 1'],
      ['auto/3', { JOB_COMPLETION_INDEX: 'x' }, 'the second of eight'],
      ['automatic', { CI_NODE_INDEX: '1' }, 'how many parts'],
    ];
    for (const [shard, environment, told] of lost)
      it(`${shard} is refused with ${JSON.stringify(environment)}`, () =>
        expect(() => shardOf({ shard }, environment)).to.throw(UsageError, told));
    it('a shard without cases is refused', () => {
      expect(() => dealShard(plan, { index: 6, of: 6 })).to.throw(UsageError, 'use at most 5 shards');
      expect(() => shardOf({ shard: '0/3' }, {})).to.throw(UsageError, 'counted from 1');
    });
  });
});
