/** What kills, and which pairs a matrix tries, by judges that answer from a table. */
import { expect } from 'chai';
import { embeddedSubject } from '../../iut/embedded-subject.js';
import type { SimulatedSubject } from '../../iut/subject.js';
import { loadCatalogue } from '../../suite/catalogue/catalogue.js';
import type { Verdict } from '../../suite/verdict/verdict.js';
import { type Judge, kills, makeKillMatrix, type Suspect } from './kill-matrix.js';

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

const reference = embeddedSubject('tcp');
const suspect = (id: string, requirement: string): Suspect => ({
  id,
  requirement,
  breaks: 'It does something wrong.',
  profile: 'tcp',
  roles: ['server'],
  reference,
  mutant: { ...reference, name: `mutant:${id}` },
});

/** Judges by a table of failures, `mutant case`, and notes what it was asked. */
const tableJudge = (failures: readonly string[]) => {
  const asked: string[] = [];
  const judge: Judge = async ({ name }: SimulatedSubject, chosen) => {
    const pairs = chosen.map(({ id }) => ({ id, pair: `${name.split(':')[1]} ${id.split('.')[2]}` }));
    asked.push(...pairs.map(({ pair }) => pair));
    return new Map(pairs.map(({ id, pair }): [string, Verdict] => [id, failures.includes(pair) ? 'fail' : 'pass']));
  };
  return { asked, judge };
};

const matrixOf = (suspects: readonly Suspect[], judge: Judge, thorough = false) =>
  makeKillMatrix({ suspects, references: [], cases, thorough }, judge);

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

  it('tells cases that are red on the right implementation', async () => {
    const { judge } = tableJudge(['tcp second']);
    const { references } = await matrixOf([suspect('a', 'REQ-first')], judge);
    expect(references[0]?.red).to.deep.equal([{ id: 'tcp.server.second', verdict: 'fail' }]);
  });
});
