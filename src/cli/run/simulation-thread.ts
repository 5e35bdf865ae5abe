/**
 * A second thread for simulations, where the machine has a processor for it and there is enough to do: starting one and
 * handing the cases over takes about as long as two thousand of them.
 */
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { CaseResult } from '../../suite/verdict/results.js';
import type { SimulationAnswer, SimulationJob, SimulationSetup } from './simulation-job.js';

const worthwhile = 6000;

export interface SimulationThread {
  /** Rejects when the thread ends before it has answered. One job at a time. */
  run(job: SimulationJob): Promise<readonly CaseResult[]>;
  end(): Promise<void>;
}

/** Undefined where a thread would not pay; `planned` counts the simulated cases of the run. */
export const startSimulationThread = (planned: number, setup: SimulationSetup): SimulationThread | undefined => {
  if (planned < worthwhile || availableParallelism() < 2) return undefined;
  const worker = new Worker(new URL('./simulation-worker.js', import.meta.url), { workerData: setup });
  let broken: Error | undefined;
  worker.on('error', (cause) => {
    broken = cause instanceof Error ? cause : new Error(String(cause));
  });
  return {
    async run(job) {
      if (broken !== undefined) throw broken;
      worker.postMessage(job);
      const [told] = (await Promise.race([once(worker, 'message'), ended(worker)])) as [SimulationAnswer];
      if ('failed' in told) throw new Error(told.failed);
      return told.results;
    },
    async end() {
      await worker.terminate();
    },
  };
};

const ended = async (worker: Worker): Promise<never> => {
  const [code] = (await once(worker, 'exit')) as [number];
  throw new Error(`the thread that simulates ended with ${code}`);
};
