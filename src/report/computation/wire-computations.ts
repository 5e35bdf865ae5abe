/**
 * Wrong computations of an implementation on the wire, whatever the subject of the case: checksums of mappings (RFC 8684
 * section 3.3.1), HMACs of MP_JOIN (section 3.2) and of ADD_ADDR (section 3.4.1). Values that depend on unknown inputs
 * are not judged: a mapping whose payload came in several segments, an upper half of a DSN, a key or a nonce that is not
 * in the trace.
 */

import { countOctets } from '../../protocol/bytes/count-octets.js';
import { hexNumber, toHex } from '../../protocol/bytes/hex.js';
import { bigEndian, equalOctets } from '../../protocol/bytes/octets.js';
import { addAddrHmac } from '../../protocol/keys/add-addr-hmac.js';
import { type DssMapping, dssChecksum } from '../../protocol/keys/dss-checksum.js';
import type { MptcpVersion } from '../../protocol/keys/hash.js';
import { joinHmac } from '../../protocol/keys/join-hmac.js';
import { initialDsn, token } from '../../protocol/keys/key-digest.js';
import { DssFlag } from '../../protocol/mptcp/option.js';
import { decodeFrame } from '../../protocol/wire/frame.js';
import type { Tcp, TcpPacket } from '../../protocol/wire/packet.js';
import type { TcpOption } from '../../protocol/wire/tcp-option.js';
import type { Plan } from '../../suite/scenario/plan.js';
import type { Trace } from '../../suite/trace/trace.js';
import { explainAddressHmac } from './address-hmac-readings.js';
import type { ExplainedComputation } from './explain-computation.js';
import { explainJoinHmac } from './join-hmac-readings.js';
import { explainMappingChecksum } from './mapping-checksum-readings.js';

export interface WrongOnTheWire {
  /** Index into the trace. */
  readonly entry: number;
  /** As a finding names it: `dss.checksum`, `mp_capable.checksum`, `mp_join.hmac`, `add_addr.hmac`. */
  readonly field: string;
  readonly computation: ExplainedComputation;
}

/** Keys of a flow's connection, and nonces of its join, as far as the trace has shown them. */
interface Keys {
  readonly implementation?: bigint | undefined;
  readonly tester?: bigint | undefined;
  readonly nonces?: { readonly [sender in Sender]?: number };
}

/** In order of the trace. */
export const wrongOnTheWire = (plan: Plan, trace: Trace): readonly WrongOnTheWire[] => {
  const version = plan.case.mptcp ?? 1;
  const flows = new Map<string, Keys>();
  return trace.flatMap(({ entry: what }, entry) => {
    if (!('frame' in what)) return [];
    const packet = decodeFrame(what.frame, plan.subtypes);
    if (packet.kind !== 'tcp') return [];
    const sender = 'event' in what ? 'implementation' : 'tester';
    const flow = flowOf(packet, sender);
    const keys = packet.tcp.options.reduce((known, option) => learn(known, option, sender, version, flows), {
      ...flows.get(flow),
    });
    flows.set(flow, keys);
    if (sender === 'tester') return [];
    return packet.tcp.options.flatMap((option) =>
      judgeOption(option, packet.tcp, keys, version).map((found) => ({ entry, ...found })),
    );
  });
};

type Sender = 'tester' | 'implementation';

/** Both ends of the flow, the tester's first. */
const flowOf = ({ ip, tcp }: TcpPacket, sender: Sender): string => {
  const ends = [`${ip.source} ${tcp.sourcePort}`, `${ip.destination} ${tcp.destinationPort}`];
  return (sender === 'tester' ? ends : ends.toReversed()).join(' ');
};

/** Learns the keys of its flow from a segment. */
const learn = (
  known: Keys,
  option: TcpOption,
  sender: Sender,
  version: MptcpVersion,
  flows: ReadonlyMap<string, Keys>,
): Keys => {
  const receiver = sender === 'tester' ? 'implementation' : 'tester';
  switch (option.option) {
    case 'mp_capable':
      return {
        ...known,
        ...(option.key === undefined ? {} : { [sender]: option.key }),
        ...(option.peerKey === undefined ? {} : { [receiver]: option.peerKey }),
      };
    case 'mp_join': {
      if (option.form === 'ack') return known;
      const nonces = { ...known.nonces, [sender]: option.nonce };
      if (option.form === 'syn/ack') return { ...known, nonces };
      const named = ({ [receiver]: key }: Keys): boolean => key !== undefined && token(version, key) === option.token;
      return { ...([...flows.values()].find(named) ?? known), nonces };
    }
    case 'mp_join_cap':
      // From here on the flow carries data of the connection that it joined.
      return {};
    default:
      return known;
  }
};

type Wrong = Omit<WrongOnTheWire, 'entry'>;

