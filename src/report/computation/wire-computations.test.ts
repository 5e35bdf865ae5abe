import { expect } from 'chai';
import { toHex } from '../../protocol/bytes/hex.js';
import { bigEndian } from '../../protocol/bytes/octets.js';
import { addAddrHmac } from '../../protocol/keys/add-addr-hmac.js';
import { dssChecksum } from '../../protocol/keys/dss-checksum.js';
import { hmac } from '../../protocol/keys/hash.js';
import { initialDsn, token } from '../../protocol/keys/key-digest.js';
import { DssFlag } from '../../protocol/mptcp/option.js';
import { encodeTcpFrame } from '../../protocol/wire/frame.js';
import { TcpFlag } from '../../protocol/wire/packet.js';
import { seq } from '../../protocol/wire/seq.js';
import type { TcpOption } from '../../protocol/wire/tcp-option.js';
import { planOf, serverCase } from '../../suite/testing/dialogue.js';
import type { Trace, TraceEntry } from '../../suite/trace/trace.js';
import { wrongOnTheWire } from './wire-computations.js';

const plan = planOf(serverCase('\n- send: {on: 1, segment: SYN}\n', '  mptcp: 1\n'));
const [testerKey, ownKey] = [0x0102030405060708n, 0x1112131415161718n];
const dsn = initialDsn(1, ownKey) + 1n;
const isn = 7000;

interface Sent {
  readonly from: 'tester' | 'implementation';
  readonly port?: number;
  readonly options: readonly TcpOption[];
  readonly payload?: Uint8Array;
}

const entryOf = ({ from, port = 40_000, options, payload = new Uint8Array(0) }: Sent): TraceEntry => {
  const tester = { address: '192.0.2.1', mac: '02:00:00:00:00:01', port };
  const host = { address: '192.0.2.2', mac: '02:00:00:00:00:02', port: 80 };
  const [source, destination] = from === 'tester' ? [tester, host] : [host, tester];
  const frame = encodeTcpFrame(
    {
      ethernet: { source: source.mac, destination: destination.mac },
      ip: { source: source.address, destination: destination.address },
      tcp: {
        sourcePort: source.port,
        destinationPort: destination.port,
        seq: seq(isn + 1),
        ack: seq(1),
        flags: TcpFlag.ACK,
        options,
        payload,
      },
    },
    plan.subtypes,
  );
  return from === 'tester'
    ? { at: 0n, entry: { action: 'send', path: 1, frame } }
    : { at: 0n, entry: { event: 'frame', at: 0n, error: 0n, path: 1, frame } };
};

/** Both ends name their keys, and then the implementation sends what is given. */
const afterKeys = (...sent: readonly Omit<Sent, 'from'>[]): Trace =>
  [
    { from: 'implementation' as const, options: [capable(ownKey)] },
    { from: 'tester' as const, options: [capable(testerKey, ownKey)] },
    ...sent.map((each) => ({ from: 'implementation' as const, ...each })),
  ].map(entryOf);

const capable = (key: bigint, peerKey?: bigint): TcpOption => ({
  option: 'mp_capable',
  version: 1,
  flags: 0x81,
  key,
  ...(peerKey === undefined ? {} : { peerKey }),
});

