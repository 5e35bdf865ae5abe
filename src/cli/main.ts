#!/usr/bin/env node
/**
 * `robe`: the start of the program. Everything else is loaded from here, so that an error while loading, with too few
 * file descriptors for instance, ends like any fault of the environment: in one message and exit code 3, never in 1,
 * which means that an implementation does not conform.
 */
import { startFile } from './start-file.js';

const environmentFault = 3;

const endWith = (cause: unknown): never => {
  const system = cause instanceof Error && 'syscall' in cause;
  const text = cause instanceof Error ? ((system ? undefined : cause.stack) ?? cause.message) : String(cause);
  try {
    process.stderr.write(`robe: ${text}\n`);
  } catch {
    // Nobody can be told.
  }
  process.exit(environmentFault);
};

process.on('uncaughtException', endWith);
process.on('unhandledRejection', endWith);

try {
  await import(startFile('program').href);
} catch (cause) {
  endWith(cause);
}
