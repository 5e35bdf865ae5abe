/**
 * Checks a live link before any verdict depends on it, and reports its findings: the interfaces, the offloads that were
 * turned off, the precision of timestamps, whether frames are lost, and whether the segments of the other end arrive as
 * they would on a wire. Faults that this program may repair were repaired when the link was opened; the others are
 * reported with their remedies.
 *
 * The other end is probed with one SYN to the port at which it serves and one to a port at which nothing listens, for
 * each path and IP version, from the last address of the tester's prefix that is no address of the implementation. Both
 * are probed because kernels finish the checksums of their resets themselves and may leave those of connections to the
 * interface. A closed port, if the implementation claims to serve there, is a fault; no answer at all is a note, since an
 * implementation may be silent there.
 */
import { decodeFrame, encodeTcpFrame } from '../../protocol/wire/frame.js';
import { type ChecksumState, type IpAddress, type MacAddress, type Tcp, TcpFlag } from '../../protocol/wire/packet.js';
import { type Seq, seq } from '../../protocol/wire/seq.js';
import type { Clock, Time } from '../clock/clock.js';
import { loopWatch } from '../clock/loop-watch.js';
import { nthAddress, prefixSize } from '../lab/addresses.js';
import type { LibpcapLink } from '../link/libpcap.js';
import { type Link, type LinkCounters, LinkError, type PathId } from '../link/link.js';

/** The part of a session's facts that the preflight needs. */
export interface PreflightTarget {
  readonly paths: readonly {
    readonly path: PathId;
    readonly testerMac: MacAddress;
    readonly iutMac: MacAddress;
    readonly iutAddress: PerVersion;
    readonly testerPrefix: PerVersion;
  }[];
  readonly server: { readonly address: PerVersion; readonly port: number };
  readonly closedPort: number;
  /** Whether the implementation claims to serve. */
  readonly serves: boolean;
}

interface PerVersion {
  readonly 4?: string;
  readonly 6?: string;
}

export interface Finding {
  /** `mended`: a fault that was repaired; `note`: useful to know; `fault`: no verdict is reliable. */
  readonly kind: 'mended' | 'note' | 'fault';
  readonly path?: PathId;
  readonly text: string;
  readonly remedy?: string;
}

/** One sentence for people, e.g. `path 1: turned off on eth1 until the link is closed: generic-receive-offload`. */
export const tellFinding = ({ path, text }: Finding): string => (path === undefined ? text : `path ${path}: ${text}`);

/** The faults of the link as one error with every remedy; undefined if it has none. */
export const unfitFor = ({ findings }: Pick<PreflightRecord, 'findings'>): LinkError | undefined => {
  const faults = findings.filter(({ kind }) => kind === 'fault');
  if (faults.length === 0) return undefined;
  const remedies = new Set(faults.flatMap(({ remedy }) => remedy ?? []));
  return new LinkError(faults.map(tellFinding).join('; '), [...remedies].join('; '));
};

export interface PreflightRecord {
  /** No fault among the findings. */
  readonly ready: boolean;
  readonly findings: readonly Finding[];
  readonly interfaces: readonly {
    readonly path: PathId;
    readonly device: string;
    readonly mac: MacAddress;
    readonly mtu: number;
  }[];
  /** The precision of timestamps; nanoseconds. */
  readonly timestamps: {
    readonly method: string;
    /** The minimum of every error bar. */
    readonly floor: number;
    readonly wakeUpMedian: number;
    readonly wakeUpWorst: number;
    /** Whether waiting for a processor is counted. */
    readonly countsRunQueue: boolean;
    readonly barrier: readonly number[];
  };
  readonly answers: readonly ProbeAnswer[];
  readonly counters: LinkCounters;
}

export interface ProbeAnswer {
  readonly path: PathId;
  readonly ip: 4 | 6;
  readonly port: 'server' | 'closed';
  /** Absent when nothing came. */
  readonly checksum?: ChecksumState;
  /** The SYN was answered with a reset. */
  readonly refused?: boolean;
  /** From the last SYN sent to the answer's arrival, in nanoseconds. */
  readonly after?: number;
}

