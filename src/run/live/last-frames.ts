/** The last frames on a link, in both directions, to show what came before an implementation died. */
import { forward } from '../../net/link/forward.js';
import type { Link } from '../../net/link/link.js';
import { describePacket } from '../../protocol/wire/describe.js';
import { decodeFrame } from '../../protocol/wire/frame.js';
import { TcpFlag } from '../../protocol/wire/packet.js';

interface Passed {
  readonly from: 'tester' | 'implementation';
  readonly path: number;
  readonly frame: Uint8Array;
}

/** More than are sent in the seconds until a death is noticed. */
const kept = 4096;
/** Printed: this many up to the last sign of life, and this many of those sent next. */
const upToIt = 3;
const sentNext = 3;

export class LastFrames {
  readonly #passed: Passed[] = [];
  #next = 0;

  /** A link that records the frames of `inner`. */
  watch(inner: Link): Link {
    inner.subscribe(({ path, frame }) => this.#note({ from: 'implementation', path, frame }));
    return {
      ...forward(inner),
      send: (path, frame) => {
        this.#note({ from: 'tester', path, frame });
        inner.send(path, frame);
      },
    };
  }

  /** One line each: the last frame of the living implementation, the frames before it, and the frames sent next. */
  tell(): readonly string[] {
    const inOrder = [...this.#passed.slice(this.#next), ...this.#passed.slice(0, this.#next)];
    const last = inOrder.findLastIndex(({ from, frame }) => from === 'implementation' && isSignOfLife(frame));
    const before = inOrder.slice(Math.max(0, last + 1 - upToIt), last + 1);
    const after = inOrder.slice(last + 1).filter(({ from }) => from === 'tester');
    return [...before, ...after.slice(0, sentNext)].map(
      ({ from, path, frame }) => `${from} on path ${path}: ${describePacket(decodeFrame(frame))}`,
    );
  }

  #note(passed: Passed): void {
    this.#passed[this.#next] = passed;
    this.#next = (this.#next + 1) % kept;
  }
}

/** A kernel whose process has died still acknowledges, resets, and repeats the FINs of the connections that it closed. */
const isSignOfLife = (frame: Uint8Array): boolean => {
  const packet = decodeFrame(frame);
  return packet.kind === 'tcp' && ((packet.tcp.flags & TcpFlag.SYN) !== 0 || packet.tcp.payload.length > 0);
};
