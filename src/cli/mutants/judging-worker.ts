/** A thread that judges simulated subjects by cases: it is given names and gives back verdicts. */
import { parentPort, workerData } from 'node:worker_threads';
import { loadSoundCatalogue } from '../../conduct/load-catalogue.js';
import { simulatedSubjects } from '../../iut/simulated-subjects.js';
import { judgeHere } from '../../run/matrix/kill-matrix.js';
import type { JudgingJob, JudgingOutcome, JudgingSettings } from './judging-pool.js';

const { places, workingDirectory, seed } = workerData as JudgingSettings;
const cases = new Map(loadSoundCatalogue(places, workingDirectory).cases.map((each) => [each.id, each]));
const subjects = new Map(simulatedSubjects().map((subject) => [subject.name, subject]));

parentPort?.on('message', ({ job, subject, ids }: JudgingJob) => {
  const found = subjects.get(subject);
  const chosen = ids.flatMap((id) => cases.get(id) ?? []);
  const outcome: JudgingOutcome =
    found === undefined || chosen.length < ids.length
      ? { job, verdicts: undefined }
      : { job, verdicts: [...judgeHere(found, chosen, seed)] };
  parentPort?.postMessage(outcome);
});
