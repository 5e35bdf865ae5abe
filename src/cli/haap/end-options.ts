/** What `robe haap` and `robe connect-proxy` have in common: interfaces, addresses, profile, and what is wrong with the paths. */
import { randomBytes } from 'node:crypto';
import type { Argv } from 'yargs';
import { UsageError } from '../../conduct/usage-error.js';
import { exitCodes } from '../../gate/exit-code.js';
import { type OpenStreams, openStreams } from '../../haap/open-streams.js';
import { realClock } from '../../net/clock/real.js';
import { LabError } from '../../net/lab/command.js';
import { seededChance } from '../../net/link/chance.js';
import { LinkError } from '../../net/link/link.js';
import { establishmentProfiles } from '../../reference/contract.js';
import { readServeRequest, type ServeArguments } from '../serve/serve-request.js';
import { readImpairments } from './impairment-option.js';

export interface EndArguments extends ServeArguments {
  readonly impair: readonly string[];
  readonly seed: string | undefined;
  readonly quiet: boolean;
}

const seedOctets = 16;

export const endOptions = (yargs: Argv, end: 'server' | 'client') =>
  yargs
    // Several options, or one with a list, mean the same.
    .parserConfiguration({ 'duplicate-arguments-array': true })
    .option('interface', { type: 'string', array: true, default: [], describe: 'pathN=IFNAME, one or more' })
    .option('address', {
      type: 'string',
      array: true,
      default: [],
      describe: 'pathN=ADDRESS of the host on that path, which no kernel may own; absent: that of a lab',
    })
    .option('shared', {
      type: 'string',
      array: true,
      default: [],
      describe:
        end === 'server'
          ? 'Address answered on every path; absent: the server address of a lab'
          : 'Address answered on every path; absent: none',
    })
    .option('neighbour', {
      type: 'string',
      array: true,
      default: [],
      describe: 'pathN=MAC of the next hop on that path, e.g. a router; absent: found by ARP or neighbour discovery',
    })
    .option('profile', {
      type: 'string',
      default: 'robe-downgrade',
      choices: establishmentProfiles,
      describe: 'How connections are established; the same at both ends',
    })
    .option('mptcp', {
      type: 'number',
      array: true,
      default: [],
      defaultDescription: '0 1 for robe-downgrade and robe-bbm, which need the keys in a v0 SYN, else 1 0',
      describe: 'Versions, the preferred first',
    })
    .option('parameter', { type: 'string', array: true, default: [], describe: 'NAME=VALUE, as for robe serve' })
    .option('impair', {
      type: 'string',
      array: true,
      default: [],
      describe: 'pathN=WHAT,… both ways: delay:20ms jitter:5ms loss:1% duplication:1% rate:10mbit dead dies:2s',
    })
    .option('seed', { type: 'string', describe: 'Seed of all random values; absent: drawn and printed' })
    .option('quiet', { type: 'boolean', default: false, describe: 'Print no line for each connection' });

/** Opens the end that the arguments describe; what cannot be used is a UsageError or a LinkError. */
export const openEnd = async (
  command: string,
  given: EndArguments,
  end: 'server' | 'client',
): Promise<OpenStreams & { readonly where: string }> => {
  const seed = given.seed ?? randomBytes(seedOctets).toString('hex');
  const { request, impairments } = readUsage(command, () => ({
    request: readServeRequest({ ...given, mptcp: versionsOf(given) }, end),
    impairments: readImpairments(given.impair),
  }));
  const opened = await openStreams({
    ...request,
    clock: realClock(),
    seed,
    impairments,
    chance: seededChance(`${seed}/impairment`),
  });
  const paths = request.paths.map(
    ({ path, device, addresses }) => `path ${path} on ${device} (${addresses.join(', ')})`,
  );
  return { ...opened, where: `${request.profile}, ${paths.join(', ')}, seed ${seed}` };
};

const versionsOf = ({ mptcp, profile }: EndArguments): readonly number[] => {
  if (mptcp.length > 0) return mptcp;
  return profile === 'robe-downgrade' || profile === 'robe-bbm' ? [0, 1] : [1, 0];
};

/** Runs what reads options: a RangeError is told as wrong usage. */
export const readUsage = <T>(command: string, read: () => T): T => {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError([`${command}: ${error.message}`]);
  }
};

/** An interface or a port that cannot be had is a fault of the environment, told in one message. */
export const guardEnd = async (command: string, act: () => Promise<void>): Promise<void> => {
  try {
    await act();
  } catch (error) {
    const remedy =
      error instanceof LinkError || error instanceof LabError
        ? error.remedy
        : remedyOf((error as NodeJS.ErrnoException).code);
    if (!(error instanceof Error) || remedy === undefined) throw error;
    process.stderr.write(`robe ${command}: ${error.message}\n${remedy}\n`);
    process.exitCode = exitCodes.error;
  }
};

const remedyOf = (code: string | undefined): string | undefined => {
  switch (code) {
    case 'EADDRINUSE':
      return 'another program has that port: end it, or choose another by --listen';
    case 'EADDRNOTAVAIL':
      return 'this machine has no such address: see `ip address`';
    case 'EACCES':
      return 'ports below 1024 need root';
    default:
      return undefined;
  }
};
