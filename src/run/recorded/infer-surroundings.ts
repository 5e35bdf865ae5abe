/**
 * Infers the surroundings of a case from a capture without a note. With the seed of the run every number of the tester is
 * known: the initial sequence number of each flow and of each sentinel is unique to this case. The segments with these
 * numbers show addresses and ports.
 */
import type { CapturedFrame } from '../../net/capture/captured-frame.js';
import { decodeFrame } from '../../protocol/wire/frame.js';
import { TcpFlag, type TcpPacket } from '../../protocol/wire/packet.js';
import { seq } from '../../protocol/wire/seq.js';
import { type ExpandedCase, type IpVersion, ipVersionsOf } from '../../suite/language/case.js';
import { flowNames } from '../../suite/language/flow-names.js';
import type { Step } from '../../suite/language/step.js';
import type { OtherVersion, Surroundings, SurroundingsPath } from '../../suite/scenario/contract.js';
import { initialNumber, portsPerCase } from '../../suite/scenario/flows.js';
import { chosen, type Plan, type PlanSettings, planCase } from '../../suite/scenario/plan.js';
import { asEthernet } from './captured-segment.js';

export interface Inferred {
  readonly plan: Plan;
  /** The time of the case's first frame. */
  readonly began: bigint;
}

/** Addresses for hosts that the capture does not show; they match no frame (RFC 5737, RFC 3849). */
const unseenAddress = (ip: 4 | 6, n: number): string => (ip === 4 ? `192.0.2.${n}` : `2001:db8::${n}`);
const unseenMac = '00:00:00:00:00:00';

interface Sighting {
  readonly at: bigint;
  readonly packet: TcpPacket;
}

/** `unknown`: why the capture does not show the surroundings. */
export const inferPlan = (
  testCase: ExpandedCase,
  settings: PlanSettings,
  frames: readonly CapturedFrame[],
): Inferred | { readonly unknown: string } => {
  if (testCase.steps.some((step) => step.step === 'control' && step.verb === 'announce'))
    return { unknown: 'it does not show which address control asked the implementation to announce' };
  const sightings = frames.flatMap((captured): readonly Sighting[] => {
    const frame = asEthernet(captured);
    const packet = frame === undefined ? undefined : decodeFrame(frame, settings.subtypes);
    return packet?.kind === 'tcp' ? [{ at: captured.at, packet }] : [];
  });
  // Labels of numbers depend on the case and the seed alone.
  const plan = planCase(testCase, nowhere(testCase), settings);
  const numberOf = (label: string): number => seq(Number(chosen(plan, label, 32)));
  const taken = new Set<Sighting>();
  const flows = flowNames(testCase.steps).flatMap((name) => {
    const isn = initialNumber(plan, name);
    const first = sightings.find(
      (each) => !taken.has(each) && each.packet.tcp.seq === isn && (each.packet.tcp.flags & TcpFlag.SYN) !== 0,
    );
    if (first === undefined) return [];
    // Another flow of the case may begin at the same number, and so may an answer.
    for (const each of sightings)
      if (isOfFlow(each.packet, first.packet) || isAnswer(each.packet, first.packet)) taken.add(each);
    return [{ name, first }];
  });
  const sentinels = sightings.filter(
    ({ packet: { tcp } }) => tcp.flags === TcpFlag.SYN && tcp.seq === numberOf(`sentinel/${tcp.sourcePort}`),
  );
  // Numbers that the case itself gives prove nothing about the seed.
  const proven = sentinels.length > 0 || flows.some(({ name }) => testCase.flows[name]?.isn === undefined);
  const [earliest] = [...flows.map(({ first }) => first), ...sentinels].sort((a, b) => (a.at < b.at ? -1 : 1));
  if (earliest === undefined || !proven)
    return {
      unknown: `none of its ${frames.length} frames is a segment that a tester with seed ${settings.seed} sends in ${testCase.id}`,
    };
  if (testCase.role === 'server')
    return {
      plan: planCase(testCase, ofServer(testCase, flows, sentinels), settings),
      began: earliest.at - waitBeforeSending(testCase.steps),
    };
  const found = ofClient(testCase, flows, sentinels, sightings);
  const opened = sightings.find(({ packet: { ip } }) => ip.destination === found.testerServer.address)?.at;
  if (opened === undefined || opened > earliest.at)
    return { unknown: 'it does not show when the case began: nothing comes before what the tester sends' };
  return { plan: planCase(testCase, found, settings), began: opened };
};

