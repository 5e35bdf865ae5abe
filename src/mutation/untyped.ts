/**
 * Changes that the type checker would refuse, where they can be told by the place alone: Stryker fills an empty list with a
 * text, which no list of options, frames or members may hold. Such a mutant shows nothing about the catalogue.
 */
import type { Ignorer } from '@stryker-mutator/api/ignore';

/** What is needed of a place in the syntax tree, whose type Stryker keeps to itself. */
interface Place {
  readonly node?: { readonly type?: string; readonly elements?: readonly unknown[] };
}

export const untyped: Ignorer = {
  shouldIgnore: (place: Place) =>
    place.node?.type === 'ArrayExpression' && place.node.elements?.length === 0
      ? 'a text in this list would not compile'
      : undefined,
};
