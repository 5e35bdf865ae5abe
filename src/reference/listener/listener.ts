/**
 * A SYN arrives where the host serves (RFC 9293 section 3.10.7.2, RFC 8684 section 3.1, paper 2.1 and 2.2): which request it
 * is, and how it is answered.
 *
 * | SYN carries                      | answer                                                                   |
 * |----------------------------------|--------------------------------------------------------------------------|
 * | no or an invalid MPTCP option    | plain SYN/ACK                                                            |
 * | valid MP_CAPABLE                 | SYN/ACK with Key-B: fresh, or that of the request it repeats (1, 2)      |
 * | MP_JOIN, live token              | SYN/ACK with HMAC-B                                                      |
 * | MP_JOIN, other token             | RST                                                                      |
 * | known Key-A after establishment  | RST in proposal 2                                                        |
 */
import type { MpCapable } from '../../protocol/mptcp/option.js';
import { TcpFlag, type TcpPacket } from '../../protocol/wire/packet.js';
import { type CapableOffer, findOption, isRttOffer } from '../mptcp/capable.js';
import { freshKey } from '../mptcp/connection-life.js';
import type { Listener, Stack } from '../stack.js';
import { hasFlag } from '../tcp/flow.js';
import { sendReset } from '../tcp/send-reset.js';
import { sendSynAck } from '../tcp/transmission.js';
import { CapableHalfOpen } from './capable-half-open.js';
import { type CapableRequest, halfOpenPerKey, halfOpenTotal } from './correlation.js';
import { joinArrives } from './join-half-open.js';
import { openPassive } from './open-passive.js';
import { PlainHalfOpen } from './plain-half-open.js';

/** A segment for a listening port and no flow. */
export const arriveAtListener = (stack: Stack, listener: Listener, path: number, packet: TcpPacket): void => {
  const segment = packet.tcp;
  // RFC9293-3.10.7-08 and -09: resets are ignored, ACKs are refused.
  if (hasFlag(segment, TcpFlag.RST)) return;
  if (hasFlag(segment, TcpFlag.ACK)) {
    refuse(stack, path, packet);
    return;
  }
  if (hasFlag(segment, TcpFlag.SYN)) synArrives(stack, listener, path, packet);
};

const refuse = (stack: Stack, path: number, packet: TcpPacket): void => {
  const form = stack.decisions.tcp.answerWithoutState(packet.tcp);
  if (form !== undefined) sendReset(stack, path, packet, form);
};

const synArrives = (stack: Stack, listener: Listener, path: number, packet: TcpPacket): void => {
  const { profile } = stack.config;
  const { duplicate } = stack.parameters.opt;
  const { options } = packet.tcp;
  const capable = profile === 'tcp' ? undefined : findOption(options, 'mp_capable', duplicate);
  const join = profile === 'tcp' ? undefined : findOption(options, 'mp_join', duplicate);
  if (capable !== undefined && join !== undefined) {
    // DERIVED-MALF-03, I-84: contradictory options are neither honoured.
    if (stack.parameters.opt.conflict === 'rst') refuse(stack, path, packet);
    else answerPlain(stack, listener, path, packet);
  } else if (join?.form === 'syn') joinArrives(stack, path, packet, join);
  else if (capable !== undefined) capableArrives(stack, listener, path, packet, capable);
  else answerPlain(stack, listener, path, packet);
};

/** RFC6824-3.1-19: no MP_CAPABLE in answer to a SYN without. */
const answerPlain = (stack: Stack, listener: Listener, path: number, packet: TcpPacket): void => {
  sendSynAck(stack, openPassive(stack, path, packet, new PlainHalfOpen(stack, listener)));
};

