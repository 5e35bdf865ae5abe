/**
 * The words of the case language for TCP and MPTCP options: for each option its fields, their width in bits, and how they
 * are read from a decoded option. One table serves the schema, the composer and the matcher.
 */
import { DssFlag, MpCapableFlag } from '../../protocol/mptcp/option.js';
import type { TcpOption } from '../../protocol/wire/tcp-option.js';
import type { Value } from './expression.js';

export interface OptionField {
  /** Width of the number in bits, or of the octets. */
  readonly bits: number;
  /** Its width in a given option, where the option itself decides. */
  readonly bitsIn?: (option: TcpOption) => number;
  readonly meaning: string;
  /** The field of a decoded option; undefined when the option is there but has no such field. */
  read(option: TcpOption): Value | undefined;
}

export interface OptionWords {
  readonly meaning: string;
  readonly fields: Readonly<Record<string, OptionField>>;
}

type Named<N extends TcpOption['option']> = Extract<TcpOption, { option: N }>;

/** A field of one option, read only from options of that name. */
function field<N extends TcpOption['option']>(
  name: N,
  bits: number,
  meaning: string,
  read: (option: Named<N>) => bigint | number | boolean | Uint8Array | undefined,
): OptionField {
  return {
    bits,
    meaning,
    read: (option) => {
      if (option.option !== name) return undefined;
      const value = read(option as Named<N>);
      if (value === undefined || typeof value === 'bigint' || value instanceof Uint8Array) return value;
      return BigInt(value);
    },
  };
}

const capableFlag = (bit: number, meaning: string) => field('mp_capable', 1, meaning, (o) => (o.flags & bit) !== 0);

const reserved = <
  N extends
    | 'mp_prio'
    | 'mp_fail'
    | 'mp_fastclose'
    | 'remove_addr'
    | 'robe_esim_en'
    | 'mp_join_cap'
    | 'l_rtt_en'
    | 'mp_join',
>(
  name: N,
  bits: number,
) => field(name, bits, 'reserved bits', (o) => (o as { readonly reserved: number }).reserved);

