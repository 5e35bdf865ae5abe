/**
 * TCP flows by addresses and ports, of bounded number. Segments of one flow often follow each other, so the latest flows
 * are found in a small table, without building a key.
 */
import { TcpFlag } from '../../protocol/wire/packet.js';
import type { SegmentView } from '../../protocol/wire/segment-view.js';
import { FlowEnds, mostWords } from './flow-ends.js';
import { Memory } from './memory.js';
import type { End } from './segment.js';
import { acknowledgesSyn, newSubflow, relative, type Subflow, type SubflowEnd } from './subflow.js';
import { isSecondAnswer, nearest } from './views.js';

/** Slots of the small table: a power of two; one slot for this many flows kept. */
const mostHandySlots = 1024;
const flowsPerSlot = 4;
/** After this many hits a flow of the small table is looked up in full, so that it is not dropped as idle. */
const refreshEvery = 256;

export class Flows {
  readonly #known: Memory<string, Subflow>;
  readonly #ends = new FlowEnds();
  readonly #handy: (Subflow | undefined)[];
  /** The ends of the flows in the small table. */
  readonly #handyEnds: Int32Array;
  #lookups = 0;
  #count = 0;
  #withoutStart = 0;
  #secondAnswers = 0;
  #sender: End = 'opener';
  readonly #views: boolean;

  /** Keeps `size` to twice as many open flows. `views`: some flows may have been captured at two places. */
  constructor(size: number, views: boolean) {
    this.#known = new Memory(size, ({ ended }) => ended);
    const slots = Math.min(mostHandySlots, 2 ** Math.ceil(Math.log2(Math.max(1, size / flowsPerSlot))));
    this.#handy = new Array<Subflow | undefined>(slots).fill(undefined);
    this.#handyEnds = new Int32Array(slots * mostWords);
    this.#views = views;
  }

  /** Number of flows opened as a second view of another one, for an answer with other numbers. */
  get secondAnswers(): number {
    return this.#secondAnswers;
  }

  /** Flows seen so far. */
  get count(): number {
    return this.#count;
  }

  /** Of these, those whose SYN was not captured. */
  get withoutStart(): number {
    return this.#withoutStart;
  }

  get forgotten(): number {
    return this.#known.forgotten;
  }

  /** The end that sent the segment given to the latest call of `of`. */
  get sender(): End {
    return this.#sender;
  }

  /** The flow of a segment. A segment that cannot belong to the previous flow on its ports starts a new one. */
  of(tcp: SegmentView): Subflow {
    this.#ends.of(tcp);
    const slot = this.#ends.hash & (this.#handy.length - 1);
    const isSyn = (tcp.flags & (TcpFlag.SYN | TcpFlag.ACK)) === TcpFlag.SYN;
    this.#lookups += 1;
    const refresh = isSyn || this.#lookups % refreshEvery === 0;
    const newest = (refresh ? undefined : this.#atHand(slot)) ?? this.#recall(slot);
    const { sourceFirst } = this.#ends;
    const known =
      newest?.before === undefined ? newest : nearest(tcp, senderOf(sourceFirst, newest), newest, newest.before);
    if (this.#views && known !== undefined && isSecondAnswer(tcp, senderOf(sourceFirst, known), known))
      return this.#openView(known, slot);
    const subflow =
      known !== undefined && belongs(tcp, sourceFirst, known) ? known : this.#open(tcp, isSyn, slot, newest);
    this.#sender = senderOf(sourceFirst, subflow);
    return subflow;
  }

  #atHand(slot: number): Subflow | undefined {
    const { words, length } = this.#ends;
    const subflow = this.#handy[slot];
    if (subflow === undefined || subflow.words !== length) return undefined;
    for (let word = 0; word < length; word++)
      if (words[word] !== this.#handyEnds[slot * mostWords + word]) return undefined;
    return subflow;
  }

  #recall(slot: number): Subflow | undefined {
    const known = this.#known.get(this.#ends.key);
    if (known !== undefined) this.#keepAtHand(slot, known);
    return known;
  }

  #keepAtHand(slot: number, subflow: Subflow): void {
    this.#handy[slot] = subflow;
    this.#handyEnds.set(this.#ends.words, slot * mostWords);
  }

  #open(tcp: SegmentView, isSyn: boolean, slot: number, before: Subflow | undefined): Subflow {
    const source = { address: tcp.source, port: tcp.sourcePort };
    const destination = { address: tcp.destination, port: tcp.destinationPort };
    // Without its SYN, the end with the higher port is assumed to have opened the flow, unless this is a SYN/ACK.
    const isSynAck = !isSyn && (tcp.flags & TcpFlag.SYN) !== 0;
    const fromOpener = isSyn || (!isSynAck && source.port >= destination.port);
    this.#count += 1;
    if (!isSyn) this.#withoutStart += 1;
    const [opener, listener] = fromOpener ? [source, destination] : [destination, source];
    const { sourceFirst, length, key } = this.#ends;
    const subflow = newSubflow(this.#count, opener, listener, fromOpener === sourceFirst, length);
    if (isSyn) subflow.opener.isn = tcp.seq;
    subflow.displaces = before !== undefined && !before.ended;
    if (this.#views && subflow.displaces && before !== undefined) {
      delete before.before;
      subflow.before = before;
    }
    this.#known.set(key, subflow);
    this.#keepAtHand(slot, subflow);
    return subflow;
  }

  /** The flow of an answer that repeats the secrets of the first one under other numbers. */
  #openView(known: Subflow, slot: number): Subflow {
    const { opener, listener, openerFirst, words } = known;
    this.#count += 1;
    this.#secondAnswers += 1;
    const view = newSubflow(this.#count, opener, listener, openerFirst, words);
    if (opener.isn !== undefined) view.opener.isn = opener.isn;
    view.displaces = true;
    view.before = known;
    view.viewOf = known.number;
    delete known.before;
    this.#known.set(this.#ends.key, view);
    this.#keepAtHand(slot, view);
    this.#sender = 'listener';
    return view;
  }
}

const senderOf = (sourceFirst: boolean, { openerFirst }: Subflow): End =>
  sourceFirst === openerFirst ? 'opener' : 'listener';

/**
 * Whether a segment between the ends of a known flow belongs to it, and not to a later one on the same ports, whose SYN
 * may be missing in the capture.
 */
const belongs = (tcp: SegmentView, sourceFirst: boolean, flow: Subflow): boolean => {
  const { flags } = tcp;
  const sender = senderOf(sourceFirst, flow);
  if ((flags & TcpFlag.SYN) === 0) return !flow.ended || (flags & TcpFlag.RST) !== 0 || continues(tcp, flow[sender]);
  if ((flags & TcpFlag.ACK) === 0) return sender === 'opener' && flow.opener.isn === tcp.seq;
  return sender === 'opener' ? flow.opener.isn !== undefined : answers(tcp, flow);
};

/** Whether a segment is within the octets that its end sent before, or continues them; a FIN takes one number. */
const continues = (tcp: SegmentView, end: SubflowEnd): boolean => {
  const at = relative(end, tcp.seq);
  return at === undefined || at <= end.next + 1;
};

/** Whether a SYN/ACK is that of the flow: the same as before, the answer to its SYN, or a wrong answer that nothing followed. */
const answers = (tcp: SegmentView, { opener, listener, ended }: Subflow): boolean => {
  if (listener.isn === tcp.seq) return true;
  if (opener.isn === undefined) return false;
  if (acknowledgesSyn(opener, tcp.ack)) return true;
  return listener.isn === undefined && !ended && opener.next === 1 && listener.next === 1;
};
