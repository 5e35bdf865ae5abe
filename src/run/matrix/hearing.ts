/**
 * Caches the outcomes and packets of references in cases. If the interpreter gets the same plan, and a host sends the
 * same packets as another reference, the outcome is the same, and the case is not judged again. Profiles of the reference
 * behave alike in most cases.
 */
import type { Utterance } from '../../iut/overheard-host.js';
import type { OverheardSubject } from '../../iut/overheard-subject.js';
import type { ExpandedCase } from '../../suite/language/case.js';

export interface Heard<Outcome> {
  readonly outcome: Outcome;
  readonly utterances: readonly Utterance[];
}

export class Hearing<Outcome> {
  /** By reference and case. */
  readonly #known = new Map<string, Heard<Outcome>>();
  /** By case and plan: one entry for each behaviour of a host. */
  readonly #ways = new Map<string, Heard<Outcome>[]>();

  /** `judge` drives the case and gives the outcome to be cached. */
  constructor(
    private readonly seed: string,
    private readonly judge: (reference: OverheardSubject, each: ExpandedCase) => Outcome,
  ) {}

  hear(reference: OverheardSubject, each: ExpandedCase): Heard<Outcome> {
    const key = `${reference.name} ${each.id}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const heard = this.#alike(reference, each);
    this.#known.set(key, heard);
    return heard;
  }

  #alike(reference: OverheardSubject, each: ExpandedCase): Heard<Outcome> {
    const key = `${each.id} ${reference.question}`;
    const ways = this.#ways.get(key) ?? [];
    this.#ways.set(key, ways);
    const seed = `${this.seed}/${each.id}`;
    const same = ways.find(({ utterances }) => reference.saysTheSame(seed, utterances));
    if (same !== undefined) return same;
    const heard = { outcome: this.judge(reference, each), utterances: reference.overheard() };
    ways.push(heard);
    return heard;
  }
}
