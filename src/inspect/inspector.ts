/**
 * Passive conformance check: takes frames in the order of a capture, finds TCP flows, MPTCP connections and what RobE does
 * with them, and leaves observations. Each segment is judged by what was known before it, and then remembered. Memory is
 * bounded: flows and connections that were not seen for long are forgotten and counted, those that have ended much sooner.
 */
import type { FrameInPlace } from '../net/capture/frame-walk.js';
import { networkStart } from '../net/capture/link-type.js';
import { isMalformed } from '../protocol/bytes/malformed.js';
import { type DraftSubtypes, defaultDraftSubtypes } from '../protocol/mptcp/option.js';
import { TcpFlag } from '../protocol/wire/packet.js';
import { SegmentView } from '../protocol/wire/segment-view.js';
import { Connections } from './connections.js';
import type { InspectionCounts } from './counts.js';
import { Flows } from './flows.js';
import { learnSegment } from './learn.js';
import { hasPayload, judgeData } from './rules/data.js';
import { isReadable, judgeConfirmation, judgeFallback, judgeSyn, judgeSynAck } from './rules/handshake.js';
import { judgeAfterPlainJoinAnswer, judgeAfterWrongHmac, judgeJoinHmac } from './rules/join.js';
import { hex16, type Sight } from './rules/sight.js';
import { judgeSignals } from './rules/signals.js';
import type { Segment } from './segment.js';
import { relative, type Subflow } from './subflow.js';
import { type RequirementTally, Tally } from './tally.js';

/** Flows that have not ended, remembered at least. */
export const usualFlows = 25_000;

export interface InspectorOptions {
  readonly subtypes?: DraftSubtypes;
  /** Flows remembered at least that have not ended; twice as many at most. */
  readonly flows?: number;
  /** Observations kept of each outcome of a requirement. */
  readonly examples?: number;
  /** Judge proposal 1 also where a server answers a known Key-A with another Key-B. */
  readonly downgrading?: boolean;
}

export class Inspector {
  readonly #tally: Tally;
  readonly #flows: Flows;
  readonly #connections: Connections;
  readonly #view: SegmentView;
  readonly #downgrading: boolean;
  readonly #counts = {
    frames: 0,
    segments: 0,
    malformed: 0,
    corrupt: 0,
    unfinished: 0,
    cut: 0,
    flows: 0,
    withoutStart: 0,
  };

  constructor(options: InspectorOptions = {}) {
    const { subtypes = defaultDraftSubtypes, flows = usualFlows, examples = 10, downgrading = false } = options;
    this.#view = new SegmentView(subtypes);
    this.#tally = new Tally(examples);
    this.#flows = new Flows(flows);
    this.#connections = new Connections(flows);
    this.#downgrading = downgrading;
  }

  /** Judges the next frame. */
  take({ linkType, octets, from, to }: FrameInPlace): void {
    this.#counts.frames += 1;
    const network = networkStart(linkType, octets, from, to);
    const kind = isMalformed(network) ? 'malformed' : this.#view.look(octets, network.start, to, network.etherType);
    if (kind === 'malformed') this.#counts.malformed += 1;
    if (kind === 'cut') this.#counts.cut += 1;
    if (kind === 'tcp') this.#takeSegment();
  }

  /** Frames taken so far. */
  get frames(): number {
    return this.#counts.frames;
  }

  counts(): InspectionCounts {
    const { count: flows, withoutStart, forgotten } = this.#flows;
    return { ...this.#counts, flows, withoutStart, forgotten, attached: { ...this.#connections.attachments } };
  }

  requirements(): readonly RequirementTally[] {
    return this.#tally.results();
  }

  #takeSegment(): void {
    const frame = this.#counts.frames;
    const tcp = this.#view;
    this.#counts.segments += 1;
    const subflow = this.#flows.of(tcp);
    const { checksumState, whole } = tcp;
    if (checksumState === 'invalid' || checksumState === 'partial') this.#noteChecksum(checksumState, subflow, frame);
    if (checksumState === 'invalid') return;
    if (!whole) this.#counts.cut += 1;
    const segment: Segment = { frame, sender: this.#flows.sender, tcp };
    if (isOlder(segment, subflow)) return;
    this.#judge({ segment, subflow, notes: this.#tally });
    if (subflow.ended || (tcp.flags & (TcpFlag.FIN | TcpFlag.RST)) !== 0) this.#noteEnd(segment, subflow);
  }

  #judge(sight: Sight): void {
    const { segment, subflow } = sight;
    const { flags, mptcp } = segment.tcp;
    judgeSignals(sight);
    const concernsMptcp = subflow.synCapable !== undefined || subflow.synJoin !== undefined || mptcp.some(isReadable);
    if ((flags & TcpFlag.SYN) !== 0) {
      if ((flags & TcpFlag.ACK) === 0) judgeSyn(sight);
      else if (segment.sender === 'listener') judgeSynAck(sight);
    } else if (concernsMptcp) {
      judgeConfirmation(sight);
      judgeFallback(sight);
      judgeAfterWrongHmac(sight);
      judgeAfterPlainJoinAnswer(sight);
    }
    learnSegment(sight, this.#connections, this.#downgrading);
    if (!concernsMptcp) return;
    judgeJoinHmac(sight);
    judgeData(sight);
    if (subflow.opener.isn === undefined && subflow.connection === undefined && mptcp.some(isReadable))
      this.#tally.unknown('RFC6824-3.3-04', subflow, [segment.frame], () => 'the start of the flow was not captured');
  }

  /**
   * A reset ends a flow, and a FIN of each end. An end that sends payload behind its reset did not send that: others forge
   * resets, which hosts ignore out of window (RFC 9293 section 3.10.7.4).
   */
  #noteEnd(segment: Segment, subflow: Subflow): void {
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
  }

  #noteChecksum(state: 'invalid' | 'partial', subflow: Subflow, frame: number): void {
    if (state === 'invalid') this.#counts.corrupt += 1;
    else this.#counts.unfinished += 1;
    const tcp = this.#view;
    const why = state === 'invalid' ? '' : ', left to the network card';
    this.#tally.damaged(
      'RFC9293-3.1-04',
      subflow,
      [frame],
      () => `the TCP checksum is ${hex16(tcp.checksum)}${why}, expected ${hex16(tcp.expectedChecksum)}`,
    );
  }
}

/** Whether a segment lies in front of the SYN: it is a late one of an earlier flow on the same ports. */
const isOlder = ({ sender, tcp }: Segment, subflow: Subflow): boolean => (relative(subflow[sender], tcp.seq) ?? 0) < 0;
