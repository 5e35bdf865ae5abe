/**
 * Runs a simulated subject in this process, letting the event loop breathe, so that signals and progress get through.
 * A second thread was tried: two that share a processor's caches and memory were no faster than one, and the catalogue
 * would have to be read or copied twice.
 */
import { setImmediate as breathe } from 'node:timers/promises';
import type { SimulatedSubject } from '../../iut/subject.js';
import type { Ledger } from '../../run/ledger.js';
import { noVerdict } from '../../run/result.js';
import { simulateCase } from '../../run/simulate.js';
import type { ExpandedCase } from '../../suite/catalogue/case.js';
import type { CaseResult } from '../../suite/verdict/results.js';
import { type Recording, recordCase } from './record-case.js';
import { reason } from './run-directory.js';

const casesInOneBreath = 16;

export interface SimulatedConduct {
  readonly subject: SimulatedSubject;
  readonly cases: readonly ExpandedCase[];
  readonly seed: string;
  readonly ledger: Pick<Ledger, 'began' | 'finished'>;
  readonly recording: Recording;
  readonly stopped: () => boolean;
}

export const conductSimulated = async (conduct: SimulatedConduct): Promise<void> => {
  const { subject, cases, ledger, stopped } = conduct;
  for (const [index, each] of cases.entries()) {
    if (index % casesInOneBreath === 0) await breathe();
    if (stopped()) return;
    ledger.began(subject.name, each.id);
    ledger.finished(simulateRecorded(conduct, each));
  }
};

const simulateRecorded = ({ subject, seed, recording }: SimulatedConduct, each: ExpandedCase): CaseResult => {
  try {
    const { plan, driven } = simulateCase(subject, each, seed);
    return recordCase(each, plan, driven, recording);
  } catch (cause) {
    return noVerdict(subject.name, each, `the simulation failed: ${reason(cause)}`);
  }
};
