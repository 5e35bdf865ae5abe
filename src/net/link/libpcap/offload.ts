/**
 * Offloads of an interface. While segmentation or receive offload is on, a capture sees frames that were never on a wire
 * (truncated, merged, with unfinished checksums), and libpcap's ring has room for 160 frames instead of thousands. So
 * they are turned off while the link is open, and restored afterwards if this program changed them.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { LinkError } from '../link.js';

const run = promisify(execFile);

/** ethtool's short names, and the long names under which it lists them. */
const features = {
  tx: 'tx-checksumming',
  sg: 'scatter-gather',
  tso: 'tcp-segmentation-offload',
  gso: 'generic-segmentation-offload',
  gro: 'generic-receive-offload',
  lro: 'large-receive-offload',
} as const;

type Feature = keyof typeof features;

/** The offloads that must be off on the capturing interface; the others matter on the interface of the sending kernel. */
const harmfulFeatures: readonly Feature[] = ['tso', 'gso', 'gro', 'lro'];

/** Arguments of `ethtool -K DEVICE` that turn everything off that a veth has. */
export const allOff = ['tx', 'off', 'sg', 'off', 'tso', 'off', 'gso', 'off', 'gro', 'off'] as const;

export interface Offload {
  readonly feature: Feature;
  readonly on: boolean;
  /** The driver does not let it be changed. */
  readonly fixed: boolean;
}

/** Lists the offloads of a device; throws a LinkError when ethtool is missing. */
const readOffloads = async (device: string): Promise<readonly Offload[]> =>
  parseOffloads(await ethtool(device, ['-k', device]));

/** Reads `ethtool -k`: one `long-name: on|off [fixed]` a line. */
export const parseOffloads = (listing: string): readonly Offload[] => {
  const offloads: Offload[] = [];
  for (const [feature, long] of Object.entries(features) as [Feature, string][]) {
    const line = listing.split('\n').find((candidate) => candidate.trimStart().startsWith(`${long}:`));
    if (line !== undefined) offloads.push({ feature, on: /: on/.test(line), fixed: line.includes('[fixed]') });
  }
  return offloads;
};

export interface TurnedOff {
  /** Long names of the offloads that were on. */
  readonly turnedOff: readonly string[];
  /** Turns them on again, if the interface still exists. */
  restore(): Promise<void>;
}

/** Turns off the offloads that falsify a capture. Throws a LinkError if one of them stays on. */
export const turnOffloadsOff = async (device: string): Promise<TurnedOff> => {
  const on = harmful(await readOffloads(device));
  if (on.length === 0) return { turnedOff: [], restore: async () => {} };
  await ethtool(device, ['-K', device, ...on.flatMap(({ feature }) => [feature, 'off'])]).catch((error: unknown) => {
    // A driver that rejects one feature may have changed the others; the result is read below. Only a lack of privilege
    // is an error here.
    if (error instanceof LinkError && /permit/i.test(error.message)) throw error;
  });
  const left = harmful(await readOffloads(device));
  if (left.length > 0) {
    const names = left.map(({ feature }) => features[feature]).join(', ');
    throw new LinkError(
      `${names} cannot be turned off on ${device}`,
      'use another interface: captured frames would not be those on the wire',
    );
  }
  return {
    turnedOff: on.map(({ feature }) => features[feature]),
    async restore() {
      await ethtool(device, ['-K', device, ...on.flatMap(({ feature }) => [feature, 'on'])]).catch(() => undefined);
    },
  };
};

const harmful = (offloads: readonly Offload[]): readonly Offload[] =>
  offloads.filter(({ feature, on }) => on && harmfulFeatures.includes(feature));

const ethtool = async (device: string, argv: readonly string[]): Promise<string> => {
  try {
    return (await run('ethtool', argv)).stdout;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new LinkError(
        `ethtool is not installed, so the offloads of ${device} are not known`,
        'apt-get install ethtool',
      );
    }
    const said = String((error as { stderr?: string }).stderr ?? error).trim();
    if (/permit/i.test(said)) {
      throw new LinkError(`no privilege to turn off the offloads of ${device}: ${said}`, 'run as root');
    }
    throw new LinkError(`ethtool ${argv.join(' ')}: ${said}`, `as root: ethtool ${argv.join(' ')}`);
  }
};
