/**
 * The link to real interfaces, over libpcap: one interface a path.
 *
 * **Opened** means: the interface is up, its offloads are off, and a tagged frame has been seen to pass from a second
 * handle into this capture and from this handle to the second; only then does the first stimulus go out.
 *
 * **Arrivals** are stamped in the capture's callback. `at` may be too late, never too early; `error` bounds by how much:
 * the time that the frame may have waited for this process (see `clock/loop-watch.ts`, counted for each frame) plus the
 * calibrated delay from the kernel to the callback (`clock/wake-up.ts`).
 *
 * **Loss**: `cap` has no drop counter, so the interface's own counter of received frames is compared with what was
 * captured. Frames in transit must not count as lost: `settle` reads the counter first and gives them time to appear.
 * Both sides count every received frame, whatever its destination, so other traffic does not affect the comparison.
 * Frames that another program sends out through the same interface under another MAC address are captured but not counted
 * as received; they can hide a loss, but never cause a false one.
 */
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import type { Clock, Time } from '../clock/clock.js';
import { loopWatch } from '../clock/loop-watch.js';
import { calibrateWakeUp, type WakeUp } from '../clock/wake-up.js';
import { barrierFilter, isBarrierFrame, passBarrier } from './libpcap/barrier.js';
import { Capture, type CapturedFrame } from './libpcap/capture.js';
import { isCut } from './libpcap/cut-frame.js';
import {
  type InterfaceCounters,
  type InterfaceFacts,
  inspectInterface,
  readInterfaceCounters,
  requireUsable,
} from './libpcap/interface.js';
import { type CapModule, loadCap } from './libpcap/loader.js';
import { turnOffloadsOff } from './libpcap/offload.js';
import { type Arrival, type Link, type LinkCounters, LinkError, type PathId } from './link.js';
import { Subscribers } from './subscribers.js';

export interface LibpcapSetup {
  readonly clock: Clock;
  /** `unpadded`: frames shorter than Ethernet's minimum are sent as they are. */
  readonly paths: readonly { readonly path: PathId; readonly device: string; readonly unpadded?: boolean }[];
  /** Size of each capture's ring; a frame takes about 1,600 octets of it. */
  readonly ringOctets?: number;
}

export interface LibpcapLink extends Link {
  /** The findings and actions of opening, by path. */
  readonly openings: readonly Opening[];
  /** The calibration whose unaccounted part is in every error bar. */
  readonly wakeUp: WakeUp;
  /** Frames whose IP length exceeds the captured length: the sending kernel left segmentation to an offload. */
  cutFrames(): number;
  settle(): Promise<LinkCounters>;
}

export interface Opening {
  readonly path: PathId;
  readonly interface: InterfaceFacts;
  /** Offloads that were on, and are off while the link is open. */
  readonly offloadsTurnedOff: readonly string[];
  /** How long the tagged frames took through the barrier, in nanoseconds: into this capture, and out of it. */
  readonly barrier: readonly Time[];
}

const defaultRingOctets = 16 * 1024 * 1024;
/** How long a frame that the interface counted may take to appear in the capture before it counts as lost. */
const patienceMilliseconds = 250;
const lossWatchMilliseconds = 200;
/**
 * After this time without a frame all frames that an interface counted have come out of its capture; and how often to
 * wait for it.
 */
const quietMilliseconds = 2;
const quietTries = 20;

/** Opens every path; throws a LinkError and leaves nothing open if one of them cannot be used. */
export const openLibpcapLink = async (setup: LibpcapSetup): Promise<LibpcapLink> => {
  if (setup.paths.length === 0) throw new LinkError('no interface was named', 'name one interface for each path');
  const cap = await loadCap();
  const facts = await Promise.all(setup.paths.map(({ device }) => inspectInterface(device)));
  for (const each of facts) requireUsable(each);
  const wakeUp = await calibrateWakeUp();
  const link = new Libpcap(wakeUp);
  try {
    for (const [index, { path, unpadded = false }] of setup.paths.entries()) {
      const each = facts[index];
      if (each !== undefined) await link.add(cap, setup, path, each, unpadded);
    }
  } catch (error) {
    await link.close();
    throw error;
  }
  return link;
};

interface OpenPath {
  readonly facts: InterfaceFacts;
  readonly capture: Capture;
  /** Counters of the interface when the capture was ready. */
  baseline: InterfaceCounters;
  /** Frames that came out of the capture since then. */
  arrived: number;
  sent: number;
  lost: number;
}

class Libpcap implements LibpcapLink {
  readonly #open = new Map<PathId, OpenPath>();
  readonly #subscribers = new Subscribers();
  readonly #openings: Opening[] = [];
  readonly #restoreOffloads: (() => Promise<void>)[] = [];
  readonly #floor: Time;
  readonly #lossWatch: NodeJS.Timeout;
  #received = 0;
  #cut = 0;
  /** Settling that was asked for in this turn. */
  #settling: Promise<LinkCounters> | undefined;

  constructor(readonly wakeUp: WakeUp) {
    this.#floor = BigInt(Math.ceil(wakeUp.unaccounted));
    this.#lossWatch = setInterval(() => this.#watchLoss(), lossWatchMilliseconds).unref();
  }