const isOfFlow = (a: TcpPacket, b: TcpPacket): boolean =>
  a.ip.source === b.ip.source &&
  a.ip.destination === b.ip.destination &&
  a.tcp.sourcePort === b.tcp.sourcePort &&
  a.tcp.destinationPort === b.tcp.destinationPort;

const isAnswer = (a: TcpPacket, b: TcpPacket): boolean =>
  a.ip.source === b.ip.destination &&
  a.ip.destination === b.ip.source &&
  a.tcp.sourcePort === b.tcp.destinationPort &&
  a.tcp.destinationPort === b.tcp.sourcePort;

/** How long the tester waits before its first segment: the case began this much earlier. */
const waitBeforeSending = (steps: readonly Step[]): bigint => {
  const [first, ...rest] = steps;
  return first?.step === 'wait' ? first.for + waitBeforeSending(rest) : 0n;
};

type SeenFlow = { readonly name: string; readonly first: Sighting };

const pathOfName = (name: string): number => Number(name.split('/')[0]);

const nowhere = (testCase: ExpandedCase): Surroundings => {
  const [own, other] = ipVersionsOf(testCase).map((ip) => unseenPlaces(testCase, ip));
  return {
    ...(own ?? unseenPlaces(testCase, testCase.ip)),
    closedPort: 0,
    firstPort: 0,
    ...(other === undefined ? {} : { otherVersion: other }),
  };
};

const unseenPlaces = ({ paths }: ExpandedCase, ip: IpVersion): OtherVersion => ({
  paths: Array.from({ length: paths }, (_, index) => unseenPath(ip, index + 1)),
  server: { address: unseenAddress(ip, 250), port: 0, second: { address: unseenAddress(ip, 252), port: 0 } },
  testerServer: { address: unseenAddress(ip, 251), port: 0, second: unseenAddress(ip, 253) },
});

const unseenPath = (ip: 4 | 6, path: number): SurroundingsPath => ({
  path,
  testerMac: unseenMac,
  iutMac: unseenMac,
  iutAddress: unseenAddress(ip, path),
  testerAddresses: Array.from({ length: 4 }, (_, host) => unseenAddress(ip, 100 + path * 10 + host)),
});

/** The tester opens: its flows take ports from the bottom of a block in the order in which they are opened. */
const ofServer = (testCase: ExpandedCase, flows: readonly SeenFlow[], sentinels: readonly Sighting[]): Surroundings => {
  const blank = nowhere(testCase);
  const closed = flows.find(({ name }) => testCase.flows[name]?.port === 'closed')?.first;
  const ports = flows.flatMap(({ name, first }) =>
    testCase.flows[name]?.sourcePort === undefined ? [first.packet.tcp.sourcePort] : [],
  );
  const top = sentinels[0]?.packet.tcp.sourcePort;
  const ofVersion = (ip: IpVersion, unseen: OtherVersion): OtherVersion => {
    const own = flows.filter(({ name }) => (testCase.flows[name]?.ip ?? testCase.ip) === ip);
    return servedOver(testCase, own, ip === testCase.ip ? sentinels : [], unseen);
  };
  const [, other] = ipVersionsOf(testCase);
  return {
    ...blank,
    ...ofVersion(testCase.ip, blank),
    closedPort: closed?.packet.tcp.destinationPort ?? 0,
    firstPort: ports.length > 0 ? Math.min(...ports) : (top ?? portsPerCase) + 1 - portsPerCase,
    ...(other === undefined || blank.otherVersion === undefined
      ? {}
      : { otherVersion: ofVersion(other, blank.otherVersion) }),
  };
};