export const optionLanguage: Readonly<Record<string, OptionWords>> = {
  mss: { meaning: 'maximum segment size', fields: { value: field('mss', 16, 'octets', (o) => o.value) } },
  window_scale: { meaning: 'window scale', fields: { shift: field('window_scale', 8, 'shift count', (o) => o.shift) } },
  sack_permitted: { meaning: 'SACK permitted', fields: {} },
  timestamps: {
    meaning: 'timestamps',
    fields: {
      value: field('timestamps', 32, 'TSval', (o) => o.value),
      echo: field('timestamps', 32, 'TSecr', (o) => o.echo),
    },
  },
  mp_capable: {
    meaning: 'MP_CAPABLE; the fields present decide its length',
    fields: {
      version: field('mp_capable', 4, 'version nibble', (o) => o.version),
      flags: field('mp_capable', 8, 'the whole flag octet', (o) => o.flags),
      a: capableFlag(MpCapableFlag.A, 'checksum required'),
      b: capableFlag(MpCapableFlag.B, 'extensibility'),
      c: capableFlag(MpCapableFlag.C, 'no further subflows to this address and port'),
      h: capableFlag(MpCapableFlag.H, 'HMAC algorithm of the version'),
      key: field('mp_capable', 64, "sender's key", (o) => o.key),
      peer_key: field('mp_capable', 64, "receiver's key", (o) => o.peerKey),
      data_length: field('mp_capable', 16, 'data-level length', (o) => o.dataLength),
      checksum: field('mp_capable', 16, 'checksum; auto computes it', (o) => o.checksum),
    },
  },
  mp_join: {
    meaning: 'MP_JOIN; the segment decides its form',
    fields: {
      backup: field('mp_join', 1, 'B bit', (o) => (o.form === 'ack' ? undefined : o.backup)),
      reserved: reserved('mp_join', 12),
      address_id: field('mp_join', 8, 'Address ID', (o) => (o.form === 'ack' ? undefined : o.addressId)),
      token: field('mp_join', 32, "receiver's token", (o) => (o.form === 'syn' ? o.token : undefined)),
      nonce: field('mp_join', 32, "sender's nonce", (o) => (o.form === 'ack' ? undefined : o.nonce)),
      hmac: field('mp_join', 160, 'HMAC', (o) => (o.form === 'syn' ? undefined : o.hmac)),
    },
  },
  dss: {
    meaning: 'DSS: Data ACK and mapping',
    fields: {
      reserved: field('dss', 4, 'reserved nibble', (o) => o.reserved ?? 0),
      fin: field('dss', 1, 'DATA_FIN', (o) => (o.flags & DssFlag.F) !== 0),
      ack: {
        ...field('dss', 64, 'Data ACK', (o) => o.ack),
        bitsIn: (o) => (o.option === 'dss' && (o.flags & DssFlag.a) === 0 ? 32 : 64),
      },
      ack_octets: field('dss', 8, 'width of the Data ACK, 4 or 8', (o) =>
        o.ack === undefined ? undefined : (o.flags & DssFlag.a) !== 0 ? 8 : 4,
      ),
      dsn: {
        ...field('dss', 64, 'data sequence number', (o) => o.dsn),
        bitsIn: (o) => (o.option === 'dss' && (o.flags & DssFlag.m) === 0 ? 32 : 64),
      },
      dsn_octets: field('dss', 8, 'width of the DSN, 4 or 8', (o) =>
        o.dsn === undefined ? undefined : (o.flags & DssFlag.m) !== 0 ? 8 : 4,
      ),
      ssn: field('dss', 32, 'relative subflow sequence number', (o) => o.ssn),
      data_length: field('dss', 16, 'data-level length; sending: the payload when absent', (o) => o.dataLength),
      checksum: field('dss', 16, 'checksum; auto computes it', (o) => o.checksum),
    },
  },
  add_addr: {
    meaning: 'ADD_ADDR',
    fields: {
      nibble: field('add_addr', 4, 'low nibble: v1 echo bit, v0 IP version', (o) => o.nibble),
      address_id: field('add_addr', 8, 'Address ID', (o) => o.addressId),
      address: field('add_addr', 128, 'address octets', (o) => o.address),
      port: field('add_addr', 16, 'port', (o) => o.port),
      hmac: field('add_addr', 64, 'truncated HMAC', (o) => o.hmac),
    },
  },
  remove_addr: {
    meaning: 'REMOVE_ADDR',
    fields: {
      reserved: reserved('remove_addr', 4),
      address_id: field('remove_addr', 8, 'first Address ID', (o) => o.addressIds[0]),
    },
  },
  mp_prio: {
    meaning: 'MP_PRIO',
    fields: {
      backup: field('mp_prio', 1, 'B bit', (o) => o.backup),
      reserved: reserved('mp_prio', 3),
      address_id: field('mp_prio', 8, 'Address ID (v0)', (o) => o.addressId),
    },
  },
  mp_fail: {
    meaning: 'MP_FAIL',
    fields: { reserved: reserved('mp_fail', 12), dsn: field('mp_fail', 64, 'data sequence number', (o) => o.dsn) },
  },
  mp_fastclose: {
    meaning: 'MP_FASTCLOSE',
    fields: {
      reserved: reserved('mp_fastclose', 12),
      peer_key: field('mp_fastclose', 64, "the option receiver's key", (o) => o.peerKey),
    },
  },
  mp_tcprst: {
    meaning: 'MP_TCPRST (v1)',
    fields: {
      flags: field('mp_tcprst', 4, 'flags UVWT', (o) => o.flags),
      reason: field('mp_tcprst', 8, 'reason code', (o) => o.reason),
    },
  },
  robe_esim_en: { meaning: 'ROBE_eSIM_EN (draft)', fields: { reserved: reserved('robe_esim_en', 12) } },
  mp_join_cap: {
    meaning: 'MP_JOIN_CAP (draft)',
    fields: {
      reserved: reserved('mp_join_cap', 4),
      address_id: field('mp_join_cap', 8, 'Address ID', (o) => o.addressId),
      key: field('mp_join_cap', 64, 'Key-A of the elected initial flow', (o) => o.key),
      mac: field('mp_join_cap', 160, 'MAC with the fast hash in its low 10 bits', (o) => o.mac),
    },
  },
  l_rtt_en: {
    meaning: 'L_RTT_EN (draft)',
    fields: {
      reserved: reserved('l_rtt_en', 12),
      rtt: field('l_rtt_en', 96, 'latest RTT', (o) => o.rtt),
      octets: field('l_rtt_en', 8, 'width of the value: 4, 8 or 12', (o) => o.octets),
    },
  },
  mptcp_unknown: {
    meaning: 'kind 30 with a subtype of its own',
    fields: {
      subtype: field('mptcp_unknown', 4, 'subtype', (o) => o.subtype),
      nibble: field('mptcp_unknown', 4, 'low nibble of octet 2', (o) => o.nibble),
      data: field('mptcp_unknown', 320, 'octets behind it', (o) => o.data),
    },
  },
  unknown: {
    meaning: 'an option of another kind',
    fields: {
      kind: field('unknown', 8, 'option kind', (o) => o.kind),
      data: field('unknown', 320, 'octets behind kind and length', (o) => o.data),
    },
  },
};

/**
 * Fields that any kind-30 option may carry when sending, to write it wrong on purpose: `length` cuts or zero-fills the
 * option to that many octets and says so in its length octet; `length_octet` only lies.
 */
export const wrongFields: Readonly<Record<string, string>> = {
  length: 'sending: the option is cut or filled with zeros to this many octets',
  length_octet: 'sending: what the length octet says, whatever the option holds',
};

/** TCP header fields of a segment: name, width in bits. `reserved` are the four bits behind the data offset. */
export const headerFields: Readonly<Record<string, { readonly bits: number; readonly meaning: string }>> = {
  seq: { bits: 32, meaning: 'sequence number' },
  ack: { bits: 32, meaning: 'acknowledgment number' },
  flags: { bits: 8, meaning: 'the whole flag octet' },
  window: { bits: 16, meaning: 'window as on the wire' },
  urgent: { bits: 16, meaning: 'urgent pointer' },
  reserved: { bits: 4, meaning: 'reserved bits' },
  checksum: { bits: 16, meaning: 'checksum as on the wire' },
  data_offset: { bits: 4, meaning: 'header length in 32-bit words' },
};
