/**
 * A session over real interfaces: libpcap on each path, the tester's addresses answered for, the implementation's MAC
 * addresses asked for where they are not declared, and the link looked over before anything is judged on it (preflight).
 * Used for every live kind; what differs is only where the facts come from.
 */
import type { RealClock } from '../net/clock/real.js';
import { inPrefix, nthAddress } from '../net/lab/addresses.js';
import { openLibpcapLink } from '../net/link/libpcap.js';
import { LinkError, type PathId } from '../net/link/link.js';
import { answerNeighbours } from '../net/link/neighbour.js';
import { type ProbeAnswer, preflight, tellFinding, unfitFor } from '../net/preflight/preflight.js';
import type { Control, FreshStart, SessionFacts, SessionPath } from './contract.js';
import type { LiveSession } from './subject.js';

export interface LivePath {
  readonly path: PathId;
  readonly device: string;
  readonly iutAddress: SessionPath['iutAddress'];
  readonly iutMac?: string;
  readonly testerPrefix: SessionPath['testerPrefix'];
  /** No Ethernet is there that would demand frames of a certain length. */
  readonly unpadded?: boolean;
}

export interface LiveSetup {
  readonly clock: RealClock;
  readonly paths: readonly LivePath[];
  readonly server: SessionFacts['server'];
  readonly closedPort: number;
  /** Whether it claims to serve; it does when absent. */
  readonly serves?: boolean;
  readonly testerServerPrefix: SessionFacts['testerServerPrefix'];
  readonly control?: {
    readonly control: Control;
    readonly implementation: string;
    readonly freshStart?: FreshStart;
  };
}

/** Opens the interfaces; a LinkError says which cannot be used, or what falsifies what they show, and what to do. Leaves nothing open then. */
export const openLiveSession = async (setup: LiveSetup): Promise<LiveSession> => {
  const { clock } = setup;
  const wire = await openLibpcapLink({ clock, paths: setup.paths });
  try {
    const macOf = (path: PathId): string => wire.openings.find((each) => each.path === path)?.interface.mac ?? '';
    const iutAddresses = new Set(
      [...setup.paths.map(({ iutAddress }) => iutAddress), setup.server.address].flatMap((each) => [each[4], each[6]]),
    );
    const neighbours = new Map(
      setup.paths.map((each) => {
        const prefixes = [
          each.testerPrefix[4],
          each.testerPrefix[6],
          setup.testerServerPrefix[4],
          setup.testerServerPrefix[6],
        ].filter((prefix) => prefix !== undefined);
        const owns = (address: string): boolean =>
          !iutAddresses.has(address) && prefixes.some((prefix) => inPrefix(prefix, address));
        return [each.path, { mac: macOf(each.path), owns }] as const;
      }),
    );
    const link = answerNeighbours(wire, clock, neighbours);
    const paths: SessionPath[] = [];
    for (const each of setup.paths) {
      const iutMac = each.iutMac ?? (await askForMac(link, each));
      const { path, iutAddress, testerPrefix } = each;
      paths.push({ path, testerMac: macOf(path), iutMac, iutAddress, testerPrefix });
    }
    const { server, closedPort, serves = true, testerServerPrefix } = setup;
    const record = await preflight({ clock, opened: wire, link, target: { paths, server, closedPort, serves } });
    const unfit = unfitFor(record);
    if (unfit !== undefined) throw unfit;
    return {
      facts: { paths, server, closedPort, testerServerPrefix },
      link,
      clock,
      ...(setup.control === undefined
        ? {}
        : { control: setup.control.control, implementation: setup.control.implementation }),
      ...(setup.control?.freshStart === undefined ? {} : { freshStart: setup.control.freshStart }),
      settle: () => wire.settle(),
      remarks: record.findings.map(tellFinding),
      measured: {
        interfaces: record.interfaces.map(({ path, device }) => `${path}: ${device}`).join(', '),
        timestamps: `${record.timestamps.method}; ${record.timestamps.countsRunQueue ? 'waiting for a processor is counted' : 'waiting for a processor is not counted'}`,
        'kernel to callback': `at most ${Math.ceil(record.timestamps.floor / 1000)} us`,
        barrier: record.timestamps.barrier.map((each) => `${Math.trunc(each / 1000)} us`).join(', '),
        'offloads turned off': wire.openings.flatMap((each) => each.offloadsTurnedOff).join(', ') || 'none',
        'answers of its ports': record.answers.map(tellAnswer).join(', '),
        preflight: record.findings.map(tellFinding).join('; ') || 'nothing to mend',
      },
      close: async () => {
        await setup.control?.control.close();
        await link.close();
      },
    };
  } catch (cause) {
    await wire.close();
    throw cause;
  }
};

const tellAnswer = ({ path, ip, port, checksum, after }: ProbeAnswer): string =>
  `path ${path} IPv${ip} ${port}: ${checksum === undefined || after === undefined ? 'none' : `${checksum} checksum after ${Math.round(after / 1000)} us`}`;

const askForMac = async (
  link: ReturnType<typeof answerNeighbours>,
  { path, iutAddress, testerPrefix }: LivePath,
): Promise<string> => {
  const version = iutAddress[4] !== undefined && testerPrefix[4] !== undefined ? 4 : 6;
  const target = iutAddress[version];
  const prefix = testerPrefix[version];
  if (target === undefined || prefix === undefined) {
    throw new LinkError(
      `path ${path} has no address of the implementation with a tester prefix of the same IP version`,
      'declare both for IPv4 or both for IPv6',
    );
  }
  const asking = nthAddress(prefix, 1) === target ? nthAddress(prefix, 2) : nthAddress(prefix, 1);
  return link.resolve(path, target, asking);
};