/** The places of one IP version, from the flows that ran over it. */
const servedOver = (
  testCase: ExpandedCase,
  flows: readonly SeenFlow[],
  sentinels: readonly Sighting[],
  unseen: OtherVersion,
): OtherVersion => {
  const declared = (name: string) => testCase.flows[name];
  const destination = (is: (name: string) => boolean) => flows.find(({ name }) => is(name))?.first.packet;
  const listening =
    destination((name) => declared(name)?.server !== 2 && (declared(name)?.port ?? 'server') === 'server') ??
    sentinels[0]?.packet;
  const first = listening ?? destination((name) => declared(name)?.server !== 2);
  const port = listening ?? destination((name) => (declared(name)?.port ?? 'server') === 'server');
  const paths = unseen.paths.map((path): SurroundingsPath => {
    const own = flows.filter(({ name }) => pathOfName(name) === path.path);
    const seen = own[0]?.first.packet.ethernet;
    const addresses = path.testerAddresses.map((blank, host) => {
      const flow = own.find(({ name }) => (declared(name)?.host ?? 1) === host + 1);
      return flow?.first.packet.ip.source ?? blank;
    });
    // A sentinel is sent from the first host of its path.
    const probe = sentinels.find(
      ({ packet }) => packet.ethernet.source === seen?.source && !addresses.includes(packet.ip.source),
    );
    return {
      ...path,
      testerAddresses: probe === undefined ? addresses : [probe.packet.ip.source, ...addresses.slice(1)],
      ...(seen === undefined ? {} : { testerMac: seen.source, iutMac: seen.destination }),
    };
  });
  return {
    ...unseen,
    paths,
    server: {
      address: first?.ip.destination ?? unseen.server.address,
      port: port?.tcp.destinationPort ?? 0,
      second: {
        address:
          destination((name) => declared(name)?.server === 2)?.ip.destination ?? unseen.server.second?.address ?? '',
        port: destination((name) => declared(name)?.port === 'second')?.tcp.destinationPort ?? 0,
      },
    },
  };
};

/** The implementation opens: the tester's answers tell its server, their receivers the addresses of the paths. */
const ofClient = (
  testCase: ExpandedCase,
  flows: readonly SeenFlow[],
  sentinels: readonly Sighting[],
  sightings: readonly Sighting[],
): Surroundings => {
  const blank = nowhere(testCase);
  const answered = flows[0]?.first.packet;
  const address = answered?.ip.source ?? sentinels[0]?.packet.ip.source ?? blank.testerServer.address;
  const opened = sightings.filter(
    ({ packet: { ip, tcp } }) =>
      ip.destination === address && (tcp.flags & (TcpFlag.SYN | TcpFlag.ACK)) === TcpFlag.SYN,
  );
  const known = new Map(flows.map(({ name, first }) => [pathOfName(name), first.packet]));
  const taken = new Set([...known.values()].map(({ ip }) => ip.destination));
  const spare = [...new Set(opened.map(({ packet }) => packet.ip.source))].filter((each) => !taken.has(each));
  const paths = blank.paths.map((path): SurroundingsPath => {
    const packet = known.get(path.path);
    const iutAddress = packet?.ip.destination ?? spare.shift() ?? path.iutAddress;
    const frame = [...opened, ...sentinels].find(
      ({ packet: { ip } }) => ip.source === iutAddress || ip.destination === iutAddress,
    );
    const inbound = frame?.packet.ip.source === iutAddress;
    const ends = frame?.packet.ethernet;
    return {
      ...path,
      iutAddress,
      ...(ends === undefined
        ? {}
        : {
            testerMac: inbound ? ends.destination : ends.source,
            iutMac: inbound ? ends.source : ends.destination,
          }),
    };
  });
  const [probe] = sentinels;
  return {
    ...blank,
    paths,
    closedPort: probe?.packet.tcp.destinationPort ?? 0,
    testerServer: { address, port: answered?.tcp.sourcePort ?? opened[0]?.packet.tcp.destinationPort ?? 0 },
    // Sentinels take ports from the top of the block, the first one the highest.
    firstPort: probe === undefined ? 0 : probe.packet.tcp.sourcePort + 1 - portsPerCase,
  };
};
