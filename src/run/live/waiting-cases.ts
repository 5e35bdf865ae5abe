/**
 * The cases that have not begun, and the next one that may begin with those under way (see contact.ts): in the given
 * order, skipping those whose keys are in use and those for whose connections a small host has no room. Cases that depend
 * on the past come last, few at once: such an implementation keeps measured times, which a burst of other cases would
 * disturb.
 */
import type { ExpandedCase } from '../../suite/language/case.js';
import { connectionsOf } from '../../suite/language/flow-names.js';
import { spelledKeys } from './contact.js';

export interface Company {
  readonly dependsOnThePast: (each: ExpandedCase) => boolean;
  /** Whether these must run alone, because the whole state of the implementation is cleared for each. */
  readonly alone: boolean;
  /** How many connections cases may have at once. */
  readonly room: number;
}

/** This many at once of those that depend on the past and need not run alone. */
const mostOfThose = 8;

export class WaitingCases {
  readonly #company: Company;
  readonly #ordinary: ExpandedCase[];
  readonly #last: ExpandedCase[];
  readonly #keysInUse = new Set<bigint>();
  readonly #underWay = new Set<ExpandedCase>();
  #connections = 0;

  constructor(cases: readonly ExpandedCase[], company: Company) {
    this.#company = company;
    this.#ordinary = cases.filter((each) => !company.dependsOnThePast(each));
    this.#last = cases.filter(company.dependsOnThePast);
  }

  get length(): number {
    return this.#ordinary.length + this.#last.length;
  }

  /** All of them, in the order in which they would begin. */
  get left(): readonly ExpandedCase[] {
    return [...this.#ordinary, ...this.#last];
  }

  /** The one that may begin next; undefined if none may until another ends. */
  next(): ExpandedCase | undefined {
    if (this.#ordinary.length > 0) {
      return this.#ordinary.find(
        (each) => this.#hasRoom(each) && !keysOf(each).some((key) => this.#keysInUse.has(key)),
      );
    }
    const [first] = this.#last;
    return first !== undefined && this.#hasRoom(first) && this.#mayBeginOneOfTheLast() ? first : undefined;
  }

  /** It begins. */
  take(taken: ExpandedCase): void {
    for (const list of [this.#ordinary, this.#last]) {
      const place = list.indexOf(taken);
      if (place >= 0) list.splice(place, 1);
    }
    for (const key of keysOf(taken)) this.#keysInUse.add(key);
    this.#underWay.add(taken);
    this.#connections += connectionsOf(taken);
  }

  /** A finished case begins once more, after all others of its kind. */
  again(each: ExpandedCase): void {
    (this.#company.dependsOnThePast(each) ? this.#last : this.#ordinary).push(each);
  }

  /** It is over, and its state at the implementation is gone. */
  ended(each: ExpandedCase): void {
    for (const key of keysOf(each)) this.#keysInUse.delete(key);
    if (this.#underWay.delete(each)) this.#connections -= connectionsOf(each);
  }

  #hasRoom(each: ExpandedCase): boolean {
    return this.#connections + connectionsOf(each) <= this.#company.room;
  }

  #mayBeginOneOfTheLast(): boolean {
    if (this.#company.alone) return this.#underWay.size === 0;
    return [...this.#underWay].filter(this.#company.dependsOnThePast).length < mostOfThose;
  }
}

const known = new WeakMap<ExpandedCase, readonly bigint[]>();

/** The literal keys of a case, computed once. */
const keysOf = (each: ExpandedCase): readonly bigint[] => {
  const keys = known.get(each) ?? [...spelledKeys(each)];
  known.set(each, keys);
  return keys;
};
