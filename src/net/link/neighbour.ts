/**
 * Answers for the tester's addresses. No kernel owns them, so that no kernel resets the tester's flows; therefore the
 * link itself answers ARP requests (RFC 826) and neighbour solicitations (RFC 4861 section 7.2.4) for them, and resolves
 * the addresses of others. Every frame still reaches the listeners, including these.
 */
import { uint8, uint16 } from '../../protocol/bytes/octets.js';
import { macOctets } from '../../protocol/wire/address.js';
import { EthernetField, EtherType } from '../../protocol/wire/ethernet.js';
import { decodeFrame, encodeArpFrame, encodeNdFrame } from '../../protocol/wire/frame.js';
import { Protocol } from '../../protocol/wire/ip.js';
import { Ipv6Field } from '../../protocol/wire/ipv6.js';
import type { IpAddress, MacAddress, Packet } from '../../protocol/wire/packet.js';
import type { Clock, Time } from '../clock/clock.js';
import { forward } from './forward.js';
import { type Arrival, type Link, LinkError, type PathId } from './link.js';
import { solicitedNode } from './solicited-node.js';

export interface NeighbourPath {
  readonly mac: MacAddress;
  /** Whether an address is the tester's on this path. */
  readonly owns: (address: IpAddress) => boolean;
}

export interface NeighbourLink extends Link {
  /** The MAC address of `target`, resolved from the tester's address `from`; a LinkError if there is no answer. */
  resolve(path: PathId, target: IpAddress, from: IpAddress): Promise<MacAddress>;
}

const arpRequest = 1;
const arpReply = 2;
const broadcast = 'ff:ff:ff:ff:ff:ff';
const unknownMac = '00:00:00:00:00:00';
/** Flags of an advertisement: solicited 2, override 1 (RFC 4861 section 4.4). */
const solicitedFlag = 2;
const overrideFlag = 1;
const unspecified = '::';
const allNodes = { address: 'ff02::1', mac: '33:33:00:00:00:01' };

/** RFC 4861 section 10 sends three solicitations; more and earlier ones do no harm on a test link. */
const askTimes = 8;
const askAgainAfter: Time = 250_000_000n;

/** Wraps a link. Paths that are not in `paths` are unchanged. */
export const answerNeighbours = (
  inner: Link,
  clock: Clock,
  paths: ReadonlyMap<PathId, NeighbourPath>,
): NeighbourLink => {
  const learned = new Set<(path: PathId, address: IpAddress, mac: MacAddress) => void>();

  const hear = ({ path, frame }: Arrival): void => {
    const own = paths.get(path);
    if (own === undefined || !mayConcernNeighbours(frame) || !isFor(own.mac, frame)) return;
    const packet = decodeFrame(frame);
    const answer = answerTo(packet, own);
    if (answer !== undefined) inner.send(path, answer);
    const news = newsIn(packet);
    if (news !== undefined) for (const learn of learned) learn(path, news.address, news.mac);
  };
  inner.subscribe(hear);

  const resolve = (path: PathId, target: IpAddress, from: IpAddress): Promise<MacAddress> =>
    new Promise((found, failed) => {
      const mac = paths.get(path)?.mac;
      if (mac === undefined) {
        failed(new LinkError(`path ${path} has no neighbours`, `use one of ${[...paths.keys()].join(', ')}`));
        return;
      }
      let asked = 0;
      const learn = (onPath: PathId, address: IpAddress, itsMac: MacAddress): void => {
        if (onPath !== path || address !== target) return;
        finish();
        found(itsMac);
      };
      const ask = (): void => {
        if (asked === askTimes) {
          finish();
          failed(nobodyAnswers(path, target, from));
          return;
        }
        asked += 1;
        inner.send(path, questionFor(target, from, mac));
        alarm = clock.at(clock.now() + askAgainAfter, ask);
      };
      const finish = (): void => {
        learned.delete(learn);
        alarm.cancel();
      };
      learned.add(learn);
      let alarm = clock.at(clock.now(), ask);
    });

  return { ...forward(inner), resolve };
};

const nobodyAnswers = (path: PathId, target: IpAddress, from: IpAddress): LinkError =>
  new LinkError(
    `nobody on path ${path} answers for ${target}`,
    `see that ${target} is up on that link and has a route to ${from}`,
  );

/** ARP, or IPv6 with ICMPv6 next: the rest, nearly everything, is not decoded here. */
const mayConcernNeighbours = (frame: Uint8Array): boolean => {
  const etherType = uint16(frame, EthernetField.etherType);
  if (etherType !== EtherType.ipv6) return etherType === EtherType.arp;
  return uint8(frame, EthernetField.end + Ipv6Field.nextHeader) === Protocol.icmpv6;
};

/** The bit of an address's first octet that makes it one of a group. */
const groupBit = 1;

/** Sent to us or to a group; an interface in promiscuous mode also receives the frames of others. */
const isFor = (mac: MacAddress, frame: Uint8Array): boolean =>
  (uint8(frame, EthernetField.destination) & groupBit) !== 0 ||
  macOctets(mac).every((octet, index) => frame[EthernetField.destination + index] === octet);

const answerTo = (packet: Packet, { mac, owns }: NeighbourPath): Uint8Array | undefined => {
  if (packet.kind === 'arp' && packet.arp.operation === arpRequest && owns(packet.arp.targetIp)) {
    const { senderMac, senderIp, targetIp } = packet.arp;
    return encodeArpFrame({
      ethernet: { destination: senderMac, source: mac },
      arp: { operation: arpReply, senderMac: mac, senderIp: targetIp, targetMac: senderMac, targetIp: senderIp },
    });
  }
  if (packet.kind === 'nd' && packet.nd.type === 'solicitation' && owns(packet.nd.target)) {
    const { target } = packet.nd;
    // RFC 4861 section 7.2.4: a sender without an address (duplicate address detection) is answered through all nodes.
    const anonymous = packet.ip.source === unspecified;
    return encodeNdFrame({
      ethernet: { destination: anonymous ? allNodes.mac : packet.ethernet.source, source: mac },
      ip: { source: target, destination: anonymous ? allNodes.address : packet.ip.source },
      nd: {
        type: 'advertisement',
        target,
        linkLayer: mac,
        flags: anonymous ? overrideFlag : solicitedFlag | overrideFlag,
      },
    });
  }
  return undefined;
};

const newsIn = (packet: Packet): { readonly address: IpAddress; readonly mac: MacAddress } | undefined => {
  if (packet.kind === 'arp' && packet.arp.operation === arpReply) {
    return { address: packet.arp.senderIp, mac: packet.arp.senderMac };
  }
  if (packet.kind === 'nd' && packet.nd.type === 'advertisement') {
    return { address: packet.nd.target, mac: packet.nd.linkLayer ?? packet.ethernet.source };
  }
  return undefined;
};

const questionFor = (target: IpAddress, from: IpAddress, mac: MacAddress): Uint8Array => {
  if (!target.includes(':')) {
    return encodeArpFrame({
      ethernet: { destination: broadcast, source: mac },
      arp: { operation: arpRequest, senderMac: mac, senderIp: from, targetMac: unknownMac, targetIp: target },
    });
  }
  const group = solicitedNode(target);
  return encodeNdFrame({
    ethernet: { destination: group.mac, source: mac },
    ip: { source: from, destination: group.address },
    nd: { type: 'solicitation', target, linkLayer: mac, flags: 0 },
  });
};
