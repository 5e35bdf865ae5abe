/**
 * A packet as tshark would print it: our decoded values under the names of tshark's fields. A field that our decoder reads
 * and tshark 4.0 has no name for is left out.
 */
import { toHex } from '../../../protocol/bytes/hex.js';
import type { TcpPacket } from '../../../protocol/wire/packet.js';
import type { TcpOption } from '../../../protocol/wire/tcp-option.js';

/** Fields of tshark that our decoder has an answer to. */
export const tsharkFieldNames = [
  'ip.src',
  'ip.dst',
  'ipv6.src',
  'ipv6.dst',
  'ip.ttl',
  'ip.id',
  'ip.checksum',
  'ipv6.flow',
  'tcp.srcport',
  'tcp.dstport',
  'tcp.seq_raw',
  'tcp.ack_raw',
  'tcp.hdr_len',
  'tcp.flags',
  'tcp.window_size_value',
  'tcp.checksum',
  'tcp.checksum.status',
  'tcp.urgent_pointer',
  'tcp.len',
  'tcp.option_kind',
  'tcp.options.mss_val',
  'tcp.options.wscale.shift',
  'tcp.options.timestamp.tsval',
  'tcp.options.timestamp.tsecr',
  'tcp.options.mptcp.subtype',
  'tcp.options.mptcp.version',
  'tcp.options.mptcp.sendkey',
  'tcp.options.mptcp.recvkey',
  'tcp.options.mptcp.recvtok',
  'tcp.options.mptcp.sendrand',
  'tcp.options.mptcp.sendtrunchmac',
  'tcp.options.mptcp.sendhmac',
  'tcp.options.mptcp.addrid',
  'tcp.options.mptcp.addaddrtrunchmac',
  'tcp.options.mptcp.rawdataack',
  'tcp.options.mptcp.rawdataseqno',
  'tcp.options.mptcp.subflowseqno',
  'tcp.options.mptcp.datalvllen',
  'tcp.options.mptcp.checksum',
  'tcp.options.mptcp.datafin.flag',
  'tcp.options.mptcp.rst_reason',
  'mptcp.expected_token',
  'mptcp.expected_idsn',
] as const;

export type TsharkField = (typeof tsharkFieldNames)[number];

const subtypes: Partial<Record<TcpOption['option'], bigint>> = {
  mp_capable: 0n,
  mp_join: 1n,
  dss: 2n,
  add_addr: 3n,
  mp_fastclose: 7n,
  mp_tcprst: 8n,
};

/** Every value of a field in the options of a packet. */
const gather = (packet: TcpPacket, pick: (option: TcpOption) => number | bigint | undefined): readonly bigint[] =>
  packet.tcp.options.flatMap((option) => {
    const value = pick(option);
    return value === undefined ? [] : [BigInt(value)];
  });

