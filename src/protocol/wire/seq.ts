/**
 * TCP sequence numbers (RFC 9293 section 3.4): 32-bit, compared and added modulo 2^32.
 * A type of their own, so that `<` on them is a type error waiting to be noticed in review.
 */
declare const sequence: unique symbol;
export type Seq = number & { readonly [sequence]: true };

/** Any integer taken modulo 2^32. */
export const seq = (value: number): Seq => (value >>> 0) as Seq;

/** `a + octets` modulo 2^32; `octets` may be negative. */
export const seqAdd = (a: Seq, octets: number): Seq => ((a + octets) >>> 0) as Seq;

/** Signed distance from `b` to `a`, in -2^31 .. 2^31-1. */
export const seqDiff = (a: Seq, b: Seq): number => (a - b) | 0;

/** Whether `a` comes before `b` (RFC 9293 section 3.4, wrapping). */
export const seqBefore = (a: Seq, b: Seq): boolean => seqDiff(a, b) < 0;

/** Whether `a` comes before or is `b`. */
export const seqAtMost = (a: Seq, b: Seq): boolean => seqDiff(a, b) <= 0;
