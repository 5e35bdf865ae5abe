/**
 * Every command of `robe`, in the order in which help lists them. The code of a command is loaded only if its name is
 * among the words of the command line: loading all of them takes longer than most of them run.
 */
import type { Argv, CommandModule } from 'yargs';

/** Adds a command to the parser for these words. */
type Register = (program: Argv, words: readonly string[]) => Promise<void>;

const command =
  <T>(usage: string, describe: string, load: () => Promise<{ readonly command: CommandModule<object, T> }>): Register =>
  async (program, words) => {
    const [name = ''] = usage.split(' ');
    if (words.includes(name)) program.command({ ...(await load()).command, command: usage, describe });
    else program.command(usage, describe);
  };

export const commands: readonly Register[] = [
  command(
    'start',
    'Judge every implementation that this machine offers: the main job',
    () => import('./commands/start.js'),
  ),
  command('run [select..]', 'Judge an implementation', () => import('./commands/run.js')),
  command(
    'list [select..]',
    'List cases, requirements, rules, mutants and other named things',
    () => import('./commands/list.js'),
  ),
  command(
    'explain <name>',
    'Explain a case, a requirement, or anything else with a name',
    () => import('./commands/explain.js'),
  ),
  command(
    'lint [files..]',
    'Check case files: every problem with file, line and column',
    () => import('./commands/lint.js'),
  ),
  command(
    'show <evidence>',
    'Draw what happened in a case, with the wrong field marked',
    () => import('./commands/show.js'),
  ),
  command(
    'judge <evidence>',
    'Judge a recorded case again and show what happened in it',
    () => import('./commands/judge.js'),
  ),
  command('replay <evidence>', 'Run a recorded case again and compare', () => import('./commands/replay.js')),
  command(
    'mock <evidence>',
    'Answer on real interfaces as a recorded implementation did',
    () => import('./commands/mock.js'),
  ),
  command(
    'report <results..>',
    'Gate finished runs again and write their reports',
    () => import('./commands/report.js'),
  ),
  command(
    'export <what>',
    'Write a case, or its recording, as a packetdrill script',
    () => import('./commands/export.js'),
  ),
  command(
    'compare <runs..>',
    'Show what changed between two runs, or several implementations side by side',
    () => import('./commands/compare.js'),
  ),
  command('merge <shards..>', 'Merge the shards of one plan and gate the whole', () => import('./commands/merge.js')),
  command(
    'baseline <action>',
    'Check, update, prune or explain the file of known deviations',
    () => import('./commands/baseline.js'),
  ),
  command(
    'coverage',
    'Show which cases test which requirements, and what is not tested and why',
    () => import('./commands/coverage.js'),
  ),
  command(
    'mutants [select..]',
    'Show which cases notice which broken implementations',
    () => import('./commands/mutants.js'),
  ),
  command(
    'variants [select..]',
    'Show which cases fail on conforming implementations that use a freedom of the RFCs',
    () => import('./commands/variants.js'),
  ),
  command(
    'fuzz [select..]',
    'Feed random and damaged input to every reader, and try random orders of arrival',
    () => import('./commands/fuzz.js'),
  ),
  command(
    'nulls [name..]',
    'Show which cases pass on implementations that do nothing right',
    () => import('./commands/nulls.js'),
  ),
  command(
    'explore [profile]',
    'Try every order of arrival between two hosts of the reference',
    () => import('./commands/explore.js'),
  ),
  command(
    'experiment',
    "Repeat the paper's experiments: robustness, page-load, laws",
    () => import('./commands/experiment.js'),
  ),
  command(
    'inspect <files..>',
    'Judge captures of other tools: the requirements that they show kept or violated',
    () => import('./commands/inspect.js'),
  ),
  command(
    'decode <file>',
    'Print the frames of a pcap or pcapng file, one line each',
    () => import('./commands/decode.js'),
  ),
  command('keys', 'Derive tokens, initial DSNs, HMACs and MACs from keys', () => import('./commands/keys.js')),
  command(
    'init [file]',
    'Write the file that describes an implementation, from answers or options',
    () => import('./commands/init.js'),
  ),
  command(
    'doctor',
    'Show what this machine can and cannot do, and what to install; or whether an implementation can be reached',
    () => import('./commands/doctor.js'),
  ),
  command(
    'lab',
    'Set up two network namespaces with one veth pair a path, and take them down',
    () => import('./commands/lab.js'),
  ),
  command(
    'kernels',
    'List the kernels that a virtual machine can boot here, and fetch one',
    () => import('./commands/kernels.js'),
  ),
  command(
    'schema [name]',
    'Print a JSON Schema of cases, declarations, baselines or results; without a name list them',
    () => import('./commands/schema.js'),
  ),
  command(
    'serve',
    'Run the reference implementation as a process on real interfaces',
    () => import('./commands/serve.js'),
  ),
  command(
    'haap',
    'Aggregation point: accept RobE connections and forward them as TCP',
    () => import('./commands/haap.js'),
  ),
  command(
    'connect-proxy',
    'Local SOCKS 5 proxy that forwards connections by RobE to an aggregation point',
    () => import('./commands/connect-proxy.js'),
  ),
];
