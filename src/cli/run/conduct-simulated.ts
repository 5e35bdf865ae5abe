/**
 * Runs a simulated subject in this process, a few cases at a time, so that signals and progress get through; where there is
 * a second thread it takes its share from the same queue. What a case comes to depends on the seed alone, not on who ran it.
 */
import { setImmediate as breathe } from 'node:timers/promises';
import type { SimulatedSubject } from '../../iut/subject.js';
import type { Ledger } from '../../run/ledger.js';
import type { ExpandedCase } from '../../suite/catalogue/case.js';
import type { Recording } from './record-case.js';
import { simulateRecorded } from './simulate-recorded.js';
import type { SimulationJob } from './simulation-job.js';
import type { SimulationThread } from './simulation-thread.js';

const casesInOneBreath = 16;
/** Cases in one job for the other thread: enough to make the way there and back small. */
const casesInOneJob = 48;

export interface SimulatedConduct {
  readonly subject: SimulatedSubject;
  readonly cases: readonly ExpandedCase[];
  readonly job: Pick<SimulationJob, 'seed' | 'attempt'>;
  readonly ledger: Pick<Ledger, 'began' | 'finished'>;
  readonly recording: Recording;
  readonly thread: SimulationThread | undefined;
  readonly stopped: () => boolean;
}

export const conductSimulated = async (conduct: SimulatedConduct): Promise<void> => {
  const { subject, cases, job, ledger, recording, thread, stopped } = conduct;
  let next = 0;
  const take = (count: number): readonly ExpandedCase[] => {
    const taken = stopped() ? [] : cases.slice(next, next + count);
    next += taken.length;
    for (const { id } of taken) ledger.began(subject.name, id);
    return taken;
  };
  const here = async (): Promise<void> => {
    for (let taken = take(casesInOneBreath); taken.length > 0; taken = take(casesInOneBreath)) {
      for (const each of taken) ledger.finished(simulateRecorded(subject, each, job.seed, recording));
      await breathe();
    }
  };
  const there = async (other: SimulationThread): Promise<void> => {
    for (let taken = take(casesInOneJob); taken.length > 0; taken = take(casesInOneJob)) {
      const results = await other.run({ ...job, subject: subject.name, ids: taken.map(({ id }) => id) });
      for (const result of results) ledger.finished(result);
    }
  };
  await Promise.all([thread === undefined ? undefined : there(thread), here()]);
};
