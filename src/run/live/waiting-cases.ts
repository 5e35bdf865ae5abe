/**
 * The cases that have not begun, and which of them may begin beside those under way (see contact.ts): in the given order,
 * past those whose keys are in use and those for whose connections a small host has no room. Those that depend on the past come last and few at once: what such an implementation
 * remembers are times that it measured, which a burst of other cases would blur.
 */
import type { ExpandedCase } from '../../suite/language/case.js';
import { connectionsOf } from '../../suite/language/flow-names.js';
import { spelledKeys } from './contact.js';

export interface Company {
  readonly dependsOnThePast: (each: ExpandedCase) => boolean;
  /** Whether those must be alone, because all that the implementation knows has to be cleared for each. */
  readonly alone: boolean;
  /** How many connections cases may have at once. */
  readonly room: number;
}

/** Of those that depend on the past and need not be alone, this many at once. */
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

  /** The one that may begin next; undefined while none may, which the end of another changes. */
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

  /** One that is over begins once more, after all others of its kind. */
  again(each: ExpandedCase): void {
    (this.#company.dependsOnThePast(each) ? this.#last : this.#ordinary).push(each);
  }

  /** It is over, and what it left at the implementation is gone. */
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

/** The keys that a case spells out, worked out once. */
const keysOf = (each: ExpandedCase): readonly bigint[] => {
  const keys = known.get(each) ?? [...spelledKeys(each)];
  known.set(each, keys);
  return keys;
};
