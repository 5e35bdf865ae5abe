/** The part of `pcap-parser` that is used: a push parser over anything that emits `data`. */
declare module 'pcap-parser' {
  import type { EventEmitter } from 'node:events';

  export interface PacketEvent {
    readonly header: {
      readonly timestampSeconds: number;
      readonly timestampMicroseconds: number;
      readonly capturedLength: number;
      readonly originalLength: number;
    };
    /** A view of the chunk that was emitted. */
    readonly data: Buffer;
  }

  interface Stream extends EventEmitter {
    pause(): void;
    resume(): void;
  }

  interface Parser extends EventEmitter {
    on(event: 'packet', listener: (packet: PacketEvent) => void): this;
  }

  export function parse(stream: Stream): Parser;
}
