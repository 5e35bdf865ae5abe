/**
 * The fields by which tshark and our decoder are compared: under each of tshark's names, what we have for it. Names that only
 * some versions of tshark know are not among them, for tshark refuses a question with a name that it does not know.
 *
 * What tshark 4.0 does in its own way:
 * - The key of MP_FASTCLOSE has the name of the receiver's key of MP_CAPABLE.
 * - The checksum of a DSS has no name; that of the first data of v1, in MP_CAPABLE, has one.
 * - The options of the RobE draft have none but their subtypes.
 * - It reads on behind the end of the option list, and takes each zero there for one more end.
 */
import { toHex } from '../../../protocol/bytes/hex.js';
import { mptcpNumber } from '../../../protocol/mptcp/codec.js';
import { defaultDraftSubtypes, isMptcp } from '../../../protocol/mptcp/option.js';
import { ipv4Text, ipv6Text } from '../../../protocol/wire/address.js';
import type { Ip, Tcp } from '../../../protocol/wire/packet.js';
import { kindOf, type TcpOption } from '../../../protocol/wire/tcp-option.js';

/** Numbers are compared as numbers, texts (addresses, octets in hex) as texts. */
export type FieldValue = number | bigint | string;

type Views<T> = Readonly<Record<string, (of: T) => FieldValue | undefined>>;

const ofIpv4: Views<Ip> = {
  'ip.src': (ip) => ip.source,
  'ip.dst': (ip) => ip.destination,
  'ip.dsfield': (ip) => ip.trafficClass,
  'ip.len': (ip) => ip.length,
  'ip.id': (ip) => ip.identification,
  'ip.ttl': (ip) => ip.ttl,
  'ip.proto': (ip) => ip.protocol,
  'ip.checksum': (ip) => ip.checksum,
  'ip.checksum.status': (ip) => (ip.checksumState === 'valid' ? 1 : 0),
};

const ofIpv6: Views<Ip> = {
  'ipv6.src': (ip) => ip.source,
  'ipv6.dst': (ip) => ip.destination,
  'ipv6.tclass': (ip) => ip.trafficClass,
  'ipv6.flow': (ip) => ip.flowLabel,
  'ipv6.plen': (ip) => ip.length,
  'ipv6.hlim': (ip) => ip.ttl,
};

const ofTcp: Views<Tcp> = {
  'tcp.srcport': (tcp) => tcp.sourcePort,
  'tcp.dstport': (tcp) => tcp.destinationPort,
  'tcp.seq_raw': (tcp) => tcp.seq,
  'tcp.ack_raw': (tcp) => tcp.ack,
  'tcp.hdr_len': (tcp) => tcp.dataOffset * 4,
  'tcp.flags': (tcp) => (tcp.reserved << 8) | tcp.flags,
  'tcp.window_size_value': (tcp) => tcp.window,
  'tcp.checksum': (tcp) => tcp.checksum,
  'tcp.checksum.status': (tcp) => (tcp.checksumState === 'valid' ? 1 : 0),
  'tcp.urgent_pointer': (tcp) => tcp.urgent,
  'tcp.len': (tcp) => tcp.payload.length,
};

const number = (octets: Uint8Array): bigint => BigInt(`0x${toHex(octets)}`);

