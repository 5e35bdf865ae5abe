/** Every command of `robe`, in the order in which help lists them. */
import type { Argv } from 'yargs';
import { coverageCommand } from './commands/coverage.js';
import { decodeCommand } from './commands/decode.js';
import { doctorCommand } from './commands/doctor.js';
import { keysCommand } from './commands/keys.js';
import { labCommand } from './commands/lab.js';
import { runCommand } from './commands/run.js';
import { schemaCommand } from './commands/schema.js';
import { serveCommand } from './commands/serve.js';

/** Registers a command with the arguments of its own. */
type Register = (program: Argv) => Argv;

export const commands: readonly Register[] = [
  (program) => program.command(runCommand),
  (program) => program.command(coverageCommand),
  (program) => program.command(decodeCommand),
  (program) => program.command(keysCommand),
  (program) => program.command(doctorCommand),
  (program) => program.command(labCommand),
  (program) => program.command(schemaCommand),
  (program) => program.command(serveCommand),
];
