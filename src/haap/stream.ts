/**
 * One end of a byte stream as a relay sees it, whether RobE or TCP carries it. Both directions are bounded: who writes is
 * told to wait, and who was given octets says when they went on, so nothing piles up between a fast and a slow side.
 */
export interface Stream {
  /** Hands octets over. False: no more, please, until `roomMade`; these were taken all the same. */
  write(octets: Uint8Array): boolean;
  /** So many of the octets given by `data` went on; the sender may send as many again. */
  consume(octets: number): void;
  /** Nothing more is written; what comes from the other side still does. */
  end(): void;
  /** Gives both directions up. */
  reset(): void;
  /** Who is told what happens from here on, and what happened before. */
  attach(events: StreamEvents): void;
}

/** A stream that can change hands. */
export interface DetachableStream extends Stream {
  /** From here on what happens waits for the next to attach, `rest` of what was given first. */
  detach(rest: Uint8Array): void;
}

export interface StreamEvents {
  data(octets: Uint8Array): void;
  /** The other side writes nothing more. */
  ended(): void;
  /** The other side gave up; nothing comes any more and nothing goes. */
  broken(): void;
  /** A `write` that said false found its room. */
  roomMade(): void;
}

/** Of no interest. */
export const unheard: StreamEvents = { data: () => {}, ended: () => {}, broken: () => {}, roomMade: () => {} };

/** Leaves a stream to its fate: what still comes is dropped, so that whoever sends it gets to an end. */
export const forget = (stream: Stream): void =>
  stream.attach({ ...unheard, data: (octets) => stream.consume(octets.length) });
