/**
 * MP_JOIN_CAP at the server (draft RobE_eSIM): the third segment of a potential initial flow that joins another one's
 * connection. Found by Key-A, or in v1, while Key-A is not known, by the fast hash of Key-B; proved by the MAC alone
 * (DRAFT-eSIM-S-06, -S-07). A join that finds the initial flow half-open establishes both (DRAFT-eSIM-S-03, -S-04, I-62).
 */
import { equalOctets } from '../../protocol/bytes/octets.js';
import { carriedFastHash, type JoinCapLayout, joinCapMac } from '../../protocol/keys/join-cap-mac.js';
import type { MpJoinCap } from '../../protocol/mptcp/option.js';
import type { Session } from '../mptcp/connection.js';
import { attach } from '../mptcp/subflow.js';
import type { ReferenceParameters } from '../parameters.js';
import type { Stack } from '../stack.js';
import { establishPassive } from '../tcp/arrival.js';
import type { Flow } from '../tcp/flow.js';
import type { CapableRequest, HalfOpenFlow } from './correlation.js';

/** How this host forms the MAC (open points I-50 to I-53). */
export const joinCapLayout = ({ esim }: ReferenceParameters): JoinCapLayout => ({
  split: esim.split,
  macBits: esim.mac_bits,
  crc: esim.crc,
  place: esim.place,
  hash: 'negotiated',
});

export const takeJoinCap = (stack: Stack, flow: Flow, own: HalfOpenFlow, option: MpJoinCap): 'established' | 'gone' => {
  const { joinCap } = stack.decisions;
  const candidates = joinCap.candidates(stack, own.request, option).slice(0, stack.parameters.esim.candidates);
  const target = candidates.find((request) => joinCap.verifies(stack, request, own.request, option));
  // DRAFT-eSIM-S-10: no candidate, a wrong MAC or another negotiation result (I-63) resets this flow and nothing else.
  if (target === undefined || !joinCap.mayJoin(stack, own, target)) return own.reset(flow);
  const session = target.session ?? establishInitial(stack, target, option.key);
  if (session === undefined) return own.reset(flow);
  own.leave(flow);
  attach(stack, session, flow, { by: 'join-cap', localId: 0, remoteId: option.addressId });
  // I-57: the option is acknowledged at once.
  flow.ackDue = true;
  return 'established';
};

/** The join came before the initial flow's own third segment: both are established now. */
const establishInitial = (stack: Stack, target: CapableRequest, keyA: bigint): Session | undefined => {
  const [initial] = target.halfOpen;
  if (initial === undefined || stack.parameters.esim.cross_establish === 'forbid') return undefined;
  const [flow, halfOpen] = initial;
  const session = halfOpen.accept(flow, keyA);
  establishPassive(stack, flow);
  return session;
};

/**
 * Requests whose connection the option may mean: those with its Key-A (draft case 2; in v0 also half-open ones, from their
 * SYN), else the half-open ones with its fast hash (v1, draft case 3). Never the flow's own request.
 */
export const candidates = (stack: Stack, own: CapableRequest, option: MpJoinCap): readonly CapableRequest[] => {
  const eligible = (request: CapableRequest) => request !== own && !request.over && request.version === own.version;
  const named = stack.correlation.withKeyA(option.key).filter(eligible);
  if (own.version === 0) return named;
  const hash = carriedFastHash(option.mac, joinCapLayout(stack.parameters));
  const hashed = hash === undefined ? [] : [...stack.correlation.withFastHash(hash)].filter(eligible);
  return [...named, ...hashed];
};

/** Whether the whole MAC field, fast hash included, is that of Key-A, the candidate's Key-B and this flow's Key-B'. */
export const verifies = (stack: Stack, candidate: CapableRequest, own: CapableRequest, option: MpJoinCap): boolean =>
  equalOctets(
    option.mac,
    joinCapMac({
      version: own.version,
      keyA: option.key,
      keyB: candidate.keyB,
      keyB2: own.keyB,
      layout: joinCapLayout(stack.parameters),
    }),
  );

/**
 * Whether the flow may join: negotiated alike (DRAFT-eSIM-C-19, I-63), not closing (DRAFT-eSIM-S-20), and in explicit mode only
 * after ROBE_eSIM_EN was exchanged on it (open point I-60).
 */
export const mayJoin = (stack: Stack, own: HalfOpenFlow, target: CapableRequest): boolean => {
  if (own.request.checksum !== target.checksum) return false;
  if (target.connection !== undefined && target.connection.state !== 'established') return false;
  return stack.parameters.esim.mode === 'implicit' || own.extras.esim;
};
