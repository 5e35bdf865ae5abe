/**
 * What must hold between both ends, in every state and at the end of a schedule: the invariants that no observer at one wire
 * can check alone. Segments under way are no part of it.
 */

import { fullAttachment, neverRepeated } from './invariants/attachment.js';
import { isExcepted } from './invariants/exceptions.js';
import type { End, Ends } from './invariants/flow-progress.js';
import { sameInitial } from './invariants/initial-flow.js';
import { orphans } from './invariants/orphans.js';
import { overhead } from './invariants/overhead.js';
import { standstill } from './invariants/standstill.js';
import { flowName, type LedgerFlow, type Violation } from './ledger.js';
import { fewestTries, type Pair } from './pair.js';

/** Both ends, and how they came there as far as invariants ask. */
interface World extends Ends {
  readonly dead: readonly number[];
  readonly lost: number;
  readonly doubled: number;
  readonly waited: number;
  readonly early: number;
  readonly expired: number;
}

/** Both ends have what they wanted. */
export const content = ({ client, server }: Ends): boolean =>
  client.ledger.told === 'established' && server.ledger.accepted > 0;

/** What is violated in a state; `said` is what the client's application says. */
export const jointViolations = (world: World, pair: Pair, said: string): readonly Violation[] => [
  ...failures(world, pair),
  ...resetElections(world, pair),
  ...strayOctets(world, said),
];

/** What is violated when nothing is under way and both ends wait. */
export const restingViolations = (world: World, pair: Pair): readonly Violation[] =>
  world.lost >= fewestTries
    ? []
    : [...standstill(world, world.dead, pair), ...(world.lost > 0 ? neverRepeated(world, world.dead, pair) : [])];

/** Where a path is dead and the scheme promises nothing, a connection cannot be asked for. */
export const isHopeless = ({ dead }: World, pair: Pair): boolean => dead.length > 0 && isExcepted('INV-11', pair);

/** INV-2 in every state. */
const failures = (world: World, pair: Pair): readonly Violation[] => {
  const { told } = world.client.ledger;
  if (told === undefined || told === 'established' || isHopeless(world, pair)) return [];
  const what = `the connect ended as "${told}" although a path works`;
  const end = world.server.ledger.resets > 0 ? 'server' : 'client';
  return [{ invariant: 'INV-2', what, end, unless: 'given-up' }];
};

/** INV-3: the flow that the other end takes for the initial one. */
const resetElections = ({ client, server }: Ends, pair: Pair): readonly Violation[] => {
  const violations: Violation[] = [];
  const { initial } = server.ledger;
  if (initial !== undefined && resetFlow(client, initial) !== undefined) {
    const what = `the client resets flow ${initial}, the server's initial one`;
    violations.push({ invariant: 'INV-3', what, end: 'client' });
  }
  const elected = client.ledger.initial;
  // Paper 2.2: in proposal 2 the server decides, also against the client's first.
  const decides = pair.server.profile === 'robe-bbm' && pair.client.profile !== 'mptcp';
  if (decides || elected === undefined) return violations;
  const lost = resetFlow(server, elected);
  // Open point I-11: data that overtook the third segment, while another flow is attached already.
  const overtaken = lost?.carried === true && lost.third === undefined;
  if (lost !== undefined && !overtaken) {
    const what = `the server resets flow ${elected}, the client's initial one`;
    violations.push({ invariant: 'INV-3', what, end: 'server' });
  }
  return violations;
};

/** The flow of that name if this end reset it. */
const resetFlow = ({ ledger }: End, name: string): LedgerFlow | undefined =>
  ledger.flows.find((flow) => flow.cut && !flow.again && flowName(flow) === name);

/** INV-10 in every state: neither end is given what was not said, or anything twice. */
const strayOctets = ({ client, server }: Ends, said: string): readonly Violation[] => {
  const [taken, echoed] = [server.ledger.got, client.ledger.got];
  const violations: Violation[] = [];
  if (!said.startsWith(taken)) {
    violations.push({ invariant: 'INV-10', what: `the server got "${taken}" where the client said "${said}"` });
  }
  if (!taken.startsWith(echoed)) {
    violations.push({ invariant: 'INV-10', what: `the client got "${echoed}" where the server echoes "${taken}"` });
  }
  return violations;
};

/** What is missing when a schedule is over. `ranOut`: no timer runs any more. */
export const concludingViolations = (
  world: World,
  pair: Pair,
  { said, ranOut }: { readonly said: string; readonly ranOut: boolean },
): readonly Violation[] => {
  const { client, server, lost, dead } = world;
  if (client.ledger.told !== 'established') {
    return [{ invariant: 'INV-2', what: 'the connect never succeeded although a path works' }];
  }
  if (server.ledger.accepted === 0) {
    return [{ invariant: 'INV-1', what: 'the client has a connection and the server none' }];
  }
  if (lost === 0 && client.ledger.got !== said) {
    const what = `every segment arrived, and the echo is "${client.ledger.got}" where the client said "${said}"`;
    return [{ invariant: 'INV-10', what }];
  }
  const calm = world.doubled + world.waited + world.early + world.expired === 0 && dead.length === 0;
  return [
    ...sameInitial(world, pair),
    ...(lost === 0 || ranOut ? fullAttachment(world, dead, pair, lost > 0) : []),
    ...(lost === 0 ? orphans(world, dead, pair) : []),
    ...(lost === 0 && calm && said === '' ? overhead(world, pair) : []),
  ];
};
