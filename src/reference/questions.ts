/**
 * The decisions of the machines as functions: one for every choice that a requirement is about. The machines depend only
 * on these types; the right answers are in decisions.ts, and an implementation with one defect is these answers with one
 * function replaced.
 */
import type { AddAddr, Dss, LRttEn, MpCapable, MpJoinAck, MpJoinCap, MpJoinSynAck } from '../protocol/mptcp/option.js';
import type { IpAddress, Tcp } from '../protocol/wire/packet.js';
import type { Seq } from '../protocol/wire/seq.js';
import type { TcpOption } from '../protocol/wire/tcp-option.js';
import type { Attempt, Election, ElectionChoice, LaterVerdict, Potential } from './election/election.js';
import type { CapableRequest, CorrelatedSyn, HalfOpenFlow } from './listener/correlation.js';
import type { CapableAnswer, CapableOffer, ExpectedEcho } from './mptcp/capable.js';
import type {
  AnnouncedAddress,
  AnnouncementMoment,
  Connection,
  JoinAddress,
  Mapping,
  Member,
  OwnAddress,
  Session,
} from './mptcp/connection.js';
import type { ReferenceParameters } from './parameters.js';
import type { Stack } from './stack.js';
import type { Flow, FlowPlace, Outstanding, QuotedFlow } from './tcp/flow.js';
import type { ResetForm } from './tcp/reset.js';

/** Choices of TCP (RFC 9293). */
interface TcpDecisions {
  readonly isAcceptable: (flow: Flow, segment: Tcp) => boolean;
  /** Whether a timestamp shows an old duplicate. */
  readonly isOutdated: (flow: Flow, segment: Tcp, now: bigint) => boolean;
  readonly isAckAcceptable: (flow: Flow, segment: Tcp) => boolean;
  /** Whether the window of a segment is used. */
  readonly tellsWindow: (flow: Flow, segment: Tcp) => boolean;
  readonly judgeSyn: (flow: Flow, parameters: ReferenceParameters) => 'challenge' | 'listen' | 'reset';
  readonly judgeReset: (flow: Flow, segment: Tcp) => 'reset' | 'challenge' | 'drop';
  readonly acknowledgesSyn: (flow: Flow, segment: Tcp) => boolean;
  /** Whether a reset in SYN-SENT is accepted. */
  readonly refuses: (flow: Flow, segment: Tcp) => boolean;
  readonly answerWithoutState: (segment: Tcp) => ResetForm | undefined;
  readonly isHardError: (version: 4 | 6, type: number, code: number) => boolean;
  readonly quotesSyn: (flow: Flow, quotedSeq: number) => boolean;
  readonly initialSequence: (stack: Stack, place: FlowPlace) => Seq;
  readonly sourcePort: (stack: Stack, to: Omit<FlowPlace, 'localPort'>) => number;
  readonly arrange: (options: readonly TcpOption[]) => readonly TcpOption[];
  /** The wait after one that ended without an answer, in nanoseconds. */
  readonly backOff: (flow: Flow) => bigint;
  /** The round trip given by a present acknowledgment of a sent segment, in nanoseconds. */
  readonly roundTrip: (sent: Outstanding, now: bigint) => bigint | undefined;
  /** The timeout computed from the round trips of the flow, in nanoseconds. */
  readonly timeout: (flow: Flow) => bigint;
  /** How much may be under way before anything is acknowledged, in octets. */
  readonly initialWindow: (mss: number) => number;
  /** Octets of payload in a segment to a peer with this MSS. */
  readonly sendMss: (local: IpAddress, announced: number) => number;
  /** Whether the timer restarts when new octets were acknowledged and others are still under way. */
  readonly startsTimerAnew: (flow: Flow) => boolean;
  /** How long a window has to be closed before it is probed, in nanoseconds. */
  readonly probeWait: (flow: Flow) => bigint;
  /** Whether a segment of `usable` octets would be small only because of the window. */
  readonly isSilly: (flow: Flow, usable: number, full: number, waiting: () => number) => boolean;
  /** How much may be under way after the timer fired, in octets. */
  readonly lossWindow: (flow: Flow) => number;
  /** Whether a final ICMP error about the flow ends it. */
  readonly heedsErrors: (flow: Flow) => boolean;
  /** The flow that an ICMP error quotes. */
  readonly findQuoted: (flows: ReadonlyMap<string, Flow>, quoted: QuotedFlow) => Flow | undefined;
}

/** Choices of a server about MP_CAPABLE (RFC 6824, RFC 8684, paper 2.1 and 2.2). */
interface ListenerDecisions {
  readonly judgeOffer: (
    option: MpCapable,
    versions: readonly (0 | 1)[],
    parameters: ReferenceParameters,
  ) => CapableOffer | 'plain' | 'drop';
  readonly correlate: (
    requests: readonly CapableRequest[],
    syn: CorrelatedSyn,
    parameters: ReferenceParameters,
  ) => CapableRequest | 'rst' | undefined;
  readonly chooseKeyB: (repeated: CapableRequest | undefined, fresh: () => bigint) => bigint;
  readonly answerLateSyn: (stack: Stack, request: CapableRequest) => 'answer' | 'rst' | 'drop';
  readonly confirmsEsim: (stack: Stack, segment: Tcp) => boolean;
  readonly acceptsEcho: (expected: ExpectedEcho, option: MpCapable) => boolean;
  readonly answerBadEcho: (stack: Stack) => 'fallback' | 'rst' | 'ignore';
  readonly provesKeyA: (stack: Stack, keyA: bigint, dss: Dss) => boolean;
  readonly attachesFurther: (stack: Stack, request: CapableRequest) => boolean;
  readonly losersOf: (request: CapableRequest, winner: Flow) => readonly Flow[];
  readonly loserResetForm: (stack: Stack, flow: Flow) => ResetForm;
}

