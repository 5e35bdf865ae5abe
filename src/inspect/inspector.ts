/**
 * Passive conformance check: takes frames in the order of a capture, lets the rules judge each segment from a place
 * between the hosts, and counts what was read and the observations of the rules.
 */
import type { FrameInPlace } from '../net/capture/frame-walk.js';
import { type DraftSubtypes, defaultDraftSubtypes } from '../protocol/mptcp/option.js';
import { SegmentView } from '../protocol/wire/segment-view.js';
import type { FoundMptcpOption } from '../protocol/wire/tcp-options.js';
import type { Subflow } from '../rules/conversation/subflow.js';
import { Observer } from '../rules/observer.js';
import { hex16 } from '../rules/sight.js';
import { tcpRules } from '../rules/tcp-header.js';
import type { InspectionCounts } from './counts.js';
import { FrameContents } from './frame-contents.js';
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
  readonly #observer: Observer;
  readonly #view: SegmentView;
  readonly #contents: FrameContents;
  readonly #counts = {
    segments: 0,
    corrupt: 0,
    unfinished: 0,
    cut: 0,
    malformedOptions: 0,
  };

  constructor(options: InspectorOptions = {}) {
    const { subtypes = defaultDraftSubtypes, flows = usualFlows, examples = 10, downgrading = false } = options;
    this.#view = new SegmentView(subtypes);
    this.#contents = new FrameContents(this.#view);
    this.#tally = new Tally(examples);
    this.#observer = new Observer({
      vantage: 'between',
      notes: this.#tally,
      flows,
      downgrading,
      keysShared: true,
      echoes: false,
    });
  }

  /** Judges the next frame. */
  take(frame: FrameInPlace): void {
    if (this.#contents.seek(frame)) this.#takeSegment();
  }

  /** Frames taken so far. */
  get frames(): number {
    return this.#contents.frames;
  }

  counts(): InspectionCounts {
    const { count: flows, withoutStart, forgotten } = this.#observer.flows;
    const contents = this.#contents.counts();
    const attached = { ...this.#observer.attachments };
    const cut = contents.cut + this.#counts.cut;
    return { ...contents, ...this.#counts, cut, flows, withoutStart, forgotten, attached, views: this.#observer.views };
  }

  requirements(): readonly RequirementTally[] {
    return this.#tally.results();
  }

  #takeSegment(): void {
    const tcp = this.#view;
    this.#counts.segments += 1;
    const subflow = this.#observer.flowOf(tcp);
    const { checksumState, whole } = tcp;
    if (checksumState === 'invalid' || checksumState === 'partial') this.#noteChecksum(checksumState, subflow);
    if (checksumState === 'invalid') return;
    if (!whole) this.#counts.cut += 1;
    if (tcp.mptcp.some(isMalformedOption)) this.#counts.malformedOptions += 1;
    this.#observer.take(subflow, tcp, this.#contents.frames);
  }

  /**
   * A segment with a wrong checksum in a capture may have been damaged in transit, so it shows nothing about its sender.
   */
  #noteChecksum(state: 'invalid' | 'partial', subflow: Subflow): void {
    if (state === 'invalid') this.#counts.corrupt += 1;
    else this.#counts.unfinished += 1;
    const tcp = this.#view;
    const why = state === 'invalid' ? '' : ', left to the network card';
    this.#tally.note({
      outcome: 'damaged',
      rule: tcpRules.checksum,
      version: 1,
      flow: subflow,
      frames: [this.#contents.frames],
      sentence: () => `the TCP checksum is ${hex16(tcp.checksum)}${why}, expected ${hex16(tcp.expectedChecksum)}`,
    });
  }
}

const isMalformedOption = ({ option }: FoundMptcpOption): boolean => option === 'malformed';