const capableArrives = (stack: Stack, listener: Listener, path: number, packet: TcpPacket, option: MpCapable): void => {
  const offer = stack.decisions.listener.judgeOffer(option, stack.config.versions, stack.parameters);
  if (offer === 'drop') return;
  if (offer === 'plain') {
    answerPlain(stack, listener, path, packet);
    return;
  }
  const { correlation, parameters } = stack;
  const known = correlates(stack) && offer.keyA !== undefined && offer.version === 0;
  const match = known
    ? stack.decisions.listener.correlate(
        correlation.withKeyA(offer.keyA ?? 0n),
        { offer, port: packet.tcp.destinationPort, from: packet.ip.source, now: stack.now },
        parameters,
      )
    : undefined;
  const lateAnswer =
    match === undefined || match === 'rst' ? 'answer' : stack.decisions.listener.answerLateSyn(stack, match);
  if (match === 'rst' || lateAnswer === 'rst') {
    refuse(stack, path, packet);
    return;
  }
  if (lateAnswer === 'drop' || correlation.halfOpen >= halfOpenTotal) return;
  if (match !== undefined && match.halfOpen.size >= halfOpenPerKey) return;
  const keyB = stack.decisions.listener.chooseKeyB(match, () => freshKey(stack, offer.version));
  const request = match !== undefined && match.keyB === keyB ? match : newRequest(stack, packet, offer, keyB);
  const owner = new CapableHalfOpen(stack, listener, request, {
    esim: stack.decisions.listener.confirmsEsim(stack, packet.tcp),
    remoteRtt: usesRemoteRtt(stack) && isRttOffer(packet.tcp, parameters),
  });
  const flow = openPassive(stack, path, packet, owner);
  request.halfOpen.set(flow, owner);
  correlation.halfOpen += 1;
  sendSynAck(stack, flow);
};

const newRequest = (stack: Stack, packet: TcpPacket, offer: CapableOffer, keyB: bigint): CapableRequest => {
  const request: CapableRequest = {
    version: offer.version,
    checksumOffered: offer.checksum,
    cryptoOffered: offer.crypto,
    // RFC6824-3.1-16: on when either side asks.
    checksum: offer.checksum || stack.parameters.mpc.checksum,
    keyA: offer.keyA,
    keyB,
    port: packet.tcp.destinationPort,
    firstAt: stack.now,
    firstFrom: packet.ip.source,
    halfOpen: new Map(),
    connection: undefined,
    session: undefined,
    over: false,
  };
  stack.correlation.add(request);
  return request;
};

/** Proposals 1 and 2 correlate SYNs by Key-A. */
const correlates = (stack: Stack): boolean =>
  stack.config.profile === 'robe-downgrade' || stack.config.profile === 'robe-bbm';

/** Whether this host takes part in L_RTT_EN (open point of the declaration: `l_rtt.use`). */
export const usesRemoteRtt = (stack: Stack, profile = stack.config.profile): boolean => {
  switch (stack.parameters.l_rtt.use) {
    case 'never':
      return false;
    case 'ips':
      return profile === 'robe-ips';
    case 'robe':
      return profile !== 'tcp' && profile !== 'mptcp';
  }
};

/**
 * A SYN with a known Key-A after establishment: proposal 1 answers it as any other (ROBE-P1-S-10), proposal 2 refuses it, or no
 * further MP_CAPABLE flow could be kept out (ROBE-P2-S-06, I-20).
 */
export const answerLateSyn = (stack: Stack, request: CapableRequest): 'answer' | 'rst' | 'drop' => {
  if (stack.config.profile !== 'robe-bbm' || request.connection === undefined) return 'answer';
  const { late_syn } = stack.parameters.p2;
  // Answered like any other, it comes to nothing at its third segment, which is a loser's.
  return late_syn === 'synack-rst' ? 'answer' : late_syn;
};

/** Draft RobE_eSIM explicit: a supporting server repeats ROBE_eSIM_EN that came next to MP_CAPABLE (DRAFT-eSIM-S-16). */
export const confirmsEsim = (stack: Stack, segment: TcpPacket['tcp']): boolean =>
  stack.config.profile === 'robe-esim' && findOption(segment.options, 'robe_esim_en') !== undefined;
