/**
 * A session over real interfaces: libpcap on each path, it answers for the tester's addresses, resolves the
 * implementation's MAC addresses if they are not declared, and checks the link before anything is judged on it
 * (preflight). Used for every live kind; only the origin of the facts differs.
 */
import type { ChildProcess } from 'node:child_process';
import type { RealClock } from '../net/clock/real.js';
import { RunQueueDelay } from '../net/clock/run-queue.js';
import { inPrefix, nthAddress } from '../net/lab/addresses.js';
import { type Declared, sendOnlyTo } from '../net/link/declared-only.js';
import { type LibpcapLink, openLibpcapLink } from '../net/link/libpcap.js';
import { LinkError, type PathId } from '../net/link/link.js';
import { answerNeighbours, type NeighbourLink, type NeighbourPath } from '../net/link/neighbour.js';
import {
  type PreflightRecord,
  type ProbeAnswer,
  preflight,
  tellFinding,
  unfitFor,
} from '../net/preflight/preflight.js';
import type { Control, FreshStart, SessionFacts, SessionPath } from './contract.js';
import type { Blackhole } from './control/blackhole.js';
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
    readonly blackhole?: Blackhole;
  };
  /** Frames are sent only to the implementation's addresses, whatever it sends. Not in a lab, which is isolated. */
  readonly guarded?: boolean;
  /** The processes of the implementation, if it runs on this machine. */
  readonly processes?: readonly Pick<ChildProcess, 'pid'>[];
}

/**
 * Opens the interfaces. Throws a LinkError that names an unusable interface, or a setting that falsifies captures, and
 * the remedy; nothing stays open then.
 */
export const openLiveSession = async (setup: LiveSetup): Promise<LiveSession> => {
  const { clock, server, closedPort, serves = true, testerServerPrefix } = setup;
  const wire = await openLibpcapLink({ clock, paths: setup.paths });
  try {
    const guarded = setup.guarded === true ? sendOnlyTo(wire, declaredIn(setup)) : undefined;
    const link = answerNeighbours(guarded ?? wire, clock, neighboursOn(wire, setup));
    const paths = await resolvePaths(wire, link, setup.paths);
    const record = await preflight({ clock, opened: wire, link, target: { paths, server, closedPort, serves } });
    const unfit = unfitFor(record);
    if (unfit !== undefined) throw unfit;
    return {
      facts: { paths, server, closedPort, testerServerPrefix },
      link,
      clock,
      ...controlOf(setup),
      ...heldUpOf(setup),
      ...answersOf(record, serves),
      settle: () => wire.settle(),
      ...(guarded === undefined ? {} : { withheld: () => guarded.withheld() }),
      remarks: record.findings.map(tellFinding),
      measured: measuredBy(record, wire),
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

const declaredIn = ({ paths, server }: LiveSetup): Declared => ({
  addresses: new Set(
    [server.address, ...paths.map(({ iutAddress }) => iutAddress)]
      .flatMap((each) => [each[4], each[6]])
      .filter((each) => each !== undefined),
  ),
  macs: new Set(paths.flatMap(({ iutMac }) => iutMac ?? [])),
});

const macOn = (wire: LibpcapLink, path: PathId): string =>
  wire.openings.find((opening) => opening.path === path)?.interface.mac ?? '';

/** On every path the tester answers for what lies in its prefixes and is no address of the implementation. */
const neighboursOn = (
  wire: LibpcapLink,
  { paths, server, testerServerPrefix }: LiveSetup,
): ReadonlyMap<PathId, NeighbourPath> => {
  const iutAddresses = new Set(
    [...paths.map(({ iutAddress }) => iutAddress), server.address, server.second?.address ?? {}].flatMap((each) => [
      each[4],
      each[6],
    ]),
  );
  return new Map(
    paths.map(({ path, testerPrefix }) => {
      const prefixes = [testerPrefix, testerServerPrefix]
        .flatMap((each) => [each[4], each[6]])
        .filter((prefix) => prefix !== undefined);
      const owns = (address: string): boolean =>
        !iutAddresses.has(address) && prefixes.some((prefix) => inPrefix(prefix, address));
      return [path, { mac: macOn(wire, path), owns }];
    }),
  );
};

/** The paths with both MAC addresses; that of the implementation is asked for where it is not declared. */
const resolvePaths = async (
  wire: LibpcapLink,
  link: NeighbourLink,
  given: readonly LivePath[],
): Promise<readonly SessionPath[]> => {
  const paths: SessionPath[] = [];
  for (const each of given) {
    const { path, iutAddress, testerPrefix } = each;
    const iutMac = each.iutMac ?? (await askForMac(link, each));
    paths.push({ path, testerMac: macOn(wire, path), iutMac, iutAddress, testerPrefix });
  }
  return paths;
};

const controlOf = ({
  control,
}: LiveSetup): Pick<LiveSession, 'control' | 'implementation' | 'freshStart' | 'blackhole'> =>
  control === undefined
    ? {}
    : {
        control: control.control,
        implementation: control.implementation,
        ...(control.freshStart === undefined ? {} : { freshStart: control.freshStart }),
        ...(control.blackhole === undefined ? {} : { blackhole: control.blackhole }),
      };

const answersOf = ({ answers }: PreflightRecord, serves: boolean): Pick<LiveSession, 'serves'> =>
  answers.some(
    ({ port, checksum, refused }) => checksum !== undefined && (port === 'server') === serves && refused !== serves,
  )
    ? { serves }
    : {};

const heldUpOf = ({ processes = [] }: LiveSetup): Pick<LiveSession, 'heldUp'> => {
  if (processes.length === 0) return {};
  const delays = processes.flatMap(({ pid }) => (pid === undefined ? [] : [new RunQueueDelay(pid)]));
  return { heldUp: () => BigInt(delays.reduce((total, delay) => total + delay.read(), 0)) };
};

const measuredBy = (record: PreflightRecord, wire: LibpcapLink): LiveSession['measured'] => ({
  interfaces: record.interfaces.map(({ path, device }) => `${path}: ${device}`).join(', '),
  timestamps: `${record.timestamps.method}; ${record.timestamps.countsRunQueue ? 'waiting for a processor is counted' : 'waiting for a processor is not counted'}`,
  'kernel to callback': `at most ${Math.ceil(record.timestamps.floor / 1000)} us`,
  barrier: record.timestamps.barrier.map((each) => `${Math.trunc(each / 1000)} us`).join(', '),
  'offloads turned off': wire.openings.flatMap((each) => each.offloadsTurnedOff).join(', ') || 'none',
  'answers of its ports': record.answers.map(tellAnswer).join(', '),
  preflight: record.findings.map(tellFinding).join('; ') || 'nothing to mend',
});

const tellAnswer = ({ path, ip, port, checksum, after }: ProbeAnswer): string =>
  `path ${path} IPv${ip} ${port}: ${checksum === undefined || after === undefined ? 'none' : `${checksum} checksum after ${Math.round(after / 1000)} us`}`;

const askForMac = async (link: NeighbourLink, { path, iutAddress, testerPrefix }: LivePath): Promise<string> => {
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
