/**
 * SYN-RECEIVED of a flow that was answered with MP_CAPABLE: the effect of its third segment.
 *
 * | third segment                        | first of its request            | connection exists                     |
 * |--------------------------------------|---------------------------------|---------------------------------------|
 * | MP_CAPABLE, both keys right          | accept, initial subflow         | attach (paper 2.1), or reset if over  |
 * | MP_CAPABLE, keys wrong               | TCP (classic), reset (RobE)     | reset                                 |
 * | MP_JOIN_CAP (eSIM)                   | see join-cap.ts                 | see join-cap.ts                       |
 * | no option                            | TCP                             | reset (I-12)                          |
 *
 * In proposal 2 the first valid one also resets every other half-open flow of the request (paper 2.2).
 */
import { initialDsn } from '../../protocol/keys/key-digest.js';
import { type Dss, DssFlag, type MpCapable, MpCapableFlag } from '../../protocol/mptcp/option.js';
import type { Tcp } from '../../protocol/wire/packet.js';
import { malformedSubtype, type TcpOption } from '../../protocol/wire/tcp-option.js';
import { capableFlags, findOption } from '../mptcp/capable.js';
import type { Session } from '../mptcp/connection.js';
import { openSession } from '../mptcp/connection-life.js';
import { ResetReason, resetReason } from '../mptcp/fallback.js';
import { carryPlain } from '../mptcp/plain-stream.js';
import { rttOption } from '../mptcp/scheduling.js';
import { dsnAdd, dsnDiff, dsnFromLow } from '../mptcp/sequence.js';
import { attach, capableOf } from '../mptcp/subflow.js';
import type { Listener, Stack } from '../stack.js';
import type { Flow } from '../tcp/flow.js';
import { OpeningOwner } from '../tcp/opening-owner.js';
import { resetFlow } from '../tcp/transmission.js';
import { acceptConnection } from './accept.js';
import type { CapableRequest, FlowExtras, HalfOpenFlow } from './correlation.js';
import { takeJoinCap } from './join-cap.js';
import { resetLosers } from './losers.js';

export class CapableHalfOpen extends OpeningOwner implements HalfOpenFlow {
  readonly listener: Listener;
  readonly request: CapableRequest;
  readonly extras: FlowExtras;
  readonly #answer: readonly TcpOption[];

  constructor(stack: Stack, listener: Listener, request: CapableRequest, extras: FlowExtras) {
    super(stack);
    this.listener = listener;
    this.request = request;
    this.extras = extras;
    this.#answer = answerOptions(stack, request, extras);
  }

  describe(): readonly unknown[] {
    return ['half-open', this.request, this.extras];
  }

  /** Every repetition is the same (DERIVED-KEY-01). */
  handshakeOptions(): readonly TcpOption[] {
    return this.#answer;
  }

  thirdSegmentArrived(flow: Flow, segment: Tcp): 'established' | 'held' | 'gone' {
    const { stack } = this;
    const capable = capableOf(stack, segment);
    const joinCap = findOption(segment.options, 'mp_join_cap', stack.parameters.opt.duplicate);
    const contradicts = capable !== undefined && (joinCap ?? findOption(segment.options, 'mp_join')) !== undefined;
    if (!contradicts && joinCap !== undefined && stack.config.profile === 'robe-esim') {
      return takeJoinCap(stack, flow, this, joinCap);
    }
    // DRAFT-eSIM-S-10: a join of a length that no join has failed, too, and is not a third segment without option.
    if (stack.config.profile === 'robe-esim' && carriesBrokenJoinCap(stack, segment)) return this.reset(flow);
    if (!contradicts && capable !== undefined && isThirdForm(this.request.version, capable, segment)) {
      return this.#takeCapable(flow, capable);
    }
    return this.#takeWithout(flow, segment);
  }