const payload = new TextEncoder().encode('RobE is told');
const odd = new TextEncoder().encode('RobE!');
const mapping = { dsn, ssn: 1, dataLength: payload.length };
const dss = (checksum: number, more: Partial<Extract<TcpOption, { option: 'dss' }>> = {}): TcpOption => ({
  option: 'dss',
  flags: DssFlag.M | DssFlag.m,
  ...mapping,
  checksum,
  ...more,
});
const words = (octets: Uint8Array): number => {
  let sum = 0;
  for (let at = 0; at < octets.length; at += 2) sum += ((octets[at] ?? 0) << 8) | (octets[at + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return sum;
};
const told = (trace: Trace): readonly string[] =>
  wrongOnTheWire(plan, trace).flatMap(({ field, computation: { given } }) => given.map((each) => `${field}: ${each}`));
const mapped = (checksum: number, more: Partial<Extract<TcpOption, { option: 'dss' }>> = {}, data = payload): Trace =>
  afterKeys({ options: [dss(checksum, more)], payload: data });

describe('what was computed wrongly on the wire', () => {
  const right = dssChecksum(mapping, payload);
  const sums = [
    ['without the pseudo-header', words(payload) ^ 0xffff],
    ['without the payload', dssChecksum(mapping, new Uint8Array(0))],
    ['the DSN cut to its low 32 bits', dssChecksum({ ...mapping, dsn: dsn & 0xffff_ffffn }, payload)],
    [
      'the sequence number of the TCP header in place of the relative one',
      dssChecksum({ ...mapping, ssn: isn + 1 }, payload),
    ],
    ['the sum without its complement', right ^ 0xffff],
    ['the octets of the checksum exchanged', ((right & 0xff) << 8) | (right >> 8)],
    ['left zero', 0],
  ] as const;
  for (const [why, sum] of sums)
    it(`finds a mapping's checksum ${why}`, () => expect(told(mapped(sum))).to.deep.equal([`dss.checksum: ${why}`]));

  it('finds an odd payload padded on the wrong side', () => {
    const over = { ...mapping, dataLength: odd.length };
    const sum = dssChecksum(over, Uint8Array.from([0, ...odd]));
    expect(told(mapped(sum, { dataLength: odd.length }, odd))).to.deep.equal([
      'dss.checksum: an odd payload padded in front',
    ]);
  });

  it('says with which inputs, what is right and what came', () => {
    const [found] = wrongOnTheWire(plan, mapped(0));
    expect(found?.entry).to.equal(2);
    expect(found?.computation).to.deep.include({ expected: `0x${right.toString(16).padStart(4, '0')}`, got: '0x0000' });
    expect(found?.computation.inputs[0]).to.deep.equal({ name: 'DSN', value: toHex(bigEndian(dsn, 8)) });
  });

  it('takes the upper half of a short DSN from the key, and judges nothing without it', () => {
    const short = dss(right, { flags: DssFlag.M, dsn: dsn & 0xffff_ffffn });
    expect(wrongOnTheWire(plan, afterKeys({ options: [short], payload }))).to.deep.equal([]);
    const cut = dss(1, { flags: DssFlag.M, dsn: dsn & 0xffff_ffffn });
    expect(wrongOnTheWire(plan, afterKeys({ options: [cut], payload }))).to.have.length(1);
    expect(wrongOnTheWire(plan, afterKeys({ options: [cut], payload, port: 40_001 }))).to.deep.equal([]);
  });

  it('does not judge a mapping of which the segment has only a part, nor what the tester sends', () => {
    expect(wrongOnTheWire(plan, mapped(0, { dataLength: 99 }))).to.deep.equal([]);
    expect(wrongOnTheWire(plan, [entryOf({ from: 'tester', options: [dss(0)], payload })])).to.deep.equal([]);
  });

  it('counts a DATA_FIN as an octet of the mapping', () => {
    const over = { ...mapping, dataLength: payload.length + 1 };
    const fin = { flags: DssFlag.M | DssFlag.m | DssFlag.F, dataLength: over.dataLength };
    expect(wrongOnTheWire(plan, mapped(dssChecksum(over, payload), fin))).to.deep.equal([]);
    expect(told(mapped(right, fin))).to.deep.equal([
      'dss.checksum: DSN, subflow sequence number or length one too low',
    ]);
  });

  const announced = { addressId: 5, address: Uint8Array.of(192, 0, 2, 7) };
  const announcing = (of: Uint8Array, more: { readonly port?: number } = {}): Omit<Sent, 'from'> => ({
    options: [{ option: 'add_addr', nibble: 0, ...announced, ...more, hmac: of }],
  });
  const keys = (...each: readonly bigint[]) => Buffer.concat(each.map((key) => bigEndian(key, 8)));
  const message = Uint8Array.of(5, 192, 0, 2, 7, 0, 0);
  const hmacs = [
    ['the keys in the wrong order', hmac('sha256', keys(testerKey, ownKey), message).subarray(-8)],
    ['cut from the left end of the digest', hmac('sha256', keys(ownKey, testerKey), message).subarray(0, 8)],
    ['cut from the right end of the first 160 bits', hmac('sha256', keys(ownKey, testerKey), message).subarray(12, 20)],
    ['no port in place of port 0', hmac('sha256', keys(ownKey, testerKey), message.subarray(0, 5)).subarray(-8)],
    ['sha1 in place of sha256', hmac('sha1', keys(ownKey, testerKey), message).subarray(-8)],
  ] as const;
  for (const [why, octets] of hmacs)
    it(`finds an HMAC of ADD_ADDR: ${why}`, () =>
      expect(told(afterKeys(announcing(octets)))).to.deep.equal([`add_addr.hmac: ${why}`]));

  it('has nothing to say of a right one, with port or without, nor of one whose keys are not known', () => {
    const secrets = { localKey: ownKey, remoteKey: testerKey, ...announced };
    const [plain, ported] = [addAddrHmac(secrets), addAddrHmac({ ...secrets, port: 8080 })];
    expect(wrongOnTheWire(plan, afterKeys(announcing(plain), announcing(ported, { port: 8080 })))).to.deep.equal([]);
    expect(wrongOnTheWire(plan, afterKeys({ ...announcing(ported), port: 40_002 }))).to.deep.equal([]);
  });

  it('knows the keys of a flow that joined by its token', () => {
    const join: TcpOption = {
      option: 'mp_join',
      form: 'syn',
      backup: false,
      reserved: 0,
      addressId: 1,
      token: token(1, ownKey),
      nonce: 1,
    };
    const trace = [
      ...afterKeys(),
      entryOf({ from: 'tester', port: 40_001, options: [join] }),
      entryOf({ from: 'implementation', ...announcing(new Uint8Array(8)), port: 40_001 }),
    ];
    expect(wrongOnTheWire(plan, trace)).to.have.length(1);
  });
});
