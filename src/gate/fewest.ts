/** The fewest sentences that explain all of some failures. */

interface Explicable<Of> {
  readonly of: Of;
  /** Sentences of which at least one explains it, and how much speaks for each. */
  readonly possible: ReadonlyMap<string, number>;
}

/**
 * For each failure the sentences that explain it. The sentence for which most speaks comes first, then the one for which most of
 * the rest does; sentences for which exactly the same speaks cannot be told apart, and all of them stand.
 */
export function fewestOf<Of>(failures: readonly Explicable<Of>[]): readonly (readonly [Of, readonly string[]])[] {
  const chosen = new Set<string>();
  let open = failures.filter(({ possible }) => possible.size > 0);
  while (open.length > 0) {
    const speaking = new Map<string, string[]>();
    const weights = new Map<string, number>();
    for (const [index, { possible }] of open.entries())
      for (const [id, weight] of possible) {
        speaking.set(id, [...(speaking.get(id) ?? []), `${index} ${weight}`]);
        weights.set(id, (weights.get(id) ?? 0) + weight);
      }
    const most = Math.max(...weights.values());
    const [best, ...others] = [...weights].filter(([, weight]) => weight === most).map(([id]) => id);
    const alike = (id: string): boolean => speaking.get(id)?.join() === speaking.get(best ?? '')?.join();
    for (const id of [best ?? '', ...others.filter(alike)]) chosen.add(id);
    open = open.filter(({ possible }) => ![...chosen].some((id) => possible.has(id)));
  }
  return failures.map(({ of, possible }) => [of, [...possible.keys()].filter((id) => chosen.has(id))]);
}
