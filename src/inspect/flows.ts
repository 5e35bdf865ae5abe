/**
 * TCP flows by addresses and ports, of bounded number. Segments of one flow follow each other closely, so those found last
 * are at hand without putting a key together.
 */
import { TcpFlag } from '../protocol/wire/packet.js';
import type { SegmentView } from '../protocol/wire/segment-view.js';
import { seqDiff } from '../protocol/wire/seq.js';
import { type Endpoint, endpointText } from './endpoint.js';
import { Generations } from './generations.js';
import { newSubflow, type Subflow } from './subflow.js';

export interface FlowOfSegment {
  readonly subflow: Subflow;
  readonly fromOpener: boolean;
}

const handySlots = 1024;
/** So often a flow at hand is looked up all the same, which keeps it from being forgotten. */
const refreshEvery = 256;

export class Flows {
  readonly #known: Generations<string, Subflow>;
  readonly #handy: (FlowOfSegment | undefined)[] = new Array<FlowOfSegment | undefined>(handySlots).fill(undefined);
  #lookups = 0;
  #count = 0;
  #withoutStart = 0;

  /** Remembers `size` to twice as many. */
  constructor(size: number) {
    this.#known = new Generations(size);
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

  /** The flow of a segment. A SYN with another number than the one before starts a new flow on the same ports. */
  of(tcp: SegmentView): FlowOfSegment {
    const slot = slotOf(tcp.sourcePort, tcp.destinationPort);
    const isSyn = (tcp.flags & (TcpFlag.SYN | TcpFlag.ACK)) === TcpFlag.SYN;
    this.#lookups += 1;
    if (!isSyn && this.#lookups % refreshEvery !== 0) {
      const handy = this.#handy[slot];
      if (handy !== undefined) {
        const { opener, listener } = handy.subflow;
        const [source, destination] = handy.fromOpener ? [opener, listener] : [listener, opener];
        if (isAt(source, tcp.source, tcp.sourcePort) && isAt(destination, tcp.destination, tcp.destinationPort))
          return handy;
      }
    }
    const found = this.#find(tcp, isSyn);
    this.#handy[slot] = found;
    return found;
  }

  #find(tcp: SegmentView, isSyn: boolean): FlowOfSegment {
    const source = { address: tcp.source, port: tcp.sourcePort };
    const destination = { address: tcp.destination, port: tcp.destinationPort };
    const from = endpointText(source);
    const to = endpointText(destination);
    const key = from < to ? `${from} ${to}` : `${to} ${from}`;
    const known = this.#known.get(key);
    if (known !== undefined) {
      const { opener } = known;
      const fromOpener = isAt(opener, source.address, source.port);
      const sameStart = fromOpener && (opener.isn === undefined || seqDiff(opener.isn, tcp.seq) === 0);
      if (!isSyn || sameStart) return { subflow: known, fromOpener };
    }
    // Without its SYN the end with the higher port is taken for the one that opened the flow, unless this is a SYN/ACK.
    const isSynAck = !isSyn && (tcp.flags & TcpFlag.SYN) !== 0;
    const fromOpener = isSyn || (!isSynAck && source.port >= destination.port);
    this.#count += 1;
    if (!isSyn) this.#withoutStart += 1;
    const [opener, listener] = fromOpener ? [source, destination] : [destination, source];
    const subflow = newSubflow(this.#count, opener, listener);
    this.#known.set(key, subflow);
    // What is at hand for the other direction may be an older flow on the same ports.
    this.#handy[slotOf(destination.port, source.port)] = undefined;
    return { subflow, fromOpener };
  }
}

const slotOf = (from: number, to: number): number => (from * 31 + to) % handySlots;

const isAt = (end: Endpoint, address: string, port: number): boolean => end.port === port && end.address === address;
