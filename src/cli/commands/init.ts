/** `robe init`: writes a commented IUT file, from answers of the user or from options. */
import { existsSync } from 'node:fs';
import type { Argv, CommandModule } from 'yargs';
import { UsageError } from '../../conduct/usage-error.js';
import { readIutFile } from '../../iut/iut-file.js';
import { didYouMean } from '../../suite/catalogue/near-miss.js';
import { printProblem } from '../../suite/catalogue/problem.js';
import { profiles } from '../../suite/catalogue/requirement-schema.js';
import { controlVerbs } from '../../suite/language/step.js';
import { schemaComment } from '../file-schemas.js';
import {
  type Answers,
  type ControlAnswer,
  declarationText,
  type PathAnswer,
  readPath,
  type TransportAnswer,
  usualProfiles,
} from '../init/declaration.js';
import { askForAnswers } from '../init/questions.js';
import { portFrom, versionsFrom } from '../init/read-answer.js';
import { refuseRepeated } from '../once.js';
import { writeNamedFile } from '../output/write-file.js';

interface InitArguments {
  readonly file: string;
  readonly force: boolean;
  readonly print: boolean;
  readonly name?: string | undefined;
  readonly role?: readonly string[] | undefined;
  readonly mptcp?: string | undefined;
  readonly profile?: readonly string[] | undefined;
  readonly declare?: readonly string[] | undefined;
  readonly path?: readonly string[] | undefined;
  readonly port?: number | undefined;
  readonly 'closed-port'?: number | undefined;
  readonly shim?: string | undefined;
  readonly socket?: string | undefined;
  readonly hook?: readonly string[] | undefined;
  readonly netns?: string | undefined;
  readonly ssh?: string | undefined;
}

const several = { type: 'string', array: true, requiresArg: true, nargs: 1 } as const;
const single = { type: 'string', requiresArg: true } as const;

const builder = (yargs: Argv<object>): Argv<InitArguments> =>
  yargs
    .positional('file', { type: 'string', default: 'iut.yaml', describe: 'File to write' })
    .option('print', { type: 'boolean', default: false, describe: 'Print the text instead of writing a file' })
    .option('force', { type: 'boolean', default: false, describe: 'Overwrite an existing file' })
    .option('name', { ...single, describe: 'Name in reports' })
    .option('role', { ...several, choices: ['server', 'client'], describe: 'Role under test; default server' })
    .option('mptcp', { ...single, describe: 'Versions, as "0 1", or none; default 1' })
    .option('profile', {
      ...several,
      choices: profiles,
      describe: 'Claimed profile; default: as implied by the versions',
    })
    .option('declare', {
      ...several,
      describe: 'NAME=VALUE: how it settles an open point; see robe list --of parameters',
    })
    .option('path', { ...several, describe: '"INTERFACE ITS-ADDRESS TESTER-PREFIX …", once for each path' })
    .option('port', { type: 'number', requiresArg: true, describe: 'Port at which it listens; default 80' })
    .option('closed-port', {
      type: 'number',
      requiresArg: true,
      describe: 'Port at which nothing listens; default the next one',
    })
    .option('shim', { ...single, describe: 'Command of a robe-ctl/1 shim, words separated by spaces' })
    .option('socket', { ...single, describe: 'HOST:PORT, or Unix socket, of a robe-ctl/1 shim' })
    .option('hook', { ...several, describe: 'VERB=COMMAND, e.g. connect=./connect.sh' })
    .option('netns', { ...single, describe: 'The commands of control run in this network namespace' })
    .option('ssh', { ...single, describe: 'The commands of control run on this host' })
    .conflicts('shim', ['socket', 'hook'])
    .conflicts('socket', ['hook', 'netns', 'ssh'])
    .conflicts('netns', 'ssh')
    .check(refuseRepeated('name', 'mptcp', 'port', 'closed-port', 'shim', 'socket', 'netns', 'ssh'))
    .example('$0 init', 'Asks questions and writes iut.yaml')
    .example('$0 init my.yaml --name my-stack --path "eth1 192.0.2.1 192.0.2.128/25"', 'A server, as a black box')
    .example(
      '$0 init --print --name it --path "…" --role client --shim "python3 shim.py" --ssh root@dut',
      'A client, by ssh',
    );

