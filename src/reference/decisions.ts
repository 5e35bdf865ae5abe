/**
 * The right answers to all questions of the machines (questions.ts). This file is above the machines: it imports the
 * answers from their files, and no machine imports it; the creator of a host passes the answers in.
 */
import { pathsToAnnounced } from './client/announced.js';
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
import { findQuoted, heedsErrors, isHardError, quotesSyn } from './icmp-error.js';
import { answerBadEcho, attachesFurther, provesKeyA } from './listener/capable-half-open.js';
import { chooseKeyB, correlate } from './listener/correlation.js';
import { candidates, mayJoin, verifies } from './listener/join-cap.js';
import { findSession, refuses } from './listener/join-half-open.js';
import { answerLateSyn, confirmsEsim } from './listener/listener.js';
import { loserResetForm, losersOf } from './listener/losers.js';
import { announces, asksBeforeRemoval, verifiesAddAddr } from './mptcp/addresses.js';
import { acceptsEcho, judgeAnswer, judgeOffer } from './mptcp/capable.js';
import { verifiesChecksum } from './mptcp/incoming.js';
import { hmacA, hmacB, verifiesHmacA, verifiesHmacB } from './mptcp/join-proof.js';
import { reinjectionRoom, windowEnd, windowRoom } from './mptcp/room.js';
import { remoteRttReport, schedule } from './mptcp/scheduling.js';
import { isFastclose } from './mptcp/signals.js';
import type { DecisionChanges, Decisions } from './questions.js';
import { arrange } from './tcp/companions.js';
import { initialWindow, lossWindow } from './tcp/congestion.js';
import { initialSequence, sourcePort } from './tcp/flow-table.js';
import { acknowledgesSyn, isAcceptable, isAckAcceptable, judgeReset, judgeSyn, tellsWindow } from './tcp/judgement.js';
import { sendMss } from './tcp/mss.js';
import { answerWithoutState } from './tcp/reset.js';
import { isSilly, probeWait } from './tcp/send-window.js';
import { isOutdated } from './tcp/timestamps.js';
import { backOff, roundTrip, startsTimerAnew, timeout } from './tcp/transmission.js';

export const rightDecisions = {
  tcp: {
    isAcceptable,
    isOutdated,
    isAckAcceptable,
    tellsWindow,
    judgeSyn,
    judgeReset,
    acknowledgesSyn,
    // A reset in SYN-SENT counts with an acceptable ACK only (RFC9293-3.10.7-04, -05).
    refuses: acknowledgesSyn,
    answerWithoutState,
    isHardError,
    quotesSyn,
    initialSequence,
    sourcePort,
    arrange,
    backOff,
    roundTrip,
    timeout,
    probeWait,
    isSilly,
    lossWindow,
    initialWindow,
    sendMss,
    startsTimerAnew,
    heedsErrors,
    findQuoted,
  },
  listener: {
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
  },
  join: {
    findSession,
    hmacB,
    verifiesHmacA,
    hmacA,
    verifiesHmacB,
    mayOpen: mayOpenJoins,
    refuses,
    announces,

    verifiesAddAddr,
    asksBeforeRemoval,
  },
  joinCap: { candidates, verifies, mayJoin, option: joinCapOption },
  client: {
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
    pathsToAnnounced,
    joinsAfterEnd,
    isInitialKnown,
    nextPath,
    timerWait,
  },
  data: { schedule, windowRoom, windowEnd, reinjectionRoom, remoteRttReport, verifiesChecksum, isFastclose },
} satisfies Decisions;

/** The right decisions with some replaced. */
export const withDecisions = (changes: DecisionChanges): Decisions => ({
  tcp: { ...rightDecisions.tcp, ...changes.tcp },
  listener: { ...rightDecisions.listener, ...changes.listener },
  join: { ...rightDecisions.join, ...changes.join },
  joinCap: { ...rightDecisions.joinCap, ...changes.joinCap },
  client: { ...rightDecisions.client, ...changes.client },
  data: { ...rightDecisions.data, ...changes.data },
});
