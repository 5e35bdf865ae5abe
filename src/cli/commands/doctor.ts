/**
 * `robe doctor`: prints what this machine can and cannot do, and the command that installs what is missing; with `--iut`,
 * whether an implementation can be reached and behaves as its file declares.
 */

import pico from 'picocolors';
import type { CommandModule } from 'yargs';
import { tellFailure } from '../../conduct/failure.js';
import { loadIutFile } from '../../conduct/subjects-of.js';
import { type ExitCode, exitCodes } from '../../gate/exit-code.js';
import { probeIut } from '../../iut/probe/probe-iut.js';
import type { ProbeResult } from '../../iut/probe/probe-result.js';
import { realClock } from '../../net/clock/real.js';
import { printable } from '../../protocol/bytes/printable.js';
import { counted } from '../../suite/verdict/counted.js';
import { type BindingBuild, buildBinding } from '../doctor/build-binding.js';
import { type Availability, availabilityOf, type Thing } from '../doctor/examination.js';
import { examineMachine } from '../doctor/probes.js';
import { refuseRepeated } from '../once.js';
import { folded } from '../output/fold.js';
import { adviseAs, ownCommand } from '../own-command.js';
import { describeTerminal } from '../terminal.js';

interface DoctorArguments {
  readonly json: boolean;
  readonly iut?: string | undefined;
  readonly mend: boolean;
}

export const command: CommandModule<object, DoctorArguments> = {
  builder: (yargs) =>
    yargs
      .option('iut', { type: 'string', requiresArg: true, describe: 'Try the declarations of this IUT file' })
      .option('mend', {
        type: 'boolean',
        default: false,
        describe: 'First build cap, the binding to libpcap, if npm did not, or built it for another Node',
      })
      .option('json', { type: 'boolean', default: false, describe: 'One JSON object' })
      .check(refuseRepeated('iut'))
      .example('$0 doctor', 'This machine')
      .example('$0 doctor --mend', 'After you installed libpcap-dev and a compiler, or another Node')
      .example('$0 doctor --iut iut.yaml', 'Control, neighbours, ports, and the claims compared with a SYN/ACK')
      .epilogue('Exit codes: 0 ready, 3 not ready.'),
  handler: async ({ json, iut, mend }) => {
    if (iut !== undefined) {
      process.exitCode = await examineIut(iut, json);
      return;
    }
    // Standard output may carry the report as JSON.
    const made = mend ? await buildBinding() : undefined;
    if (made !== undefined) process.stderr.write(`${describeBuild(made)}\n`);
    const things = (await examineMachine()).map(adviceAsCalled);
    const availability = availabilityOf(things);
    const text = json
      ? JSON.stringify({ things, availability }, null, 2)
      : folded(describe(things, availability).join('\n'), process.stdout);
    process.stdout.write(`${text}\n`);
    const works = availability.some(({ iut, available }) => iut === 'embedded' && available);
    process.exitCode = works && made?.build !== 'failed' ? exitCodes.holds : exitCodes.error;
  },
};

const describeBuild = (made: BindingBuild): string => {
  switch (made.build) {
    case 'not-needed':
      return 'cap loads already; there is nothing to build.';
    case 'made':
      return `cap was built for this Node (${process.version}), in ${made.folder}`;
    case 'failed':
      return adviseAs(calledAs(), tellFailure(made));
  }
};

const calledAs = (): string => ownCommand(process.argv[1] ?? '', process.cwd());

const adviceAsCalled = (thing: Thing): Thing =>
  thing.remedy === undefined ? thing : { ...thing, remedy: adviseAs(calledAs(), thing.remedy) };

const palette = (): ReturnType<typeof pico.createColors> =>
  pico.createColors(describeTerminal(process.stdout, process.env).colours);

/** A line with `no` is a fault; an unsure line is not. */
const examineIut = async (name: string, json: boolean): Promise<ExitCode> => {
  const probes = await probeIut(loadIutFile(name), { clock: realClock(), environment: process.env });
  const text = json
    ? JSON.stringify({ iut: name, probes }, null, 2)
    : folded(describeProbes(probes, name).join('\n'), process.stdout);
  process.stdout.write(`${text}\n`);
  return probes.some(({ outcome }) => outcome === 'no') ? exitCodes.error : exitCodes.holds;
};

const describeProbes = (probes: readonly ProbeResult[], name: string): readonly string[] => {
  const width = Math.max(...probes.map(({ probe }) => probe.length));
  const { green, yellow, red } = palette();
  const marks = { yes: green('yes'), unsure: yellow('?  '), no: red('no ') };
  const faults = probes.filter(({ outcome }) => outcome === 'no').length;
  return [
    ...probes.flatMap(({ probe, outcome, found, remedy }) => [
      `${marks[outcome]} ${probe.padEnd(width)}  ${printable(found)}`,
      ...(remedy === undefined ? [] : [`    ${' '.repeat(width)}  to mend it: ${printable(remedy)}`]),
    ]),
    '',
    faults === 0 ? `Ready: robe run --iut ${name}` : `${counted(faults, 'thing is', 'things are')} in the way.`,
  ];
};

const describe = (things: readonly Thing[], availability: readonly Availability[]): readonly string[] => {
  const width = Math.max(...things.map(({ id }) => id.length), ...availability.map(({ iut }) => iut.length));
  const { green, red, dim } = palette();
  const mark = (good: boolean): string => (good ? green('yes') : red('no '));
  return [
    ...things.flatMap(({ id, there, found, purpose, remedy }) => [
      `${mark(there)} ${id.padEnd(width)}  ${found}  ${dim(purpose)}`,
      ...(remedy === undefined ? [] : [`    ${' '.repeat(width)}  to mend it: ${remedy}`]),
    ]),
    '',
    ...availability.map(
      ({ iut, available, lacks }) =>
        `${mark(available)} ${iut.padEnd(width)}  ${available ? `robe run --iut ${iut}` : `lacks ${lacks.join(', ')}`}`,
    ),
  ];
};
