/**
 * The flow of a segment, and the creation of flows: in role server the tester opens them from a port of its own; in role
 * client the implementation does, and a step names the flow when it takes its first segment.
 */
import type { TcpPacket } from '../../protocol/wire/packet.js';
import { type Seq, seq } from '../../protocol/wire/seq.js';
import type { FlowDeclaration } from '../language/case.js';
import { ExpressionError } from '../language/expression.js';
import type { FlowName, FlowRef } from '../language/step.js';
import { pathOf, placesOf } from './addresses.js';
import type { ServerPlace } from './contract.js';
import { type Flow, unusedFlow } from './flow.js';
import { chosen, type Plan } from './plan.js';
import { type Work, withEntry } from './state.js';

/** Ports that one case owns; flows take them from the bottom, sentinels from the top. */
export const portsPerCase = 64;

const fresh = (plan: Plan, { name, path }: FlowName, local: Flow['local'], remote: Flow['remote']): Flow =>
  unusedFlow({ name, path, local, remote, isn: initialNumber(plan, name) });

/** The tester's initial sequence number of a flow: the one of the case, or one derived from the plan. */
export const initialNumber = (plan: Plan, flow: string): Seq =>
  seq(plan.case.flows[flow]?.isn ?? Number(chosen(plan, `isn/${flow}`, 32)));

/** The flow of a name: the named one, or the one that an earlier step found. */
export function flowMeant(work: Work, on: FlowRef): FlowName {
  if (!('found' in on)) return on;
  const found = work.found.get(on.found);
  if (found === undefined) throw new ExpressionError(`no flow was found as ${on.found} yet`);
  return found;
}

/** The tester's flow to the implementation's server, opened on first use. */
export function flowToServer(work: Work, name: FlowName): Flow {
  const known = work.flows.get(name.name);
  if (known !== undefined) return known;
  const { plan } = work;
  if (plan.case.role === 'client') throw new ExpressionError(`flow ${name.name} was not opened by the client yet`);
  const declared = plan.case.flows[name.name];
  const ip = declared?.ip ?? plan.case.ip;
  const path = pathOf(plan, name.path, ip);
  const address = path.testerAddresses[(declared?.host ?? 1) - 1];
  if (address === undefined) throw new ExpressionError(`flow ${name.name}: no tester host ${declared?.host ?? 1}`);
  const { closedPort, firstPort } = plan.surroundings;
  const { server } = placesOf(plan, ip);
  const port = declared?.port === 'closed' ? closedPort : portOf(server, declared);
  const flow = fresh(
    plan,
    name,
    { address, port: sourcePortOf(declared, port) ?? firstPort + work.flows.size, mac: path.testerMac },
    { address: addressOf(server, declared), port, mac: path.iutMac },
  );
  work.flows = withEntry(work.flows, flow.name, flow);
  return flow;
}

function sourcePortOf(declared: FlowDeclaration | undefined, destination: number): number | undefined {
  return declared?.sourcePort === 'same' ? destination : declared?.sourcePort;
}

function portOf({ port, second }: ServerPlace, declared: FlowDeclaration | undefined): number {
  if (declared?.port !== 'second') return port;
  if (second?.port === undefined) throw new ExpressionError('the implementation has no second port');
  return second.port;
}

function addressOf({ address, second }: ServerPlace, declared: FlowDeclaration | undefined): string {
  if (declared?.server !== 2) return address;
  if (second?.address === undefined) throw new ExpressionError('the implementation has no second address');
  return second.address;
}

/** The flow that a client's segment would open under a name; stored only when a step takes the segment. */
export function flowFromClient(plan: Plan, name: FlowName, packet: TcpPacket): Flow {
  const path = pathOf(plan, name.path);
  return fresh(
    plan,
    name,
    { address: packet.ip.destination, port: packet.tcp.destinationPort, mac: path.testerMac },
    { address: packet.ip.source, port: packet.tcp.sourcePort, mac: path.iutMac },
  );
}

/** The name of the flow with the segment's 4-tuple; the latest of several if a port is reused. */
export function flowOf(work: Work, packet: TcpPacket): string | undefined {
  let latest: string | undefined;
  for (const flow of work.flows.values()) {
    if (
      flow.local.port === packet.tcp.destinationPort &&
      flow.remote.port === packet.tcp.sourcePort &&
      flow.local.address === packet.ip.destination &&
      flow.remote.address === packet.ip.source
    )
      latest = flow.name;
  }
  return latest;
}

export const keepFlow = (work: Work, flow: Flow): void => {
  work.flows = withEntry(work.flows, flow.name, flow);
};
