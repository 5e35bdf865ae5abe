/**
 * Further subflows of a client: MP_JOIN from every path that carries none, once each, after the DSS gate
 * (RFC 6824 section 3.1, open point I-22) and never toward an address that said C (RFC8684-3.1-26).
 */
import type { Attempt } from '../election/election.js';
import type { Session } from '../mptcp/connection.js';
import { openJoin } from '../mptcp/joining.js';
import type { Stack } from '../stack.js';
import { localAddress } from './route.js';

/** Whether joins may be opened now. */
export const mayOpenJoins = (stack: Stack, session: Session): boolean =>
  !session.noJoin && (session.confirmed || stack.parameters.join.before_dss === 'allow');

/** Opens the joins that are due. */
export const openJoins = (stack: Stack, attempt: Attempt): void => {
  const { session, state } = attempt.connection;
  if (session === undefined || state !== 'established' || !stack.decisions.join.mayOpen(stack, session)) return;
  for (const path of stack.decisions.client.joinPaths(attempt)) {
    const local = localAddress(stack, path, attempt.address);
    if (local === undefined) continue;
    attempt.covered.add(path);
    attempt.joined.add(path);
    openJoin(stack, session, {
      path,
      local,
      remote: attempt.address,
      remotePort: attempt.port,
      localId: addressId(attempt, path),
    });
  }
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

/** 0 for the address of the initial subflow, else the path's number (RFC6824-3.2-14, DRAFT-eSIM-C-08). */
export const addressId = (attempt: Attempt, path: number): number =>
  attempt.elected?.potential.path === path ? 0 : path;
