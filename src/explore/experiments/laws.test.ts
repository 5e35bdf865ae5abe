/** The numbers of the latency laws, LAT-1 to LAT-8, from the equations and from the simulation. */
import { expect } from 'chai';
import { compareLaws, type LawsReport, usualSets } from './laws.js';

/** Set, t_i classic, t_i RobE, A_i, t_s by eq. 5, 6, the packets, t_s RobE, A overall by eq. 9 and by completion. */
const table: readonly (readonly [
  set: string,
  classicInitial: number,
  robeInitial: number,
  gain: number,
  bound: readonly number[],
  printed: readonly number[],
  law: readonly number[],
  robe: readonly number[],
  overallPrinted: number,
  overall: number,
])[] = [
  ['20/40', 30, 30, 1, [80], [120], [100], [60], 1.67, 1.67],
  ['40/20', 60, 30, 2, [70], [90], [110], [60], 1.67, 1.83],
  ['20/20', 30, 30, 1, [50], [70], [70], [30], 1.67, 2.33],
  ['80/20/40', 120, 30, 4, [110, 140], [130, 180], [190, 220], [120, 60], 2, 1.83],
  ['100/10', 150, 15, 10, [115], [125], [215], [150], 1.67, 1.43],
];

describe('the laws of establishment', () => {
  let report: LawsReport;
  before(() => {
    report = compareLaws({ sets: usualSets, seed: '1' });
  });
  const rows = (set: string, profile: string, equation: number) =>
    report.rows.filter((row) => row.rtts.join('/') === set && row.profile === profile && row.equation === equation);

  for (const [set, classicInitial, robeInitial, gain, bound, printed, law, robe, overallPrinted, overall] of table) {
    it(`round trips ${set}: as printed, by packets and simulated`, () => {
      expect(rows(set, 'mptcp', 3)).to.have.length(1);
      expect(rows(set, 'mptcp', 3)[0]).to.include({ printed: classicInitial, simulated: classicInitial });
      expect(rows(set, 'mptcp', 5).map((row) => row.printed)).to.deep.equal(bound);
      expect(rows(set, 'mptcp', 6).map((row) => row.printed)).to.deep.equal(printed);
      expect(rows(set, 'mptcp', 6).map((row) => row.law)).to.deep.equal(law);
      expect(rows(set, 'mptcp', 6).map((row) => row.simulated)).to.deep.equal(law);
      for (const profile of ['robe-downgrade', 'robe-esim']) {
        expect(rows(set, profile, 2)[0]).to.include({ printed: robeInitial, simulated: robeInitial });
        expect(rows(set, profile, 4)[0]).to.include({ printed: gain, simulated: gain });
        expect(rows(set, profile, 7).map((row) => row.simulated)).to.deep.equal(robe);
        expect(rows(set, profile, 7).map((row) => row.printed)).to.deep.equal(robe);
        const [last] = rows(set, profile, 9);
        expect(last?.printed).to.be.closeTo(overallPrinted, 0.005);
        expect(last?.law).to.be.closeTo(overall, 0.005);
        expect(last?.simulated).to.be.closeTo(overall, 0.005);
      }
    });
  }

  it('a flow that the server reset is none: with proposal 2 and RobE_SIM a further path takes a join', () => {
    const sets = [
      ['20/40', [100]],
      ['40/20', [100]],
      ['20/20', [70]],
      ['80/20/40', [160, 100]],
      ['100/10', [170]],
    ] as const;
    for (const [set, times] of sets) {
      for (const profile of ['robe-bbm', 'robe-sim']) {
        const further = report.rows.filter(
          (row) => row.rtts.join('/') === set && row.profile === profile && row.quantity.startsWith('t_s'),
        );
        expect(further.map(({ simulated }) => simulated)).to.deep.equal(times);
        expect(further.map(({ law }) => law)).to.deep.equal(times);
      }
    }
  });

  it('dead paths cost what equation 1 says (LAT-6 to LAT-8)', () => {
    const delays = report.timers.map(({ simulated }) => Math.round((simulated ?? Number.NaN) * 1e6) / 1e6);
    expect(delays).to.deep.equal([0, 1, 2, 3, 0, 1, 3, 7, 0, 0.2, 0.4, 0.6]);
    for (const { printed, simulated } of report.timers) expect(simulated).to.be.closeTo(printed, 1e-9);
  });
});
