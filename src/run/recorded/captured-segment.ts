/**
 * Frames of a capture for the tester of one case: sent by it or to it, by addresses alone, each as a whole Ethernet frame
 * on its path. Other frames are left out.
 */
import type { CapturedFrame } from '../../net/capture/captured-frame.js';
import { LinkType } from '../../net/capture/link/link-type.js';
import { destinationKey, keyOfAddress, sourceKey } from '../../net/link/frame-ends.js';
import { putUint16 } from '../../protocol/bytes/octets.js';
import { ipVersionOf, macText } from '../../protocol/wire/address.js';
import { EthernetField, EtherType } from '../../protocol/wire/ethernet.js';
import { statedLength } from '../../protocol/wire/ip.js';
import type { Surroundings, SurroundingsPath } from '../../suite/scenario/contract.js';
import { testerAddresses } from '../tester-addresses.js';

export interface CapturedSegment {
  /** Place in the capture, counted from 1 as in other programs. */
  readonly number: number;
  readonly at: bigint;
  readonly sentBy: 'tester' | 'implementation';
  readonly path: number;
  readonly frame: Uint8Array;
}

/** Octets of an Ethernet header for captures whose link header has no MAC addresses. */
const linkHeads: ReadonlyMap<number, number> = new Map([
  [LinkType.raw, 0],
  [LinkType.ipv4, 0],
  [LinkType.ipv6, 0],
  [LinkType.linuxCooked, 16],
  [LinkType.linuxCooked2, 20],
]);

/**
 * A captured frame as an Ethernet frame; MAC addresses are zero if the capture has none. Undefined if it is not readable.
 */
export const asEthernet = ({ linkType, octets }: CapturedFrame): Uint8Array | undefined => {
  if (linkType === LinkType.ethernet) return octets;
  const head = linkHeads.get(linkType);
  if (head === undefined) return undefined;
  const packet = octets.subarray(head);
  const type = ipVersionOf(packet, 0) === 6 ? EtherType.ipv6 : EtherType.ipv4;
  const frame = new Uint8Array(EthernetField.end + packet.length);
  putUint16(frame, EthernetField.etherType, type);
  frame.set(packet, EthernetField.end);
  return frame;
};

/** The case's frames in the order of the capture. */
export const segmentsOf = (
  frames: readonly CapturedFrame[],
  surroundings: Surroundings,
): readonly CapturedSegment[] => {
  const testers = new Set(testerAddresses(surroundings).map(keyOfAddress));
  const pathOf = pathFinder(surroundings);
  return frames.flatMap((captured, index): readonly CapturedSegment[] => {
    const frame = asEthernet(captured);
    if (frame === undefined) return [];
    const source = sourceKey(frame);
    const destination = destinationKey(frame);
    if (source === undefined || destination === undefined) return [];
    const sentBy = testers.has(source) ? 'tester' : testers.has(destination) ? 'implementation' : undefined;
    if (sentBy === undefined) return [];
    const path = pathOf(frame, source, destination) ?? surroundings.paths[captured.interfaceIndex]?.path ?? 1;
    return [{ number: index + 1, at: captured.at, sentBy, path, frame }];
  });
};

/** Finds the path of a frame by its MAC addresses if they are those of one path only, otherwise by its IP addresses. */
const pathFinder = ({ paths, otherVersion }: Surroundings) => {
  const uniquely = (
    keysOf: (path: SurroundingsPath) => readonly string[],
    among = paths,
  ): ReadonlyMap<string, number | undefined> => {
    const found = new Map<string, number | undefined>();
    for (const path of among) for (const key of keysOf(path)) found.set(key, found.has(key) ? undefined : path.path);
    return found;
  };
  const byMac = uniquely(({ testerMac, iutMac }) => [`${testerMac} ${iutMac}`, `${iutMac} ${testerMac}`]);
  const byAddress = uniquely(
    ({ iutAddress, testerAddresses: own }) => [iutAddress, ...own].map(keyOfAddress),
    [...paths, ...(otherVersion?.paths ?? [])],
  );
  return (frame: Uint8Array, source: string, destination: string): number | undefined =>
    byMac.get(`${macText(frame, EthernetField.source)} ${macText(frame, EthernetField.destination)}`) ??
    byAddress.get(source) ??
    byAddress.get(destination);
};

/** From the IP header to its stated end: the octets that two captures of one segment share. */
export const packetOf = (frame: Uint8Array): Uint8Array => {
  const octets = frame.subarray(EthernetField.end);
  const length = statedLength(octets, 0, ipVersionOf(octets, 0) === 6 ? 6 : 4);
  return octets.subarray(0, Math.min(length === 0 ? octets.length : length, octets.length));
};