  #takeCapable(flow: Flow, capable: MpCapable): 'established' | 'held' | 'gone' {
    const { stack, request } = this;
    if (!stack.decisions.listener.acceptsEcho(request, capable)) return this.#takeBadEcho(flow);
    // DERIVED-FB-01: nothing attaches to what fell back or ended.
    if (request.over) return this.reset(flow);
    if (request.session === undefined) {
      this.accept(flow, capable.key ?? request.keyA ?? 0n);
      flow.ackDue = stack.parameters.mpc.ack_third;
      return 'established';
    }
    return this.#attachFurther(flow, request.session);
  }

  /** The first valid third segment makes the connection (ROBE-P1-S-05, ROBE-P2-S-02). */
  accept(flow: Flow, keyA: bigint): Session {
    const { stack, request } = this;
    stack.correlation.learnKeyA(request, keyA);
    const forget = () => stack.correlation.remove(request);
    const connection = acceptConnection(stack, this.listener, flow, {
      ended: forget,
      fellBack: forget,
      describe: () => [request],
    });
    const session = openSession(stack, connection, {
      version: request.version,
      checksum: request.checksum,
      localKey: request.keyB,
      remoteKey: keyA,
      noJoin: false,
      remoteRtt: this.extras.remoteRtt,
    });
    request.connection = connection;
    request.session = session;
    this.leave(flow);
    session.localIds.set(flow.local, 0);
    attach(stack, session, flow, { by: 'capable', localId: 0, remoteId: 0 });
    for (const other of request.halfOpen.keys()) connection.pending.add(other);
    if (stack.config.profile === 'robe-bbm') resetLosers(stack, request, flow);
    return session;
  }

  /** Paper 2.1: every further valid third segment is a subsequent subflow (ROBE-P1-S-06). */
  #attachFurther(flow: Flow, session: Session): 'established' | 'gone' {
    const { stack } = this;
    if (!stack.decisions.listener.attachesFurther(stack, this.request)) return this.reset(flow);
    this.leave(flow);
    attach(stack, session, flow, { by: 'capable', localId: 0, remoteId: undefined });
    return 'established';
  }

  /** I-90: TCP or reset on a single flow; reset, or nothing (I-14), when the connection exists (ROBE-P1-S-08). */
  #takeBadEcho(flow: Flow): 'established' | 'held' | 'gone' {
    const { stack, request } = this;
    if (request.over) return this.reset(flow);
    switch (stack.decisions.listener.answerBadEcho(stack)) {
      case 'fallback':
        return request.session === undefined ? this.#acceptPlain(flow) : this.reset(flow);
      case 'rst':
        return this.reset(flow);
      case 'ignore':
        return 'held';
    }
  }

  /** A third segment without MP_CAPABLE (RFC6824-3.1-20, RFC8684-3.1-20). */
  #takeWithout(flow: Flow, segment: Tcp): 'established' | 'held' | 'gone' {
    const { stack, request } = this;
    const dss = findOption(segment.options, 'dss');
    if (request.session !== undefined || request.over) return this.reset(flow);
    if (
      dss !== undefined &&
      request.keyA !== undefined &&
      stack.decisions.listener.provesKeyA(stack, request.keyA, dss)
    ) {
      this.accept(flow, request.keyA);
      return 'established';
    }
    // DRAFT-eSIM-S-19: data that ran ahead of MP_JOIN_CAP waits for it; the SYN/ACK is repeated meanwhile.
    if (dss !== undefined && stack.config.profile === 'robe-esim') return 'held';
    return this.#acceptPlain(flow);
  }

  #acceptPlain(flow: Flow): 'established' {
    const { stack } = this;
    const connection = acceptConnection(stack, this.listener, flow, {});
    this.leave(flow);
    stack.correlation.remove(this.request);
    carryPlain(stack, connection, flow);
    return 'established';
  }

  reset(flow: Flow): 'gone' {
    this.leave(flow);
    resetFlow(this.stack, flow, resetReason(this.request.version, ResetReason.mptcp));
    return 'gone';
  }

  /** The flow is half-open no longer; a request without flows and connection is forgotten (ROBE-P1-S-16). */
  leave(flow: Flow): void {
    const { stack, request } = this;
    if (!request.halfOpen.delete(flow)) return;
    stack.correlation.halfOpen -= 1;
    request.connection?.pending.delete(flow);
    if (request.halfOpen.size === 0 && request.connection === undefined) stack.correlation.remove(request);
  }

  override ended(flow: Flow): void {
    this.leave(flow);
  }
}

/** MP_CAPABLE of the answer, and next to it what was confirmed. */
const answerOptions = (stack: Stack, request: CapableRequest, extras: FlowExtras): readonly TcpOption[] => {
  const { checksum, no_join_here } = stack.parameters.mpc;
  const capable: TcpOption = {
    option: 'mp_capable',
    version: request.version,
    flags: capableFlags(checksum || request.checksumOffered, request.version === 1 && no_join_here),
    key: request.keyB,
  };
  return [
    capable,
    ...(extras.esim ? [{ option: 'robe_esim_en', reserved: 0 } as const] : []),
    ...(extras.remoteRtt ? [rttOption(stack, BigInt(stack.parameters.l_rtt.syn_value))] : []),
  ];
};

const carriesBrokenJoinCap = (stack: Stack, segment: Tcp): boolean =>
  segment.options.some((option) => malformedSubtype(option) === stack.config.subtypes.joinCap);

/** Lengths of a third segment's MP_CAPABLE: 20 without payload; in v1 22 or 24 with it, v0 has no data there. */
const isThirdForm = (version: 0 | 1, capable: MpCapable, segment: Tcp): boolean => {
  if (capable.version !== version || capable.peerKey === undefined) return false;
  // RFC8684-3.1-25: an extension that is not understood; the option is ignored.
  if (version === 1 && (capable.flags & MpCapableFlag.B) !== 0) return false;
  const withData = segment.payload.length > 0;
  return version === 0 ? capable.dataLength === undefined : withData === (capable.dataLength !== undefined);
};

/**
 * I-11: whether a mapping replaces the third segment of a v0 flow: its data sequence number is one that only a host with
 * Key-A would begin with. On a flow that is to join another connection it does not.
 */
export const provesKeyA = (stack: Stack, keyA: bigint, dss: Dss): boolean => {
  if (stack.parameters.mpc.lost_third !== 'mptcp' || dss.dsn === undefined) return false;
  const first = dsnAdd(initialDsn(0, keyA), 1);
  const dsn = (dss.flags & DssFlag.m) !== 0 ? dss.dsn : dsnFromLow(dss.dsn, first);
  const ahead = dsnDiff(dsn, first);
  return ahead >= 0n && ahead < BigInt(stack.parameters.tcp.window);
};

/** Classic hosts fall back (RFC 8684 section 3.1, "compromised"), RobE hosts reset (open points I-14, I-90). */
export const answerBadEcho = (stack: Stack): 'fallback' | 'rst' | 'ignore' => {
  const { profile } = stack.config;
  const several = profile === 'robe-downgrade' || profile === 'robe-bbm' || profile === 'robe-esim';
  return several ? stack.parameters.robe.invalid_ack : stack.parameters.mpc.bad_echo;
};

/** Only proposal 1 keeps further flows of a request (paper 2.1); proposal 2 keeps the first alone (ROBE-P2-S-10). */
export const attachesFurther = (stack: Stack, _request: CapableRequest): boolean =>
  stack.config.profile === 'robe-downgrade';
