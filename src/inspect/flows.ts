/**
 * TCP flows by addresses and ports, of bounded number. Segments of one flow follow each other closely, so those found last
 * are at hand without putting a key together.
 */
import { TcpFlag } from '../protocol/wire/packet.js';
import type { SegmentView } from '../protocol/wire/segment-view.js';
import { seqDiff } from '../protocol/wire/seq.js';
import { FlowEnds, mostWords } from './flow-ends.js';
import { Memory } from './memory.js';
import type { End } from './segment.js';
import { newSubflow, type Subflow } from './subflow.js';

const handySlots = 1024;
/** So often a flow at hand is looked up all the same, which keeps it from being forgotten. */
const refreshEvery = 256;

export class Flows {
  readonly #known: Memory<string, Subflow>;
  readonly #ends = new FlowEnds();
  readonly #handy: (Subflow | undefined)[] = new Array<Subflow | undefined>(handySlots).fill(undefined);
  /** The ends of the flows at hand. */
  readonly #handyEnds = new Int32Array(handySlots * mostWords);
  #lookups = 0;
  #count = 0;
  #withoutStart = 0;
  #sender: End = 'opener';

  /** Remembers `size` to twice as many that have not ended. */
  constructor(size: number) {
    this.#known = new Memory(size, ({ ended }) => ended);
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

  /** The end that sent the segment whose flow was asked for last. */
  get sender(): End {
    return this.#sender;
  }

  /** The flow of a segment. A SYN with another number than the one before starts a new flow on the same ports. */
  of(tcp: SegmentView): Subflow {
    this.#ends.of(tcp);
    const slot = this.#ends.hash & (handySlots - 1);
    const isSyn = (tcp.flags & (TcpFlag.SYN | TcpFlag.ACK)) === TcpFlag.SYN;
    this.#lookups += 1;
    const refresh = isSyn || this.#lookups % refreshEvery === 0;
    const subflow = (refresh ? undefined : this.#atHand(slot)) ?? this.#find(tcp, isSyn, slot);
    this.#sender = this.#ends.sourceFirst === subflow.openerFirst ? 'opener' : 'listener';
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

  #find(tcp: SegmentView, isSyn: boolean, slot: number): Subflow {
    const { key, words, sourceFirst } = this.#ends;
    const known = this.#known.get(key);
    const subflow =
      known !== undefined && belongs(tcp, isSyn, sourceFirst, known) ? known : this.#open(tcp, isSyn, key);
    this.#handy[slot] = subflow;
    this.#handyEnds.set(words, slot * mostWords);
    return subflow;
  }

  #open(tcp: SegmentView, isSyn: boolean, key: string): Subflow {
    const source = { address: tcp.source, port: tcp.sourcePort };
    const destination = { address: tcp.destination, port: tcp.destinationPort };
    // Without its SYN the end with the higher port is taken for the one that opened the flow, unless this is a SYN/ACK.
    const isSynAck = !isSyn && (tcp.flags & TcpFlag.SYN) !== 0;
    const fromOpener = isSyn || (!isSynAck && source.port >= destination.port);
    this.#count += 1;
    if (!isSyn) this.#withoutStart += 1;
    const [opener, listener] = fromOpener ? [source, destination] : [destination, source];
    const { sourceFirst, length } = this.#ends;
    const subflow = newSubflow(this.#count, opener, listener, fromOpener === sourceFirst, length);
    this.#known.set(key, subflow);
    return subflow;
  }
}

/** Whether a segment between the ends of a known flow is one of it. */
function belongs(tcp: SegmentView, isSyn: boolean, sourceFirst: boolean, { opener, openerFirst }: Subflow): boolean {
  if (!isSyn) return true;
  return sourceFirst === openerFirst && (opener.isn === undefined || seqDiff(opener.isn, tcp.seq) === 0);
}
