/**
 * A TCP segment seen where it lies: for readers of captures, who look at few fields of millions of frames. Nothing is copied
 * and nothing decoded until asked for; one view is moved from frame to frame, so what it gives is valid until it moves on.
 * It reads the same as the decoders of whole packets; where they build records, it remembers offsets.
 */
import { isMalformed } from '../bytes/malformed.js';
import { noOctets, uint8, uint16, uint32 } from '../bytes/octets.js';
import { type DraftSubtypes, defaultDraftSubtypes } from '../mptcp/option.js';
import { ipVersionOf, ipv4Text, ipv6Text } from './address.js';
import { addWords, checksumStateOf, complement, pseudoHeaderSum } from './checksum.js';
import { EtherType } from './ethernet.js';
import { Protocol } from './ip.js';
import { fragmentOffsetOrMore, Ipv4Field, ipv4HeaderLength } from './ipv4.js';
import { decodeIpv6, Ipv6Field } from './ipv6.js';
import { outlineOf } from './option-outline.js';
import { type ChecksumState, type IpAddress, TcpFlag } from './packet.js';
import { type Seq, seq } from './seq.js';
import { TcpField } from './tcp.js';
import type { TcpOption } from './tcp-option.js';
import { type FoundMptcpOption, readMptcpOptions, readOptions } from './tcp-options.js';

const wordSize = 4;
const noOptions: readonly FoundMptcpOption[] = [];

type Look = 'tcp' | 'other' | 'cut' | 'malformed';

export class SegmentView {
  readonly #subtypes: DraftSubtypes;
  #octets: Uint8Array = noOctets;
  #networkAt = 0;
  #isIpv6 = false;
  #at = 0;
  #payloadAt = 0;
  #end = 0;
  #payloadLength = 0;
  #whole = true;
  #stated = true;
  #mptcp: readonly FoundMptcpOption[] | undefined;
  #payloadSum = -1;

  constructor(subtypes: DraftSubtypes = defaultDraftSubtypes) {
    this.#subtypes = subtypes;
  }

  /**
   * Moves to the packet whose network layer lies from `networkAt` to `end` (exclusive) and tells what it is. Fragments and
   * other protocols are `other`; `cut` is a segment whose header was not all captured, `malformed` a packet whose headers do not
   * fit into it.
   */
  look(octets: Uint8Array, networkAt: number, end: number, etherType: number): Look {
    this.#octets = octets;
    this.#networkAt = networkAt;
    this.#end = end;
    this.#mptcp = undefined;
    this.#payloadSum = -1;
    switch (etherType) {
      case EtherType.ipv4:
        return this.#lookIpv4();
      case EtherType.ipv6:
        return this.#lookIpv6();
      default:
        return 'other';
    }
  }

