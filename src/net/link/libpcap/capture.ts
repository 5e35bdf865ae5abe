/**
 * One interface, captured and injected into through one instance of `cap`. Its peculiarities:
 *
 * - It writes each frame into a buffer that it does not keep alive: one buffer for all instances, held by this module.
 * - A closed instance that is garbage-collected corrupts the heap: every instance is kept for ever, and opened once.
 * - `send` outside `open` .. `close` is a segmentation fault: guarded here.
 * - It delivers frames until its ring is empty and blocks the event loop meanwhile: a callback only copies, stamps and
 *   queues; listeners are called in the event loop's next check phase.
 * - **An interface that goes down or vanishes while open aborts the whole process** (an assertion in the addon, exit 134,
 *   not catchable). Live runs therefore belong in a child process whose parent detects its end.
 * - If the interface has no IPv4 address, it prints a line to standard error, from C; that line can be ignored.
 */
import type { Capture as CapInstance } from 'cap';
import type { Clock, Time } from '../../clock/clock.js';
import { loopWatch, type Moment } from '../../clock/loop-watch.js';
import { LinkError } from '../link.js';
import type { CapModule } from './loader.js';

/** A frame as the capture saw it. */
export interface CapturedFrame {
  readonly frame: Uint8Array;
  readonly at: Time;
  /** How long it may have waited for this process, in nanoseconds, without the kernel's share. */
  readonly waited: Time;
}

export interface CaptureSetup {
  readonly device: string;
  /** A libpcap filter expression. */
  readonly filter: string;
  readonly ringOctets: number;
  readonly clock: Clock;
  /** Short frames are sent as they are, like a guest's on a tap device, which is not Ethernet. */
  readonly unpadded?: boolean;
  /** Called outside the capture's own callback, for each frame in order. */
  readonly onFrame: (captured: CapturedFrame) => void;
}

const largestFrame = 65_535;
const received = Buffer.alloc(largestFrame);
const everyInstance: CapInstance[] = [];

/** The shortest Ethernet frame without its check sequence (IEEE 802.3 section 4A.4.2). */
const shortestFrame = 60;
const padded = Buffer.alloc(shortestFrame);

export class Capture {
  readonly #setup: CaptureSetup;
  readonly #instance: CapInstance;
  #queue: CapturedFrame[] = [];
  #open = false;
  /** Captured frames, delivered or queued. */
  #captured = 0;
  /** The ring was seen empty after this moment. */
  #empty: Moment = loopWatch().moment();
  /** Of the present drain: its first moment, and how long its first frame may have waited. */
  #drain: { readonly moment: Moment; readonly at: Time; readonly waited: number } | undefined;
  #lastAt: Time = 0n;

  /** Opens the interface; throws a LinkError if libpcap fails. */
  constructor(cap: CapModule, setup: CaptureSetup) {
    this.#setup = setup;
    this.#instance = new cap.Cap();
    everyInstance.push(this.#instance);
    let linkType: string;
    try {
      linkType = this.#instance.open(setup.device, setup.filter, setup.ringOctets, received);
    } catch (error) {
      throw explainOpenFailure(setup.device, error instanceof Error ? error.message : String(error));
    }
    this.#open = true;
    this.#instance.on('packet', (length) => this.#take(length));
    if (linkType !== 'ETHERNET') {
      this.close();
      throw new LinkError(`${setup.device} gives ${linkType} frames, not Ethernet`, 'use an Ethernet interface');
    }
  }

  get captured(): number {
    return this.#captured;
  }

  /** Frames that were captured but not yet passed to `onFrame`. */
  get pending(): number {
    return this.#queue.length;
  }

  /** Injects a frame, padded with zeros to Ethernet's minimum length unless the set-up specifies otherwise. */
  send(frame: Uint8Array): void {
    if (!this.#open) throw new LinkError(`the link on ${this.#setup.device} is closed`, 'send before closing it');
    const whole = this.#setup.unpadded === true || frame.length >= shortestFrame ? asBuffer(frame) : pad(frame);
    try {
      this.#instance.send(whole, whole.length);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new LinkError(
        `${this.#setup.device} does not take a frame of ${frame.length} octets: ${why}`,
        'see that the interface is up and that its MTU admits the frame',
      );
    }
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#instance.close();
  }

  /** The callback: nothing but copy, stamp and queue. */
  #take(length: number): void {
    const at = this.#setup.clock.now();
    this.#drain ??= this.#beginDrain(at);
    const frame = new Uint8Array(length);
    frame.set(received.subarray(0, length));
    this.#captured += 1;
    this.#lastAt = at;
    const waited = BigInt(Math.round(this.#drain.waited)) + (at - this.#drain.at);
    this.#queue.push({ frame, at, waited });
  }

  #beginDrain(at: Time) {
    const watch = loopWatch();
    const moment = watch.moment();
    setImmediate(() => this.#flush());
    return { moment, at, waited: Math.min(watch.bound(moment), watch.waited(this.#empty, moment)) };
  }

  /** Runs after the drain, so the ring was found empty later than the last frame's stamp. */
  #flush(): void {
    if (this.#drain !== undefined) {
      const { moment, at } = this.#drain;
      this.#empty = { ...moment, at: moment.at + Number(this.#lastAt - at) };
      this.#drain = undefined;
    }
    const queue = this.#queue;
    this.#queue = [];
    let served = 0;
    try {
      for (const captured of queue) {
        served += 1;
        this.#setup.onFrame(captured);
      }
    } finally {
      // A listener that throws is our bug and ends the process or the case, but no other listener loses a frame.
      if (served < queue.length) {
        this.#queue = [...queue.slice(served), ...this.#queue];
        setImmediate(() => this.#flush());
      }
      loopWatch().look();
    }
  }
}

const asBuffer = (frame: Uint8Array): Buffer => Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength);

const pad = (frame: Uint8Array): Buffer => {
  padded.fill(0);
  padded.set(frame);
  return padded;
};

const explainOpenFailure = (device: string, why: string): LinkError => {
  if (/permi|not permitted/i.test(why)) {
    return new LinkError(
      `no privilege to capture on ${device}: ${why}`,
      'run as root, or give node the capability: setcap cap_net_raw,cap_net_admin+ep "$(readlink -f "$(which node)")"',
    );
  }
  if (/No such device|SIOCGIFHWADDR/i.test(why)) {
    return new LinkError(`there is no network interface ${device}: ${why}`, 'see the names that `ip link` lists');
  }
  if (/not up|down/i.test(why)) return new LinkError(`${device} is down: ${why}`, `ip link set dev ${device} up`);
  return new LinkError(`libpcap cannot open ${device}: ${why}`, 'run `robe doctor` to see what this machine lacks');
};
