/**
 * A link that impairs its paths: delay, jitter, loss, duplication, reordering and a rate, for each path and direction.
 * The choice of frames depends only on the source of random numbers and not on their contents: each frame takes four
 * draws, so the same seed and the same order of frames give the same losses.
 */
import type { Clock, Time } from '../clock/clock.js';
import type { Chance } from './chance.js';
import { forward } from './forward.js';
import type { Arrival, Link, PathId } from './link.js';
import { Subscribers } from './subscribers.js';

/** The impairments of one direction of one path. Times in nanoseconds, probabilities from 0 to 1; absent is perfect. */
export interface Impairment {
  readonly delay?: Time;
  /** Up to this much more delay, evenly distributed; does not change the order of frames. */
  readonly jitter?: Time;
  readonly loss?: number;
  /** The copy follows its original at once. */
  readonly duplication?: number;
  /** A chosen frame is delayed by `by`, so that those after it overtake. */
  readonly reordering?: { readonly probability: number; readonly by: Time };
  /** Frames queue, without limit, for a wire of this speed. */
  readonly bitsPerSecond?: number;
  /** After this time since the first frame, no frame passes any more. */
  readonly diesAfter?: Time;
}

export interface ImpairmentSetup {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly outgoing?: ReadonlyMap<PathId, Impairment>;
  readonly incoming?: ReadonlyMap<PathId, Impairment>;
}

const nanosecondsPerSecond = 1e9;
const bitsPerOctet = 8;

export const impairLink = (inner: Link, { clock, chance, outgoing, incoming }: ImpairmentSetup): Link => {
  const subscribers = new Subscribers();
  const out = new Wires(outgoing, chance);
  const back = new Wires(incoming, chance);
  let open = true;

  const unsubscribe = inner.subscribe((arrival) => {
    for (const at of back.pass(arrival.path, arrival.frame.length, arrival.at)) {
      if (at === arrival.at) subscribers.deliver(arrival);
      else clock.at(at, () => open && subscribers.deliver({ ...arrival, at } satisfies Arrival));
    }
  });

  return {
    ...forward(inner),
    subscribe: (listener) => subscribers.add(listener),
    send(path, frame) {
      const now = clock.now();
      for (const at of out.pass(path, frame.length, now)) {
        if (at === now) {
          inner.send(path, frame);
        } else {
          const copy = frame.slice();
          clock.at(at, () => open && inner.send(path, copy));
        }
      }
    },
    async close() {
      open = false;
      unsubscribe();
      subscribers.clear();
      await inner.close();
    },
  };
};

/** One direction of all paths: when frames that enter now come out. */
class Wires {
  readonly #impairments: ReadonlyMap<PathId, Impairment>;
  readonly #chance: Chance;
  readonly #busyUntil = new Map<PathId, Time>();
  readonly #lastOut = new Map<PathId, Time>();
  readonly #firstIn = new Map<PathId, Time>();

  constructor(impairments: ReadonlyMap<PathId, Impairment> | undefined, chance: Chance) {
    this.#impairments = impairments ?? new Map();
    this.#chance = chance;
  }

  /** The times at which a frame that enters at `now` comes out: none when it is lost, two when it is duplicated. */
  pass(path: PathId, octets: number, now: Time): readonly Time[] {
    const impairment = this.#impairments.get(path);
    if (impairment === undefined) return [now];
    if (this.#isDead(path, impairment, now)) return [];
    const draws = { loss: this.#chance(), duplication: this.#chance(), jitter: this.#chance(), order: this.#chance() };
    const sent = this.#transmit(path, octets, impairment.bitsPerSecond, now);
    if (draws.loss < (impairment.loss ?? 0)) return [];
    const jitter = BigInt(Math.floor(Number(impairment.jitter ?? 0n) * draws.jitter));
    const out = this.#order(path, impairment, draws.order, sent + (impairment.delay ?? 0n) + jitter);
    return draws.duplication < (impairment.duplication ?? 0) ? [out, out] : [out];
  }

  #isDead(path: PathId, { diesAfter }: Impairment, now: Time): boolean {
    if (diesAfter === undefined) return false;
    const first = this.#firstIn.get(path) ?? now;
    this.#firstIn.set(path, first);
    return now - first >= diesAfter;
  }

  /** When the last bit is on the wire. A lost frame takes its time there too. */
  #transmit(path: PathId, octets: number, bitsPerSecond: number | undefined, now: Time): Time {
    if (bitsPerSecond === undefined) return now;
    const free = this.#busyUntil.get(path) ?? now;
    const start = free > now ? free : now;
    const end = start + BigInt(Math.round((octets * bitsPerOctet * nanosecondsPerSecond) / bitsPerSecond));
    this.#busyUntil.set(path, end);
    return end;
  }

  #order(path: PathId, { reordering }: Impairment, draw: number, out: Time): Time {
    if (reordering !== undefined && draw < reordering.probability) return out + reordering.by;
    const last = this.#lastOut.get(path) ?? out;
    const inOrder = last > out ? last : out;
    this.#lastOut.set(path, inOrder);
    return inOrder;
  }
}
