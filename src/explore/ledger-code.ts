/**
 * Ledgers by number: two get the same one only if they are equal. A step leaves most flows of a ledger as they are, so flows
 * have numbers of their own, and only those that changed are written out.
 */
import type { Ledger, LedgerFlow } from './ledger.js';
import { StateCode } from './state-code.js';

export class LedgerCode {
  readonly #code = new StateCode();
  readonly #flows = new Map<string, number>();
  readonly #seen = new WeakMap<LedgerFlow, number>();
  readonly #ledgers = new Map<string, number>();

  /** Every member counts, in the order of the members: all ledgers come of one by changing some. */
  of(ledger: Ledger): number {
    let text = '';
    for (const member of Object.values(ledger) as Ledger[keyof Ledger][]) text += `${this.#wordOf(member)} `;
    return numberOf(this.#ledgers, text);
  }

  #wordOf(member: Ledger[keyof Ledger]): string {
    if (typeof member === 'object') return member.map((flow) => this.#flowOf(flow)).join();
    return typeof member === 'string' ? JSON.stringify(member) : String(member);
  }

  #flowOf(flow: LedgerFlow): number {
    const seen = this.#seen.get(flow);
    if (seen !== undefined) return seen;
    const number = numberOf(this.#flows, this.#code.of(flow));
    this.#seen.set(flow, number);
    return number;
  }
}

const numberOf = (numbers: Map<string, number>, text: string): number => {
  const known = numbers.get(text);
  if (known !== undefined) return known;
  numbers.set(text, numbers.size);
  return numbers.size - 1;
};
