/** Runs a simulated subject in this process, letting the event loop breathe, so that signals and progress get through. */
import { setImmediate as breathe } from 'node:timers/promises';
import type { SimulatedSubject } from '../../iut/subject.js';
import type { Assignment } from '../../run/assignment.js';
import type { Ledger } from '../../run/ledger.js';
import { noVerdict } from '../../run/result.js';
import { simulateCase } from '../../run/simulate.js';
import type { CaseResult } from '../../suite/verdict/results.js';
import { type Recording, recordCase } from './record-case.js';
import { reason } from './run-directory.js';

const casesInOneBreath = 16;

export const conductSimulated = async (
  { cases }: Assignment,
  subject: SimulatedSubject,
  seed: string,
  ledger: Pick<Ledger, 'began' | 'finished'>,
  recording: Recording,
  stopped: () => boolean,
): Promise<void> => {
  for (const [index, each] of cases.entries()) {
    if (index % casesInOneBreath === 0) await breathe();
    if (stopped()) return;
    ledger.began(subject.name, each.id);
    let result: CaseResult;
    try {
      const { plan, driven } = simulateCase(subject, each, seed);
      result = recordCase(each, plan, driven, recording);
    } catch (cause) {
      result = noVerdict(subject.name, each, `the simulation failed: ${reason(cause)}`);
    }
    ledger.finished(result);
  }
};