  get source(): IpAddress {
    return this.#isIpv6
      ? ipv6Text(this.#octets, this.#networkAt + Ipv6Field.source)
      : ipv4Text(this.#octets, this.#networkAt + Ipv4Field.source);
  }

  get destination(): IpAddress {
    return this.#isIpv6
      ? ipv6Text(this.#octets, this.#networkAt + Ipv6Field.destination)
      : ipv4Text(this.#octets, this.#networkAt + Ipv4Field.destination);
  }

  /**
   * Writes source address, destination address and both ports as they stand in the headers, and returns how many words these
   * are: 3 for IPv4, 9 for IPv6.
   */
  readEnds(into: Int32Array): number {
    const words = this.#isIpv6 ? 8 : 2;
    const addresses = this.#networkAt + (this.#isIpv6 ? Ipv6Field.source : Ipv4Field.source);
    for (let word = 0; word < words; word++) into[word] = uint32(this.#octets, addresses + word * wordSize);
    into[words] = uint32(this.#octets, this.#at + TcpField.sourcePort);
    return words + 1;
  }

  get sourcePort(): number {
    return uint16(this.#octets, this.#at + TcpField.sourcePort);
  }

  get destinationPort(): number {
    return uint16(this.#octets, this.#at + TcpField.destinationPort);
  }

  get seq(): Seq {
    return seq(uint32(this.#octets, this.#at + TcpField.seq));
  }

  get ack(): Seq {
    return seq(uint32(this.#octets, this.#at + TcpField.ack));
  }

  /** The length of the header in words of four octets. */
  get dataOffset(): number {
    return uint8(this.#octets, this.#at + TcpField.dataOffset) >> 4;
  }

  get reserved(): number {
    return uint8(this.#octets, this.#at + TcpField.dataOffset) & 0xf;
  }

  get flags(): number {
    return uint8(this.#octets, this.#at + TcpField.flags);
  }

  /** The MPTCP options; those of other kinds are passed by. */
  get mptcp(): readonly FoundMptcpOption[] {
    this.#mptcp ??= this.#readMptcp();
    return this.#mptcp;
  }

  /** All options, decoded anew at each call. */
  get options(): readonly TcpOption[] {
    const from = this.#at + TcpField.end;
    const isReset = (this.flags & TcpFlag.RST) !== 0;
    return from === this.#payloadAt ? [] : readOptions(this.#octets, from, this.#payloadAt, isReset, this.#subtypes);
  }

  /** Which options there are, as bits of `OptionOutline`; nothing is decoded. */
  get outline(): number {
    return outlineOf(this.#octets, this.#at + TcpField.end, this.#payloadAt);
  }

  get urgent(): number {
    return uint16(this.#octets, this.#at + TcpField.urgent);
  }

  /** Octets that the options take, padding included. */
  get optionsLength(): number {
    return this.#payloadAt - this.#at - TcpField.end;
  }

  /** The window field as it stands, unscaled. */
  get window(): number {
    return uint16(this.#octets, this.#at + TcpField.window);
  }

  /** The payload that was captured; cut short unless `whole`. */
  get payload(): Uint8Array {
    return this.#octets.subarray(this.#payloadAt, this.#end);
  }

  /** Octets of payload by the length that the IP header states. */
  get payloadLength(): number {
    return this.#payloadLength;
  }

  /** Whether the frame holds all of the segment, as far as the IP header states its length. */
  get whole(): boolean {
    return this.#whole;
  }

  /** Partial sum of the captured payload's 16-bit words, see `addWords`. */
  get payloadSum(): number {
    if (this.#payloadSum < 0) this.#payloadSum = addWords(0, this.#octets, this.#payloadAt, this.#end);
    return this.#payloadSum;
  }

  /** The checksum that the segment carries. */
  get checksum(): number {
    return uint16(this.#octets, this.#at + TcpField.checksum);
  }

  /** The checksum that it should carry, of a segment that is whole. */
  get expectedChecksum(): number {
    return complement(this.#sumWith(this.#pseudoSum) - this.checksum);
  }

  get checksumState(): ChecksumState {
    if (!this.#whole || !this.#stated) return 'unverifiable';
    const pseudo = this.#pseudoSum;
    return checksumStateOf(pseudo, this.#sumWith(pseudo), this.checksum);
  }

  get #pseudoSum(): number {
    const [from, to] = this.#isIpv6 ? [Ipv6Field.source, Ipv6Field.end] : [Ipv4Field.source, Ipv4Field.end];
    const length = this.#end - this.#at;
    return pseudoHeaderSum(this.#octets, this.#networkAt + from, this.#networkAt + to, length, Protocol.tcp);
  }

  /** The partial sum over pseudo-header, header and payload, with the checksum in it. */
  #sumWith(pseudo: number): number {
    return addWords(pseudo, this.#octets, this.#at, this.#payloadAt) + this.payloadSum;
  }

  #lookIpv4(): Look {
    const octets = this.#octets;
    const at = this.#networkAt;
    const there = this.#end - at;
    const headerLength = ipv4HeaderLength(octets, at);
    const length = uint16(octets, at + Ipv4Field.length);
    if (there < Ipv4Field.end || ipVersionOf(octets, at) !== 4) return 'malformed';
    if (headerLength < Ipv4Field.end || headerLength > there || (length !== 0 && length < headerLength))
      return 'malformed';
    if ((uint16(octets, at + Ipv4Field.fragment) & fragmentOffsetOrMore) !== 0) return 'other';
    if (uint8(octets, at + Ipv4Field.protocol) !== Protocol.tcp) return 'other';
    this.#isIpv6 = false;
    return this.#lookTcp(at + headerLength, length === 0 ? there : length, there, length !== 0);
  }

  #lookIpv6(): Look {
    const octets = this.#octets;
    const at = this.#networkAt;
    const there = this.#end - at;
    if (there < Ipv6Field.end || ipVersionOf(octets, at) !== 6) return 'malformed';
    const stated = uint16(octets, at + Ipv6Field.length);
    const length = stated === 0 ? there : Ipv6Field.end + stated;
    this.#isIpv6 = true;
    if (uint8(octets, at + Ipv6Field.nextHeader) === Protocol.tcp)
      return this.#lookTcp(at + Ipv6Field.end, length, there, stated !== 0);
    // Extension headers are rare enough for the decoder of whole packets.
    const head = decodeIpv6(octets.subarray(0, this.#end), at);
    if (isMalformed(head)) return 'malformed';
    if (head.fragmented || head.ip.protocol !== Protocol.tcp) return 'other';
    return this.#lookTcp(head.start, length, there, stated !== 0);
  }

  /** `length` octets belong to the datagram by its header, `there` were captured. */
  #lookTcp(at: number, length: number, there: number, stated: boolean): 'tcp' | 'cut' | 'malformed' {
    const octets = this.#octets;
    const end = this.#networkAt + Math.min(length, there);
    const dataOffset = (uint8(octets, at + TcpField.dataOffset) >> 4) * wordSize;
    const header = end - at < TcpField.end ? TcpField.end : dataOffset;
    if (header < TcpField.end || at + header > this.#networkAt + length) return 'malformed';
    if (at + header > end) return 'cut';
    this.#at = at;
    this.#payloadAt = at + dataOffset;
    this.#end = end;
    this.#payloadLength = this.#networkAt + length - this.#payloadAt;
    this.#whole = length <= there;
    this.#stated = stated;
    return 'tcp';
  }

  #readMptcp(): readonly FoundMptcpOption[] {
    const from = this.#at + TcpField.end;
    if (from === this.#payloadAt) return noOptions;
    return readMptcpOptions(this.#octets, from, this.#payloadAt, (this.flags & TcpFlag.RST) !== 0, this.#subtypes);
  }
}
