/** Recordings as implementations: what failed once fails again in the same way, without the one that failed. */
import { expect } from 'chai';
import { bundledCatalogue } from '../../conduct/testing/bundled-catalogue.js';
import { chooseIut } from '../../iut/choose.js';
import { mockSubject } from '../../iut/mock/mock-subject.js';
import { mutantSubjects } from '../../iut/mutant-subject.js';
import type { SimulatedSubject } from '../../iut/subject.js';
import { firstDivergence } from '../../run/recorded/replay.js';
import { simulateCase } from '../../run/simulate.js';
import { applies } from '../../suite/catalogue/applicability.js';
import type { ExpandedCase } from '../../suite/language/case.js';

const seed = '7';
const green: ReadonlySet<string> = new Set(['pass', 'info', 'nonstrict']);

describe('mocks and replays', function () {
  this.timeout(60_000);
  const { cases } = bundledCatalogue();
  const simulated = (iut: string): readonly SimulatedSubject[] =>
    chooseIut(iut).flatMap((subject) => (subject.time === 'virtual' ? [subject] : []));

  /** Runs a case on a subject and then on the mock of what happened. */
  const twice = (subject: SimulatedSubject, each: ExpandedCase) => {
    const first = simulateCase(subject, each, seed);
    const recording = { plan: first.plan, trace: first.driven.trace };
    const second = simulateCase(mockSubject('mock:recording', recording, subject.claims), each, seed);
    return { first, second, recording };
  };
  const same = ({ first, second, recording }: ReturnType<typeof twice>, about: string): void => {
    const { verdict, signature } = first.driven.judgement;
    expect(second.driven.judgement, about).to.include({ verdict });
    expect(second.driven.judgement.signature, about).to.equal(signature);
    expect(firstDivergence(recording, { plan: second.plan, trace: second.driven.trace }), about).to.equal(undefined);
  };

  it('a mock repeats the failure of mutants, octet by octet', () => {
    let failed = 0;
    for (const { id, mutant, roles } of mutantSubjects().filter((_, index) => index % 31 === 0)) {
      const own = cases.filter((each) => roles.includes(each.role) && applies(each, mutant.claims).applies);
      // The first of some of its cases that notices it.
      const found = own
        .filter((_, index) => index % 5 === 0)
        .find((each) => !green.has(simulateCase(mutant, each, seed).driven.judgement.verdict));
      if (found === undefined) continue;
      failed += 1;
      same(twice(mutant, found), `${id}, ${found.id}`);
    }
    expect(failed).to.be.greaterThan(10);
  });

  for (const iut of ['embedded', 'null:echo', 'null:late'])
    it(`a mock of ${iut} comes out as it did`, () => {
      let mocked = 0;
      for (const each of cases.filter((_, index) => index % 127 === 5)) {
        const subject = simulated(iut).find(({ claims }) => applies(each, claims).applies);
        if (subject === undefined) continue;
        mocked += 1;
        same(twice(subject, each), each.id);
      }
      expect(mocked).to.be.greaterThan(10);
    });

  const id = 'robe-esim.client.confirmed-on-one-of-three.v0.ip4';
  const one = (): ExpandedCase => {
    const found = cases.find((each) => each.id === id);
    if (found === undefined) throw new Error(`there is no ${id}`);
    return found;
  };
  const [wrong] = simulated('mutant:esim-mac-split-otherwise');
  const [right] = simulated('embedded:robe-esim');
  if (wrong === undefined || right === undefined) throw new Error('subjects are missing');

  it('a mock has no answer to another seed, nor to a case that became another', () => {
    const { recording } = twice(wrong, one());
    const mock = mockSubject('mock:recording', recording, wrong.claims);
    expect(() => simulateCase(mock, one(), '8')).to.throw(/answers only what was asked of it: seed and case 7\//);
    const server = cases.find((each) => each.steps[0]?.step === 'send' && applies(each, right.claims).applies);
    const [send] = server?.steps ?? [];
    if (server === undefined || send === undefined) throw new Error('no case begins with a send');
    const answered = mockSubject('mock:recording', twice(right, server).recording, right.claims);
    const { judgement } = simulateCase(answered, { ...server, steps: [send, ...server.steps] }, seed).driven;
    expect(judgement.sentence).to.match(/the recorded tester did not send this on path 1 at this place/);
    expect(judgement.verdict).to.equal('error');
  });

  it('a replay shows where a right implementation did otherwise', () => {
    const { recording } = twice(wrong, one());
    const { plan, driven } = simulateCase(right, one(), seed);
    expect(firstDivergence(recording, { plan, trace: driven.trace })).to.include({
      frame: 9,
      sentBy: 'implementation',
      path: 3,
      step: '8',
      field: 'judged',
      recorded: 'mismatched',
      now: 'matched',
    });
  });

  for (const variant of ['window-on-resets', 'joins-from-other-ids', 'ecn-setup-syn', 'last-path-first'])
    it(`a replay passes over what the case leaves free, and comes to what was judged: ${variant}`, () => {
      const { recording } = twice(wrong, one());
      const judged = recording.trace.findIndex(({ note }) => note?.taken === 'mismatched');
      const subject = simulated(`variant:${variant}`).find(({ claims }) => applies(one(), claims).applies);
      if (subject === undefined) throw new Error(`${variant} does not have the case`);
      const { plan, driven } = simulateCase(subject, one(), seed);
      const found = firstDivergence(recording, { plan, trace: driven.trace });
      const frames = recording.trace.slice(0, judged + 1).filter(({ entry }) => 'frame' in entry);
      expect(found).to.deep.include({ frame: frames.length, sentBy: 'implementation' });
    });

  it('a replay binds anew what the implementation chooses, and nothing else', () => {
    const play = (of: SimulatedSubject, with_: string) => {
      const { plan, driven } = simulateCase(of, one(), with_);
      return { plan, trace: driven.trace };
    };
    expect(firstDivergence(play(right, '7'), play(right, 'another'))).to.equal(undefined);
    const [plain] = simulated('embedded:mptcp');
    const [silent] = simulated('null:silent:robe-esim');
    if (plain === undefined || silent === undefined) throw new Error('subjects are missing');
    expect(firstDivergence(play(right, '7'), play(plain, '7'))).to.include({ frame: 2, field: 'frame' });
    expect(firstDivergence(play(right, '7'), play(silent, '7'))).to.include({
      frame: 1,
      field: 'frame',
      now: 'nothing more',
    });
    expect(firstDivergence(play(silent, '7'), play(right, '7'))).to.be.an('object');
  });
});
