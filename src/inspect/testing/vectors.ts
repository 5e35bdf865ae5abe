/** The vector captures as conversations that a test can change before they are inspected. */
import { fileURLToPath } from 'node:url';
import { LinkType } from '../../net/capture/link/link-type.js';
import { readCapture } from '../../net/capture/read-capture.js';
import { decodeFrame, encodeTcpFrame } from '../../protocol/wire/frame.js';
import type { Tcp, TcpPacket } from '../../protocol/wire/packet.js';
import type { TcpOption } from '../../protocol/wire/tcp-option.js';
import { Inspector, type InspectorOptions } from '../inspector.js';

const noAddress = '00:00:00:00:00:00';

/** The segments of the vector capture of a version, counted from 1 as in the capture. */
export async function vectorSegments(version: 0 | 1): Promise<readonly TcpPacket[]> {
  const file = fileURLToPath(new URL(`../../../fixtures/vectors/vectors-v${version}.pcap`, import.meta.url));
  const packets: TcpPacket[] = [];
  for await (const { octets } of readCapture(file, (problem) => expectNone(problem.why))) {
    const ethernet = new Uint8Array(14 + octets.length);
    ethernet.set([0x08, 0x00], 12);
    ethernet.set(octets, 14);
    const packet = decodeFrame(ethernet);
    if (packet.kind !== 'tcp') throw new Error(`a vector is ${packet.kind}, not tcp`);
    packets.push(packet);
  }
  return packets;
}

const expectNone = (problem: string): void => {
  throw new Error(problem);
};

/** A frame with one part of the TCP header changed, its checksum computed anew. */
export const changed = (packet: TcpPacket, change: Partial<Tcp>): TcpPacket => ({
  ...packet,
  tcp: { ...packet.tcp, ...change },
});

/** A frame with every option of a name replaced by what `change` makes of it; `undefined` removes it. */
export const withOption = <Name extends TcpOption['option']>(
  packet: TcpPacket,
  name: Name,
  change: (option: Extract<TcpOption, { option: Name }>) => TcpOption | undefined,
): TcpPacket =>
  changed(packet, {
    options: packet.tcp.options.flatMap((option) => {
      if (option.option !== name) return [option];
      const next = change(option as Extract<TcpOption, { option: Name }>);
      return next === undefined ? [] : [next];
    }),
  });

export const octetsOf = ({ ethernet, ip, tcp }: TcpPacket): Uint8Array => {
  const { checksum, checksumState, dataOffset, ...segment } = tcp;
  const { length, checksum: headerChecksum, checksumState: headerState, ...network } = ip;
  return encodeTcpFrame({
    ethernet: { ...ethernet, destination: noAddress, source: noAddress },
    ip: network,
    tcp: segment,
  });
};

/** An inspector that has seen the frames. */
export function inspected(frames: readonly Uint8Array[], options: InspectorOptions = {}): Inspector {
  const inspector = new Inspector(options);
  for (const octets of frames)
    inspector.take({ linkType: LinkType.ethernet, octets, from: 0, to: octets.length, isCut: false });
  return inspector;
}

/** Ids with at least one observation of an outcome. */
export const withOutcome = (
  inspector: Inspector,
  outcome: 'kept' | 'violated' | 'unknown' | 'damaged',
): readonly string[] =>
  inspector
    .requirements()
    .filter(({ counts }) => counts[outcome] > 0)
    .map(({ requirement }) => requirement);
