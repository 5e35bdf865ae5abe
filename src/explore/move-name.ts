/**
 * What can happen in a world, and how schedules write it: `S1` (it arrives), `Y2+` (a copy stays under way), `expire client`,
 * `S1 ~Y1` (Y1, which answers it, is lost), `connect !1` (path 1 is dead).
 */
import { type Frame, type FrameTable, namesOf } from './frame-table.js';
import type { Side } from './pair.js';

/** A segment arrives, or a timer expires. */
export interface Turn {
  readonly frame: Frame | undefined;
  /** Where it arrives, or whose timer expires when no segment arrives. */
  readonly side: Side;
  /** A copy stays under way. */
  readonly copy: boolean;
}

export interface Move extends Turn {
  /** Segments sent in answer that are lost. */
  readonly lost: readonly Frame[];
}

/** `before`: undefined for the connect, of which the dead paths are part. `answers`: what is sent, lost segments included. */
export const nameMove = (
  frames: FrameTable,
  before: { readonly flight: readonly number[] } | undefined,
  move: Move & { readonly dead?: readonly number[] },
  answers: readonly Frame[],
): string => {
  const { frame, side, copy, lost, dead = [] } = move;
  const flight = namesOf(before?.flight.map((index) => frames.at(index)) ?? []);
  const expires = before === undefined ? ['connect', ...dead.map((path) => `!${path}`)].join(' ') : `expire ${side}`;
  const what = frame === undefined ? expires : `${flight.get(frame)}${copy ? '+' : ''}`;
  const answered = namesOf(answers);
  return [what, ...lost.map((each) => `~${answered.get(each)}`)].join(' ');
};
