/** `robe doctor`: what this machine can and cannot do, and the command that mends what is missing. */
import pc from 'picocolors';
import type { CommandModule } from 'yargs';
import { exitCodes } from '../../gate/exit-code.js';
import { type Availability, availabilityOf, type Thing } from '../doctor/examination.js';
import { examineMachine } from '../doctor/probes.js';

export const doctorCommand: CommandModule<object, { readonly json: boolean }> = {
  command: 'doctor',
  describe: 'What this machine can and cannot do, and what to install',
  builder: (yargs) => yargs.option('json', { type: 'boolean', default: false, describe: 'One JSON object' }),
  handler: async ({ json }) => {
    const things = await examineMachine();
    const availability = availabilityOf(things);
    const text = json ? JSON.stringify({ things, availability }, null, 2) : describe(things, availability).join('\n');
    process.stdout.write(`${text}\n`);
    const works = availability.some(({ iut, available }) => iut === 'embedded' && available);
    process.exitCode = works ? exitCodes.holds : exitCodes.error;
  },
};

const describe = (things: readonly Thing[], availability: readonly Availability[]): readonly string[] => {
  const width = Math.max(...things.map(({ id }) => id.length), ...availability.map(({ iut }) => iut.length));
  const mark = (good: boolean): string => (good ? pc.green('yes') : pc.red('no '));
  return [
    ...things.flatMap(({ id, there, found, purpose, remedy }) => [
      `${mark(there)} ${id.padEnd(width)}  ${found}  ${pc.dim(purpose)}`,
      ...(remedy === undefined ? [] : [`    ${' '.repeat(width)}  to mend it: ${remedy}`]),
    ]),
    '',
    ...availability.map(
      ({ iut, available, lacks }) =>
        `${mark(available)} ${iut.padEnd(width)}  ${available ? `robe run --iut ${iut}` : `lacks ${lacks.join(', ')}`}`,
    ),
  ];
};
