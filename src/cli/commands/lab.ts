/** `robe lab up|down|status|exec|vm|haap|race`: labs that stay, for experiments by hand and for other programs. */
import { once } from 'node:events';
import { constants } from 'node:os';
import type { ArgumentsCamelCase, Argv, CommandModule } from 'yargs';
import { UsageError } from '../../conduct/usage-error.js';
import { LabError } from '../../net/lab/command.js';
import { attachLab, createLab, type Lab } from '../../net/lab/lab.js';
import { mostPaths } from '../../net/lab/layout.js';
import { nameNamespaces, nobody, type Side } from '../../net/lab/namespace-name.js';
import { findPrivilege } from '../../net/lab/privilege.js';
import { listNamespaces, sweep } from '../../net/lab/sweep.js';
import { establishmentProfiles } from '../../reference/contract.js';
import { readUsage } from '../haap/end-options.js';
import { readImpairments } from '../haap/impairment-option.js';
import { type EngineChoice, engineOption, readSchemes, schemeOption } from '../haap/kernel-end.js';
import { type LabHaapRequest, runLabHaap } from '../haap/lab-haap.js';
import { type LabRaceRequest, runLabRace } from '../haap/lab-race.js';
import { guardLab } from '../lab/guard-lab.js';
import { keepMachine, type MachineRequest } from '../lab/lab-machine.js';
import { describeLabs } from '../lab/status.js';

interface Named {
  readonly name: string;
}

interface Up extends Named {
  readonly paths: number;
  readonly iut: 'kernel' | 'process';
}

interface Exec extends Named {
  readonly side: Side;
  readonly '--'?: readonly (string | number)[];
}

interface Haap extends Omit<LabHaapRequest, 'command'>, EngineChoice {
  readonly scheme: readonly string[];
  readonly '--'?: readonly (string | number)[];
}

interface Race extends Omit<LabRaceRequest, 'command' | 'far' | 'options'> {
  readonly '--'?: readonly (string | number)[];
}

const named = <T>(yargs: Argv<T>) =>
  yargs.option('name', {
    type: 'string',
    default: 'lab',
    describe: 'Which of several labs: small letters, digits and _',
  });

/** Options of labs in which a command runs. */
const besideOptions = <T>(yargs: Argv<T>) =>
  yargs
    .parserConfiguration({ 'populate--': true, 'duplicate-arguments-array': true })
    .option('paths', { type: 'number', default: 2, describe: `Number of paths, 1 to ${mostPaths}` })
    .option('impair', {
      type: 'string',
      array: true,
      default: [],
      describe: 'pathN=WHAT,… both ways: delay:20ms jitter:5ms loss:1% duplication:1% rate:10mbit dead dies:2s',
    })
    .option('files', { type: 'string', default: '.', describe: 'Directory served at the far end' })
    .option('quiet', { type: 'boolean', default: false, describe: 'Print only the output of the command' });

export const command: CommandModule = {
  builder: (yargs) =>
    yargs
      .command<Up>({
        command: 'up',
        describe: 'Make a lab that stays',
        builder: (up) =>
          named(up)
            .option('paths', { type: 'number', default: 2, describe: `Number of paths, 1 to ${mostPaths}` })
            .option('iut', {
              choices: ['kernel', 'process'] as const,
              default: 'kernel' as const,
              describe: "What answers at the IUT's end: the kernel, or a process on an end whose kernel is silent",
            }),
        handler: (argv) => guardLab('lab', () => up(argv)),
      })
      .command<Named>({
        command: 'down',
        describe: 'Take a lab down, and remove what killed runs left',
        builder: named,
        handler: (argv) => guardLab('lab', () => down(argv)),
      })
      .command<{ json: boolean }>({
        command: 'status',
        describe: 'List the labs on this machine',
        builder: (status) => status.option('json', { type: 'boolean', default: false, describe: 'One JSON object' }),
        handler: (argv) => guardLab('lab', () => status(argv.json)),
      })
      .command<Exec>({
        command: 'exec <side>',
        describe: 'Run a command inside: robe lab exec tb|iut -- COMMAND …',
        builder: (exec) =>
          named(exec)
            .positional('side', { choices: ['tb', 'iut'] as const, demandOption: true, describe: 'Which end' })
            .parserConfiguration({ 'populate--': true }),
        handler: (argv) => guardLab('lab', () => exec(argv)),
      })
      .command<MachineRequest>({
        command: 'vm <kernel>',
        describe: 'Keep another kernel up in a virtual machine, until Ctrl-C: robe lab vm debian-6.12',
        builder: (vm) =>
          named(vm)
            .positional('kernel', {
              type: 'string',
              demandOption: true,
              describe: 'A kernel as after vm: of --iut, with options',
            })
            .option('write', {
              type: 'string',
              default: 'vm.yaml',
              requiresArg: true,
              describe: 'The IUT file to write, for runs against this machine',
            }),
        handler: (argv) => guardLab('lab', () => vm(argv)),
      })
      .strictCommands()
      .command<Haap>({
        command: 'haap',
        describe: 'Run a command through an aggregation point: robe lab haap -- curl -O http://127.0.0.1:8000/FILE',
        builder: (haap) =>
          schemeOption(engineOption(besideOptions(haap))).option('profile', {
            type: 'string',
            default: 'robe-downgrade',
            choices: establishmentProfiles,
            describe: 'How the reference establishes connections',
          }),
        handler: (argv) => guardLab('lab', () => haap(argv)),
      })
      .command<Race>({
        command: 'race',
        describe:
          "Run a command beside races of the kernel's sockets: robe lab race -- curl -O http://10.200.0.1:8000/FILE",
        builder: (race) => schemeOption(besideOptions(race)),
        handler: (argv) => guardLab('lab', () => race(argv)),
      })
      .demandCommand(1, 'name what to do: up, down, status, exec, vm, haap or race'),
  handler: () => {},
};

