/** This process, as who conducts a run. */
import type { Conductor } from '../../conduct/conductor.js';
import { describeEnvironment, toolName } from '../environment.js';
import { needBinding } from './need-binding.js';
import { runnerProgram } from './runner-program.js';

export const thisProcess = (): Conductor => ({
  tool: toolName(),
  environment: describeEnvironment(),
  workingDirectory: process.cwd(),
  runner: runnerProgram,
  checkLive: needBinding,
  variables: process.env,
  now: () => new Date(),
  elapsed: () => performance.now(),
});
