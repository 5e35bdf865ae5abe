/**
 * What must hold between both ends, in every state and at the end of a schedule: the invariants that no observer at one wire
 * can check alone. Segments under way are no part of it.
 */
import type { LocalState } from './automaton.js';
import { flowName, type LedgerFlow, type Violation } from './ledger.js';
import type { Pair } from './pair.js';

export interface Ends {
  readonly client: LocalState;
  readonly server: LocalState;
}

/** Both ends have what they wanted. */
export const content = ({ client, server }: Ends): boolean =>
  client.ledger.told === 'established' && server.ledger.accepted > 0;

/** What is violated in a state; `said` is what the client's application says. */
export const jointViolations = (ends: Ends, pair: Pair, said: string): readonly Violation[] => [
  ...failures(ends),
  ...resetElections(ends, pair),
  ...strayOctets(ends, said),
];

/** INV-2 in every state. */
const failures = ({ client }: Ends): readonly Violation[] => {
  const { told } = client.ledger;
  if (told === undefined || told === 'established') return [];
  const what = `the connect ended as "${told}" although every path works`;
  return [{ invariant: 'INV-2', what, unless: 'given-up' }];
};

/** INV-3: the flow that the other end takes for the initial one. */
const resetElections = ({ client, server }: Ends, pair: Pair): readonly Violation[] => {
  const violations: Violation[] = [];
  const { initial } = server.ledger;
  if (initial !== undefined && resetFlow(client, initial) !== undefined) {
    violations.push({ invariant: 'INV-3', what: `the client resets flow ${initial}, the server's initial one` });
  }
  const elected = client.ledger.initial;
  // Paper 2.2: in proposal 2 the server decides, also against the client's first.
  const decides = pair.server.profile === 'robe-bbm' && pair.client.profile !== 'mptcp';
  if (decides || elected === undefined) return violations;
  const lost = resetFlow(server, elected);
  // Open point I-11: data that overtook the third segment, while another flow is attached already.
  const overtaken = lost?.carried === true && lost.third === undefined;
  if (lost !== undefined && !overtaken) {
    violations.push({ invariant: 'INV-3', what: `the server resets flow ${elected}, the client's initial one` });
  }
  return violations;
};

/** The flow of that name if this end reset it. */
const resetFlow = ({ ledger }: LocalState, name: string): LedgerFlow | undefined =>
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

/** What is missing when a schedule is over in which so many segments were lost. */
export const concludingViolations = (ends: Ends, lost: number, said: string): readonly Violation[] => {
  const { client, server } = ends;
  if (client.ledger.told !== 'established') {
    return [{ invariant: 'INV-2', what: 'the connect never succeeded although every path works' }];
  }
  if (server.ledger.accepted === 0) {
    return [{ invariant: 'INV-1', what: 'the client has a connection and the server none' }];
  }
  if (lost === 0 && client.ledger.got !== said) {
    const what = `every segment arrived, and the echo is "${client.ledger.got}" where the client said "${said}"`;
    return [{ invariant: 'INV-10', what }];
  }
  return [];
};
