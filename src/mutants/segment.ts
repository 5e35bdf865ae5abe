/** The words in which faults on the wire speak of segments: what one is, what it carries, and the same one with a change. */

import { DssFlag } from '../protocol/mptcp/option.js';
import type { Tcp, TcpDraft, TcpPacket } from '../protocol/wire/packet.js';
import { TcpFlag } from '../protocol/wire/packet.js';
import { seq, seqAdd } from '../protocol/wire/seq.js';
import type { TcpOption } from '../protocol/wire/tcp-option.js';
import { fitOptions, fitsHeader } from '../reference/tcp/companions.js';
import { hasFlag, segmentLength } from '../reference/tcp/flow.js';

const { SYN, ACK, RST, FIN } = TcpFlag;

export const isSyn = (tcp: Tcp): boolean => hasFlag(tcp, SYN) && !hasFlag(tcp, ACK);
export const isSynAck = (tcp: Tcp): boolean => hasFlag(tcp, SYN) && hasFlag(tcp, ACK);
export const isReset = (tcp: Tcp): boolean => hasFlag(tcp, RST);
export const isFin = (tcp: Tcp): boolean => hasFlag(tcp, FIN) && !hasFlag(tcp, RST);
export const isData = (tcp: Tcp): boolean => tcp.payload.length > 0 && !hasFlag(tcp, SYN);
/** An ACK that occupies no sequence number. */
export const isBareAck = (tcp: Tcp): boolean => hasFlag(tcp, ACK) && !isReset(tcp) && segmentLength(tcp) === 0;

export type OptionName = TcpOption['option'];
export type OptionOf<Name extends OptionName> = Extract<TcpOption, { option: Name }>;

export const findAny = <Name extends OptionName>(tcp: Tcp, name: Name): OptionOf<Name> | undefined =>
  tcp.options.find((option): option is OptionOf<Name> => option.option === name);

export const carries =
  (name: OptionName) =>
  (tcp: Tcp): boolean =>
    findAny(tcp, name) !== undefined;

const carriesCapable = carries('mp_capable');
const carriesJoin = carries('mp_join');
export const isJoinSyn = (tcp: Tcp): boolean => isSyn(tcp) && carriesJoin(tcp);
export const isDataFin = (tcp: Tcp): boolean => ((findAny(tcp, 'dss')?.flags ?? 0) & DssFlag.F) !== 0;
/** A mapping without end, which announces a fallback. */
export const isInfinite = (tcp: Tcp): boolean => {
  const dss = findAny(tcp, 'dss');
  return dss?.dsn !== undefined && dss.dataLength === 0;
};
/** The third segment of a handshake with MP_CAPABLE, without data. */
export const isThird = (tcp: Tcp): boolean => isBareAck(tcp) && carriesCapable(tcp);

/** What of a segment is replaced; everything else stays, checksums and lengths are made anew. */
export type Change = Partial<Omit<TcpDraft['tcp'], 'options'>> & { readonly options?: readonly TcpOption[] };

/** The packet as a draft that leaves numbers and addresses as they are. */
export const redraft = ({ ethernet, ip, tcp }: TcpPacket, change: Change = {}): TcpDraft => ({
  ethernet: { destination: ethernet.destination, source: ethernet.source },
  ip: { source: ip.source, destination: ip.destination },
  tcp: {
    sourcePort: tcp.sourcePort,
    destinationPort: tcp.destinationPort,
    seq: tcp.seq,
    ack: tcp.ack,
    flags: tcp.flags,
    reserved: tcp.reserved,
    window: tcp.window,
    urgent: tcp.urgent,
    payload: tcp.payload,
    ...change,
    options: (change.options ?? tcp.options).filter(({ option }) => option !== 'eol'),
  },
});

/** A segment back to where `packet` came from. */
export const backTo = (
  { ethernet, ip, tcp }: TcpPacket,
  reply: Change & Pick<TcpDraft['tcp'], 'seq' | 'flags'>,
): TcpDraft => ({
  ethernet: { destination: ethernet.source, source: ethernet.destination },
  ip: { source: ip.destination, destination: ip.source },
  tcp: { sourcePort: tcp.destinationPort, destinationPort: tcp.sourcePort, window: 65535, ...reply },
});

/** The reset that `packet` would draw if it met no state. */
export const resetTo = (packet: TcpPacket): TcpDraft =>
  hasFlag(packet.tcp, ACK)
    ? backTo(packet, { seq: packet.tcp.ack, flags: RST })
    : backTo(packet, {
        seq: seq(0),
        ack: seqAdd(packet.tcp.seq, segmentLength(packet.tcp)),
        flags: RST | ACK,
      });

export const without = (tcp: Tcp, ...names: readonly OptionName[]): Change => ({
  options: tcp.options.filter(({ option }) => !names.includes(option)),
});

/** One option more, without timestamps where both do not fit; the segment as it is where it has no room for it. */
export const withOption = (tcp: Tcp, option: TcpOption): Change => {
  const options = fitOptions(tcp.options, [option], 'no-ts');
  return fitsHeader(options, []) ? { options } : {};
};

/** Every option of that name replaced. */
export const withEdited = <Name extends OptionName>(
  tcp: Tcp,
  name: Name,
  edit: (option: OptionOf<Name>) => TcpOption,
): Change => ({
  options: tcp.options.map((option) => (option.option === name ? edit(option as OptionOf<Name>) : option)),
});