/** Choices about MP_JOIN, both ends (RFC 6824 and RFC 8684 section 3.2). */
interface JoinDecisions {
  readonly findSession: (stack: Stack, token: number) => Session | undefined;
  readonly hmacB: (session: Session, localNonce: number, remoteNonce: number) => Uint8Array;
  readonly verifiesHmacA: (session: Session, localNonce: number, remoteNonce: number, third: MpJoinAck) => boolean;
  readonly hmacA: (session: Session, localNonce: number, remoteNonce: number) => Uint8Array;
  readonly verifiesHmacB: (session: Session, localNonce: number, answer: MpJoinSynAck) => boolean;
  readonly mayOpen: (stack: Stack, session: Session, to: JoinAddress) => boolean;
  /** Reason of MP_TCPRST for which a join to a live connection is refused. */
  readonly refuses: (stack: Stack, session: Session) => number | undefined;
  /** Addresses that this host announces at that moment. */
  readonly announces: (stack: Stack, session: Session, moment: AnnouncementMoment) => readonly OwnAddress[];
  readonly verifiesAddAddr: (session: Session, option: AddAddr) => boolean;
  /** Whether a keepalive probes the flow of a removed address before the flow ends. */
  readonly asksBeforeRemoval: () => boolean;
}

/** Choices about MP_JOIN_CAP, both ends (draft RobE_eSIM). */
interface JoinCapDecisions {
  readonly candidates: (stack: Stack, own: CapableRequest, option: MpJoinCap) => readonly CapableRequest[];
  readonly verifies: (stack: Stack, candidate: CapableRequest, own: CapableRequest, option: MpJoinCap) => boolean;
  readonly mayJoin: (stack: Stack, own: HalfOpenFlow, target: CapableRequest) => boolean;
  readonly option: (stack: Stack, session: Session, addressId: number, answer: CapableAnswer) => MpJoinCap;
}

/** Choices of a client's establishment (paper 2, draft). */
interface ClientDecisions {
  readonly election: (stack: Stack, choice: ElectionChoice, timer: Election) => Election;
  readonly orderByRtt: (stack: Stack, paths: readonly number[]) => readonly number[];
  readonly chooseKeyA: (stack: Stack, attempt: Attempt, fresh: () => bigint) => bigint;
  readonly offersCapable: (stack: Stack, attempt: Attempt, transmission: number) => boolean;
  readonly judgeAnswer: (
    segment: Tcp,
    version: 0 | 1,
    offeredChecksum: boolean,
    parameters: ReferenceParameters,
  ) => CapableAnswer | undefined;
  readonly echoKeys: (keyA: bigint, keyB: bigint) => { readonly key: bigint; readonly peerKey: bigint };
  readonly sameReceiverKey: (
    session: { readonly remoteKey: bigint; readonly checksum: boolean },
    answer: CapableAnswer,
  ) => boolean;
  readonly judgeEnhanced: (
    stack: Stack,
    attempt: Attempt,
    potential: Potential,
    answer: CapableAnswer | undefined,
  ) => LaterVerdict;
  readonly joinCapAwaits: (stack: Stack) => 'nothing' | 'ack' | 'dss';
  readonly joinPaths: (attempt: Attempt) => readonly number[];
  /** Paths from which an announced address is joined. */
  readonly pathsToAnnounced: (stack: Stack, attempt: Attempt, announced: AnnouncedAddress) => readonly number[];
  readonly joinsAfterEnd: (stack: Stack, member: Member) => boolean;
  readonly isInitialKnown: (attempt: Attempt) => boolean;
  readonly nextPath: (attempt: Attempt) => number;
  readonly timerWait: (stack: Stack, attempt: Attempt) => bigint;
}

/** Choices about data (RFC 8684 section 3.3). */
interface DataDecisions {
  readonly schedule: (connection: Connection, session: Session, usable: readonly Member[]) => readonly Member[];
  readonly windowRoom: (session: Session, flow: Flow) => number;
  /** The first octet that the peer takes no more, after a Data ACK with a window that reach `told`. */
  readonly windowEnd: (session: Session, told: bigint) => bigint;
  /** Octets that a flow may carry in the next segment of what another one failed to carry. */
  readonly reinjectionRoom: (stack: Stack, flow: Flow) => number;
  readonly remoteRttReport: (stack: Stack, session: Session, member: Member) => LRttEn | undefined;
  readonly verifiesChecksum: (mapping: Mapping, octets: Uint8Array) => boolean;
  readonly isFastclose: (session: Session, options: readonly TcpOption[]) => boolean;
}

export interface Decisions {
  readonly tcp: TcpDecisions;
  readonly listener: ListenerDecisions;
  readonly join: JoinDecisions;
  readonly joinCap: JoinCapDecisions;
  readonly client: ClientDecisions;
  readonly data: DataDecisions;
}

/** Decisions of which some are changed. */
export type DecisionChanges = { readonly [Group in keyof Decisions]?: Partial<Decisions[Group]> };
