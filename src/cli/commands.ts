/** Every command of `robe`, in the order in which help lists them. */
import type { Argv } from 'yargs';
import { baselineCommand } from './commands/baseline.js';
import { compareCommand } from './commands/compare.js';
import { connectProxyCommand } from './commands/connect-proxy.js';
import { coverageCommand } from './commands/coverage.js';
import { decodeCommand } from './commands/decode.js';
import { doctorCommand } from './commands/doctor.js';
import { experimentCommand } from './commands/experiment.js';
import { explainCommand } from './commands/explain.js';
import { exploreCommand } from './commands/explore.js';
import { haapCommand } from './commands/haap.js';
import { initCommand } from './commands/init.js';
import { inspectCommand } from './commands/inspect.js';
import { judgeCommand } from './commands/judge.js';
import { keysCommand } from './commands/keys.js';
import { labCommand } from './commands/lab.js';
import { lintCommand } from './commands/lint.js';
import { listCommand } from './commands/list.js';
import { mergeCommand } from './commands/merge.js';
import { mockCommand } from './commands/mock.js';
import { mutantsCommand } from './commands/mutants.js';
import { nullsCommand } from './commands/nulls.js';
import { replayCommand } from './commands/replay.js';
import { reportCommand } from './commands/report.js';
import { runCommand } from './commands/run.js';
import { schemaCommand } from './commands/schema.js';
import { serveCommand } from './commands/serve.js';
import { startCommand } from './commands/start.js';

/** Registers a command with the arguments of its own. */
type Register = (program: Argv) => Argv;

export const commands: readonly Register[] = [
  (program) => program.command(startCommand),
  (program) => program.command(runCommand),
  (program) => program.command(listCommand),
  (program) => program.command(explainCommand),
  (program) => program.command(lintCommand),
  (program) => program.command(judgeCommand),
  (program) => program.command(replayCommand),
  (program) => program.command(mockCommand),
  (program) => program.command(reportCommand),
  (program) => program.command(compareCommand),
  (program) => program.command(mergeCommand),
  (program) => program.command(baselineCommand),
  (program) => program.command(coverageCommand),
  (program) => program.command(mutantsCommand),
  (program) => program.command(nullsCommand),
  (program) => program.command(exploreCommand),
  (program) => program.command(experimentCommand),
  (program) => program.command(inspectCommand),
  (program) => program.command(decodeCommand),
  (program) => program.command(keysCommand),
  (program) => program.command(initCommand),
  (program) => program.command(doctorCommand),
  (program) => program.command(labCommand),
  (program) => program.command(schemaCommand),
  (program) => program.command(serveCommand),
  (program) => program.command(haapCommand),
  (program) => program.command(connectProxyCommand),
];
