/**
 * Values that must be hard to guess and new each time: keys, nonces of joins, and initial sequence numbers (RFC 8684
 * sections 3.1 and 3.2; RFC 9293 section 3.4.1). Only a reader that is the peer knows that the segments of one case come
 * from one host.
 */
import { TcpFlag } from '../protocol/wire/packet.js';
import { endpointText } from './conversation/endpoint.js';
import type { End } from './conversation/segment.js';
import type { Subflow } from './conversation/subflow.js';
import { acknowledgesSyn } from './conversation/subflow.js';
import type { Rule } from './rule.js';
import { find, hex32, hex64, judge, type Sight } from './sight.js';

export const secretRules = {
  uniqueKey: {
    name: 'key-of-one-connection',
    requirement: 'RFC6824-3.1-04',
    level: 'MUST',
    binds: 'both',
    of: [0, 1],
    says: 'A key belongs to one connection of its host; RobE answers equal keys of the peer with one key.',
    needs: 'the handshakes of both connections',
  },
  guessedKey: {
    name: 'key-hard-to-guess',
    requirement: { 0: 'RFC6824-3.1-04', 1: 'RFC8684-3.1-10' },
    level: 'MUST',
    binds: 'both',
    of: [0, 1],
    says: 'A key cannot be guessed from the previous one.',
    needs: 'the handshakes of two connections',
  },
  freshNonce: {
    name: 'join-nonce-fresh',
    requirement: 'RFC6824-3.2-17',
    level: 'SHOULD',
    binds: 'both',
    of: [0, 1],
    says: 'Every join has a nonce of its own.',
    needs: 'the joins of the host',
  },
  clockedIsn: {
    name: 'isn-moves-with-the-clock',
    requirement: 'RFC9293-3.4-40',
    level: 'MUST',
    binds: 'both',
    of: 'tcp',
    says: 'Initial sequence numbers advance with a clock, and not one by one.',
    needs: 'two SYNs of the host, and their times',
  },
  scatteredIsns: {
    name: 'isn-of-each-place',
    requirement: 'RFC9293-3.4.1-02',
    also: ['RFC8684-3-01'],
    level: 'SHOULD',
    binds: 'both',
    of: 'tcp',
    says: 'The initial sequence numbers of five flows in a row do not follow each other as those of one counter or clock would.',
    needs: 'five SYNs of the host, each of other addresses or ports',
  },
} as const satisfies Readonly<Record<string, Rule>>;

/** Random keys are nearer than this in one pair of 2^43. */
const nearKeys = 1n << 20n;
/** A clock of 4 microseconds advances by 25,000 in this time (RFC 9293 section 3.4.1). Nanoseconds. */
const longEnough = 100_000_000n;
/**
 * Random numbers are nearer than this once in 67 million pairs, which is once in some thousand runs of the whole
 * catalogue.
 */
const nearIsns = 64;

/**
 * Five numbers of which each comes so soon after the one before are of one clock, which does not get so far in four minutes, or of one
 * counter. Of unrelated ones four distances are so short once in 16 million times.
 */
const rowOfIsns = 4;
const nextIsn = 1 << 26;

/** Whether two keys have one half in common, as one pair of 2^31 has by accident: half a key is too little to be hard to guess. */
const sharesHalf = (a: bigint, b: bigint): boolean => a >> 32n === b >> 32n || BigInt.asUintN(32, a ^ b) === 0n;

interface Told<T> {
  readonly value: T;
  readonly subflow: Subflow;
  readonly sender: End;
  readonly frame: number;
  readonly at: bigint;
}

/** The values that the hosts of a conversation have sent so far. */
export class Secrets {
  #keys: readonly Told<bigint>[] = [];
  #nonces: readonly Told<number>[] = [];
  #isns: readonly Told<number>[] = [];

  /** Judges a segment of a handshake. `shared`: flows of one connection may have one key, as in proposals 1 and 2. */
  judge(sight: Sight, shared: boolean): void {
    const { tcp } = sight.segment;
    if ((tcp.flags & TcpFlag.SYN) !== 0) this.#judgeIsn(sight);
    const capable = find(tcp.mptcp, 'mp_capable');
    if (capable?.key !== undefined) this.#judgeKey(sight, capable.key, shared);
    const join = find(tcp.mptcp, 'mp_join');
    if (join !== undefined && join.form !== 'ack') this.#judgeNonce(sight, join.nonce);
  }

