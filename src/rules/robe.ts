/**
 * The rules of RobE: MP_JOIN_CAP, which joins a flow that began with MP_CAPABLE, and flows with one Key-A, which proposal
 * 1 answers with one Key-B. A MAC is right if one of the layouts that the draft leaves open gives it.
 */
import { toHex } from '../protocol/bytes/hex.js';
import { equalOctets } from '../protocol/bytes/octets.js';
import { crcVariants } from '../protocol/keys/crc16.js';
import { type JoinCapLayout, joinCapDigest, joinCapMac } from '../protocol/keys/join-cap-mac.js';
import { MpCapableFlag, type MpJoinCap } from '../protocol/mptcp/option.js';
import { TcpFlag } from '../protocol/wire/packet.js';
import type { FoundMptcpOption } from '../protocol/wire/tcp-options.js';
import type { Connection, HostState } from './conversation/connection.js';
import { acknowledgesSyn } from './conversation/subflow.js';
import type { Rule } from './rule.js';
import { hex64, judge, keep, note, type Sight } from './sight.js';

export const robeRules = {
  confirmed: {
    name: 'join-cap-confirmed',
    requirement: 'DRAFT-eSIM-C-13',
    level: 'MUST',
    binds: 'client',
    of: [0, 1],
    robe: true,
    says: 'MP_JOIN_CAP is used only if the server confirmed ROBE_eSIM_EN, provided the client offered it.',
    needs: 'SYN and SYN/ACK of the flow',
  },
  mac: {
    name: 'join-cap-mac',
    requirement: 'DRAFT-eSIM-C-06',
    level: 'MUST',
    binds: 'client',
    of: [0, 1],
    robe: true,
    says: "The MAC of MP_JOIN_CAP covers Key-A, Key-B of the initial flow and the key of the joining flow's SYN/ACK.",
    needs: 'the keys of both flows',
  },
  addressId: {
    name: 'join-cap-address-id',
    requirement: 'DRAFT-eSIM-C-08',
    level: 'SHOULD',
    binds: 'client',
    of: [0, 1],
    robe: true,
    says: 'The Address ID of MP_JOIN_CAP stands for one address, and 0 for that of the initial flow.',
    needs: 'the joins of the connection',
  },
  joinedTwice: {
    name: 'join-beside-join-cap',
    requirement: 'DRAFT-eSIM-C-10',
    level: 'MUST',
    binds: 'client',
    of: [0, 1],
    robe: true,
    says: 'An address whose flow joined by MP_JOIN_CAP opens no other flow by MP_JOIN.',
    needs: 'the joins of the connection',
  },
  againstItsWord: {
    name: 'rtt-offered-against-its-word',
    requirement: 'DRAFT-IPS-C-07',
    level: 'MUST',
    binds: 'client',
    of: [0, 1],
    robe: true,
    declared: { point: 'l_rtt.use', binds: ['never'] },
    says: 'A client that declares to do without L_RTT_EN (l_rtt.use: never) offers none.',
    needs: 'what the client declares',
  },
  unaskedEsim: {
    name: 'esim-confirmed-unasked',
    requirement: 'DRAFT-eSIM-S-16',
    level: 'MUST',
    binds: 'server',
    of: [0, 1],
    says: 'A SYN/ACK carries ROBE_eSIM_EN only if the SYN did.',
    needs: 'the SYN',
  },
  unaskedRtt: {
    name: 'rtt-answered-unasked',
    requirement: 'DRAFT-RTT-S-01',
    level: 'MUST',
    binds: 'server',
    of: [0, 1],
    says: 'A SYN/ACK carries L_RTT_EN only if the SYN did.',
    needs: 'the SYN',
  },
  sameChecksums: {
    name: 'one-key-one-checksum-flag',
    requirement: 'ROBE-P1-S-14',
    level: 'MUST',
    binds: 'server',
    of: [0, 1],
    robe: true,
    says: 'Flows with one Key-A are answered with one flag A.',
    needs: 'both handshakes',
  },
  sameKeyB: {
    name: 'one-key-a-one-key-b',
    requirement: 'ROBE-P1-S-02',
    level: 'MUST',
    binds: 'server',
    of: [0, 1],
    robe: true,
    says: 'A SYN whose Key-A is in use is answered with the Key-B of that connection.',
    needs: 'both handshakes',
  },
} as const satisfies Readonly<Record<string, Rule>>;

const splits: readonly JoinCapLayout['split'][] = ['ab|b2', 'abb2|', 'bb2|a', 'b|ab2', 'hash'];
const places: readonly JoinCapLayout['place'][] = ['lsb-after-truncation', 'msb', 'before-truncation'];
const macSizes: readonly JoinCapLayout['macBits'][] = [96, 128, 160];
const hashes: readonly JoinCapLayout['hash'][] = ['negotiated', 'sha1', 'sha256'];

/** Options of the draft that a SYN offers and a SYN/ACK confirms. */
type Negotiated = 'robe_esim_en' | 'l_rtt_en';

type Layout = Omit<JoinCapLayout, 'macBits'>;

/** Layouts grouped by the hashed octets: the layouts of a group share one digest. */
const layouts: readonly (readonly Layout[])[] = splits.flatMap((split) =>
  hashes.map((hash) => crcVariants.flatMap((crc) => places.map((place): Layout => ({ split, crc, place, hash })))),
);

/** The fast hash is in this many octets at either end of the MAC; the octets in between are those of the digest. */
const fastHashOctets = 2;