const judgeOption = (option: TcpOption, tcp: Tcp, keys: Keys, version: MptcpVersion): readonly Wrong[] => {
  switch (option.option) {
    case 'dss': {
      const { dsn, flags, ssn, dataLength, checksum } = option;
      if (dsn === undefined || ssn === undefined || dataLength === undefined || checksum === undefined) return [];
      const dataFin = (flags & DssFlag.F) === 0 ? 0 : 1;
      if (dataLength !== tcp.payload.length + dataFin) return [];
      const whole = (flags & DssFlag.m) === 0 ? wholeDsn(dsn, keys.implementation, version) : dsn;
      if (whole === undefined) return [];
      return judgeChecksum('dss.checksum', { dsn: whole, ssn, dataLength }, checksum, tcp);
    }
    case 'mp_capable': {
      const { key, dataLength, checksum } = option;
      if (key === undefined || dataLength !== tcp.payload.length || checksum === undefined) return [];
      const dsn = BigInt.asUintN(64, initialDsn(version, key) + 1n);
      return judgeChecksum('mp_capable.checksum', { dsn, ssn: 1, dataLength }, checksum, tcp);
    }
    case 'mp_join':
      return option.form === 'syn' ? [] : judgeJoin(option.hmac, keys, version);
    case 'add_addr':
      return version === 1 ? judgeAddress(option, keys) : [];
    default:
      return [];
  }
};

/** A DSN sent with 32 bits lies within half their range of the connection's first. */
const wholeDsn = (low: bigint, key: bigint | undefined, version: MptcpVersion): bigint | undefined => {
  if (key === undefined) return undefined;
  const first = initialDsn(version, key);
  return BigInt.asUintN(64, first + BigInt.asIntN(32, low - first));
};

const longestShown = 64;

const octetsText = (octets: Uint8Array): string => {
  const digits = toHex(octets.subarray(0, longestShown));
  const count = countOctets(octets.length);
  return octets.length === 0 ? 'none' : `${digits}${octets.length > longestShown ? '…' : ''} (${count})`;
};

const judgeChecksum = (field: string, mapping: DssMapping, got: number, tcp: Tcp): readonly Wrong[] => {
  const { payload, seq, checksum: tcpChecksum } = tcp;
  const expected = dssChecksum(mapping, payload);
  if (got === expected) return [];
  return [
    {
      field,
      computation: {
        expected: hexNumber(expected, 4),
        got: hexNumber(got, 4),
        rule: "Ones' complement of the sum over DSN (64 bits), subflow sequence number (32), data-level length (16), 16 zero bits, and the payload (RFC 8684 section 3.3.1)",
        inputs: [
          { name: 'DSN', value: toHex(bigEndian(mapping.dsn, 8)) },
          { name: 'subflow sequence number', value: toHex(bigEndian(BigInt(mapping.ssn), 4)) },
          { name: 'data-level length', value: toHex(bigEndian(BigInt(mapping.dataLength), 2)) },
          { name: 'payload', value: octetsText(payload) },
        ],
        given: explainMappingChecksum({ mapping, payload, seq, tcpChecksum }, got),
      },
    },
  ];
};

const judgeJoin = (got: Uint8Array, keys: Keys, version: MptcpVersion): readonly Wrong[] => {
  const { implementation: ownKey, tester: otherKey, nonces = {} } = keys;
  const { implementation: ownNonce, tester: otherNonce } = nonces;
  if (ownKey === undefined || otherKey === undefined || ownNonce === undefined || otherNonce === undefined) return [];
  const secrets = { localKey: ownKey, remoteKey: otherKey, localNonce: ownNonce, remoteNonce: otherNonce };
  const expected = joinHmac(version, secrets).subarray(0, got.length);
  if (equalOctets(got, expected)) return [];
  const inputs = { version, ownKey, otherKey, ownNonce: BigInt(ownNonce), otherNonce: BigInt(otherNonce) };
  return [
    {
      field: 'mp_join.hmac',
      computation: {
        expected: toHex(expected),
        got: toHex(got),
        rule: "HMAC over the sender's nonce and the other's, with the sender's key and the other's; the leftmost 64 bits in a SYN/ACK, 160 in the third segment (RFC 8684 section 3.2)",
        inputs: [
          { name: "sender's key", value: toHex(bigEndian(ownKey, 8)) },
          { name: "other end's key", value: toHex(bigEndian(otherKey, 8)) },
          { name: "sender's nonce", value: toHex(bigEndian(inputs.ownNonce, 4)) },
          { name: "other end's nonce", value: toHex(bigEndian(inputs.otherNonce, 4)) },
        ],
        given: explainJoinHmac(inputs, got),
      },
    },
  ];
};

const judgeAddress = (option: Extract<TcpOption, { option: 'add_addr' }>, keys: Keys): readonly Wrong[] => {
  const { addressId, address, port, hmac: got } = option;
  if (got === undefined || keys.implementation === undefined || keys.tester === undefined) return [];
  const announced = { addressId, address, ...(port === undefined ? {} : { port }) };
  const secrets = { localKey: keys.implementation, remoteKey: keys.tester, ...announced };
  const expected = addAddrHmac(secrets);
  if (equalOctets(got, expected)) return [];
  return [
    {
      field: 'add_addr.hmac',
      computation: {
        expected: toHex(expected),
        got: toHex(got),
        rule: "HMAC-SHA256 over address ID, address and port (0 where none is announced) with the announcer's key and then the other's; the rightmost 64 bits (RFC 8684 section 3.4.1)",
        inputs: [
          { name: "announcer's key", value: toHex(bigEndian(secrets.localKey, 8)) },
          { name: "other end's key", value: toHex(bigEndian(secrets.remoteKey, 8)) },
          { name: 'address ID', value: hexNumber(addressId, 2) },
          { name: 'address', value: toHex(address) },
          { name: 'port', value: port === undefined ? '0000 (none announced)' : toHex(bigEndian(BigInt(port), 2)) },
        ],
        given: explainAddressHmac(secrets, got),
      },
    },
  ];
};
