/**
 * How a client uses the addresses that the server announced (RFC 8684 section 3.4.1, ROBE-P1-C-10): it joins each once,
 * after the gate for joins has opened. An address whose join failed is not tried again; one whose flow has ended is, if
 * it is announced again.
 */
import type { Attempt } from '../election/election.js';
import type { AnnouncedAddress, JoinAddress, Member, Session } from '../mptcp/connection.js';
import { flowsOf } from '../mptcp/connection.js';
import type { Stack } from '../stack.js';
import { usablePaths } from './route.js';

const placeOf = ({ address, port }: JoinAddress): string => `${address}|${port}`;

const isTo =
  ({ address, port }: JoinAddress) =>
  ({ remote, remotePort }: { readonly remote: string; readonly remotePort: number }): boolean =>
    remote === address && remotePort === port;

/** Puts an announced address in line, unless it was tried or carries a flow. */
export const noteAnnounced = (attempt: Attempt, announced: AnnouncedAddress): void => {
  if (attempt.tried.has(placeOf(announced)) || flowsOf(attempt.connection).some(isTo(announced))) return;
  attempt.announced.push(announced);
};

/** Takes the addresses out of the line that may be joined now and have not been taken back. */
export const takeAnnounced = (stack: Stack, attempt: Attempt, session: Session): readonly AnnouncedAddress[] => {
  const due = attempt.announced.filter((announced) => stack.decisions.join.mayOpen(stack, session, announced));
  for (const announced of due) attempt.announced.splice(attempt.announced.indexOf(announced), 1);
  return due.filter((announced) => {
    if (attempt.tried.has(placeOf(announced)) || session.announced.get(announced.addressId) !== announced) return false;
    attempt.tried.add(placeOf(announced));
    return true;
  });
};

/** A flow has ended that was a member: its address may be announced, and joined, again. */
export const forgetJoined = (attempt: Attempt, { flow }: Member): void => {
  attempt.tried.delete(placeOf({ address: flow.remote, port: flow.remotePort }));
};

/** One flow: from the path by which the announcement came, or from the first one that has an address of that IP version. */
export const pathsToAnnounced = (
  stack: Stack,
  attempt: Attempt,
  { address, path }: AnnouncedAddress,
): readonly number[] => {
  const able = usablePaths(stack, attempt.allowed, address);
  return able.includes(path) ? [path] : able.slice(0, 1);
};
