/**
 * The outcome of a connection for each course of losses. The hosts are deterministic, so a connection depends on nothing
 * but which of its segments are lost; the courses form a tree whose branches are `passed` and `lost` and whose leaves are
 * outcomes. A sample walks down the tree by its own draws. Only a course that no sample took before is played, segment by
 * segment, and becomes a branch; ten thousand samples so cost little more than the few dozen courses they take, and each
 * has exactly the outcome it would have had if it had been played.
 */

type Node<Outcome> = Fork<Outcome> | { readonly outcome: Outcome };

interface Fork<Outcome> {
  passed?: Node<Outcome>;
  lost?: Node<Outcome>;
}

/** Plays one connection from its beginning; `lost` is called for each segment that could be lost, in order. */
export type Play<Outcome> = (lost: () => boolean) => Outcome;

export class CourseTree<Outcome> {
  readonly #play: Play<Outcome>;
  #root: Node<Outcome> = {};
  #courses = 0;

  constructor(play: Play<Outcome>) {
    this.#play = play;
  }

  /** Courses played so far. */
  get courses(): number {
    return this.#courses;
  }

  /** The outcome of one connection whose segments are lost as `draw` says. */
  sample(draw: () => boolean): Outcome {
    const decisions: boolean[] = [];
    let node: Node<Outcome> | undefined = this.#root;
    while (node !== undefined && !('outcome' in node)) {
      const lost = draw();
      decisions.push(lost);
      node = lost ? node.lost : node.passed;
    }
    return node === undefined ? this.#explore(decisions, draw) : node.outcome;
  }

  #explore(begun: readonly boolean[], draw: () => boolean): Outcome {
    const decisions = [...begun];
    let asked = 0;
    const outcome = this.#play(() => {
      const known = decisions[asked++];
      if (known !== undefined) return known;
      const lost = draw();
      decisions.push(lost);
      return lost;
    });
    this.#courses += 1;
    this.#keep(decisions, outcome);
    return outcome;
  }

  #keep(decisions: readonly boolean[], outcome: Outcome): void {
    if (decisions.length === 0) {
      this.#root = { outcome };
      return;
    }
    let node = this.#root;
    for (const [index, lost] of decisions.entries()) {
      if ('outcome' in node) throw new Error('two courses of the same losses went different ways');
      const branch = lost ? 'lost' : 'passed';
      const next: Node<Outcome> = index === decisions.length - 1 ? { outcome } : (node[branch] ?? {});
      node[branch] = next;
      node = next;
    }
  }
}
