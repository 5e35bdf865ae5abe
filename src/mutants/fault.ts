/**
 * Faults between a host and its wire. Each names the way it works on (`out`: what the host sends, `in`: what it is sent), the
 * segments that it touches, and what passes instead. A fault knows what passed on each flow before, and nothing of the
 * host's insides. The first fault of a list that touches a segment decides.
 */

import type { IpAddress, Tcp, TcpDraft, TcpPacket } from '../protocol/wire/packet.js';
import type { FlowHistory } from './flow-history.js';
import { type Change, redraft } from './segment.js';

/** A segment on its way, and what went before it. */
export interface Passing {
  readonly path: number;
  readonly packet: TcpPacket;
  readonly tcp: Tcp;
  /** Its own flow, this segment not yet included. */
  readonly flow: FlowHistory;
  /** Every flow of the host, in the order in which they appeared. */
  readonly flows: readonly FlowHistory[];
}

export type Parcel =
  | { readonly to: 'peer' | 'host'; readonly path: number; readonly draft: TcpDraft }
  /** The application is told of a connection that does not exist. */
  | { readonly to: 'application'; readonly accepted: IpAddress };

/** `crash`: the process is gone, its control channel with it. `hang`: it does not do anything any more. */
export type Passage = readonly Parcel[] | 'crash' | 'hang';

export interface Fault {
  readonly way: 'in' | 'out';
  readonly when: (passing: Passing) => boolean;
  readonly then: (passing: Passing) => Passage;
}

type Test = (tcp: Tcp, passing: Passing) => boolean;
type Edit = (tcp: Tcp, passing: Passing) => Change;

const fault = (way: Fault['way'], test: Test, then: Fault['then']): Fault => ({
  way,
  when: (passing) => test(passing.tcp, passing),
  then,
});

const onward = ({ path, packet }: Passing, to: 'peer' | 'host', change?: Change): Parcel => ({
  to,
  path,
  draft: redraft(packet, change),
});

/** Sends a segment otherwise. */
export const spoil = (test: Test, edit: Edit): Fault =>
  fault('out', test, (passing) => [onward(passing, 'peer', edit(passing.tcp, passing))]);

/** Never sends it. */
export const withhold = (test: Test): Fault => fault('out', test, () => []);

/** Sends it twice. */
export const repeat = (test: Test): Fault =>
  fault('out', test, (passing) => [onward(passing, 'peer'), onward(passing, 'peer')]);

/** Sends something else instead, on whatever path. */
export const divert = (test: Test, parcels: Fault['then']): Fault => fault('out', test, parcels);

/** Sends it, and another one after or before it. */
export const accompany = (
  test: Test,
  others: (passing: Passing) => readonly TcpDraft[],
  place: 'before' | 'after' = 'after',
): Fault =>
  fault('out', test, (passing) => {
    const more = others(passing).map((draft): Parcel => ({ to: 'peer', path: passing.path, draft }));
    return place === 'before' ? [...more, onward(passing, 'peer')] : [onward(passing, 'peer'), ...more];
  });

/** Does not notice that it came. */
export const overlook = (test: Test): Fault => fault('in', test, () => []);

/** Takes it for another. */
export const misread = (test: Test, edit: Edit): Fault =>
  fault('in', test, (passing) => [onward(passing, 'host', edit(passing.tcp, passing))]);

/** Answers it by itself, in place of the host or besides. */
export const answer = (
  test: Test,
  replies: (passing: Passing) => readonly TcpDraft[],
  host: 'instead' | 'besides' = 'instead',
): Fault =>
  fault('in', test, (passing) => [
    ...(host === 'besides' ? [onward(passing, 'host')] : []),
    ...replies(passing).map((draft): Parcel => ({ to: 'peer', path: passing.path, draft })),
  ]);

/** Lets it through, changed by `edit`, and other segments with it, on whatever flow, as if the peer had sent them. */
export const imagine = (
  test: Test,
  imagined: (passing: Passing) => readonly { readonly path: number; readonly draft: TcpDraft }[],
  edit: Edit = () => ({}),
): Fault =>
  fault('in', test, (passing) => [
    onward(passing, 'host', edit(passing.tcp, passing)),
    ...imagined(passing).map(({ path, draft }): Parcel => ({ to: 'host', path, draft })),
  ]);

/** Hands the application a connection too many. */
export const acceptGhost = (test: Test): Fault =>
  fault('in', test, (passing) => [onward(passing, 'host'), { to: 'application', accepted: passing.packet.ip.source }]);

export const crash = (test: Test): Fault => fault('in', test, () => 'crash');
export const hang = (test: Test): Fault => fault('in', test, () => 'hang');
