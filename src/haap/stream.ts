/**
 * One end of a byte stream as a relay sees it, over RobE or TCP. Both directions are bounded: a writer is told to wait,
 * and a reader reports when octets were passed on, so the buffer between a fast and a slow side stays bounded.
 */
export interface Stream {
  /** Writes octets. False: write no more until `roomMade`; these octets were accepted. */
  write(octets: Uint8Array): boolean;
  /** So many of the octets given by `data` were passed on; the sender may send as many again. */
  consume(octets: number): void;
  /** Ends writing; octets from the other side still arrive. */
  end(): void;
  /** Aborts both directions. */
  reset(): void;
  /** Attaches the listener of all further events, and of those before. */
  attach(events: StreamEvents): void;
}

/** A stream that can change hands. */
export interface DetachableStream extends Stream {
  /** Detaches the listener: further events wait for the next one, after `rest` of the octets given. */
  detach(rest: Uint8Array): void;
}

export interface StreamEvents {
  data(octets: Uint8Array): void;
  /** The other side writes nothing more. */
  ended(): void;
  /** The other side aborted; neither direction works any more. */
  broken(): void;
  /** There is room again after a `write` that returned false. */
  roomMade(): void;
}

/** Of no interest. */
export const unheard: StreamEvents = { data: () => {}, ended: () => {}, broken: () => {}, roomMade: () => {} };

/** Abandons a stream: further octets are dropped, so that their sender can finish. */
export const forget = (stream: Stream): void =>
  stream.attach({ ...unheard, data: (octets) => stream.consume(octets.length) });
