/** The values of names at one moment of a case: values bound on first sight, and the numbers of the step's flow. */

import type { Scope, Value } from '../language/expression.js';
import { callFunction } from '../language/functions.js';
import { addressOctets } from './addresses.js';
import { hasSaid } from './declaration.js';
import type { Flow } from './flow.js';
import { chosen, type Plan } from './plan.js';

export type Bindings = ReadonlyMap<string, Value>;

function flowNumber(flow: Flow, name: string): bigint | undefined {
  switch (name) {
    case 'isn':
      return BigInt(flow.isn);
    case 'next':
      return BigInt(flow.next);
    case 'peer_isn':
      return flow.peerIsn === undefined ? undefined : BigInt(flow.peerIsn);
    case 'expected':
      return flow.expected === undefined ? undefined : BigInt(flow.expected);
    default:
      return undefined;
  }
}

/** The version whose hash functions apply; not used in a case without MPTCP. */
export const versionOf = (plan: Plan): 0 | 1 => plan.case.mptcp ?? 1;

/** Names bound so far and the flow's numbers. */
export function scopeOf(plan: Plan, flow: Flow, bindings: Bindings): Scope {
  return {
    lookup: (name) => (name === 'said' ? hasSaid(plan) : (flowNumber(flow, name) ?? bindings.get(name))),
    call: (name, args) =>
      callFunction(name, args, {
        version: versionOf(plan),
        joinCap: plan.joinCap,
        address: (kind, which, ip) => addressOctets(plan, kind, which, ip),
      }),
  };
}

/** As {@link scopeOf}, but a name that is not bound yet gets a value of the tester's choice, which `bind` keeps. */
export function choosingScope(
  plan: Plan,
  flow: Flow,
  bindings: Bindings,
  bits: number,
  bind: (name: string, value: Value) => void,
): Scope {
  const scope = scopeOf(plan, flow, bindings);
  return {
    ...scope,
    lookup: (name) => {
      const known = scope.lookup(name);
      if (known !== undefined) return known;
      const value = chosen(plan, `name/${name}`, bits);
      bind(name, value);
      return value;
    },
  };
}