const ofOption: Readonly<Record<string, (option: TcpOption) => FieldValue | readonly FieldValue[] | undefined>> = {
  'tcp.option_kind': (o) => (o.option === 'eol' ? [0, ...o.padding] : kindOf(o)),
  'tcp.options.mss_val': (o) => (o.option === 'mss' ? o.value : undefined),
  'tcp.options.wscale.shift': (o) => (o.option === 'window_scale' ? o.shift : undefined),
  'tcp.options.timestamp.tsval': (o) => (o.option === 'timestamps' ? o.value : undefined),
  'tcp.options.timestamp.tsecr': (o) => (o.option === 'timestamps' ? o.echo : undefined),
  'tcp.options.mptcp.subtype': subtypeOf,
  'tcp.options.mptcp.version': (o) => (o.option === 'mp_capable' ? o.version : undefined),
  'tcp.options.mptcp.sendkey': (o) => (o.option === 'mp_capable' ? o.key : undefined),
  'tcp.options.mptcp.recvkey': (o) =>
    o.option === 'mp_capable' || o.option === 'mp_fastclose' ? o.peerKey : undefined,
  'tcp.options.mptcp.recvtok': (o) => (o.option === 'mp_join' && o.form === 'syn' ? o.token : undefined),
  'tcp.options.mptcp.sendrand': (o) => (o.option === 'mp_join' && o.form !== 'ack' ? o.nonce : undefined),
  'tcp.options.mptcp.sendtrunchmac': (o) =>
    o.option === 'mp_join' && o.form === 'syn/ack' ? number(o.hmac) : undefined,
  'tcp.options.mptcp.sendhmac': (o) => (o.option === 'mp_join' && o.form === 'ack' ? toHex(o.hmac) : undefined),
  'tcp.options.mptcp.addrid': addressIdsOf,
  'tcp.options.mptcp.ipv4': (o) =>
    o.option === 'add_addr' && o.address.length === 4 ? ipv4Text(o.address, 0) : undefined,
  'tcp.options.mptcp.ipv6': (o) =>
    o.option === 'add_addr' && o.address.length === 16 ? ipv6Text(o.address, 0) : undefined,
  'tcp.options.mptcp.port': (o) => (o.option === 'add_addr' ? o.port : undefined),
  'tcp.options.mptcp.addaddrtrunchmac': (o) =>
    o.option === 'add_addr' && o.hmac !== undefined ? number(o.hmac) : undefined,
  'tcp.options.mptcp.rawdataack': (o) => (o.option === 'dss' ? o.ack : undefined),
  'tcp.options.mptcp.rawdataseqno': (o) => (o.option === 'dss' || o.option === 'mp_fail' ? o.dsn : undefined),
  'tcp.options.mptcp.subflowseqno': (o) => (o.option === 'dss' ? o.ssn : undefined),
  'tcp.options.mptcp.datalvllen': (o) => (o.option === 'dss' || o.option === 'mp_capable' ? o.dataLength : undefined),
  'tcp.options.mptcp.checksum': (o) => (o.option === 'mp_capable' ? o.checksum : undefined),
  'tcp.options.mptcp.datafin.flag': (o) => (o.option === 'dss' ? (o.flags >> 4) & 1 : undefined),
  'tcp.options.mptcp.rst_reason': (o) => (o.option === 'mp_tcprst' ? o.reason : undefined),
};

/** Every name that tshark is asked for. */
export const tsharkFieldNames: readonly string[] = [ofIpv4, ofIpv6, ofTcp, ofOption].flatMap((views) =>
  Object.keys(views),
);

/** Fields of a packet with our values, in the order in which they stand in it. */
export type OurFields = readonly (readonly [field: string, values: readonly FieldValue[]])[];

const list = (value: FieldValue | readonly FieldValue[] | undefined): readonly FieldValue[] =>
  value === undefined ? [] : typeof value === 'object' ? value : [value];

const seen = <T>(views: Views<T>, of: T): OurFields =>
  Object.entries(views).map(([field, view]) => [field, list(view(of))]);

export const headerFields = (ip: Ip, tcp: Tcp): OurFields => [
  ...seen(ip.version === 4 ? ofIpv4 : ofIpv6, ip),
  ...seen(ofTcp, tcp),
];

export const optionFields = (options: readonly TcpOption[]): OurFields =>
  Object.entries(ofOption).map(([field, view]) => [field, options.flatMap((option) => list(view(option)))]);

function subtypeOf(option: TcpOption): number | undefined {
  if (option.option === 'mptcp_unknown') return option.subtype;
  return isMptcp(option) ? mptcpNumber(option.option, defaultDraftSubtypes) : undefined;
}

function addressIdsOf(option: TcpOption): FieldValue | readonly FieldValue[] | undefined {
  switch (option.option) {
    case 'add_addr':
    case 'mp_prio':
      return option.addressId;
    case 'remove_addr':
      return option.addressIds;
    case 'mp_join':
      return option.form === 'ack' ? undefined : option.addressId;
    default:
      return undefined;
  }
}
