/**
 * A segment of the implementation in two, where a step expects its first octets only: TCP keeps no boundaries (RFC 9293 section
 * 3.7), so what was sent in pieces may have a piece on both sides of where a case reads. Each half has the mapping of its own
 * octets; what is wrong in the whole is wrong in both.
 */
import { DssFlag } from '../../protocol/mptcp/option.js';
import { type Tcp, TcpFlag } from '../../protocol/wire/packet.js';
import { seqAdd } from '../../protocol/wire/seq.js';
import type { TcpOption } from '../../protocol/wire/tcp-option.js';
import { type Dss, isRight, lengthOf, mappingOf, type Sender } from './mapped.js';
import { rightChecksum } from './right-checksum.js';

export interface Cut {
  readonly head: Tcp;
  readonly rest: Tcp;
}

/** The first so many octets, and what follows them; FIN and DATA_FIN stand after all. */
export function cutAt(tcp: Tcp, octets: number, sender: Sender): Cut {
  const { FIN, PSH } = TcpFlag;
  const head: Tcp = { ...tcp, flags: tcp.flags & ~(FIN | PSH), payload: tcp.payload.subarray(0, octets) };
  const rest: Tcp = { ...tcp, seq: seqAdd(tcp.seq, octets), payload: tcp.payload.subarray(octets) };
  const mapped = mappingOf(tcp);
  // One that is longer than the segment covers both halves as it is, and so does one without an end.
  const ends =
    mapped?.option === 'dss' && lengthOf(mapped) > 0 && lengthOf(mapped) <= tcp.payload.length + finOf(mapped);
  if (!ends || mapped?.option !== 'dss') return { head, rest };
  const first: Dss = { ...mapped, flags: mapped.flags & ~DssFlag.F, dataLength: octets };
  const second: Dss = {
    ...mapped,
    dsn: (mapped.dsn ?? 0n) + BigInt(octets),
    ssn: (mapped.ssn ?? 0) + octets,
    dataLength: lengthOf(mapped) - octets,
  };
  const isSound = isRight(mapped, tcp, sender);
  return {
    head: withMapping(head, mapped, isSound ? summed(first, head, sender) : first),
    rest: withMapping(rest, mapped, isSound ? summed(second, rest, sender) : second),
  };
}

/** DATA_FIN is an octet of the mapping (RFC 8684 section 3.3.3). */
const finOf = ({ flags }: Dss): number => ((flags & DssFlag.F) === 0 ? 0 : 1);

const withMapping = (tcp: Tcp, old: TcpOption, mapped: TcpOption): Tcp => ({
  ...tcp,
  options: tcp.options.map((each) => (each === old ? mapped : each)),
});

function summed(mapped: Dss, tcp: Tcp, { version, keys }: Sender): Dss {
  const checksum = mapped.checksum === undefined ? undefined : rightChecksum(mapped, tcp, version, keys);
  return checksum === undefined ? mapped : { ...mapped, checksum };
}
