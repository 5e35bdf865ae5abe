/**
 * MPLS label stacks (RFC 3032 section 2.1), four octets an entry: `label (20 bits) | class (3) | bottom (1) | TTL (8)`.
 *
 * Nothing in a stack says what lies below it, so that is guessed, as tcpdump does: the reserved labels 0 and 2 announce IPv4
 * and IPv6; below any other label the first four bits tell, which are 4 in IPv4 and 6 in IPv6. What tcpdump leaves at that is
 * taken for an Ethernet pseudowire where it has the form of one: four zero bits start its control word (RFC 4385 section 3),
 * and without a control word the frame starts at once, with an EtherType that is read elsewhere too (RFC 4448 section 4). An
 * address of such a frame may start with 4 or 6 as well, so IPv4 must have a right header checksum, and IPv6 a length that
 * fits, where the octets could also be a frame.
 */
import { type Malformed, shortage } from '../../bytes/malformed.js';
import { uint8, uint16, uint32 } from '../../bytes/octets.js';
import { EthernetField, EtherType } from '../ethernet.js';
import { isWholeIpv4Header } from '../ipv4.js';
import { isFittingIpv6Header } from '../ipv6.js';
import { type Carried, carried, carriedOne, type Encapsulation } from './carried.js';
import { isVlan } from './vlan.js';

const Entry = { size: 4, labelShift: 12, bottom: 0x100 } as const;
/** No network stacks more. */
const mostEntries = 32;
const Label = { explicitNullIpv4: 0, explicitNullIpv6: 2 } as const;
const ControlWord = { nibble: 0, size: 4 } as const;

const { ipv4, arp, ipv6, pppoe, mpls } = EtherType;
const typesBelow: readonly number[] = [ipv4, arp, ipv6, pppoe, mpls];

function read(octets: Uint8Array, start: number, end: number): Carried | Malformed | undefined {
  for (let at = start; at < start + mostEntries * Entry.size; at += Entry.size) {
    const cut = shortage('mpls', at, end, Entry.size);
    if (cut !== undefined) return cut;
    const entry = uint32(octets, at);
    if ((entry & Entry.bottom) !== 0) return below(entry >>> Entry.labelShift, octets, at + Entry.size, end);
  }
  return undefined;
}

/** The labels of a stack that was read, the outermost first. */
function labelsFrom(octets: Uint8Array, start: number): readonly number[] {
  const labels: number[] = [];
  for (let at = start; ; at += Entry.size) {
    const entry = uint32(octets, at);
    labels.push(entry >>> Entry.labelShift);
    if ((entry & Entry.bottom) !== 0 || labels.length === mostEntries) return labels;
  }
}

function below(label: number, octets: Uint8Array, at: number, end: number): Carried {
  if (label === Label.explicitNullIpv4) return carried('EtherType', ipv4, at, end);
  if (label === Label.explicitNullIpv6) return carried('EtherType', ipv6, at, end);
  const nibble = uint8(octets, at) >> 4;
  const mayBeFrame = isFrame(octets, at, end);
  if (nibble === 4 && (!mayBeFrame || isWholeIpv4Header(octets, at, end))) return carried('EtherType', ipv4, at, end);
  if (nibble === 6 && (!mayBeFrame || isFittingIpv6Header(octets, at, end))) return carried('EtherType', ipv6, at, end);
  if (nibble === ControlWord.nibble && isFrame(octets, at + ControlWord.size, end))
    return carriedOne('Ethernet frame', at + ControlWord.size, end);
  return mayBeFrame ? carriedOne('Ethernet frame', at, end) : carried('MPLS payload', nibble, at, end);
}

function isFrame(octets: Uint8Array, at: number, end: number): boolean {
  if (end - at < EthernetField.end) return false;
  const etherType = uint16(octets, at + EthernetField.etherType);
  return isVlan(etherType) || typesBelow.includes(etherType);
}

export const mplsEncapsulation: Encapsulation = {
  header: 'mpls',
  read,
  fields: (octets, start) => ({ labels: labelsFrom(octets, start).join('/') }),
};
