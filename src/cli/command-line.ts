/** The yargs parser of `robe`: every command, strict, in English in every locale. An invalid call is a UsageError. */
import yargs, { type Argv } from 'yargs';
import { UsageError } from '../conduct/usage-error.js';
import { didYouMean } from '../suite/catalogue/near-miss.js';
import { commands } from './commands.js';
import { toolVersion } from './environment.js';

/** The parser for these words, which are those after the program's name. */
export const commandLine = async (words: readonly string[]): Promise<Argv> => {
  let known: Commands = new Map();
  const program = yargs([...words])
    .scriptName('robe')
    .usage('$0 COMMAND\n\nA packet-level conformance suite for MPTCP RobE (Robust Establishment).')
    .strict()
    .demandCommand(1, 'name a command; `robe --help` lists them')
    .check(refuseWords(words))
    .version(toolVersion())
    .alias('help', 'h')
    .locale('en')
    .exitProcess(false)
    .fail((message, error) => {
      // A message is about the arguments; an error of a command comes without one.
      if (error instanceof UsageError || !message) throw error;
      throw new UsageError(tellMistake(message, words, known));
    });
  for (const register of commands) await register(program, words);
  // Help lists commands in this order, and this one is needed least.
  program.completion('completion', 'Print a completion script for bash or zsh');
  keepNoHelp(program);
  known = commandsOf(program);
  return program;
};

/** An option whose number is not a number. */
const refuseWords =
  (words: readonly string[]) =>
  (given: Readonly<Record<string, unknown>>): true => {
    const wrong = Object.entries(given).find(([name, value]) => name.length > 1 && Number.isNaN(value));
    if (wrong === undefined) return true;
    const [name] = wrong;
    const at = words.findIndex((word) => word === `--${name}` || word.startsWith(`--${name}=`));
    const word = words[at]?.includes('=') ? words[at]?.split('=').slice(1).join('=') : words[at + 1];
    throw new UsageError([`--${name}: expected a number, got "${word ?? ''}"`]);
  };

/** Commands by name, with their required arguments. */
type Commands = ReadonlyMap<string, readonly string[]>;

interface Internals {
  getUsageInstance(): { cacheHelpMessage: () => void };
  getCommandInstance(): {
    getCommandHandlers(): Readonly<
      Record<string, { readonly demanded: readonly { readonly cmd: readonly string[] }[] }>
    >;
  };
}

const internalsOf = (program: Argv): Internals | undefined => {
  const { getInternalMethods } = program as Argv & { getInternalMethods?: () => Internals };
  return getInternalMethods?.call(program);
};

const commandsOf = (program: Argv): Commands =>
  new Map(
    Object.entries(internalsOf(program)?.getCommandInstance().getCommandHandlers() ?? {}).map(
      ([name, { demanded }]) => [name, demanded.map(({ cmd: [positional = ''] }) => positional)],
    ),
  );

const tellMistake = (message: string, words: readonly string[], known: Commands): readonly string[] => {
  const [first = ''] = words;
  const needed = known.get(first);
  if (needed === undefined && /^[a-z]/.test(first))
    return [`"${first}" is no command${didYouMean(first, known.keys()) || ';'} \`robe --help\` lists them`];
  const told =
    needed !== undefined && needed.length > 0 && words.length === 1 && message.startsWith('Not enough non-option')
      ? `${first} needs ${needed.map((each) => each.toUpperCase()).join(' and ')}`
      : message;
  return [told, ...whereToLook(told, words)];
};

/**
 * After each command yargs lays out its help and keeps it for whoever may show it later, which takes longer than most
 * commands and which nobody does here.
 */
const keepNoHelp = (program: Argv): void => {
  const usage = internalsOf(program)?.getUsageInstance();
  if (usage !== undefined) usage.cacheHelpMessage = () => {};
};

/** The help that lists the valid words; none for a message that names them itself. */
const whereToLook = (message: string, [first = '']: readonly string[]): readonly string[] => {
  if (message.includes('--help')) return [];
  const isCommand = /^[a-z]/.test(first);
  return [`\`robe ${isCommand ? `${first} ` : ''}--help\` says what it takes`];
};
