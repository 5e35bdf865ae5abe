/**
 * Runs a simulated subject in this process, letting the event loop breathe, so that signals and progress get through.
 * A second thread was tried: two that share a processor's caches and memory were no faster than one, and the catalogue
 * would have to be read or copied twice.
 */
import { setImmediate as breathe } from 'node:timers/promises';
import type { SimulatedSubject } from '../iut/subject.js';
import { noVerdict } from '../run/result.js';
import { simulateCase } from '../run/simulate.js';
import type { ExpandedCase } from '../suite/language/case.js';
import type { CaseResult } from '../suite/verdict/results.js';
import type { EvidenceKeeping } from './evidence-keeping.js';
import { reason } from './failure.js';
import { recordCase } from './record-case.js';
import type { Account } from './run-account.js';

const casesInOneBreath = 16;

export interface SimulatedConduct {
  readonly subject: SimulatedSubject;
  readonly cases: readonly ExpandedCase[];
  readonly seed: string;
  readonly account: Pick<Account, 'began' | 'finished'>;
  readonly keeping: EvidenceKeeping;
  readonly interruption: AbortSignal;
}

export const conductSimulated = async (conduct: SimulatedConduct): Promise<void> => {
  const { subject, cases, account, interruption } = conduct;
  for (const [index, each] of cases.entries()) {
    if (index % casesInOneBreath === 0) await breathe();
    if (interruption.aborted) return;
    account.began(subject.name, each.id);
    account.finished(simulateRecorded(conduct, each));
  }
};

const simulateRecorded = ({ subject, seed, keeping }: SimulatedConduct, each: ExpandedCase): CaseResult => {
  try {
    const { plan, driven } = simulateCase(subject, each, seed);
    return recordCase(each, plan, driven, keeping);
  } catch (cause) {
    return noVerdict(subject.name, each, `the simulation failed: ${reason(cause)}`);
  }
};