export interface PreflightSetup {
  readonly clock: Clock;
  /** The link as opened. */
  readonly opened: LibpcapLink;
  /** The same link, or a wrapper of it that answers for the tester's addresses. */
  readonly link: Link;
  readonly target: PreflightTarget;
}

const pollingMethod =
  'stamped in the capture callback; the error bar adds the time the event loop was busy or not scheduled since it last ' +
  'waited, and the calibrated wake-up';
const leastMtu = 1500;

/** Takes as long as the slowest probe: half a millisecond if all are answered, 600 ms if one is not. */
export const preflight = async (setup: PreflightSetup): Promise<PreflightRecord> => {
  const { opened, target } = setup;
  const answers = await Promise.all(probesFor(target).map((probe) => ask(setup, probe)));
  const counters = await opened.settle();
  const findings = [
    ...opened.openings.flatMap(({ path, interface: { name, mtu }, offloadsTurnedOff }) => [
      ...offloadFinding(path, name, offloadsTurnedOff),
      ...mtuFinding(path, name, mtu),
    ]),
    ...answers.flatMap((answer) => answerFinding(answer, target.serves)),
    ...cutFinding(opened.cutFrames()),
    ...lossFinding(counters),
  ];
  return {
    ready: findings.every(({ kind }) => kind !== 'fault'),
    findings,
    interfaces: opened.openings.map(({ path, interface: { name, mac, mtu } }) => ({ path, device: name, mac, mtu })),
    timestamps: {
      method: pollingMethod,
      floor: opened.wakeUp.unaccounted,
      wakeUpMedian: opened.wakeUp.median,
      wakeUpWorst: opened.wakeUp.worst,
      countsRunQueue: loopWatch().countsRunQueue,
      barrier: opened.openings.flatMap(({ barrier }) => barrier.map(Number)),
    },
    answers,
    counters,
  };
};

interface Probe {
  readonly path: PathId;
  readonly ip: 4 | 6;
  readonly from: IpAddress;
  readonly to: IpAddress;
  readonly asks: ProbeAnswer['port'];
  readonly port: number;
  readonly testerMac: MacAddress;
  readonly iutMac: MacAddress;
}

const probesFor = ({ paths, server, closedPort, serves }: PreflightTarget): readonly Probe[] => {
  const taken = new Set(
    [server.address, ...paths.map(({ iutAddress }) => iutAddress)].flatMap((own) => [own[4], own[6]]),
  );
  return paths.flatMap(({ path, testerMac, iutMac, testerPrefix }) =>
    ([4, 6] as const).flatMap((ip): readonly Probe[] => {
      const prefix = testerPrefix[ip];
      const to = server.address[ip];
      if (prefix === undefined || to === undefined) return [];
      const from = lastHost(prefix, taken);
      if (from === undefined) return [];
      const common = { path, ip, from, to, testerMac, iutMac };
      const closed: Probe = { ...common, asks: 'closed', port: closedPort };
      return serves ? [{ ...common, asks: 'server', port: server.port }, closed] : [closed];
    }),
  );
};

/** The first and the last address of a prefix are no hosts. */
const lastHost = (prefix: string, taken: ReadonlySet<string | undefined>): IpAddress | undefined => {
  for (let place = prefixSize(prefix) - 2n; place > 0n; place -= 1n) {
    const host = nthAddress(prefix, place);
    if (!taken.has(host)) return host;
  }
  return undefined;
};

const probePort = 64_999;
const attempts = 3;
const attemptAfter: Time = 200_000_000n;

const ask = ({ clock, link }: PreflightSetup, probe: Probe): Promise<ProbeAnswer> =>
  new Promise((resolve) => {
    const { path, ip, asks: port } = probe;
    let sentAt = clock.now();
    let sent = 0;
    const finish = (answer: ProbeAnswer): void => {
      unsubscribe();
      alarm.cancel();
      resolve(answer);
    };
    const unsubscribe = link.subscribe(({ path: onPath, frame, at }) => {
      if (onPath !== path) return;
      const answer = answerTo(frame, probe);
      if (answer === undefined) return;
      const refused = (answer.flags & TcpFlag.RST) !== 0;
      // The connection that the SYN opened is closed.
      if (!refused) link.send(path, segmentOf(probe, TcpFlag.RST, answer.ack));
      finish({ path, ip, port, checksum: answer.checksumState, refused, after: Number(at - sentAt) });
    });
    const attempt = (): void => {
      if (sent === attempts) {
        finish({ path, ip, port });
        return;
      }
      sentAt = clock.now();
      link.send(path, segmentOf(probe, TcpFlag.SYN, seq(sent)));
      sent += 1;
      alarm = clock.at(sentAt + attemptAfter, attempt);
    };
    let alarm = clock.at(sentAt, attempt);
  });