/** What our decoder says about each field that tshark gives. */
export function inTsharkFields(packet: TcpPacket): Partial<Record<TsharkField, readonly (bigint | string)[]>> {
  const { ip, tcp } = packet;
  const options = (pick: (option: TcpOption) => number | bigint | undefined) => gather(packet, pick);
  return {
    [ip.version === 4 ? 'ip.src' : 'ipv6.src']: [ip.source],
    [ip.version === 4 ? 'ip.dst' : 'ipv6.dst']: [ip.destination],
    ...(ip.version === 4
      ? {
          'ip.ttl': [BigInt(ip.ttl)],
          'ip.id': [BigInt(ip.identification ?? -1)],
          'ip.checksum': [BigInt(ip.checksum ?? -1)],
        }
      : { 'ipv6.flow': [BigInt(ip.flowLabel ?? -1)] }),
    'tcp.srcport': [BigInt(tcp.sourcePort)],
    'tcp.dstport': [BigInt(tcp.destinationPort)],
    'tcp.seq_raw': [BigInt(tcp.seq)],
    'tcp.ack_raw': [BigInt(tcp.ack)],
    'tcp.hdr_len': [BigInt(tcp.dataOffset * 4)],
    'tcp.flags': [BigInt((tcp.reserved << 8) | tcp.flags)],
    'tcp.window_size_value': [BigInt(tcp.window)],
    'tcp.checksum': [BigInt(tcp.checksum)],
    'tcp.checksum.status': [tcp.checksumState === 'valid' ? 1n : 0n],
    'tcp.urgent_pointer': [BigInt(tcp.urgent)],
    'tcp.len': [BigInt(tcp.payload.length)],
    'tcp.options.mss_val': options((o) => (o.option === 'mss' ? o.value : undefined)),
    'tcp.options.wscale.shift': options((o) => (o.option === 'window_scale' ? o.shift : undefined)),
    'tcp.options.timestamp.tsval': options((o) => (o.option === 'timestamps' ? o.value : undefined)),
    'tcp.options.timestamp.tsecr': options((o) => (o.option === 'timestamps' ? o.echo : undefined)),
    'tcp.options.mptcp.subtype': options((o) => subtypes[o.option]),
    'tcp.options.mptcp.version': options((o) => (o.option === 'mp_capable' ? o.version : undefined)),
    'tcp.options.mptcp.sendkey': options((o) => (o.option === 'mp_capable' ? o.senderKey : undefined)),
    // tshark shows the key of MP_FASTCLOSE under the same name.
    'tcp.options.mptcp.recvkey': options((o) =>
      o.option === 'mp_capable' || o.option === 'mp_fastclose' ? o.receiverKey : undefined,
    ),
    'tcp.options.mptcp.recvtok': options((o) => (o.option === 'mp_join' && o.form === 'syn' ? o.token : undefined)),
    'tcp.options.mptcp.sendrand': options((o) => (o.option === 'mp_join' && o.form !== 'ack' ? o.nonce : undefined)),
    'tcp.options.mptcp.sendtrunchmac': options((o) =>
      o.option === 'mp_join' && o.form === 'syn/ack' ? BigInt(`0x${toHex(o.hmac)}`) : undefined,
    ),
    'tcp.options.mptcp.sendhmac': tcp.options.flatMap((o) =>
      o.option === 'mp_join' && o.form === 'ack' ? [toHex(o.hmac)] : [],
    ),
    'tcp.options.mptcp.addrid': options((o) =>
      o.option === 'add_addr' || (o.option === 'mp_join' && o.form !== 'ack') ? o.addressId : undefined,
    ),
    'tcp.options.mptcp.addaddrtrunchmac': options((o) =>
      o.option === 'add_addr' && o.hmac !== undefined ? BigInt(`0x${toHex(o.hmac)}`) : undefined,
    ),
    'tcp.options.mptcp.rawdataack': options((o) => (o.option === 'dss' ? o.dataAck : undefined)),
    'tcp.options.mptcp.rawdataseqno': options((o) => (o.option === 'dss' ? o.dsn : undefined)),
    'tcp.options.mptcp.subflowseqno': options((o) => (o.option === 'dss' ? o.subflowSeq : undefined)),
    'tcp.options.mptcp.datalvllen': options((o) =>
      o.option === 'dss' || o.option === 'mp_capable' ? o.dataLength : undefined,
    ),
    // tshark 4.0 has no field for the checksum of a DSS; tcpdump and the recomputation below stand in.
    'tcp.options.mptcp.checksum': options((o) => (o.option === 'mp_capable' ? o.checksum : undefined)),
    'tcp.options.mptcp.datafin.flag': options((o) => (o.option === 'dss' ? (o.flags >> 4) & 1 : undefined)),
    'tcp.options.mptcp.rst_reason': options((o) => (o.option === 'mp_tcprst' ? o.reason : undefined)),
  };
}

const kinds: Partial<Record<TcpOption['option'], number>> = {
  eol: 0,
  nop: 1,
  mss: 2,
  window_scale: 3,
  sack_permitted: 4,
  sack: 5,
  timestamps: 8,
};

/** The kind octet of an option. */
export const kindOf = (option: TcpOption): number => kinds[option.option] ?? 30;
