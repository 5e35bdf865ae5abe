/**
 * Link-layer neighbours of the host (RFC 826, RFC 4861): answers for its own addresses, learns from what arrives, and asks
 * when it has to send to an address it does not know; frames wait for the answer meanwhile.
 */
import { ipOctets, ipv6Text } from '../protocol/wire/address.js';
import { encodeArpFrame, encodeNdFrame } from '../protocol/wire/frame.js';
import type { Arp, IpAddress, MacAddress, NeighbourDiscovery, Packet } from '../protocol/wire/packet.js';
import type { Alarms } from './alarms.js';
import type { HostConfig, HostPath } from './contract.js';

const broadcast = 'ff:ff:ff:ff:ff:ff';
const zeroMac = '00:00:00:00:00:00';
/** Requests before the frames are given up, one second apart (RFC 4861 section 10). */
const requests = 3;
const requestInterval = 1_000_000_000n;
/** Frames that wait for one address. */
const waitingFrames = 16;

interface Resolution {
  readonly waiting: ((mac: MacAddress) => void)[];
  tries: number;
}

type Emit = (path: number, frame: Uint8Array) => void;

export class Neighbours {
  readonly #config: HostConfig;
  readonly #alarms: Alarms;
  readonly #emit: Emit;
  readonly #known = new Map<string, MacAddress>();
  readonly #asked = new Map<string, Resolution>();

  constructor(config: HostConfig, alarms: Alarms, emit: Emit) {
    this.#config = config;
    this.#alarms = alarms;
    this.#emit = emit;
  }

  /** Calls `send` with the link-layer address of `address`, now or when it is known. */
  reach(path: HostPath, address: IpAddress, source: IpAddress, now: bigint, send: (mac: MacAddress) => void): void {
    const key = `${path.path}|${address}`;
    const known = path.neighbour ?? this.#known.get(key);
    if (known !== undefined) {
      send(known);
      return;
    }
    const asked = this.#asked.get(key);
    if (asked !== undefined) {
      if (asked.waiting.length < waitingFrames) asked.waiting.push(send);
      return;
    }
    const resolution: Resolution = { waiting: [send], tries: 0 };
    this.#asked.set(key, resolution);
    this.#ask(path, address, source, resolution, now);
  }

  /** Whether the address is one of the host's on that path. */
  isOwn(path: HostPath, address: IpAddress): boolean {
    return path.addresses.includes(address) || this.#config.sharedAddresses.includes(address);
  }

  /** An IP packet says where its source is. */
  learn(path: number, address: IpAddress, mac: MacAddress): void {
    const key = `${path}|${address}`;
    if (this.#known.get(key) !== mac) this.#known.set(key, mac);
    const asked = this.#asked.get(key);
    if (asked === undefined) return;
    this.#asked.delete(key);
    for (const send of asked.waiting) send(mac);
  }

  arpArrives(path: HostPath, arp: Arp): void {
    if (arp.senderIp !== '0.0.0.0') this.learn(path.path, arp.senderIp, arp.senderMac);
    if (arp.operation !== 1 || !this.isOwn(path, arp.targetIp)) return;
    const frame = encodeArpFrame({
      ethernet: { destination: arp.senderMac, source: path.mac },
      arp: {
        operation: 2,
        senderMac: path.mac,
        senderIp: arp.targetIp,
        targetMac: arp.senderMac,
        targetIp: arp.senderIp,
      },
    });
    this.#emit(path.path, frame);
  }

  ndArrives(path: HostPath, packet: Extract<Packet, { kind: 'nd' }>): void {
    const { nd, ip, ethernet } = packet;
    if (nd.type === 'advertisement') {
      if (nd.linkLayer !== undefined) this.learn(path.path, nd.target, nd.linkLayer);
      return;
    }
    if (ip.source !== '::' && nd.linkLayer !== undefined) this.learn(path.path, ip.source, nd.linkLayer);
    if (!this.isOwn(path, nd.target)) return;
    // RFC 4861 section 7.2.4: solicited, override, with the target link-layer address.
    const answer: NeighbourDiscovery = { type: 'advertisement', target: nd.target, linkLayer: path.mac, flags: 3 };
    const destination = ip.source === '::' ? 'ff02::1' : ip.source;
    this.#emit(
      path.path,
      encodeNdFrame({
        ethernet: { destination: ip.source === '::' ? '33:33:00:00:00:01' : ethernet.source, source: path.mac },
        ip: { source: nd.target, destination },
        nd: answer,
      }),
    );
  }

  /** Undefined while frames wait for an address: they are not to be seen from outside. */
  describe(): readonly unknown[] | undefined {
    return this.#asked.size > 0 ? undefined : [[...this.#known].sort()];
  }

  clear(): void {
    this.#known.clear();
    this.#asked.clear();
  }

  #ask(path: HostPath, address: IpAddress, source: IpAddress, resolution: Resolution, now: bigint): void {
    const key = `${path.path}|${address}`;
    if (this.#asked.get(key) !== resolution) return;
    if (resolution.tries >= requests) {
      this.#asked.delete(key);
      return;
    }
    resolution.tries += 1;
    this.#emit(path.path, address.includes(':') ? solicit(path, address, source) : request(path, address, source));
    const again = now + requestInterval;
    this.#alarms.at(again, ['neighbour', key], () => this.#ask(path, address, source, resolution, again));
  }
}

const request = (path: HostPath, address: IpAddress, source: IpAddress): Uint8Array =>
  encodeArpFrame({
    ethernet: { destination: broadcast, source: path.mac },
    arp: { operation: 1, senderMac: path.mac, senderIp: source, targetMac: zeroMac, targetIp: address },
  });

const solicit = (path: HostPath, address: IpAddress, source: IpAddress): Uint8Array => {
  // RFC 4291 section 2.7.1, RFC 2464 section 7: the low 24 bits of the address name group and link-layer address.
  const group = ipOctets('ff02::1:ff00:0').slice();
  group.set(ipOctets(address).subarray(13), 13);
  const low = [...group.subarray(12)].map((octet) => octet.toString(16).padStart(2, '0')).join(':');
  return encodeNdFrame({
    ethernet: { destination: `33:33:${low}`, source: path.mac },
    ip: { source, destination: ipv6Text(group, 0) },
    nd: { type: 'solicitation', target: address, linkLayer: path.mac, flags: 0 },
  });
};
