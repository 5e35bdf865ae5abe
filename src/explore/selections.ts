/** Segments and paths chosen from several, and the segments under way as an ascending list of their numbers. */
import type { Frame } from './frame-table.js';

/** The segments under way and those sent but not lost. */
export const withAll = (
  flight: readonly number[],
  sent: readonly Frame[],
  lost: readonly Frame[],
): readonly number[] => {
  if (sent.length === lost.length) return flight;
  const all = flight.slice();
  for (const frame of sent) {
    if (lost.includes(frame)) continue;
    let at = all.length;
    for (let before = all[at - 1]; before !== undefined && before > frame.index; before = all[at - 1]) at -= 1;
    all.splice(at, 0, frame.index);
  }
  return all;
};

export const without = (flight: readonly number[], index: number): readonly number[] => {
  const rest = flight.slice();
  rest.splice(flight.indexOf(index), 1);
  return rest;
};

const nothingLost: readonly (readonly Frame[])[] = [[]];

/** Every choice of at most `most` of the frames, the empty one first. */
export const choices = (frames: readonly Frame[], most: number): readonly (readonly Frame[])[] =>
  most <= 0 || frames.length === 0 ? nothingLost : subsets(frames, most);

/** Every choice of at most `most` of them, the empty one first. */
export const subsets = <Each>(all: readonly Each[], most: number): readonly (readonly Each[])[] => {
  const [first, ...rest] = all;
  if (first === undefined || most <= 0) return [[]];
  return [...subsets(rest, most), ...subsets(rest, most - 1).map((chosen) => [first, ...chosen])];
};