const segmentOf = ({ from, to, port, testerMac, iutMac }: Probe, flags: number, number: Seq): Uint8Array =>
  encodeTcpFrame({
    ethernet: { destination: iutMac, source: testerMac },
    ip: { source: from, destination: to },
    tcp: { sourcePort: probePort, destinationPort: port, seq: number, flags, window: 65_535 },
  });

const answerTo = (frame: Uint8Array, { from, to, port }: Probe): Tcp | undefined => {
  const packet = decodeFrame(frame);
  if (packet.kind !== 'tcp' || packet.ip.source !== to || packet.ip.destination !== from) return undefined;
  if (packet.tcp.sourcePort !== port || packet.tcp.destinationPort !== probePort) return undefined;
  return packet.tcp;
};

const offloadFinding = (path: PathId, device: string, turnedOff: readonly string[]): readonly Finding[] =>
  turnedOff.length === 0
    ? []
    : [{ kind: 'mended', path, text: `turned off on ${device} until the link is closed: ${turnedOff.join(', ')}` }];

const mtuFinding = (path: PathId, device: string, mtu: number): readonly Finding[] =>
  mtu >= leastMtu
    ? []
    : [
        {
          kind: 'fault',
          path,
          text: `${device} carries ${mtu} octets, and cases send up to ${leastMtu}`,
          remedy: `ip link set dev ${device} mtu ${leastMtu}`,
        },
      ];

/** Judges the other end's answer, or its absence. */
export const answerFinding = (
  { path, ip, port, checksum, refused }: ProbeAnswer,
  serves: boolean,
): readonly Finding[] => {
  if (checksum === undefined) {
    const to = port === 'server' ? "the server's port" : 'the closed port';
    return [{ kind: 'note', path, text: `a SYN to ${to} draws no answer (IPv${ip})` }];
  }
  if (port === 'server' && refused === true && serves) {
    return [
      {
        kind: 'fault',
        path,
        text: `nothing listens at the server's port (IPv${ip}): a SYN is answered with a reset`,
        remedy: 'start the server, or correct server.port in the IUT file',
      },
    ];
  }
  switch (checksum) {
    case 'valid':
      return [];
    case 'partial':
      return [
        {
          kind: 'fault',
          path,
          text: `the other end leaves the TCP checksum to its interface (IPv${ip}): what is captured never was on a wire`,
          remedy: 'on the other end: ethtool -K DEVICE tx off tso off gso off gro off',
        },
      ];
    case 'invalid':
      return [{ kind: 'note', path, text: `the other end answers with a wrong TCP checksum (IPv${ip})` }];
    case 'unverifiable':
      return [{ kind: 'note', path, text: `the other end's answer cannot be verified (IPv${ip}): it was cut` }];
  }
};

const cutFinding = (cutFrames: number): readonly Finding[] =>
  cutFrames === 0
    ? []
    : [
        {
          kind: 'fault',
          text: `${cutFrames} frames claim more octets than were captured: the other end leaves segmentation to its interface`,
          remedy: 'on the other end: ethtool -K DEVICE tso off gso off',
        },
      ];

const lossFinding = ({ droppedByKernel, droppedByInterface }: LinkCounters): readonly Finding[] =>
  droppedByKernel + droppedByInterface === 0
    ? []
    : [
        {
          kind: 'fault',
          text: `frames are lost before anything is asked: ${droppedByKernel} by the capture, ${droppedByInterface} by the interface`,
          remedy: 'take other traffic off the interface',
        },
      ];
