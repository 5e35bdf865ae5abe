/** `--confirm N`: a subject that changes its mind is told from one that is always wrong, and every time is kept. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { gateOf, strictly } from '../gate/gate.js';
import { baselineFrom, baselineText, sampleResults } from '../gate/testing/sample-results.js';
import { chooseIut } from '../iut/choose.js';
import type { SimulatedSubject } from '../iut/subject.js';
import { readEvidence } from '../report/read-evidence.js';
import { redBlocks } from '../report/summary.js';
import type { RunEnd } from '../run/ledger.js';
import { rejudge } from '../run/recorded/recorded.js';
import type { CaseResult } from '../suite/verdict/results.js';
import { openRunDirectory } from './run-directory.js';
import { SubjectRun } from './subject-run.js';
import { bundledCatalogue } from './testing/bundled-catalogue.js';
import { testConductor } from './testing/test-conductor.js';

const id = 'robe-esim.client.confirmed-on-one-of-three.v0.ip4';

const simulated = (iut: string): SimulatedSubject => {
  const [subject] = chooseIut(iut);
  if (subject?.time !== 'virtual') throw new Error(`${iut} is not simulated`);
  return subject;
};

/** Is the implementations in turn, one each time that it is opened; the last one from then on. */
const inTurn = (...iuts: readonly string[]): SimulatedSubject => {
  const subjects = iuts.map(simulated);
  const [first] = subjects;
  if (first === undefined) throw new Error('nobody is there');
  let opened = 0;
  return {
    ...first,
    name: 'in turn',
    open(seed) {
      const subject = subjects[Math.min(opened, subjects.length - 1)] ?? first;
      opened += 1;
      return subject.open(seed);
    },
  };
};

const right = 'embedded:robe-esim';
const wrong = 'mutant:esim-mac-split-otherwise';

describe('confirming red cases', () => {
  let folder = '';
  let runs = 0;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'robe-confirm-'));
  });
  after(() => rmSync(folder, { recursive: true }));
  const cases = bundledCatalogue().cases.filter((each) => each.id === id);

  /** Runs the case, confirming twice, and gives what the run would keep. */
  const run = async (subject: SimulatedSubject, times = 2) => {
    runs += 1;
    const directory = openRunDirectory(join(folder, `run-${runs}`), false);
    const kept = new Map<string, CaseResult>();
    const told: string[] = [];
    const finished = (result: CaseResult) => kept.set(result.id, result);
    const subjectRun = new SubjectRun(
      { subject, cases },
      {
        request: {
          iut: subject.name,
          selection: { select: [], exclude: [], profiles: [], roles: [], requirements: [], levels: [] },
          catalogue: [],
          seed: '7',
          jobs: 1,
          shuffle: false,
          confirm: times,
          out: directory.path,
          command: [],
        },
        directory,
        conductor: testConductor(),
        account: {
          began: () => {},
          finished,
          confirmed: finished,
          learned: () => {},
          warned: () => {},
          reported: () => {},
        },
        interruption: new AbortController().signal,
      },
    );
    const ends: readonly RunEnd[] = [
      await subjectRun.judge(),
      await subjectRun.confirm((count, attempt, attempts) => told.push(`${count} ${attempt}/${attempts}`)),
    ];
    directory.close();
    expect(ends).to.deep.equal([{ end: 'complete' }, { end: 'complete' }]);
    const result = kept.get(id);
    if (result === undefined) throw new Error('no result');
    return { result, told, directory: directory.path };
  };
  const gated = (result: CaseResult, ...entries: readonly string[]) =>
    gateOf(sampleResults([result]), {
      ...strictly('2026-06-01'),
      baselines:
        entries.length === 0
          ? []
          : [baselineFrom(baselineText(...entries).replace(/^iut: .*$/m, `iut: ${result.subject}`))],
    });

  it('leaves green cases alone', async () => {
    const { result, told } = await run(simulated(right));
    expect(result).to.include({ verdict: 'pass' }).and.not.have.property('attempts');
    expect(told).to.deep.equal([]);
  });

  it('calls stable what is the same every time', async () => {
    const { result, told, directory } = await run(simulated(wrong));
    expect(told).to.deep.equal(['1 2/3', '1 3/3']);
    expect(result.attempts?.map(({ verdict }) => verdict)).to.deep.equal(['fail', 'fail', 'fail']);
    const gate = gated(result);
    expect(gate.exit).to.equal(1);
    expect(redBlocks({ gate }, (name) => name)[0]).to.deep.include({ word: 'FAIL' });
    expect(redBlocks({ gate }, (name) => name)[0]?.headline).to.match(/: stable \(3\/3\): Wrong ACK on 3: /);
    const seeds = result.attempts?.map(({ evidence }) => {
      const { plan, trace, result: own } = readEvidence(join(directory, evidence ?? ''));
      expect(rejudge(plan, trace).judgement).to.include({ verdict: own.verdict, signature: own.signature });
      return plan.seed;
    });
    expect(seeds).to.deep.equal(['7', '7.2', '7.3']);
  });

  it('calls flaky what is not, keeps the traces of the good times too, and is red all the same', async () => {
    const { result, directory } = await run(inTurn(wrong, right, right));
    expect(result.verdict).to.equal('fail');
    expect(result.attempts?.map(({ verdict }) => verdict)).to.deep.equal(['fail', 'pass', 'pass']);
    expect(result.attempts?.map(({ evidence }) => evidence)).to.deep.equal([
      `evidence/${id}`,
      `evidence/${id}/attempt-2`,
      `evidence/${id}/attempt-3`,
    ]);
    expect(readEvidence(join(directory, 'evidence', id, 'attempt-2')).result.verdict).to.equal('pass');
    const gate = gated(result);
    expect(gate.exit).to.equal(1);
    expect(redBlocks({ gate }, (name) => name)[0]).to.deep.include({ word: 'FLAKY' });
    expect(redBlocks({ gate }, (name) => name)[0]?.headline).to.match(/: flaky \(fail, pass, pass\): Wrong ACK on 3: /);
  });

  it('holds when the baseline knows of it', async () => {
    const { result } = await run(inTurn(wrong, right));
    const gate = gated(
      result,
      `case: ${id}\nexpect: flaky\namong: [pass, fail]\nreason: r\nissue: "#7"\nuntil: 2027-01-01`,
    );
    expect(gate.exit).to.equal(0);
    expect(gate.cases[0]?.standing).to.equal('known');
  });

  it('does not run again what went well at first', async () => {
    const { result } = await run(inTurn(right, wrong));
    expect(result.verdict).to.equal('pass');
  });
});
