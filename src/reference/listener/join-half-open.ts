/**
 * A join that the listener has answered (RFC 6824 and RFC 8684 section 3.2): SYN/ACK with HMAC-B sent, waiting for the third
 * segment with HMAC-A. Right HMAC: a member, acknowledged at once. Anything else: reset, never TCP.
 */
import type { MpJoinSyn } from '../../protocol/mptcp/option.js';
import type { Tcp, TcpPacket } from '../../protocol/wire/packet.js';
import type { TcpOption } from '../../protocol/wire/tcp-option.js';
import { localAddressId } from '../mptcp/addresses.js';
import { findOption } from '../mptcp/capable.js';
import type { Session } from '../mptcp/connection.js';
import { ResetReason, resetReason } from '../mptcp/fallback.js';
import { attach } from '../mptcp/subflow.js';
import type { Stack } from '../stack.js';
import type { Flow } from '../tcp/flow.js';
import { OpeningOwner } from '../tcp/opening-owner.js';
import { answerWithoutState } from '../tcp/reset.js';
import { sendReset } from '../tcp/send-reset.js';
import { resetFlow, sendSynAck } from '../tcp/transmission.js';
import { openPassive } from './open-passive.js';

/** Half-open joins of one connection at a time (RFC7430-3-01: bounded). */
const joinLimit = 16;

/** SYN MP_JOIN at a port that serves: found by its token alone (RFC6824-3.2-13). */
export const joinArrives = (stack: Stack, path: number, packet: TcpPacket, join: MpJoinSyn): void => {
  const session = stack.decisions.join.findSession(stack, join.token);
  if (session === undefined) {
    // The version of the connection is unknown.
    refuse(stack, path, packet, resetReason(stack.config.versions.includes(1) ? 1 : 0, stack.parameters.join.reason));
    return;
  }
  const reason = stack.decisions.join.refuses(stack, session);
  if (reason !== undefined) {
    refuse(stack, path, packet, resetReason(session.version, reason));
    return;
  }
  const flow = openPassive(
    stack,
    path,
    packet,
    new JoinHalfOpen(stack, session, join, localAddressId(session, packet.ip.destination)),
    false,
  );
  session.connection.pending.add(flow);
  sendSynAck(stack, flow);
};

/** Why a join to a live connection is refused, as a reason of MP_TCPRST: too many are half-open already, or it has enough. */
export const refuses = ({ parameters }: Stack, { connection, members }: Session): number | undefined => {
  const { limit } = parameters.join;
  const joined = members.length - 1;
  const full = limit !== 'any' && joined >= limit;
  return full || connection.pending.size >= joinLimit ? ResetReason.resources : undefined;
};

/** RFC6824-3.2-05: RST for that subflow; in v1 with the reason (RFC8684-3.2-01). */
const refuse = (stack: Stack, path: number, packet: TcpPacket, signals: readonly TcpOption[]): void => {
  const form = answerWithoutState(packet.tcp);
  if (form !== undefined) sendReset(stack, path, packet, form, signals);
};

/** The live connection a token names. */
export const findSession = (stack: Stack, token: number): Session | undefined => stack.tokens.get(token);

class JoinHalfOpen extends OpeningOwner {
  readonly #session: Session;
  readonly #join: MpJoinSyn;
  readonly #nonce: number;
  readonly #localId: number;
  readonly #answer: TcpOption;

  constructor(stack: Stack, session: Session, join: MpJoinSyn, localId: number) {
    super(stack);
    this.#session = session;
    this.#join = join;
    this.#nonce = stack.entropy.nonce();
    this.#localId = localId;
    this.#answer = {
      option: 'mp_join',
      form: 'syn/ack',
      backup: false,
      reserved: 0,
      addressId: localId,
      hmac: stack.decisions.join.hmacB(session, this.#nonce, join.nonce),
      nonce: this.#nonce,
    };
  }

  describe(): readonly unknown[] {
    return ['half-open join', this.#session, this.#join, this.#nonce, this.#localId];
  }

  /** Every repetition is the same option (DERIVED-KEY-01). */
  handshakeOptions(): readonly TcpOption[] {
    return [this.#answer];
  }

  thirdSegmentArrived(flow: Flow, segment: Tcp): 'established' | 'gone' {
    const { stack } = this;
    const session = this.#session;
    const third = findOption(segment.options, 'mp_join', stack.parameters.opt.duplicate);
    const live = session.connection.session === session;
    const proven =
      third?.form === 'ack' && stack.decisions.join.verifiesHmacA(session, this.#nonce, this.#join.nonce, third);
    if (!live || !proven) {
      session.connection.pending.delete(flow);
      resetFlow(stack, flow, resetReason(session.version, ResetReason.mptcp));
      return 'gone';
    }
    attach(stack, session, flow, {
      by: 'join',
      localId: this.#localId,
      remoteId: this.#join.addressId,
      backup: this.#join.backup,
    });
    // RFC6824-3.2-09: the fourth segment, without waiting for data.
    flow.ackDue = true;
    return 'established';
  }

  override ended(flow: Flow): void {
    this.#session.connection.pending.delete(flow);
  }
}