  get paths(): readonly PathId[] {
    return [...this.#open.keys()];
  }

  get openings(): readonly Opening[] {
    return this.#openings;
  }

  async add(
    cap: CapModule,
    setup: LibpcapSetup,
    path: PathId,
    facts: InterfaceFacts,
    unpadded: boolean,
  ): Promise<void> {
    if (this.#open.has(path)) throw new LinkError(`path ${path} is named twice`, 'name each path once');
    const offloads = await turnOffloadsOff(facts.name);
    this.#restoreOffloads.push(offloads.restore);
    const listeners = new Set<(captured: CapturedFrame) => void>();
    const capture = new Capture(cap, {
      device: facts.name,
      // Frames with our own address are those of other handles, such as the barrier; all others were received.
      filter: `(not ether src ${facts.mac}) or (${barrierFilter} and ether dst ${facts.mac})`,
      ringOctets: setup.ringOctets ?? defaultRingOctets,
      clock: setup.clock,
      unpadded,
      onFrame: (captured) => {
        if (isBarrierFrame(captured.frame, facts.mac)) for (const listener of listeners) listener(captured);
        else this.#receive(path, open, captured);
      },
    });
    const open: OpenPath = {
      facts,
      capture,
      baseline: readInterfaceCounters().get(facts.name) ?? noCounters,
      arrived: 0,
      sent: 0,
      lost: 0,
    };
    this.#open.set(path, open);
    const barrier = await passBarrier({ cap, clock: setup.clock, facts, capture, listeners });
    this.#openings.push({ path, interface: facts, offloadsTurnedOff: offloads.turnedOff, barrier });
    await this.#startCounting(open);
  }

  /**
   * Takes the baseline at a moment when no frame is between the interface's counter and ours: a frame that was counted
   * before it and came out of the capture after it would hide the loss of another. If frames never pause, the baseline is
   * taken nevertheless.
   */
  async #startCounting(open: OpenPath): Promise<void> {
    for (let tries = 0; tries < quietTries; tries++) {
      const before = countersOf(open);
      await sleep(quietMilliseconds);
      open.baseline = countersOf(open);
      open.arrived = 0;
      if (open.baseline.receivedFrames === before.receivedFrames && open.capture.pending === 0) return;
    }
  }

  send(path: PathId, frame: Uint8Array): void {
    const open = this.#path(path);
    open.capture.send(frame);
    open.sent += 1;
  }

  subscribe(listener: (arrival: Arrival) => void): () => void {
    return this.#subscribers.add(listener);
  }

  counters(): LinkCounters {
    const paths = [...this.#open.values()];
    const all = readInterfaceCounters();
    return {
      sent: sum(paths, ({ sent }) => sent),
      received: this.#received,
      droppedByKernel: sum(paths, ({ lost }) => lost),
      droppedByInterface: sum(paths, (open) => countersOf(open, all).receiveDrops - open.baseline.receiveDrops),
    };
  }

  cutFrames(): number {
    return this.#cut;
  }

  /**
   * Reads the interfaces' counters, then waits until that many frames have come out of the captures, or patience ends.
   * The reading waits for the end of this turn: it delays no answer, and serves all requests made by then.
   */
  settle(): Promise<LinkCounters> {
    this.#settling ??= turn().then(() => {
      this.#settling = undefined;
      return this.#settleNow();
    });
    return this.#settling;
  }

  async #settleNow(): Promise<LinkCounters> {
    const all = readInterfaceCounters();
    const expected = [...this.#open.values()].map((open) => ({
      open,
      frames: countersOf(open, all).receivedFrames - open.baseline.receivedFrames,
    }));
    const missing = ({ open, frames }: (typeof expected)[number]): number => frames - open.arrived - open.lost;
    for (let waited = 0; waited < patienceMilliseconds && expected.some((each) => missing(each) > 0); waited += 1) {
      await sleep(1);
    }
    for (const each of expected) each.open.lost += Math.max(0, missing(each));
    return this.counters();
  }

  async close(): Promise<void> {
    clearInterval(this.#lossWatch);
    this.#subscribers.clear();
    for (const { capture } of this.#open.values()) capture.close();
    await Promise.all(this.#restoreOffloads.splice(0).map((restore) => restore()));
  }

  #watchLoss(): void {
    void this.settle();
    loopWatch().look();
  }

  #path(path: PathId): OpenPath {
    const open = this.#open.get(path);
    if (open === undefined) {
      throw new LinkError(`path ${path} does not exist`, `use one of the paths ${this.paths.join(', ')}`);
    }
    return open;
  }

  #receive(path: PathId, open: OpenPath, { frame, at, waited }: CapturedFrame): void {
    open.arrived += 1;
    this.#received += 1;
    if (isCut(frame)) this.#cut += 1;
    this.#subscribers.deliver({ path, frame, at, error: waited + this.#floor });
  }
}

const sum = (paths: readonly OpenPath[], count: (path: OpenPath) => number): number =>
  paths.reduce((total, path) => total + count(path), 0);

/** Of an interface that is gone, which its capture does not survive anyway. */
const noCounters: InterfaceCounters = { receivedFrames: 0, receiveDrops: 0 };

const countersOf = ({ facts }: OpenPath, all = readInterfaceCounters()): InterfaceCounters =>
  all.get(facts.name) ?? noCounters;