const haap = async ({ '--': rest = [], ...asked }: ArgumentsCamelCase<Haap>): Promise<void> => {
  // Checked before the lab is made, so that nothing has to be removed.
  readUsage('lab haap', () => checkImpairments(asked));
  const command = rest.map(String);
  process.exitCode =
    asked.engine === 'kernel'
      ? await runLabRace({ ...asked, far: 'haap', command })
      : await runLabHaap({ ...asked, command });
};

/** Throws a RangeError for text that cannot be read, and for a path that does not exist. */
const checkImpairments = ({ impair, paths }: { readonly impair: readonly string[]; readonly paths: number }): void => {
  for (const path of readImpairments(impair).keys())
    if (path < 1 || path > paths) throw new RangeError(`--impair path${path}: there are ${paths} paths`);
};

const race = async ({ '--': rest = [], ...asked }: ArgumentsCamelCase<Race>): Promise<void> => {
  readUsage('lab race', () => {
    checkImpairments(asked);
    readSchemes(asked.scheme);
  });
  process.exitCode = await runLabRace({ ...asked, far: 'server', command: rest.map(String) });
};

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const up = async ({ name, paths, iut }: ArgumentsCamelCase<Up>): Promise<void> => {
  if (!Number.isInteger(paths) || paths < 1 || paths > mostPaths)
    throw new UsageError([`--paths must be a whole number from 1 to ${mostPaths}, got ${paths}`]);
  // Named namespaces made without root end with the process that made them.
  if ((await findPrivilege()).privilege !== 'root') {
    throw new LabError('a lab that stays needs root', `sudo robe lab up --name ${name}`);
  }
  await sweep();
  const lab = await createLab({ paths, iut, tag: name, owner: nobody });
  say(`${name} is up: ${lab.namespaces.tb} and ${lab.namespaces.iut}`);
  for (const line of await describeLabs()) say(line);
};

const vm = async (asked: ArgumentsCamelCase<MachineRequest>): Promise<void> => {
  if ((await findPrivilege()).privilege !== 'root')
    throw new LabError('a lab that stays needs root', `sudo robe lab vm ${asked.kernel}`);
  await sweep();
  await keepMachine(asked);
};

const down = async ({ name }: ArgumentsCamelCase<Named>): Promise<void> => {
  const left = await sweep();
  for (const each of left) say(`removed ${each}, whose run is gone`);
  // To clean up only, no lab of that name is needed.
  if (left.length > 0 && !isUp(name)) return;
  await present(name).remove();
  say(`${name} is down`);
};

const status = async (json: boolean): Promise<void> => {
  if (json) say(JSON.stringify({ namespaces: listNamespaces() }));
  else for (const line of await describeLabs()) say(line);
};

const exec = async ({ name, side, '--': rest = [] }: ArgumentsCamelCase<Exec>): Promise<void> => {
  const argv = rest.map(String);
  if (argv.length === 0) throw new UsageError(['name a command: robe lab exec tb|iut -- COMMAND …']);
  const child = present(name).exec(side, argv, { stdio: 'inherit' });
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  // The exit code of a shell.
  process.exitCode = code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
};

const isUp = (name: string): boolean => {
  const { tb, iut } = nameNamespaces(nobody, name);
  return listNamespaces().some((each) => each.name === tb || each.name === iut);
};

/** The persistent lab of that name; entering it and taking it down need no paths. */
const present = (name: string): Lab => {
  const namespaces = nameNamespaces(nobody, name);
  if (!isUp(name)) {
    throw new LabError(`there is no lab ${name}`, `robe lab up --name ${name}`);
  }
  return attachLab(namespaces, 1);
};
