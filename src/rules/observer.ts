/**
 * Reads conversations segment by segment: finds the flow and the connection of a segment, applies every rule by the state
 * before the segment, and then stores the segment. Memory is bounded: idle flows and connections are dropped, and closed
 * ones much sooner.
 */
import { TcpFlag } from '../protocol/wire/packet.js';
import type { SegmentView } from '../protocol/wire/segment-view.js';
import { judgeConnectionWindow, judgeEdgeBetween } from './connection-window.js';
import { Connections } from './conversation/connections.js';
import { Flows } from './conversation/flows.js';
import { hasPayload, type Segment } from './conversation/segment.js';
import { relative, type Subflow } from './conversation/subflow.js';
import { followView } from './conversation/views.js';
import { Echo } from './echo.js';
import { judgeSyn, judgeSynAck } from './handshake.js';
import { judgeAfterPlainJoinAnswer, judgeAfterWrongHmac, judgeEarlyData, judgeJoinHmac } from './join.js';
import { noteRefusal } from './join-targets.js';
import { learnSegment } from './learn.js';
import { judgeData, mappingRules } from './mapping.js';
import type { Notes } from './notes.js';
import { Openings } from './openings.js';
import { judgeNegotiated, judgeRttOffer } from './robe.js';
import { Secrets } from './secrets.js';
import { note, type Sight, type Vantage } from './sight.js';
import { judgeSignals } from './signals.js';
import { judgeFin, judgeHeader } from './tcp-header.js';
import { judgeAckOfAll, judgeNumbers } from './tcp-numbers.js';
import { judgeOptions } from './tcp-options.js';
import { isReadable, judgeConfirmation, judgeFallback } from './third-segment.js';

export interface ObserverOptions {
  readonly vantage: Vantage;
  readonly notes: Notes;
  /** Least number of open flows to keep; at most twice as many. */
  readonly flows: number;
  /** Judge proposal 1 also if a server answers a known Key-A with another Key-B: it claims the profile. */
  readonly downgrading: boolean;
  /** Flows of one connection may share a key of their host. */
  readonly keysShared: boolean;
  /** The application of the server only echoes. */
  readonly echoes: boolean;
}

export class Observer {
  readonly #options: ObserverOptions;
  readonly #flows: Flows;
  readonly #connections: Connections;
  readonly #secrets = new Secrets();
  readonly #openings = new Openings();
  readonly #echo: Echo | undefined;
  #views = 0;

  constructor(options: ObserverOptions) {
    this.#options = options;
    this.#flows = new Flows(options.flows, options.vantage === 'between');
    this.#connections = new Connections(options.flows);
    if (options.echoes) this.#echo = new Echo();
  }

  get flows(): Pick<Flows, 'count' | 'withoutStart' | 'forgotten'> {
    return this.#flows;
  }

  /** Flows that are second views of others, which are not judged. */
  get views(): number {
    return this.#views + this.#flows.secondAnswers;
  }

  /** Number of subflows assigned to a connection so far, by the way they were attached. */
  get attachments(): Connections['attachments'] {
    return this.#connections.attachments;
  }

  /** The flow of a segment. To judge the segment, pass the flow to {@link take} next. */
  flowOf(tcp: SegmentView): Subflow {
    return this.#flows.of(tcp);
  }

  /**
   * Judges a segment whose flow {@link flowOf} has just given, and stores it. `at`: nanoseconds, for a peer with a clock.
   */
  take(subflow: Subflow, tcp: SegmentView, frame: number, at = 0n): void {
    const segment: Segment = { frame, at, sender: this.#flows.sender, tcp };
    if (isOlder(segment, subflow)) return;
    const { vantage, notes } = this.#options;
    const sight: Sight = { segment, subflow, vantage, notes };
    if (subflow.viewOf !== undefined) followView(segment, subflow);
    else {
      this.#judge(sight);
      this.#echo?.judge(sight);
      if (isView(subflow)) this.#views += 1;
    }
    if (subflow.ended || (tcp.flags & (TcpFlag.FIN | TcpFlag.RST)) !== 0) noteEnd(segment, subflow);
  }

  /** Rules that only the peer of a host can judge. */
  #judgeAsPeer(sight: Sight): void {
    judgeNumbers(sight);
    judgeRttOffer(sight);
    this.#secrets.judge(sight, this.#options.keysShared);
    this.#openings.judge(sight);
  }

  #judge(sight: Sight): void {
    const { segment, subflow } = sight;
    const { flags, mptcp } = segment.tcp;
    judgeHeader(sight);
    judgeFin(sight);
    if (sight.vantage === 'between') judgeAckOfAll(sight);
    judgeOptions(sight);
    judgeSignals(sight);
    noteRefusal(sight);
    const concernsMptcp = subflow.synCapable !== undefined || subflow.synJoin !== undefined || mptcp.some(isReadable);
    if ((flags & TcpFlag.SYN) !== 0) {
      if ((flags & TcpFlag.ACK) === 0) judgeSyn(sight);
      else if (segment.sender === 'listener') {
        judgeSynAck(sight);
        judgeNegotiated(sight);
      }
    } else if (concernsMptcp) {
      judgeConfirmation(sight);
      judgeFallback(sight);
      judgeAfterWrongHmac(sight);
      judgeAfterPlainJoinAnswer(sight);
      judgeEarlyData(sight);
    }
    learnSegment(sight, this.#connections, this.#options.downgrading);
    if (sight.vantage === 'peer') this.#judgeAsPeer(sight);
    if (!concernsMptcp) return;
    judgeJoinHmac(sight);
    judgeData(sight);
    if (sight.vantage === 'peer') judgeConnectionWindow(sight);
    else judgeEdgeBetween(sight);
    if (subflow.opener.isn === undefined && subflow.connection === undefined && mptcp.some(isReadable))
      note(sight, 'unknown', mappingRules.checksum, () => 'the start of the flow was not captured');
  }
}

/**
 * A reset ends a flow, and so do FINs of both ends. If an end sends payload after a reset, it did not send that reset:
 * others forge resets, which hosts ignore out of window (RFC 9293 section 3.10.7.4).
 */
const noteEnd = (segment: Segment, subflow: Subflow): void => {
  const { flags } = segment.tcp;
  const end = subflow[segment.sender];
  if ((flags & TcpFlag.RST) !== 0) end.reset = true;
  else if (hasPayload(segment)) end.reset = false;
  if ((flags & TcpFlag.FIN) !== 0) end.finished = true;
  const { opener, listener } = subflow;
  const ended = opener.reset || listener.reset || (opener.finished && listener.finished);
  if (ended === subflow.ended) return;
  subflow.ended = ended;
  if (subflow.connection !== undefined) subflow.connection.endedSubflows += ended ? 1 : -1;
};

/** Whether its flow is a second view of another one. */
const isView = ({ viewOf }: Subflow): boolean => viewOf !== undefined;

/** Whether a segment is before the SYN: a late segment of an earlier flow on the same ports. */
const isOlder = ({ sender, tcp }: Segment, subflow: Subflow): boolean => (relative(subflow[sender], tcp.seq) ?? 0) < 0;
