import { expect } from 'chai';
import type { LiveSession } from '../../iut/subject.js';
import type { KernelReport } from '../../iut/vm/kernel-report.js';
import { SelfReports } from './self-reports.js';

const warning: KernelReport = { kind: 'warning', title: 'WARNING: CPU: 0 PID: 61 at a.c:1', lines: ['one', 'two'] };
const again: KernelReport = { ...warning, title: 'WARNING: CPU: 0 PID: 7 at a.c:1', lines: [] };
const panic: KernelReport = { kind: 'panic', title: 'Kernel panic - not syncing: x', lines: ['three'] };

/** Of a session nothing else is asked. */
const session = (...reports: readonly KernelReport[]) => ({ reports }) as unknown as LiveSession;

describe('reports of an implementation on itself', () => {
  it('are counted once each, over all its starts, with the cases that brought them about alone', () => {
    const reports = new SelfReports('s');
    reports.count(session(warning), { several: 40 });
    reports.restart();
    reports.count(session(again), { alone: 'a' });
    reports.restart();
    reports.count(session(), {});
    reports.count(session(again, panic), { alone: 'b' });
    expect(reports.all()).to.deep.equal([
      {
        subject: 's',
        kind: 'warning',
        title: 'WARNING: CPU: 0 PID: 61 at a.c:1',
        cases: ['a', 'b'],
        among: 40,
        times: 3,
        lines: ['one', 'two'],
      },
      {
        subject: 's',
        kind: 'panic',
        title: 'Kernel panic - not syncing: x',
        cases: ['b'],
        among: 0,
        times: 1,
        lines: ['three'],
      },
    ]);
  });

  it('that were counted are not fresh', () => {
    const reports = new SelfReports('s');
    expect(reports.fresh(session(warning))).to.deep.equal([warning]);
    reports.count(session(warning), {});
    expect(reports.fresh(session(warning, panic))).to.deep.equal([panic]);
    expect(reports.fresh({} as LiveSession)).to.equal(undefined);
  });
});
