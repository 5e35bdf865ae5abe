/**
 * Damage to a frame, as by real errors and malicious peers: flipped bits, octets at the limits of their range, wrong
 * lengths, cuts, repetitions, pieces of other frames. All choices come from the given source, so a seed repeats them.
 */

/** The next unsigned integer below `limit`. */
export type Choose = (limit: number) => number;

/** Deterministic choices from a 32-bit seed (xorshift, Marsaglia 2003): speed matters here, secrecy does not. */
export function chooser(seed: number): Choose {
  let state = seed >>> 0 || 1;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}

const edges: readonly number[] = [0, 1, 2, 3, 4, 0x1e, 0x7f, 0x80, 0xfe, 0xff];

type Mutation = (frame: Uint8Array, choose: Choose, other: Uint8Array) => Uint8Array;

const flipBit: Mutation = (frame, choose) => {
  const at = choose(frame.length);
  frame[at] = (frame[at] ?? 0) ^ (1 << choose(8));
  return frame;
};

const setOctet: Mutation = (frame, choose) => {
  frame[choose(frame.length)] = choose(256);
  return frame;
};

const setEdge: Mutation = (frame, choose) => {
  frame[choose(frame.length)] = edges[choose(edges.length)] ?? 0;
  return frame;
};

/** After the IP header, where options and their lengths are. */
const setLateEdge: Mutation = (frame, choose) => {
  const from = Math.min(frame.length - 1, 46);
  frame[from + choose(frame.length - from)] = edges[choose(edges.length)] ?? 0;
  return frame;
};

const cut: Mutation = (frame, choose) => frame.slice(0, choose(frame.length + 1));

const repeat: Mutation = (frame, choose) => {
  const from = choose(frame.length);
  frame.copyWithin(choose(frame.length), from, from + 1 + choose(24));
  return frame;
};

const extend: Mutation = (frame, choose) => {
  const longer = new Uint8Array(frame.length + 1 + choose(40));
  longer.set(frame);
  for (let at = frame.length; at < longer.length; at++) longer[at] = choose(256);
  return longer;
};

const splice: Mutation = (frame, choose, other) => {
  const at = choose(frame.length);
  const piece = other.subarray(choose(other.length));
  frame.set(piece.subarray(0, frame.length - at), at);
  return frame;
};

const mutations: readonly Mutation[] = [
  flipBit,
  setOctet,
  setEdge,
  setLateEdge,
  setLateEdge,
  cut,
  repeat,
  extend,
  splice,
];

/** A damaged copy of a frame: one to four mutations, one after the other. */
export function mutate(frame: Uint8Array, choose: Choose, other: Uint8Array): Uint8Array {
  let damaged: Uint8Array = frame.slice();
  for (let left = 1 + choose(4); left > 0 && damaged.length > 0; left--)
    damaged = mutations[choose(mutations.length)]?.(damaged, choose, other) ?? damaged;
  return damaged;
}
