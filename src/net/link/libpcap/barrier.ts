/**
 * The barrier before the first stimulus: a capture counts as ready when a tagged frame from a second handle on the same
 * interface has come out of it, and a tagged frame that it injected itself has been seen by that second handle.
 *
 * The tagged frame is addressed from the interface to itself, so no switch learns an address from it and no host accepts
 * it, and has the EtherType that IEEE 802 reserves for local experiments:
 *
 *     0      6      12     14                  22                 60
 *     +------+------+------+-------------------+------------------+
 *     | own  | own  | 88b5 | tag, 64 bits      | zeros            |
 *     +------+------+------+-------------------+------------------+
 */
import { uint16 } from '../../../protocol/bytes/octets.js';
import { macOctets } from '../../../protocol/wire/address.js';
import { EthernetField } from '../../../protocol/wire/ethernet.js';
import type { Clock, Time } from '../../clock/clock.js';
import { LinkError } from '../link.js';
import { Capture, type CapturedFrame } from './capture.js';
import type { InterfaceFacts } from './interface.js';
import type { CapModule } from './loader.js';

const localExperimental = 0x88b5;
const tagOffset = EthernetField.end;
const frameLength = 60;

/** The libpcap expression for tagged frames, whoever's. */
export const barrierFilter = `ether proto ${localExperimental}`;

const retryAfter: Time = 50_000_000n;
const giveUpAfter: Time = 2_000_000_000n;
const secondRingOctets = 256 * 1024;

export interface Barrier {
  readonly cap: CapModule;
  readonly clock: Clock;
  readonly facts: InterfaceFacts;
  readonly capture: Capture;
  /** Listeners to the tagged frames that come out of `capture`. */
  readonly listeners: Set<(captured: CapturedFrame) => void>;
}

/**
 * Passes the barrier and returns the delay of the tagged frame in each direction; throws a LinkError after two seconds.
 */
export const passBarrier = async (barrier: Barrier): Promise<readonly Time[]> => {
  const { cap, clock, facts, capture, listeners } = barrier;
  const seenBySecond = new Set<(captured: CapturedFrame) => void>();
  const second = new Capture(cap, {
    device: facts.name,
    filter: `${barrierFilter} and ether dst ${facts.mac}`,
    ringOctets: secondRingOctets,
    clock,
    onFrame: (captured) => {
      for (const listener of seenBySecond) listener(captured);
    },
  });
  try {
    return [
      await exchange({ clock, mac: facts.mac, from: second, seen: listeners, what: `the capture on ${facts.name}` }),
      await exchange({ clock, mac: facts.mac, from: capture, seen: seenBySecond, what: `${facts.name}` }),
    ];
  } finally {
    second.close();
  }
};

interface Exchange {
  readonly clock: Clock;
  readonly mac: string;
  readonly from: Capture;
  readonly seen: Set<(captured: CapturedFrame) => void>;
  readonly what: string;
}

/** Sends a tagged frame repeatedly until one is seen. */
const exchange = ({ clock, mac, from, seen, what }: Exchange): Promise<Time> =>
  new Promise((resolve, reject) => {
    const started = clock.now();
    let sentAt = started;
    const finish = (): void => {
      seen.delete(listener);
      alarm.cancel();
    };
    const listener = ({ frame, at }: CapturedFrame): void => {
      if (tagOf(frame) !== sentAt) return;
      finish();
      resolve(at - sentAt);
    };
    const attempt = (): void => {
      if (clock.now() - started > giveUpAfter) {
        finish();
        reject(
          new LinkError(`${what} does not show the frames that are injected`, 'see whether a packet filter drops them'),
        );
        return;
      }
      try {
        sentAt = clock.now();
        from.send(taggedFrame(mac, sentAt));
        alarm = clock.at(sentAt + retryAfter, attempt);
      } catch (error) {
        finish();
        reject(error);
      }
    };
    let alarm = clock.at(started, attempt);
    seen.add(listener);
  });

/** Whether a frame is a tagged one from the interface to itself. */
export const isBarrierFrame = (frame: Uint8Array, mac: string): boolean => {
  if (frame.length < frameLength || uint16(frame, EthernetField.etherType) !== localExperimental) return false;
  return macOctets(mac).every(
    (octet, index) =>
      frame[EthernetField.destination + index] === octet && frame[EthernetField.source + index] === octet,
  );
};

const taggedFrame = (mac: string, tag: Time): Uint8Array => {
  const frame = new Uint8Array(frameLength);
  frame.set(macOctets(mac), EthernetField.destination);
  frame.set(macOctets(mac), EthernetField.source);
  const view = new DataView(frame.buffer);
  view.setUint16(EthernetField.etherType, localExperimental);
  view.setBigUint64(tagOffset, tag);
  return frame;
};

const tagOf = (frame: Uint8Array): Time =>
  new DataView(frame.buffer, frame.byteOffset, frame.byteLength).getBigUint64(tagOffset);