export const command: CommandModule<object, InitArguments> = {
  builder,
  handler: async (given) => {
    const { file } = given;
    if (!given.print && existsSync(file) && !given.force)
      throw new UsageError([`${file} exists already; name another file, or overwrite it with --force`]);
    const asking = given.name === undefined && given.path === undefined && process.stdin.isTTY && process.stderr.isTTY;
    const answers = asking ? await askForAnswers(process.stdin, process.stderr) : answersFrom(given);
    const text = declarationText(answers, schemaComment('iut', file));
    const read = readIutFile({ file, text });
    if ('problems' in read) throw new UsageError(read.problems.map(printProblem));
    if (given.print) process.stdout.write(text);
    else {
      writeNamedFile(file, text);
      process.stderr.write(`${file} is written. Try it: robe doctor --iut ${file}\n`);
    }
  },
};

/** Throws a UsageError for an option that is missing or cannot be read. */
const answersFrom = (given: InitArguments): Answers => {
  const { name, path } = given;
  if (name === undefined || path === undefined)
    throw new UsageError([
      `--${name === undefined ? 'name' : 'path'} is missing: without a terminal it cannot be asked for; \`robe init --help\` lists the options`,
    ]);
  const versions = taken('--mptcp', versionsFrom(given.mptcp ?? '1'));
  const port = taken('--port', portFrom(String(given.port ?? 80)));
  return {
    name,
    roles: given.role ?? ['server'],
    versions,
    profiles: given.profile ?? usualProfiles(versions),
    parameters: (given.declare ?? []).map(declaredFrom),
    paths: path.map((text): PathAnswer => taken('--path', readPath(text))),
    port,
    closed: taken('--closed-port', portFrom(String(given['closed-port'] ?? port + 1))),
    control: controlFrom(given),
    transport: transportFrom(given),
  };
};

const taken = <T extends object | number>(option: string, reading: T | string): T => {
  if (typeof reading === 'string') throw new UsageError([`${option}: ${reading}`]);
  return reading;
};

/** The reader of the file checks names and values. */
const declaredFrom = (text: string): readonly [string, string] => {
  const [, name, value] = /^([a-z0-9_.]+)=(.+)$/.exec(text) ?? [];
  if (name === undefined || value === undefined)
    throw new UsageError([`--declare is written as NAME=VALUE, got ${JSON.stringify(text)}`]);
  return [name, value];
};

const verbs = [...controlVerbs, 'health'];

const controlFrom = ({ shim, socket, hook }: InitArguments): ControlAnswer => {
  if (shim !== undefined) return { kind: 'shim', command: shim.split(/\s+/).filter((word) => word !== '') };
  if (socket !== undefined) return { kind: 'socket', place: socket };
  if (hook === undefined) return { kind: 'none' };
  return { kind: 'hooks', hooks: Object.fromEntries(hook.map(hookFrom)) };
};

const hookFrom = (text: string): readonly [string, readonly string[]] => {
  const [, verb, command] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (verb === undefined || command === undefined || !verbs.includes(verb))
    throw new UsageError([
      `--hook is written as VERB=COMMAND with one of ${verbs.join(', ')}, got ${JSON.stringify(text)}${didYouMean(verb ?? '', verbs)}`,
    ]);
  return [verb, command.split(/\s+/)];
};

const transportFrom = ({ netns, ssh }: InitArguments): TransportAnswer => {
  if (netns !== undefined) return { kind: 'netns', name: netns };
  if (ssh !== undefined) return { kind: 'ssh', host: ssh };
  return { kind: 'local' };
};
