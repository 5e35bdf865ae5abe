/** What kills, and which pairs a matrix tries, by judges that answer from a table. */
import { expect } from 'chai';
import { overheardReference } from '../../iut/overheard-subject.js';
import type { SimulatedSubject } from '../../iut/subject.js';
import { loadCatalogue } from '../../suite/catalogue/catalogue.js';
import type { Verdict } from '../../suite/verdict/verdict.js';
import { makeKillMatrix, type Suspect } from './kill-matrix.js';
import { type Breach, type Judge, kills, type Outcome } from './outcome.js';

const caseText = (id: string, requirement: string): string => `
- id: ${id}
  title: A SYN is answered
  requirements: [${requirement}]
  role: server
  profiles: [tcp]
  ip: 4
  steps:
    - send: {on: 1, segment: SYN}
    - expect: {on: 1, segment: SYN/ACK}
`;

const { cases } = loadCatalogue([
  {
    file: 'cases/tcp/server/some.yaml',
    text: ['first', 'second', 'third'].map((name) => caseText(`tcp.server.${name}`, `REQ-${name}`)).join(''),
  },
]).catalogue;

const reference = overheardReference({ profile: 'tcp' });
const suspect = (id: string, requirement: string): Suspect => ({
  id,
  requirement,
  breaks: 'It does something wrong.',
  profile: 'tcp',
  roles: ['server'],
  reference,
  mutant: { ...reference, name: `mutant:${id}` },
});

const outcome = (verdict: Verdict, byRules: readonly Breach[] = []): Outcome => ({
  verdict: byRules.length > 0 ? 'fail' : verdict,
  bySteps: verdict,
  byRules,
  differs: verdict !== 'pass' || byRules.length > 0,
});

const rules = [{ id: 'some-rule', requirements: ['REQ-watched'], roles: ['server'], versions: [0, 1] }] as const;
const breach: Breach = { rule: 'some-rule', verdict: 'fail', requirements: ['REQ-watched'] };

/** Judges by tables of failures, `mutant case`, those of steps and those that the rule alone notices; notes what it was asked. */
const tableJudge = (failures: readonly string[], broken: readonly string[] = []) => {
  const asked: string[] = [];
  const judge: Judge = async ({ name }: SimulatedSubject, chosen) => {
    const pairs = chosen.map(({ id }) => ({ id, pair: `${name.split(':')[1]} ${id.split('.')[2]}` }));
    asked.push(...pairs.map(({ pair }) => pair));
    return new Map(
      pairs.map(({ id, pair }): [string, Outcome] => [
        id,
        outcome(failures.includes(pair) ? 'fail' : 'pass', broken.includes(pair) ? [breach] : []),
      ]),
    );
  };
  return { asked, judge };
};

const matrixOf = (suspects: readonly Suspect[], judge: Judge, thorough = false) =>
  makeKillMatrix({ suspects, references: [], cases, rules, thorough }, judge);

describe('kill matrix', () => {
  const table: readonly (readonly [Verdict, Verdict, boolean])[] = [
    ['fail', 'pass', true],
    ['fail', 'info', true],
    ['fail', 'nonstrict', true],
    ['nonstrict', 'pass', true],
    ['nonstrict', 'nonstrict', false],
    ['fail', 'fail', false],
    ['fail', 'inconclusive', false],
    ['inconclusive', 'pass', false],
    ['error', 'pass', false],
    ['unsupported', 'pass', false],
    ['info', 'pass', false],
    ['fail', 'unsupported', false],
  ];
  for (const [onMutant, onReference, expected] of table) {
    it(`${onMutant} where the right one has ${onReference} ${expected ? 'kills' : 'kills nothing'}`, () => {
      expect(kills(onMutant, onReference)).to.equal(expected);
    });
  }

  it('asks the citing case first and no other when it kills and nobody is idle', async () => {
    const { asked, judge } = tableJudge(['a first', 'b second', 'c third']);
    const suspects = [suspect('a', 'REQ-first'), suspect('b', 'REQ-second'), suspect('c', 'REQ-third')];
    const { mutants, idleCases, unprovenCases } = await matrixOf(suspects, judge);
    expect(asked.filter((pair) => !pair.startsWith('tcp'))).to.deep.equal(['a first', 'b second', 'c third']);
    expect(mutants.map(({ citedBy }) => citedBy)).to.deep.equal([
      ['tcp.server.first'],
      ['tcp.server.second'],
      ['tcp.server.third'],
    ]);
    expect([...idleCases, ...unprovenCases]).to.deep.equal([]);
  });

  it('goes on to other cases when the citing one lets a mutant live', async () => {
    const { judge } = tableJudge(['a third']);
    const { mutants, idleCases, unprovenCases } = await matrixOf([suspect('a', 'REQ-first')], judge);
    expect(mutants[0]?.killedBy).to.deep.equal(['tcp.server.third']);
    expect(mutants[0]?.citedBy).to.deep.equal([]);
    expect(idleCases).to.deep.equal(['tcp.server.first', 'tcp.server.second']);
    expect(unprovenCases).to.deep.equal(['tcp.server.third']);
  });

  it('reports a mutant that lives, with the cases it met', async () => {
    const { judge } = tableJudge([]);
    const { mutants } = await matrixOf([suspect('a', 'REQ-first')], judge);
    expect(mutants[0]).to.include({ id: 'a', tried: 3 });
    expect(mutants[0]?.killedBy).to.deep.equal([]);
  });

  it('tries every pair when asked to be thorough', async () => {
    const { asked, judge } = tableJudge(['a first']);
    await matrixOf([suspect('a', 'REQ-first'), suspect('b', 'REQ-second')], judge, true);
    expect(asked.filter((pair) => !pair.startsWith('tcp')).sort()).to.deep.equal([
      'a first',
      'a second',
      'a third',
      'b first',
      'b second',
      'b third',
    ]);
  });

  it('tells a kill by a rule from one by the steps of the case', async () => {
    const { judge } = tableJudge([], ['a third']);
    const { mutants, idleCases, unprovenRules } = await matrixOf([suspect('a', 'REQ-watched')], judge);
    expect(mutants[0]).to.deep.include({
      killedBy: ['tcp.server.third'],
      killedBySteps: [],
      citedBy: ['tcp.server.third'],
      noticedByRules: [{ rule: 'some-rule', cites: true }],
    });
    expect(idleCases, 'no case has shown that its steps can fail').to.have.length(3);
    expect(unprovenRules).to.deep.equal([]);
  });

  it('does not count a rule as proven by a mutant of something else', async () => {
    const { judge } = tableJudge([], ['a first']);
    const { mutants, unprovenRules } = await matrixOf([suspect('a', 'REQ-first')], judge);
    expect(mutants[0]).to.deep.include({ citedBy: [], noticedByRules: [{ rule: 'some-rule', cites: false }] });
    expect(unprovenRules).to.deep.equal(['some-rule']);
  });

  it('tells cases that are red on the right implementation', async () => {
    const { judge } = tableJudge(['tcp second']);
    const { references } = await matrixOf([suspect('a', 'REQ-first')], judge);
    expect(references[0]?.red).to.deep.equal([{ id: 'tcp.server.second', verdict: 'fail' }]);
  });
});
