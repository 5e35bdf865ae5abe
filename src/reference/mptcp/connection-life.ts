/**
 * The life of a connection (states: connection.ts): created, given its MPTCP side, usable, closed. The notices to the
 * application about these events are sent here, once each.
 */
import { deriveFromKey, token } from '../../protocol/keys/key-digest.js';
import type { Stack } from '../stack.js';
import type { Connection, ConnectionHooks, Session } from './connection.js';
import { dsnAdd } from './sequence.js';

type ConnectionOpening = Pick<Connection, 'id' | 'role' | 'profile' | 'service' | 'peer' | 'peerPort'>;

export const createConnection = (stack: Stack, opening: ConnectionOpening, hooks: ConnectionHooks): Connection => {
  const { id, role, profile, service, peer, peerPort } = opening;
  const connection: Connection = {
    id,
    role,
    profile,
    service,
    peer,
    peerPort,
    state: 'connecting',
    why: undefined,
    session: undefined,
    plain: undefined,
    outbox: [],
    waiting: false,
    received: 0,
    unread: 0,
    // What the segments of the handshake offer.
    offeredEnd: stack.config.receiveBuffer ?? 0,
    closeWanted: false,
    infiniteDue: undefined,
    lastArrival: undefined,
    redundant: false,
    pending: new Set(),
    hooks,
  };
  stack.connections.set(connection.id, connection);
  return connection;
};

interface SessionKeys {
  readonly version: 0 | 1;
  readonly checksum: boolean;
  readonly localKey: bigint;
  readonly remoteKey: bigint;
  readonly noJoin: boolean;
  readonly remoteRtt: boolean;
}

/** Gives a connection its MPTCP side: tokens and initial data sequence numbers from the keys (RFC 8684 sections 3.1, 3.2). */
export const openSession = (stack: Stack, connection: Connection, keys: SessionKeys): Session => {
  const { version, checksum, localKey, remoteKey, noJoin, remoteRtt } = keys;
  const { token: localToken, initialDsn: idsnLocal } = deriveFromKey(version, localKey);
  const { token: remoteToken, initialDsn: idsnRemote } = deriveFromKey(version, remoteKey);
  const session: Session = {
    connection,
    version,
    checksum,
    localKey,
    remoteKey,
    noJoin,
    remoteRtt,
    localToken,
    remoteToken,
    idsnLocal,
    idsnRemote,
    members: [],
    announced: new Map(),
    localIds: new Map(),
    confirmed: false,
    wideDsnCame: false,
    announcements: ['established', 'confirmed'],
    // The MP_CAPABLE SYN takes one octet of the sequence: the first payload octet is IDSN + 1.
    dataUna: dsnAdd(idsnLocal, 1),
    dataNxt: dsnAdd(idsnLocal, 1),
    windowEnd: undefined,
    chunks: [],
    reinjections: [],
    dataAlarm: undefined,
    dataExpirations: 0,
    ownFin: undefined,
    ownFinAcked: false,
    finAlarm: undefined,
    rcvNxt: dsnAdd(idsnRemote, 1),
    pieces: [],
    peerFin: undefined,
    peerFinTaken: false,
    failed: false,
    idleAlarm: undefined,
    turn: 0,
  };
  connection.session = session;
  stack.tokens.set(session.localToken, session);
  return session;
};

/** Removes the MPTCP side: joins no longer find the connection. */
export const closeSession = (stack: Stack, session: Session): void => {
  session.finAlarm?.cancel();
  session.dataAlarm?.cancel();
  session.idleAlarm?.cancel();
  if (stack.tokens.get(session.localToken) === session) stack.tokens.delete(session.localToken);
  if (session.connection.session === session) session.connection.session = undefined;
};

/** The connection can be used. */
export const establish = (stack: Stack, connection: Connection): void => {
  if (connection.state !== 'connecting') return;
  connection.state = connection.closeWanted ? 'closing' : 'established';
  if (connection.role === 'client') stack.notify({ notice: 'established', connection: connection.id });
};

/** The connection is closed; notifies the application once. */
export const concludeConnection = (stack: Stack, connection: Connection, how: 'fin' | 'reset'): void => {
  if (connection.state === 'closed' || connection.state === 'failed') return;
  connection.state = 'closed';
  connection.why = how;
  stack.notify({ notice: 'closed', connection: connection.id, how });
  connection.hooks.ended?.();
};

/** No flow could be opened; notifies the application once. */
export const failConnection = (stack: Stack, connection: Connection, why: 'refused' | 'timeout' | 'reset'): void => {
  if (connection.state !== 'connecting') return;
  connection.state = 'failed';
  connection.why = why;
  stack.notify({ notice: 'failed', connection: connection.id, why });
  connection.hooks.ended?.();
};

/** A fresh key whose token names no live connection of this host (RFC 6824 section 3.1, appendix B.1.1). */
export const freshKey = (stack: Stack, version: 0 | 1): bigint => {
  let key = stack.entropy.key();
  while (stack.tokens.has(token(version, key))) key = stack.entropy.key();
  return key;
};
