/**
 * `robe serve`: runs the reference as a process on real interfaces, until a signal. With `--control` it speaks robe-ctl/1
 * on its standard input and output and ends with its input.
 */
import { randomBytes } from 'node:crypto';
import type { CommandModule } from 'yargs';
import { failureOf, tellFailure } from '../../conduct/failure.js';
import { UsageError } from '../../conduct/usage-error.js';
import { exitCodes } from '../../gate/exit-code.js';
import { answerLine } from '../../iut/reference-control.js';
import { openReferenceProcess, type ReferenceProcess } from '../../iut/reference-process.js';
import { realClock } from '../../net/clock/real.js';
import { serverPort } from '../../net/lab/layout.js';
import { LinkError } from '../../net/link/link.js';
import { establishmentProfiles } from '../../reference/contract.js';
import { obeyInput } from '../control-input.js';
import { toolVersion } from '../environment.js';
import { readServeRequest, type ServeArguments, type ServeRequest } from '../serve/serve-request.js';
import { untilSignal } from '../signals.js';

interface Arguments extends ServeArguments {
  readonly listen: readonly number[];
  readonly service: 'echo' | 'discard';
  readonly seed: string | undefined;
  readonly control: boolean;
}

const seedOctets = 16;

export const command: CommandModule<object, Arguments> = {
  builder: (yargs) =>
    yargs
      // Several options, or one with a list, mean the same.
      .parserConfiguration({ 'duplicate-arguments-array': true })
      .option('interface', { type: 'string', array: true, default: [], describe: 'pathN=IFNAME, one or more' })
      .option('address', {
        type: 'string',
        array: true,
        default: [],
        describe: 'pathN=ADDRESS of the host on that path; absent: that of a lab',
      })
      .option('shared', {
        type: 'string',
        array: true,
        default: [],
        describe: 'Address answered on every path; absent: the server address of a lab',
      })
      .option('neighbour', {
        type: 'string',
        array: true,
        default: [],
        describe: 'pathN=MAC of the next hop on that path, e.g. a router; absent: found by ARP or neighbour discovery',
      })
      .option('profile', { type: 'string', default: 'mptcp', choices: establishmentProfiles })
      .option('mptcp', { type: 'number', array: true, default: [1, 0], describe: 'Versions, the preferred first' })
      .option('listen', { type: 'number', array: true, default: [serverPort], describe: 'Ports to serve at' })
      .option('service', { choices: ['echo', 'discard'] as const, default: 'echo' as const })
      .option('parameter', {
        type: 'string',
        array: true,
        default: [],
        describe: 'NAME=VALUE, e.g. esim.mode=implicit',
      })
      .option('seed', { type: 'string', describe: 'Seed of all random values; absent: drawn and printed' })
      .option('control', { type: 'boolean', default: false, describe: 'Speak robe-ctl/1 on stdin and stdout' }),
  handler: async (given) => {
    let request: ServeRequest;
    try {
      request = readServeRequest(given);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new UsageError([`serve: ${error.message}`]);
    }
    const seed = given.seed ?? randomBytes(seedOctets).toString('hex');
    try {
      const served = await openReferenceProcess({ clock: realClock(), ...request, seed });
      for (const port of given.listen) served.host.listen(port, given.service);
      process.stderr.write(`robe serve: ${describe(request, given)}, seed ${seed}\n`);
      await (given.control ? obey(served, request) : untilSignal());
      await served.close();
    } catch (error) {
      if (!(error instanceof LinkError)) throw error;
      process.stderr.write(`robe serve: ${tellFailure(failureOf(error))}\n`);
      process.exitCode = exitCodes.error;
    }
  },
};

const describe = (request: ServeRequest, { listen, service }: Arguments): string => {
  const where = request.paths.map(
    ({ path, device, addresses }) => `path ${path} on ${device} (${addresses.join(', ')})`,
  );
  return `${request.profile}, ${service} at port ${listen.join(', ')} of ${request.sharedAddresses.join(', ')}, ${where.join(', ')}`;
};

/** Answers control until its input ends. */
const obey = (served: ReferenceProcess, request: ServeRequest): Promise<void> => {
  const controlled = {
    host: served.host,
    version: toolVersion(),
    addresses: new Map(request.paths.map(({ path, addresses }) => [path, addresses])),
  };
  return obeyInput({
    line: (text) => {
      if (text === '') return;
      const answer = answerLine(controlled, text);
      if (answer === undefined) process.stderr.write('robe serve: a line that is no request was ignored\n');
      else process.stdout.write(`${JSON.stringify(answer)}\n`);
    },
    complaint: (why) => process.stderr.write(`robe serve: control carried ${why}\n`),
  });
};
