/**
 * Every choice of the reference that a requirement is about, as one function each: the right ones. The machines ask these
 * instead of deciding by themselves, so an implementation with one defect is this record with one function replaced.
 */
import { chooseKeyA, joinsAfterEnd } from './client/attempt.js';
import { joinPaths, mayOpenJoins } from './client/joins.js';
import { offersCapable } from './client/potential-flow.js';
import { echoKeys, joinCapAwaits } from './client/synack.js';
import { isInitialKnown } from './election/break-before-make.js';
import { sameReceiverKey } from './election/downgrade.js';
import { electionFor } from './election/elections.js';
import { joinCapOption, judgeEnhanced } from './election/enhanced.js';
import { orderByRtt } from './election/path-selection.js';
import { nextPath, timerWait } from './election/timer.js';
import { isHardError, quotesSyn } from './icmp-error.js';
import { answerBadEcho, attachesFurther, provesKeyA } from './listener/capable-half-open.js';
import { chooseKeyB, correlate } from './listener/correlation.js';
import { candidates, mayJoin, verifies } from './listener/join-cap.js';
import { findSession } from './listener/join-half-open.js';
import { answerLateSyn, confirmsEsim } from './listener/listener.js';
import { loserResetForm, losersOf } from './listener/losers.js';
import { acceptsEcho, judgeAnswer, judgeOffer } from './mptcp/capable.js';
import { verifiesChecksum } from './mptcp/incoming.js';
import { hmacA, hmacB, verifiesHmacA, verifiesHmacB } from './mptcp/join-proof.js';
import { windowRoom } from './mptcp/outgoing.js';
import { remoteRttReport, schedule } from './mptcp/scheduling.js';
import { isFastclose } from './mptcp/signals.js';
import { acknowledgesSyn, isAcceptable, judgeReset } from './tcp/judgement.js';
import { answerWithoutState } from './tcp/reset.js';

/** Choices of TCP (RFC 9293). */
const tcp = {
  isAcceptable,
  judgeReset,
  acknowledgesSyn,
  /** A reset in SYN-SENT counts with an acceptable ACK only (RFC9293-3.10.7-04, -05). */
  refuses: acknowledgesSyn,
  answerWithoutState,
  isHardError,
  quotesSyn,
};

/** Choices of a server about MP_CAPABLE (RFC 6824, RFC 8684, paper 2.1 and 2.2). */
const listener = {
  judgeOffer,
  correlate,
  chooseKeyB,
  answerLateSyn,
  confirmsEsim,
  acceptsEcho,
  answerBadEcho,
  provesKeyA,
  attachesFurther,
  losersOf,
  loserResetForm,
};

/** Choices about MP_JOIN, both ends (RFC 6824 and RFC 8684 section 3.2). */
const join = { findSession, hmacB, verifiesHmacA, hmacA, verifiesHmacB, mayOpen: mayOpenJoins };

/** Choices about MP_JOIN_CAP, both ends (draft RobE_eSIM). */
const joinCap = { candidates, verifies, mayJoin, option: joinCapOption };

/** Choices of a client's establishment (paper 2, draft). */
const client = {
  election: electionFor,
  orderByRtt,
  chooseKeyA,
  offersCapable,
  judgeAnswer,
  echoKeys,
  sameReceiverKey,
  judgeEnhanced,
  joinCapAwaits,
  joinPaths,
  joinsAfterEnd,
  isInitialKnown,
  nextPath,
  timerWait,
};

/** Choices about data (RFC 8684 section 3.3). */
const data = { schedule, windowRoom, remoteRttReport, verifiesChecksum, isFastclose };

export const rightDecisions = { tcp, listener, join, joinCap, client, data };

export type Decisions = {
  readonly [Group in keyof typeof rightDecisions]: Readonly<(typeof rightDecisions)[Group]>;
};

/** The right decisions with some replaced. */
export type DecisionChanges = { readonly [Group in keyof Decisions]?: Partial<Decisions[Group]> };

export const withDecisions = (changes: DecisionChanges): Decisions => ({
  tcp: { ...tcp, ...changes.tcp },
  listener: { ...listener, ...changes.listener },
  join: { ...join, ...changes.join },
  joinCap: { ...joinCap, ...changes.joinCap },
  client: { ...client, ...changes.client },
  data: { ...data, ...changes.data },
});
