/** The thread that simulates: it answers each job with its results, until its port is closed. Started by simulation-thread.ts. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { evidencePlace, reason } from './run-directory.js';
import { recordingOf, simulateRecorded } from './simulate-recorded.js';
import type { SimulationAnswer, SimulationJob, SimulationSetup } from './simulation-job.js';
import { subjectsOf } from './subjects-of.js';

const { request, cases, directory, several } = workerData as SimulationSetup;
const known = new Map(cases.map((each) => [each.id, each]));
const subjects = new Map(subjectsOf(request.iut).map((subject) => [subject.name, subject]));

const answer = ({ subject: name, ids, attempt, seed }: SimulationJob): SimulationAnswer => {
  const subject = subjects.get(name);
  if (subject?.time !== 'virtual') return { failed: `${name} is no simulated subject of ${request.iut}` };
  const place = (result: Parameters<typeof evidencePlace>[2], time: number) =>
    evidencePlace(directory, several, result, time);
  const recording = recordingOf(subject, request, attempt, { evidenceOf: place });
  return {
    results: ids.flatMap((id) => {
      const each = known.get(id);
      return each === undefined ? [] : [simulateRecorded(subject, each, seed, recording)];
    }),
  };
};

const serve = (port: MessagePort): void => {
  port.on('message', (job: SimulationJob) => {
    let told: SimulationAnswer;
    try {
      told = answer(job);
    } catch (cause) {
      told = { failed: reason(cause) };
    }
    port.postMessage(told);
  });
};

if (parentPort !== null) serve(parentPort);
