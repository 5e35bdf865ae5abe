/** Arbitrary option values and drafts for property tests: everything that has a form on the wire, reserved bits included. */
import fc from 'fast-check';
import type { MptcpOption } from '../mptcp/option.js';
import type { TcpDraft } from '../wire/packet.js';
import { seq } from '../wire/seq.js';
import type { TcpOption } from '../wire/tcp-option.js';

const bits = (count: number): fc.Arbitrary<number> => fc.integer({ min: 0, max: 2 ** count - 1 });
const long = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const octets = (least: number, most: number = least): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: least, maxLength: most });
const name = <N extends string>(value: N): fc.Arbitrary<N> => fc.constant(value);

const mpCapable = fc
  .record({ option: name('mp_capable'), version: bits(4), flags: bits(8), key: long, peerKey: long })
  .chain((full) => {
    const { peerKey: _, ...one } = full;
    const { key: __, ...none } = one;
    const v1 = { ...full, version: 1 } as const;
    return fc.oneof(
      fc.constantFrom(full, one, { ...none, version: 1 }),
      bits(16).map((dataLength) => ({ ...v1, dataLength })),
      fc.tuple(bits(16), bits(16)).map(([dataLength, checksum]) => ({ ...v1, dataLength, checksum })),
    );
  });

const join = { option: name('mp_join'), backup: fc.boolean(), reserved: bits(3), addressId: bits(8), nonce: bits(32) };
const mpJoin = fc.oneof(
  fc.record({ ...join, form: name('syn'), token: bits(32) }),
  fc.record({ ...join, form: name('syn/ack'), hmac: octets(8) }),
  fc.record({ option: name('mp_join'), form: name('ack'), reserved: bits(12), hmac: octets(20) }),
);

/** Fields follow from the flags; the checksum is free. */
const dss = fc
  .record({
    reserved: bits(4),
    flags: bits(8),
    ack: long,
    dsn: long,
    ssn: bits(32),
    dataLength: bits(16),
    checksum: fc.option(bits(16), { nil: undefined }),
  })
  .map((all): MptcpOption => {
    const cut = (value: bigint, wide: number): bigint => (all.flags & wide ? value : BigInt.asUintN(32, value));
    const { dsn, ssn, dataLength, checksum } = all;
    return {
      option: 'dss',
      flags: all.flags,
      ...(all.reserved === 0 ? {} : { reserved: all.reserved }),
      ...(all.flags & 1 ? { ack: cut(all.ack, 2) } : {}),
      ...(all.flags & 4 ? { dsn: cut(dsn, 8), ssn, dataLength } : {}),
      ...(all.flags & 4 && checksum !== undefined ? { checksum } : {}),
    };
  });

const addAddr = fc.record(
  {
    option: name('add_addr'),
    nibble: bits(4),
    addressId: bits(8),
    address: fc.oneof(octets(4), octets(16)),
    port: bits(16),
    hmac: octets(8),
  },
  { requiredKeys: ['option', 'nibble', 'addressId', 'address'] },
);

const lRttEn = fc
  .tuple(fc.constantFrom(4 as const, 8 as const, 12 as const), bits(12), fc.bigInt({ min: 0n, max: 2n ** 96n - 1n }))
  .map(([count, reserved, rtt]) => ({
    option: 'l_rtt_en' as const,
    reserved,
    rtt: BigInt.asUintN(count * 8, rtt),
    octets: count,
  }));

const anyMptcpOption: fc.Arbitrary<MptcpOption> = fc.oneof(
  mpCapable,
  mpJoin,
  dss,
  addAddr,
  fc.record({
    option: name('remove_addr'),
    reserved: bits(4),
    addressIds: fc.array(bits(8), { minLength: 1, maxLength: 8 }),
  }),
  fc.record(
    { option: name('mp_prio'), backup: fc.boolean(), reserved: bits(3), addressId: bits(8) },
    { requiredKeys: ['option', 'backup', 'reserved'] },
  ),
  fc.record({ option: name('mp_fail'), reserved: bits(12), dsn: long }),
  fc.record({ option: name('mp_fastclose'), reserved: bits(12), peerKey: long }),
  fc.record({ option: name('mp_tcprst'), flags: bits(4), reason: bits(8) }),
  fc.record({ option: name('robe_esim_en'), reserved: bits(12) }),
  fc.record({
    option: name('mp_join_cap'),
    reserved: bits(4),
    addressId: bits(8),
    key: long,
    mac: octets(12, 20),
  }),
  lRttEn,
  fc.record({
    option: name('mptcp_unknown'),
    subtype: fc.integer({ min: 12, max: 15 }),
    nibble: bits(4),
    data: octets(0, 20),
  }),
);

/** Everything that decodes to itself; an end of list only stands at the end. */
export const anyOption: fc.Arbitrary<TcpOption> = fc.oneof(
  anyMptcpOption,
  fc.record({ option: name('nop') }),
  fc.record({ option: name('mss'), value: bits(16) }),
  fc.record({ option: name('window_scale'), shift: bits(8) }),
  fc.record({ option: name('sack_permitted') }),
  fc.record({ option: name('timestamps'), value: bits(32), echo: bits(32) }),
  fc.record({
    option: name('sack'),
    blocks: fc.array(fc.record({ left: bits(32), right: bits(32) }), { maxLength: 4 }),
  }),
  fc.record({
    option: name('unknown'),
    kind: bits(8).filter((kind) => kind > 8 && kind !== 30),
    data: octets(0, 12),
  }),
);

const ipv4 = fc.tuple(bits(8), bits(8), bits(8), bits(8)).map((parts) => parts.join('.'));
/** In full form without leading zeros, and no word 0, so that it is canonical, too. */
const ipv6 = fc
  .array(fc.integer({ min: 1, max: 0xffff }), { minLength: 8, maxLength: 8 })
  .map((words) => words.map((word) => word.toString(16)).join(':'));
const mac = octets(6).map((parts) => Array.from(parts, (part) => part.toString(16).padStart(2, '0')).join(':'));
const ends = (one: fc.Arbitrary<string>) => fc.record({ source: one, destination: one });

/** Drafts that leave lengths and checksums to be computed. */
export const anyDraft: fc.Arbitrary<TcpDraft> = fc.record({
  ethernet: ends(mac),
  ip: fc.oneof(ends(ipv4), ends(ipv6)).chain((ip) => bits(8).map((ttl) => ({ ...ip, ttl }))),
  tcp: fc.record({
    sourcePort: bits(16),
    destinationPort: bits(16),
    seq: bits(32).map(seq),
    ack: bits(32).map(seq),
    flags: bits(8),
    reserved: bits(4),
    window: bits(16),
    urgent: bits(16),
    options: fc.array(anyOption, { maxLength: 5 }),
    payload: octets(0, 40),
  }),
});
