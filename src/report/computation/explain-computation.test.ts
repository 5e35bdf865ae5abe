import { expect } from 'chai';
import { toHex } from '../../protocol/bytes/hex.js';
import { bigEndian } from '../../protocol/bytes/octets.js';
import { digest, hmac } from '../../protocol/keys/hash.js';
import { defaultJoinCapLayout, joinCapMac } from '../../protocol/keys/join-cap-mac.js';
import { simulatedRun } from '../html/testing/simulated-report.js';
import { type ComputationContext, explainComputation } from './explain-computation.js';

const [A, B, B2, RA, RB] = [0x0102030405060708n, 0x1112131415161718n, 0x2122232425262728n, 0x0a0b0c0dn, 0x1a1b1c1dn];
const context: ComputationContext = { version: 1, joinCap: defaultJoinCapLayout, keys: [] };
const inputs = (values: Readonly<Record<string, bigint>>) =>
  Object.entries(values).map(([name, value]) => ({ name, value: `0x${value.toString(16)}` }));

const given = (expression: string, values: Readonly<Record<string, bigint>>, got: string, within = context) =>
  explainComputation({ computed: { expression, inputs: inputs(values) }, expected: '', got }, within)?.given;

const hmacA = (got: Uint8Array) => given('hmac_a(A, B, RA, RB)', { A, B, RA, RB }, toHex(got));
const capMac = (layout: Partial<typeof defaultJoinCapLayout>, keys = { keyA: A, keyB: B, keyB2: B2 }) =>
  given(
    'cap_mac(A, B, B2)',
    { A, B, B2 },
    toHex(joinCapMac({ version: 1, ...keys, layout: { ...defaultJoinCapLayout, ...layout } })),
    { ...context, keys: [{ name: 'the key of path 3', key: 99n }] },
  );

const key = (...keys: readonly bigint[]) => Buffer.concat(keys.map((each) => bigEndian(each, 8)));
/** The upper 32 bits of each key. */
const halves = (...keys: readonly bigint[]) => nonces(...keys.map((each) => each >> 32n));
const nonces = (...each: readonly bigint[]) => Buffer.concat(each.map((nonce) => bigEndian(nonce, 4)));

describe('the computation that gives a wrong value', function () {
  this.timeout(180_000);

  const joins = [
    ['the keys in the wrong order', hmac('sha256', key(B, A), nonces(RA, RB)).subarray(0, 20)],
    ['the nonces in the wrong order', hmac('sha256', key(A, B), nonces(RB, RA)).subarray(0, 20)],
    ['the HMAC of the other end', hmac('sha256', key(B, A), nonces(RB, RA)).subarray(0, 20)],
    ['sha1 in place of sha256', hmac('sha1', key(A, B), nonces(RA, RB)).subarray(0, 20)],
    ['cut from the right end of the digest', hmac('sha256', key(A, B), nonces(RA, RB)).subarray(-20)],
    ['only the first half of each key', hmac('sha256', halves(A, B), nonces(RA, RB)).subarray(0, 20)],
    ['only its own nonce', hmac('sha256', key(A, B), nonces(RA)).subarray(0, 20)],
    [
      'only the first 64 bits, zeros after them',
      Uint8Array.from([...hmac('sha256', key(A, B), nonces(RA, RB)).subarray(0, 8), ...new Array<number>(12).fill(0)]),
    ],
  ] as const;
  for (const [why, octets] of joins) it(`of MP_JOIN: ${why}`, () => expect(hmacA(octets)).to.deep.equal([why]));

  it('of MP_JOIN_CAP: every open point settled otherwise, and keys mistaken', () => {
    expect(capMac({ split: 'b|ab2' })).to.deep.equal(['keys split as b|ab2 in place of ab|b2']);
    expect(capMac({ crc: 'xmodem' })).to.include('CRC-16/xmodem in place of arc');
    expect(capMac({ place: 'msb' })).to.deep.equal(['the fast hash in its high bits']);
    expect(capMac({ hash: 'sha1' })).to.deep.equal(['sha1 in place of sha256']);
    expect(capMac({ macBits: 128 })).to.deep.equal(['128 bits long, declared are 96']);
    expect(capMac({}, { keyA: 99n, keyB: B, keyB2: B2 })).to.deep.equal(['the key of path 3 in place of Key-A']);
    expect(capMac({}, { keyA: A, keyB: B, keyB2: 0n })).to.deep.equal(["zero in place of Key-B'"]);
  });

  it('of a token or an initial number: another hash, another key, the other end of the digest', () => {
    const others = { ...context, keys: [{ name: 'the key of the tester', key: A }] };
    const number = (octets: Uint8Array) => `0x${toHex(octets)}`;
    const [own, sha1, other] = [digest('sha256', key(B)), digest('sha1', key(B)), digest('sha256', key(A))];
    expect(given('token(B)', { B }, number(sha1.subarray(0, 4)))).to.deep.equal(['sha1 in place of sha256']);
    expect(given('token(B)', { B }, number(own.subarray(-4)))).to.deep.equal(['the right end of the digest']);
    expect(given('token(B)', { B }, number(other.subarray(0, 4)), others)).to.deep.equal(['of the key of the tester']);
    expect(given('idsn(B) + 1', { B }, number(own.subarray(-8)))).to.deep.equal([
      'the right computation, with 0 added in place of 1',
    ]);
  });

  it('says so when nothing that was tried gives the value, and nothing of values that are not computed', () => {
    expect(given('token(B)', { B }, '0x12345678')).to.deep.equal([]);
    expect(given('B', { B }, '0x12345678')).to.equal(undefined);
    expect(given('flip(hmac_a(A, B, RA, RB), 0)', { A, B, RA, RB }, '00')).to.equal(undefined);
    expect(given('((', {}, '00')).to.equal(undefined);
  });

  const mutants = [
    ['esim-mac-split-otherwise', 'robe-esim.client.orders.path-1-first', /split as/],
    ['esim-fast-hash-in-front', 'robe-esim.client.orders.path-1-first', /fast hash in its high bits/],
    ['esim-fast-hash-missing', 'robe-esim.client.orders.path-1-first', /fast hash/],
    ['esim-other-crc', 'robe-esim.client.orders.path-1-first', /CRC-16/],
    ['esim-mac-without-key-b2', 'robe-esim.client.orders.path-1-first', /Key-B'/],
    ['hmac-b-keys-swapped', 'mptcp.server.join', /keys in the wrong order/],
    ['hmac-b-nonces-swapped', 'mptcp.server.join', /nonces in the wrong order/],
    ['hmac-b-from-its-right-end', 'mptcp.server.join', /right end/],
    ['v1-hmac-by-sha1', 'mptcp.server.join', /sha1/],
    ['hmac-a-keys-swapped', 'mptcp.client', /keys in the wrong order/],
  ] as const;
  for (const [mutant, cases, why] of mutants) {
    it(`is found on the wire of ${mutant}`, () => {
      const run = simulatedRun(`mutant:${mutant}`, [cases]);
      const explained = run.results.cases.flatMap(({ findings, evidence }) => {
        const plan = run.evidenceOf(evidence ?? '')?.plan;
        if (plan === undefined) return [];
        const within = { version: plan.case.mptcp ?? 1, joinCap: plan.joinCap, keys: [] } as const;
        return findings.flatMap(({ differences = [] }) =>
          differences.flatMap((each) => explainComputation(each, within)?.given ?? []),
        );
      });
      expect(explained.join('\n')).to.match(why);
    });
  }
});
