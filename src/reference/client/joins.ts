/**
 * Further subflows of a client: MP_JOIN from every path that carries none, and to every address that the server announced,
 * once each, after the DSS gate (RFC 6824 section 3.1, open point I-22) and never toward an address that said C
 * (RFC8684-3.1-26).
 */
import type { IpAddress } from '../../protocol/wire/packet.js';
import type { Attempt } from '../election/election.js';
import { localAddressId } from '../mptcp/addresses.js';
import type { JoinAddress, Session } from '../mptcp/connection.js';
import { openJoin } from '../mptcp/joining.js';
import { dsnAdd } from '../mptcp/sequence.js';
import { seconds } from '../seconds.js';
import type { Stack } from '../stack.js';
import { takeAnnounced } from './announced.js';
import { isV6, localAddress } from './route.js';

/** Whether joins to that address and port may be opened now. C is about the address and port that it came from. */
export const mayOpenJoins = (stack: Stack, session: Session, to: JoinAddress): boolean => {
  const { connection, confirmed, noJoin } = session;
  const { before_dss, when } = stack.parameters.join;
  const forbidden = noJoin && to.address === connection.peer && to.port === connection.peerPort;
  const due = when === 'any' || (when === 'own-data' && session.dataUna !== dsnAdd(session.idsnLocal, 1));
  return !forbidden && due && (confirmed || before_dss === 'allow');
};

/** Opens the joins that are due. */
export const openJoins = (stack: Stack, attempt: Attempt): void => {
  const { session, state } = attempt.connection;
  if (session === undefined || state !== 'established') return;
  if (attempt.joinsFrom !== undefined && stack.now < attempt.joinsFrom) return;
  if (stack.decisions.join.mayOpen(stack, session, attempt)) {
    for (const path of stack.decisions.client.joinPaths(attempt)) {
      if (!joinFrom(stack, session, path, attempt)) continue;
      attempt.covered.add(path);
      attempt.joined.add(path);
    }
  }
  for (const announced of takeAnnounced(stack, attempt, session)) {
    for (const path of stack.decisions.client.pathsToAnnounced(stack, attempt, announced)) {
      joinFrom(stack, session, path, announced);
    }
  }
};

/** The gate is open: joins follow, after the declared time. */
export const openGate = (stack: Stack, attempt: Attempt): void => {
  attempt.joinsFrom = stack.now + seconds(stack.parameters.join.delay_s);
  if (attempt.joinsFrom > stack.now)
    stack.alarms.at(attempt.joinsFrom, ['joins', attempt], () => openJoins(stack, attempt));
  else openJoins(stack, attempt);
};

/** False when the path has no address of that IP version. */
const joinFrom = (stack: Stack, session: Session, path: number, to: JoinAddress): boolean => {
  const local = localAddress(stack, path, to.address);
  if (local === undefined) return false;
  openJoin(stack, session, {
    path,
    local,
    remote: to.address,
    remotePort: to.port,
    localId: localAddressId(session, local),
  });
  return true;
};

/**
 * Paths to be joined: those without a member and without a potential flow that may still become one. In proposal 2 all paths
 * (ROBE-P2-C-04), each once.
 */
export const joinPaths = (attempt: Attempt): readonly number[] => {
  if (attempt.joinsEverywhere) return attempt.paths.filter((path) => !attempt.joined.has(path));
  const awaited = [...attempt.potentials.values()].map(({ path }) => path);
  return attempt.paths.filter((path) => !attempt.covered.has(path) && !awaited.includes(path));
};

/**
 * Gives the addresses from which this client may join their Address IDs: 0 that of the initial subflow, the others the
 * number of their path, and addresses of the other IP version numbers after those of all paths (RFC6824-3.2-14,
 * DRAFT-eSIM-C-08, RFC6824-3.4-02).
 */
export const numberAddresses = (stack: Stack, attempt: Attempt, session: Session, initialPath: number): void => {
  const most = Math.max(...stack.paths.keys());
  for (const { path, addresses } of stack.paths.values()) {
    const isOther = (address: IpAddress) => isV6(address) !== isV6(attempt.address);
    const usual = addresses.find((address) => !isOther(address));
    const other = addresses.find(isOther);
    if (usual !== undefined) session.localIds.set(usual, path === initialPath ? 0 : path);
    if (other !== undefined) session.localIds.set(other, most + path);
  }
};
