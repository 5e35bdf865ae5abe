/** A TCP connection of the kernel as a stream. The socket must permit half-open connections (`allowHalfOpen`). */
import type { Socket } from 'node:net';
import type { Stream, StreamEvents } from './stream.js';

/** The most octets in transit to the other side before reading from the socket pauses. */
const mostUnderWay = 256 * 1024;

export class TcpStream implements Stream {
  readonly #socket: Socket;
  #underWay = 0;
  #isCorked = false;
  /** This side aborted, or knows that the other did. */
  #isOver = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.pause();
  }

  write(octets: Uint8Array): boolean {
    if (this.#socket.destroyed) return true;
    // The octets of one turn leave in one system call.
    if (!this.#isCorked) {
      this.#isCorked = true;
      this.#socket.cork();
      queueMicrotask(() => {
        this.#isCorked = false;
        this.#socket.uncork();
      });
    }
    return this.#socket.write(octets);
  }

  consume(octets: number): void {
    this.#underWay -= octets;
    if (this.#underWay < mostUnderWay && this.#socket.isPaused()) this.#socket.resume();
  }

  end(): void {
    this.#socket.end();
  }

  reset(): void {
    this.#isOver = true;
    this.#socket.resetAndDestroy();
  }

  attach(events: StreamEvents): void {
    const socket = this.#socket;
    const breakOff = (): void => {
      if (this.#isOver) return;
      this.#isOver = true;
      events.broken();
    };
    let ended = false;
    socket.on('data', (octets: Buffer) => {
      this.#underWay += octets.length;
      if (this.#underWay >= mostUnderWay) socket.pause();
      events.data(octets);
    });
    socket.on('end', () => {
      ended = true;
      events.ended();
    });
    socket.on('drain', () => events.roomMade());
    socket.on('error', breakOff);
    socket.on('close', () => {
      if (!ended || !socket.writableFinished) breakOff();
    });
    if (socket.destroyed) breakOff();
    else socket.resume();
  }
}
