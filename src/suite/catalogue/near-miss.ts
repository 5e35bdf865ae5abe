/**
 * The word that the user probably meant: used wherever a name is unknown (a key, an id, a requirement). Pure; the answer
 * does not depend on the order of the candidates.
 */

/** Least number of letters with which an unfinished word suggests a candidate. */
const shortestBeginning = 3;

/**
 * The candidate nearest to `word`, if it is near enough to be a typing mistake: about one change in three letters. A
 * candidate that begins with the word is as near as one with a single change.
 */
export function nearMiss(word: string, candidates: Iterable<string>): string | undefined {
  let best: { readonly candidate: string; readonly distance: number } | undefined;
  for (const candidate of [...candidates].sort()) {
    const isBeginning = word.length >= shortestBeginning && fold(candidate).startsWith(fold(word));
    const distance = isBeginning
      ? Math.min(1, candidate.length - word.length)
      : editDistance(fold(word), fold(candidate));
    const allowed = Math.max(1, Math.floor(Math.max(word.length, candidate.length) / 3));
    if (distance <= allowed && (best === undefined || distance < best.distance)) best = { candidate, distance };
  }
  return best?.candidate;
}

/** `, did you mean "x"?` or empty: to append to a sentence that reports an unknown name. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const near = nearMiss(word, candidates);
  return near === undefined ? '' : `, did you mean "${near}"?`;
}

const fold = (word: string): string => word.toLowerCase().replaceAll('_', '-');

/** How many insertions, deletions, replacements or swaps of neighbours turn one word into the other. */
function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      current[column] = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
        swapped ? (beforeLast[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    beforeLast = last;
    last = current;
  }
  return last[to.length] ?? 0;
}
