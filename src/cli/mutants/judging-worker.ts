/** A thread that judges simulated subjects by cases: it is given names and gives back verdicts. */
import { parentPort, workerData } from 'node:worker_threads';
import { loadSoundCatalogue } from '../../conduct/load-catalogue.js';
import { confinableMutant } from '../../iut/mutant-subject.js';
import { simulatedSubjects } from '../../iut/simulated-subjects.js';
import { variantSubjectNamed } from '../../iut/variant-subject.js';
import { Judging } from '../../run/matrix/outcome.js';
import { tryTriggers } from '../../run/matrix/trigger-trial.js';
import { Comparison } from '../../run/matrix/variant-trial.js';
import type { JudgingJob, JudgingOutcome, JudgingSettings } from './judging-pool.js';

const { places, workingDirectory, seed } = workerData as JudgingSettings;
const cases = new Map(loadSoundCatalogue(places, workingDirectory).cases.map((each) => [each.id, each]));
const judging = new Judging(seed);
const comparison = new Comparison(seed);
let subjects: ReadonlyMap<string, ReturnType<typeof simulatedSubjects>[number]> | undefined;

const perform = ({ job, task, subject, ids }: JudgingJob): JudgingOutcome => {
  const chosen = ids.flatMap((id) => cases.get(id) ?? []);
  if (chosen.length < ids.length) return { job, unknown: true };
  if (task === 'compare') {
    const found = variantSubjectNamed(subject);
    return found === undefined ? { job, unknown: true } : { job, trials: comparison.try(found, chosen) };
  }
  if (task === 'confine') {
    const found = confinableMutant(subject);
    return found === undefined ? { job, unknown: true } : { job, rows: tryTriggers(found, chosen, judging) };
  }
  subjects ??= new Map(simulatedSubjects().map((each) => [each.name, each]));
  const found = subjects.get(subject);
  return found === undefined ? { job, unknown: true } : { job, outcomes: [...judging.judge(found, chosen)] };
};

parentPort?.on('message', (job: JudgingJob) => parentPort?.postMessage(perform(job)));