/** Whether the MAC is that of the two flows in some layout. */
function isMacOf({ key: keyA, mac }: MpJoinCap, { hosts, version }: Connection, keyB2: bigint): boolean {
  const keyB = hosts.b.key;
  const macBits = macSizes.find((bits) => bits === mac.length * 8);
  if (keyB === undefined || macBits === undefined) return false;
  const secretsOf = (layout: Layout) => ({ version, keyA, keyB, keyB2, layout: { ...layout, macBits } });
  return layouts.some((sharing) => {
    const [first] = sharing;
    if (first === undefined) return false;
    const digest = joinCapDigest(secretsOf(first));
    const inner = (octets: Uint8Array): Uint8Array => octets.subarray(fastHashOctets, mac.length - fastHashOctets);
    return (
      equalOctets(inner(digest), inner(mac)) &&
      sharing.some((layout) => equalOctets(joinCapMac(secretsOf(layout), digest), mac))
    );
  });
}

/** Whether there is an option of that name, also an unreadable one. */
export const mentions = (options: readonly FoundMptcpOption[], name: Negotiated): boolean =>
  options.some((each) => each.option === name || (each.option === 'malformed' && each.malformed.path.includes(name)));

/** A SYN/ACK against what its SYN offered of the draft. */
export function judgeNegotiated(sight: Sight): void {
  const { segment, subflow } = sight;
  const { opener, esimOffered, rttOffered } = subflow;
  if (opener.isn === undefined || !acknowledgesSyn(opener, segment.tcp.ack)) return;
  for (const [name, rule, offered] of [
    ['robe_esim_en', robeRules.unaskedEsim, esimOffered],
    ['l_rtt_en', robeRules.unaskedRtt, rttOffered],
  ] as const) {
    if (!mentions(segment.tcp.mptcp, name)) continue;
    judge(sight, rule, offered, () => `the SYN/ACK carries ${name}, the SYN did not`, [opener.synFrame]);
  }
}

/** The SYN of a join; `opener` is the host that sends it. */
export function judgeJoinBesides(sight: Sight, opener: HostState): void {
  const { subflow } = sight;
  const beside = opener.capJoined?.get(subflow.opener.address);
  if (beside === undefined) return;
  const here = subflow.opener.address;
  judge(sight, robeRules.joinedTwice, beside.ended, () => `${here} joined by MP_JOIN_CAP and opens a flow by MP_JOIN`);
}

/** The SYN of a client, judged by its peer. A client without this declaration is not bound. */
export function judgeRttOffer(sight: Sight): void {
  const { tcp } = sight.segment;
  const offers = (tcp.flags & TcpFlag.SYN) !== 0 && (tcp.flags & TcpFlag.ACK) === 0 && mentions(tcp.mptcp, 'l_rtt_en');
  if (offers) judge(sight, robeRules.againstItsWord, false, () => 'the SYN carries l_rtt_en');
}

/**
 * Compares MP_JOIN_CAP with the connections whose Key-A it names, and with those of version 1 whose Key-A was not sent
 * yet; returns the one it joins.
 */
export function judgeJoinCap(
  sight: Sight,
  option: MpJoinCap,
  candidates: readonly Connection[],
  unkeyed: readonly Connection[],
): Connection | undefined {
  const { subflow } = sight;
  const { synCapable, synAckCapable, esimOffered, esimConfirmed } = subflow;
  if (esimOffered && synAckCapable !== undefined)
    judge(
      sight,
      robeRules.confirmed,
      esimConfirmed,
      () => 'MP_JOIN_CAP although the SYN/ACK did not confirm ROBE_eSIM_EN',
      [synCapable?.frame, synAckCapable.frame],
    );
  const keyB2 = synAckCapable?.option.key;
  const fits = (connection: Connection): boolean => keyB2 !== undefined && isMacOf(option, connection, keyB2);
  const found = unkeyed.find(fits);
  if (found !== undefined) {
    keep(sight, robeRules.mac);
    return found;
  }
  if (keyB2 === undefined || candidates.length === 0) {
    const why = keyB2 === undefined ? 'the SYN/ACK of this flow' : `the connection with Key-A ${hex64(option.key)}`;
    note(sight, 'unknown', robeRules.mac, () => `${why} was not captured`);
    return undefined;
  }
  const joined = candidates.find(fits);
  judge(
    sight,
    robeRules.mac,
    joined !== undefined,
    () => `the MAC ${toHex(option.mac)} of MP_JOIN_CAP fits no connection with Key-A ${hex64(option.key)}`,
    [synAckCapable?.frame],
  );
  return joined;
}

/** A SYN/ACK with the Key-B of a connection that has the same Key-A: proposal 1 (ANRW'18). */
export function judgeDowngrade(sight: Sight, connection: Connection, flags: number): void {
  keep(sight, robeRules.sameKeyB);
  const agreed = connection.checksums;
  if (agreed === undefined) return;
  const offered = sight.subflow.synCapable?.option.flags ?? 0;
  judge(
    sight,
    robeRules.sameChecksums,
    (((offered | flags) & MpCapableFlag.A) !== 0) === agreed,
    () => 'flows with one Key-A were answered with different A flags',
  );
}

/** If the profile is claimed: a known Key-A answered with another Key-B. */
export function judgeOtherKey(sight: Sight, connection: Connection, key: bigint): void {
  judge(
    sight,
    robeRules.sameKeyB,
    false,
    () => `a known Key-A is answered with Key-B ${hex64(key)}, that connection has ${hex64(connection.hosts.b.key)}`,
  );
}
