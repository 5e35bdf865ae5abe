/** The fewest sentences that explain all of some failures. */

interface Explicable<Of> {
  readonly of: Of;
  /** Sentences of which at least one explains it, with the weight of each. */
  readonly possible: ReadonlyMap<string, number>;
}

/**
 * For each failure the sentences that explain it. The sentence with the greatest weight comes first, then the one with
 * the greatest weight among the rest. Between equal sentences the weight `elsewhere` decides; sentences with exactly the
 * same weights cannot be distinguished, and all are kept.
 */
export function fewestOf<Of>(
  failures: readonly Explicable<Of>[],
  elsewhere: (id: string) => number = () => 0,
): readonly (readonly [Of, readonly string[]])[] {
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
    const first = [...weights].filter(([, weight]) => isAsMuch(weight, most)).map(([id]) => id);
    const [best = '', ...others] = first.sort((a, b) => elsewhere(b) - elsewhere(a));
    const alike = (id: string): boolean =>
      isAsMuch(elsewhere(id), elsewhere(best)) && speaking.get(id)?.join() === speaking.get(best)?.join();
    for (const id of [best, ...others.filter(alike)]) chosen.add(id);
    open = open.filter(({ possible }) => ![...chosen].some((id) => possible.has(id)));
  }
  return failures.map(({ of, possible }) => [of, [...possible.keys()].filter((id) => chosen.has(id))]);
}

/** Equal apart from rounding errors of fractions. */
const isAsMuch = (a: number, b: number): boolean => Math.abs(a - b) < 1e-9;
