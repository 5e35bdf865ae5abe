/**
 * Which flow a segment belongs to, and how flows come to be: in role server the tester opens them with a local port of its
 * own; in role client the implementation does, and a step names the flow when it takes its first segment.
 */
import type { TcpPacket } from '../../protocol/wire/packet.js';
import { seq } from '../../protocol/wire/seq.js';
import { ExpressionError } from '../language/expression.js';
import type { FlowName, FlowRef } from '../language/step.js';
import type { SurroundingsPath } from './contract.js';
import type { Flow } from './flow.js';
import { chosen, type Plan } from './plan.js';
import { type Work, withEntry } from './state.js';

/** Ports that one case owns; flows take them from the bottom, sentinels from the top. */
export const portsPerCase = 64;

export function pathOf(plan: Plan, path: number): SurroundingsPath {
  const found = plan.surroundings.paths.find((p) => p.path === path);
  if (found === undefined) throw new ExpressionError(`there is no path ${path}`);
  return found;
}

function fresh(
  plan: Plan,
  name: FlowName,
): Pick<Flow, 'name' | 'path' | 'isn' | 'next' | 'peerTimestamp' | 'testerReset' | 'peerReset' | 'seen'> {
  const isn = seq(Number(chosen(plan, `isn/${name.name}`, 32)));
  return {
    name: name.name,
    path: name.path,
    isn,
    next: isn,
    peerTimestamp: undefined,
    testerReset: false,
    peerReset: false,
    seen: [],
  };
}

/** The flow that is meant: the one named, or the one that an earlier step found. */
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
  const path = pathOf(plan, name.path);
  const declared = plan.case.flows[name.name];
  const address = path.testerAddresses[(declared?.host ?? 1) - 1];
  if (address === undefined) throw new ExpressionError(`flow ${name.name}: no tester host ${declared?.host ?? 1}`);
  const { server, closedPort, firstPort } = plan.surroundings;
  const flow: Flow = {
    ...fresh(plan, name),
    local: { address, port: firstPort + work.flows.size, mac: path.testerMac },
    remote: { address: server.address, port: declared?.port === 'closed' ? closedPort : server.port, mac: path.iutMac },
  };
  work.flows = withEntry(work.flows, flow.name, flow);
  return flow;
}

/** The flow that a client's segment would open under a name; kept only once a step takes the segment. */
export function flowFromClient(plan: Plan, name: FlowName, packet: TcpPacket): Flow {
  const path = pathOf(plan, name.path);
  return {
    ...fresh(plan, name),
    local: { address: packet.ip.destination, port: packet.tcp.destinationPort, mac: path.testerMac },
    remote: { address: packet.ip.source, port: packet.tcp.sourcePort, mac: path.iutMac },
  };
}

/** The name of the flow with the segment's 4-tuple. */
export function flowOf(work: Work, packet: TcpPacket): string | undefined {
  for (const flow of work.flows.values()) {
    if (
      flow.local.port === packet.tcp.destinationPort &&
      flow.remote.port === packet.tcp.sourcePort &&
      flow.local.address === packet.ip.destination &&
      flow.remote.address === packet.ip.source
    )
      return flow.name;
  }
  return undefined;
}

export const keepFlow = (work: Work, flow: Flow): void => {
  work.flows = withEntry(work.flows, flow.name, flow);
};
