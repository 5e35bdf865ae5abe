/**
 * An application connects: SYNs on one or more paths, the election of the initial subflow, the fate of the other flows
 * (synack.ts), and failure when no flow is left.
 *
 * | event                     | before the election                        | after it                                        |
 * |---------------------------|--------------------------------------------|-------------------------------------------------|
 * | SYN/ACK with MP_CAPABLE   | elected: third segment with both keys      | the election says: attach, join-cap, reset      |
 * | SYN/ACK without           | elected as TCP, the others are dropped     | reset                                           |
 * | RST with acceptable ACK   | that flow is out                           | that flow is out                                |
 * | SYN given up              | that flow is out                           | that flow is out                                |
 * | last flow out             | the connect has failed                     |                                                 |
 */
import type { ConnectTarget } from '../contract.js';
import type { Attempt } from '../election/election.js';
import { timerElection } from '../election/timer.js';
import type { Connection, Member } from '../mptcp/connection.js';
import { createConnection, failConnection, freshKey } from '../mptcp/connection-life.js';
import type { Stack } from '../stack.js';
import { createFlow } from '../tcp/flow-table.js';
import { sendSyn } from '../tcp/transmission.js';
import { forgetJoined, noteAnnounced } from './announced.js';
import { openGate, openJoins } from './joins.js';
import { PotentialFlow } from './potential-flow.js';
import { localAddress, usablePaths } from './route.js';
import { dropPotentials, failAttempt } from './synack.js';

/** Opens a connection; notices report its outcome. */
export const openAttempt = (stack: Stack, target: ConnectTarget): Connection => {
  const profile = target.profile ?? stack.config.profile;
  const version = target.version ?? stack.config.versions[0] ?? 1;
  const usable = usablePaths(stack, target.paths, target.address);
  const paths = profile === 'robe-ips' ? stack.decisions.client.orderByRtt(stack, usable) : usable;
  const connection = createConnection(
    stack,
    {
      id: stack.nextConnection('opened'),
      role: 'client',
      profile,
      service: 'application',
      peer: target.address,
      peerPort: target.port,
    },
    {
      confirmed: () => openGate(stack, attempt),
      dataAcked: () => openJoins(stack, attempt),
      fellBack: () => dropPotentials(stack, attempt),
      memberAdded: (member) => attempt.election.memberAdded?.(attempt, member),
      addressAnnounced: (announced) => {
        noteAnnounced(attempt, announced);
        openJoins(stack, attempt);
      },
      memberEnded: (member) => {
        forgetJoined(attempt, member);
        if (stack.decisions.client.joinsAfterEnd(stack, member)) attempt.covered.delete(member.flow.path);
        attempt.election.flowEnded?.(attempt);
        openJoins(stack, attempt);
      },
      ended: () => {
        attempt.alarm?.cancel();
        dropPotentials(stack, attempt);
      },
      describe: () => [attempt],
    },
  );
  const attempt: Attempt = {
    connection,
    election: stack.decisions.client.election(
      stack,
      { profile, version, paths },
      timerElection(stack, { openPotential, failAttempt }),
    ),
    profile,
    version,
    address: target.address,
    port: target.port,
    paths,
    keyA: freshKey(stack, version),
    potentials: new Map(),
    elected: undefined,
    covered: new Set(),
    joinsEverywhere: false,
    allowed: target.paths,
    joinsFrom: undefined,
    announced: [],
    tried: new Set(),
    joined: new Set(),
    syns: 0,
    refusals: 0,
    alarm: undefined,
  };
  for (const path of attempt.election.start(attempt)) openPotential(stack, attempt, path);
  attempt.election.begun?.(attempt);
  if (paths.length === 0) failConnection(stack, connection, 'timeout');
  return connection;
};

/**
 * Whether the path of a member that ended is opened again by MP_JOIN: that of a MP_JOIN_CAP which the server never took
 * (DRAFT-eSIM-C-16), and, where declared, that of a flow attached by proposal 1 which the server reset unused, as one of
 * proposal 2 does. A failed MP_JOIN is not repeated (RFC6824-3.8-02).
 */
export const joinsAfterEnd = (stack: Stack, member: Member): boolean => {
  if (member.by === 'join' || member.dssSeen) return false;
  return member.by === 'join-cap' || stack.parameters.robe.after_reset === 'join';
};

/** A SYN on one path, as a flow of its own (RFC9293-3.9.1-01). */
export const openPotential = (stack: Stack, attempt: Attempt, path: number): void => {
  const local = localAddress(stack, path, attempt.address);
  if (local === undefined) return;
  const keyA = stack.decisions.client.chooseKeyA(stack, attempt, () => freshKey(stack, attempt.version));
  const flow = createFlow(stack, {
    path,
    local,
    localPort: stack.decisions.tcp.sourcePort(stack, {
      path,
      local,
      remote: attempt.address,
      remotePort: attempt.port,
    }),
    remote: attempt.address,
    remotePort: attempt.port,
    opener: 'active',
    owner: new PotentialFlow(stack, attempt, path, keyA),
  });
  attempt.potentials.set(flow, { path, flow, keyA });
  attempt.connection.pending.add(flow);
  attempt.syns += 1;
  sendSyn(stack, flow, attempt.election.repeats === 'flow');
};

/**
 * Key-A of one flow: the attempt's own on every path (paper 2.1, ROBE-P1-C-02), or fresh on each (DRAFT-SIM-C-01,
 * DRAFT-TIMER-C-02); the first flow always uses the attempt's.
 */
export const chooseKeyA = (stack: Stack, attempt: Attempt, fresh: () => bigint): bigint => {
  const { election, profile } = attempt;
  // I-30: the paper's reading of proposal 3, a retransmission on another path.
  const repeated = profile === 'robe-timer' && stack.parameters.timer.key === 'same';
  return election.keys === 'shared' || repeated || attempt.syns === 0 ? attempt.keyA : fresh();
};
