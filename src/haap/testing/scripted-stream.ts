/** A stream whose other side is the test: what is asked of it is written down, and the test says what happens on it. */
import type { Stream, StreamEvents } from '../stream.js';

export class ScriptedStream implements Stream {
  readonly asked: string[] = [];
  /** What `write` says. */
  hasRoom = true;
  #events: StreamEvents | undefined;

  get events(): StreamEvents {
    if (this.#events === undefined) throw new Error('nobody is attached');
    return this.#events;
  }

  /** What was asked since the last look. */
  look(): readonly string[] {
    return this.asked.splice(0);
  }

  write(octets: Uint8Array): boolean {
    this.asked.push(`write ${Buffer.from(octets).toString()}`);
    return this.hasRoom;
  }

  consume(octets: number): void {
    this.asked.push(`consume ${octets}`);
  }

  end(): void {
    this.asked.push('end');
  }

  reset(): void {
    this.asked.push('reset');
  }

  attach(events: StreamEvents): void {
    this.#events = events;
  }
}
