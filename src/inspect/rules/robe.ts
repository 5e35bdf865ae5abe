/**
 * What RobE adds: MP_JOIN_CAP, which joins a flow that began with MP_CAPABLE, and flows with one Key-A, which proposal 1
 * answers with one Key-B. A MAC is right when one of the layouts that the draft leaves open gives it.
 */
import { toHex } from '../../protocol/bytes/hex.js';
import { equalOctets } from '../../protocol/bytes/octets.js';
import { crcVariants } from '../../protocol/keys/crc16.js';
import { defaultJoinCapLayout, type JoinCapLayout, joinCapMac } from '../../protocol/keys/join-cap-mac.js';
import { MpCapableFlag, type MpJoinCap } from '../../protocol/mptcp/option.js';
import type { Connection } from '../connection.js';
import { hex64, judge, type Sight } from './sight.js';

const splits: readonly JoinCapLayout['split'][] = ['ab|b2', 'abb2|', 'bb2|a', 'b|ab2', 'hash'];
const places: readonly JoinCapLayout['place'][] = ['lsb-after-truncation', 'msb', 'before-truncation'];
const macSizes: readonly JoinCapLayout['macBits'][] = [96, 128, 160];
const hashes: readonly JoinCapLayout['hash'][] = ['negotiated', 'sha1', 'sha256'];

const layouts: readonly JoinCapLayout[] = [
  defaultJoinCapLayout,
  ...splits.flatMap((split) =>
    crcVariants.flatMap((crc) =>
      places.flatMap((place) =>
        hashes.map((hash): JoinCapLayout => ({ ...defaultJoinCapLayout, split, crc, place, hash })),
      ),
    ),
  ),
];

/** The layout under which the MAC is that of the two flows; undefined when none is. */
function layoutOf(option: MpJoinCap, connection: Connection, keyB2: bigint): JoinCapLayout | undefined {
  const keyB = connection.hosts.b.key;
  const macBits = macSizes.find((bits) => bits === option.mac.length * 8);
  if (keyB === undefined || macBits === undefined) return undefined;
  return layouts.find((layout) => {
    const secrets = {
      version: connection.version,
      keyA: option.key,
      keyB,
      keyB2,
      layout: { ...layout, macBits },
    };
    return equalOctets(joinCapMac(secrets), option.mac);
  });
}

/** MP_JOIN_CAP against the connections whose Key-A it names; returns the one it joins. */
export function judgeJoinCap(
  sight: Sight,
  option: MpJoinCap,
  candidates: readonly Connection[],
): Connection | undefined {
  const { segment, subflow, notes } = sight;
  const { synCapable, synAckCapable, esimOffered, esimConfirmed } = subflow;
  if (esimOffered && synAckCapable !== undefined)
    judge(
      sight,
      'DRAFT-eSIM-C-13',
      esimConfirmed,
      () => 'MP_JOIN_CAP although the SYN/ACK did not confirm ROBE_eSIM_EN',
      [synCapable?.frame, synAckCapable.frame],
    );
  const keyB2 = synAckCapable?.option.key;
  if (keyB2 === undefined || candidates.length === 0) {
    const why = keyB2 === undefined ? 'the SYN/ACK of this flow' : `the connection with Key-A ${hex64(option.key)}`;
    notes.unknown('DRAFT-eSIM-C-06', subflow, [segment.frame], () => `${why} was not captured`);
    return undefined;
  }
  const joined = candidates.find((connection) => layoutOf(option, connection, keyB2) !== undefined);
  judge(
    sight,
    'DRAFT-eSIM-C-06',
    joined !== undefined,
    () => `the MAC ${toHex(option.mac)} of MP_JOIN_CAP fits no connection with Key-A ${hex64(option.key)}`,
    [synAckCapable?.frame],
  );
  return joined;
}

/** A SYN/ACK with the Key-B of a connection that has the same Key-A: proposal 1 (ANRW'18). */
export function judgeDowngrade(sight: Sight, connection: Connection, flags: number): void {
  sight.notes.kept('ROBE-P1-S-02');
  const agreed = connection.checksums;
  if (agreed === undefined) return;
  const offered = sight.subflow.synCapable?.option.flags ?? 0;
  judge(
    sight,
    'ROBE-P1-S-14',
    (((offered | flags) & MpCapableFlag.A) !== 0) === agreed,
    () => 'flows with one Key-A were answered with different A flags',
  );
}

/** Where the profile is claimed: a known Key-A answered with another Key-B. */
export function judgeOtherKey(sight: Sight, connection: Connection, key: bigint): void {
  judge(
    sight,
    'ROBE-P1-S-02',
    false,
    () => `a known Key-A is answered with Key-B ${hex64(key)}, that connection has ${hex64(connection.hosts.b.key)}`,
  );
}
