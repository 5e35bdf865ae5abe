/** `robe` as yargs knows it: every command, strict, in English wherever it runs. What is wrong with a call is a UsageError. */
import yargs, { type Argv } from 'yargs';
import { UsageError } from '../conduct/usage-error.js';
import { commands } from './commands.js';
import { toolVersion } from './environment.js';

/** The program that understands these words, which are those after its name. */
export const commandLine = async (words: readonly string[]): Promise<Argv> => {
  const program = yargs([...words])
    .scriptName('robe')
    .usage('$0 COMMAND\n\nA packet-level conformance suite for MPTCP RobE (Robust Establishment).')
    .strict()
    .demandCommand(1, 'name a command; `robe --help` lists them')
    .recommendCommands()
    .version(toolVersion())
    .alias('help', 'h')
    .locale('en')
    .exitProcess(false)
    .fail((message, error) => {
      // A message is about the arguments; what a command throws comes without.
      throw error instanceof UsageError || !message ? error : new UsageError([message, ...whereToLook(message, words)]);
    });
  for (const register of commands) await register(program, words);
  // Help lists commands in this order, and nobody looks for this one first.
  program.completion('completion', 'Print a completion script for bash or zsh');
  keepNoHelp(program);
  return program;
};

/**
 * After each command yargs lays out its help and keeps it for whoever may show it later, which takes longer than most
 * commands and which nobody does here.
 */
const keepNoHelp = (program: Argv): void => {
  const { getInternalMethods } = program as Argv & { getInternalMethods?: () => { getUsageInstance: () => Usage } };
  const usage = getInternalMethods?.call(program).getUsageInstance();
  if (usage !== undefined) usage.cacheHelpMessage = () => {};
};

interface Usage {
  cacheHelpMessage: () => void;
}

/** Which help has the words that were meant; none for a message that names them itself. */
const whereToLook = (message: string, [first = '']: readonly string[]): readonly string[] => {
  if (message.includes('--help') || message.includes('Did you mean')) return [];
  const isCommand = /^[a-z]/.test(first) && !message.includes(first);
  return [`\`robe ${isCommand ? `${first} ` : ''}--help\` says what it takes`];
};