  #judgeKey(sight: Sight, key: bigint, shared: boolean): void {
    const others = ofOthers(this.#keys, sight);
    const same = others.find(
      ({ value, subflow, sender }) =>
        value === key && !subflow.ended && !(sender === 'listener' && asksAlike(subflow, sight.subflow)),
    );
    if (!shared)
      judge(sight, secretRules.uniqueKey, same === undefined, () => `key ${hex64(key)} is that of another connection`, [
        same?.frame,
      ]);
    const near = others.find(
      ({ value }) => value !== key && (distance(value, key) < nearKeys || sharesHalf(value, key)),
    );
    judge(
      sight,
      secretRules.guessedKey,
      near === undefined,
      () => `key ${hex64(key)} comes ${distance(near?.value ?? 0n, key)} after an earlier one`,
      [near?.frame],
    );
    this.#keys = told(this.#keys, sight, key);
  }

  #judgeNonce(sight: Sight, nonce: number): void {
    const same = ofOthers(this.#nonces, sight).find(({ value }) => value === nonce);
    judge(sight, secretRules.freshNonce, same === undefined, () => `nonce ${hex32(nonce)} was used before`, [
      same?.frame,
    ]);
    this.#nonces = told(this.#nonces, sight, nonce);
  }

  #judgeIsn(sight: Sight): void {
    const { tcp, at } = sight.segment;
    const { opener } = sight.subflow;
    // A late answer to an earlier SYN of the same addresses and ports has the number of the earlier flow.
    if ((tcp.flags & TcpFlag.ACK) !== 0 && opener.isn !== undefined && !acknowledgesSyn(opener, tcp.ack)) return;
    const counted = ofOthers(this.#isns, sight).find(
      ({ value, at: before }) => at - before >= longEnough && (tcp.seq - value) >>> 0 < nearIsns,
    );
    judge(
      sight,
      secretRules.clockedIsn,
      counted === undefined,
      () => `the number comes ${(tcp.seq - (counted?.value ?? 0)) >>> 0} after one of another flow, sent long before`,
      [counted?.frame],
    );
    this.#judgeRow(sight);
    this.#isns = told(this.#isns, sight, tcp.seq);
  }

  /** The secret function of the 4-tuple adds to the clock another number on each flow (RFC 9293 section 3.4.1). */
  #judgeRow(sight: Sight): void {
    const { seq } = sight.segment.tcp;
    const others = ofOthers(this.#isns, sight).filter(({ subflow }) => isElsewhere(subflow, sight.subflow));
    const row = others.slice(-rowOfIsns);
    if (row.length < rowOfIsns) return;
    const numbers = [...row.map(({ value }) => value), seq];
    const follows = numbers.slice(1).every((value, index) => (value - (numbers[index] ?? 0)) >>> 0 < nextIsn);
    judge(
      sight,
      secretRules.scatteredIsns,
      !follows,
      () => `${numbers.map(hex32).join(', ')} follow each other`,
      row.map(({ frame }) => frame),
    );
  }
}

/** Whether flows differ in an address or a port. */
const isElsewhere = (a: Subflow, b: Subflow): boolean =>
  endpointText(a.opener) !== endpointText(b.opener) || endpointText(a.listener) !== endpointText(b.listener);

/** Whether both SYNs carry one key, which a host of proposal 1 answers with one key of its own. */
const asksAlike = (a: Subflow, b: Subflow): boolean =>
  a.synCapable?.option.key !== undefined && a.synCapable.option.key === b.synCapable?.option.key;

const distance = (a: bigint, b: bigint): bigint => (a > b ? a - b : b - a);

/**
 * The values that the sending host sent on other flows. The host is identified by its address, or because it is the same
 * end of the flows.
 */
const ofOthers = <T>(all: readonly Told<T>[], { segment, subflow }: Sight): readonly Told<T>[] =>
  all.filter((each) => each.subflow !== subflow && each.sender === segment.sender && !each.subflow.displaces);

const told = <T>(all: readonly Told<T>[], { segment, subflow }: Sight, value: T): readonly Told<T>[] =>
  all.some((each) => each.subflow === subflow && each.sender === segment.sender && each.value === value)
    ? all
    : [...all, { value, subflow, sender: segment.sender, frame: segment.frame, at: segment.at }];
