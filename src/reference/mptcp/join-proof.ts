/**
 * The proof of both keys in the handshake of a join (RFC 6824 and RFC 8684 section 3.2): HMAC-A is the initiator's, HMAC-B
 * the listener's, and each begins with the key and the nonce of its sender.
 */
import { equalOctets } from '../../protocol/bytes/octets.js';
import { joinHmac } from '../../protocol/keys/join-hmac.js';
import type { MpJoinAck, MpJoinSynAck } from '../../protocol/mptcp/option.js';
import type { Session } from './connection.js';

/** Leftmost octets of the HMACs on the wire: 64 bits in the SYN/ACK, 160 in the third segment. */
const HmacOctets = { synAck: 8, ack: 20 } as const;

/** HMAC-A as the third segment carries it. */
export const hmacA = (session: Session, localNonce: number, remoteNonce: number): Uint8Array =>
  ofThisEnd(session, localNonce, remoteNonce).subarray(0, HmacOctets.ack);

/** HMAC-B as the SYN/ACK carries it. */
export const hmacB = (session: Session, localNonce: number, remoteNonce: number): Uint8Array =>
  ofThisEnd(session, localNonce, remoteNonce).subarray(0, HmacOctets.synAck);

/** Whether the third segment proves that the initiator has both keys (RFC6824-3.2-07). */
export const verifiesHmacA = (session: Session, localNonce: number, remoteNonce: number, third: MpJoinAck): boolean =>
  equalOctets(third.hmac, ofOtherEnd(session, localNonce, remoteNonce).subarray(0, HmacOctets.ack));

/** Whether the SYN/ACK proves that the listener has both keys (RFC6824-3.2-06). */
export const verifiesHmacB = (session: Session, localNonce: number, answer: MpJoinSynAck): boolean =>
  equalOctets(answer.hmac, ofOtherEnd(session, localNonce, answer.nonce).subarray(0, HmacOctets.synAck));

const ofThisEnd = ({ version, localKey, remoteKey }: Session, localNonce: number, remoteNonce: number): Uint8Array =>
  joinHmac(version, { localKey, remoteKey, localNonce, remoteNonce });

/** What the other end computes: its local is our remote. */
const ofOtherEnd = ({ version, localKey, remoteKey }: Session, localNonce: number, remoteNonce: number): Uint8Array =>
  joinHmac(version, { localKey: remoteKey, remoteKey: localKey, localNonce: remoteNonce, remoteNonce: localNonce });
