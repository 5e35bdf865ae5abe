/**
 * Octets from the application to the wire: straight onto the one flow of a TCP connection, or cut into chunks of the data
 * sequence and mapped onto member flows (RFC 8684 section 3.3.1). A chunk stays until it is Data-ACKed; when the flow that
 * carries it times out or ends, another flow carries it again, so no octet depends on one flow (section 3.3.6).
 */

import { dssChecksum } from '../../protocol/keys/dss-checksum.js';
import { seqDiff } from '../../protocol/wire/seq.js';
import type { TcpOption } from '../../protocol/wire/tcp-option.js';
import { seconds } from '../seconds.js';
import type { Stack } from '../stack.js';
import { canSend, type Flow } from '../tcp/flow.js';
import { awaitRoom, usableWindow } from '../tcp/send-window.js';
import { segmentRoom, sendAck, sendFin, sendOctets, sendRoom, waitsForMore } from '../tcp/transmission.js';
import { capableFlags } from './capable.js';
import type { Chunk, Connection, Member, Session } from './connection.js';
import { concludeConnection } from './connection-life.js';
import { dataFinOption, infiniteOption, mappingOption } from './dss.js';
import { fullSegment, isSillyMember, memberRoom, usableMembers, waitingIn } from './room.js';
import { fastest } from './scheduling.js';
import { dsnAdd, dsnDiff } from './sequence.js';

/** DATA_FIN is sent so often before the connection is given up. */
const dataFinTries = 7;

/** Takes octets of the application; they are sent as soon as flows have room. */
export const writeOctets = (stack: Stack, connection: Connection, octets: Uint8Array): void => {
  if (octets.length === 0 || connection.closeWanted) return;
  connection.outbox.push(octets);
  pump(stack, connection);
};

/** The application has ended its data: FIN or DATA_FIN after it. */
export const finishSending = (stack: Stack, connection: Connection): void => {
  if (connection.closeWanted) return;
  connection.closeWanted = true;
  if (connection.state === 'established') connection.state = 'closing';
  pump(stack, connection);
};

/** Sends what can be sent now. */
export const pump = (stack: Stack, connection: Connection): void => {
  const { session } = connection;
  if (session !== undefined) pumpMapped(stack, connection, session);
  else if (connection.plain !== undefined) pumpPlain(stack, connection, connection.plain);
  if (!connection.waiting || connection.outbox.length > 0) return;
  connection.waiting = false;
  stack.notify({ notice: 'drained', connection: connection.id });
};

const pumpPlain = (stack: Stack, connection: Connection, flow: Flow): void => {
  while (connection.outbox.length > 0) {
    const full = segmentRoom(stack, flow);
    const room = Math.min(sendRoom(flow), full);
    if (room <= 0 || waitsForMore(stack, flow, nextOctets(connection, room), full)) return;
    if (stack.decisions.tcp.isSilly(flow, usableWindow(flow), full, () => waitingIn(connection))) {
      awaitRoom(stack, flow);
      return;
    }
    const octets = takeOutbox(connection, room);
    const { infiniteDue } = connection;
    connection.infiniteDue = undefined;
    const options = infiniteDue
      ? [infiniteOption(stack.parameters.dss, infiniteDue.dsn, subflowSeqOf(flow), infiniteDue.checksum)]
      : ([] as const);
    sendOctets(stack, flow, octets, options);
  }
  if (connection.closeWanted) sendFin(stack, flow);
};

/** Relative to the SYN, which is 0 (RFC6824-3.3-05). */
const subflowSeqOf = (flow: Flow): number => seqDiff(flow.sndNxt, flow.iss) >>> 0;

/** Up to `most` octets from the front of the outbox, not across what the application wrote at once. */
const takeOutbox = (connection: Connection, most: number): Uint8Array => {
  const first = connection.outbox[0] ?? new Uint8Array(0);
  if (first.length <= most) {
    connection.outbox.shift();
    return first;
  }
  connection.outbox[0] = first.subarray(most);
  return first.subarray(0, most);
};

/** How many octets `takeOutbox` would give. */
const nextOctets = ({ outbox }: Connection, most: number): number => Math.min(outbox[0]?.length ?? 0, most);

const pumpMapped = (stack: Stack, connection: Connection, session: Session): void => {
  while (session.reinjections.length > 0) {
    const chunk = session.reinjections[0];
    if (chunk === undefined) return;
    const candidates = usableMembers(session).filter(({ flow }) => !chunk.carriers.includes(flow));
    const [member] = carriersAmong(stack, connection, session, candidates);
    if (member === undefined) break;
    session.reinjections.shift();
    const room = stack.decisions.data.reinjectionRoom(stack, member.flow);
    sendChunk(stack, session, member, chunk.octets.length > room ? cutChunk(session, chunk, room) : chunk);
  }
  while (connection.outbox.length > 0) {
    const members = carriersAmong(stack, connection, session, usableMembers(session));
    const room = Math.min(...members.map(({ flow }) => memberRoom(stack, session, flow)));
    if (members.length === 0 || room <= 0) return;
    const silly = members.find(({ flow }) => isSillyMember(stack, session, flow));
    if (silly !== undefined) {
      awaitRoom(stack, silly.flow);
      return;
    }
    const next = nextOctets(connection, room);
    if (members.some(({ flow }) => waitsForMore(stack, flow, next, fullSegment(stack, flow)))) return;
    const octets = takeOutbox(connection, room);
    const fin = takesFin(stack, connection, session);
    const chunk: Chunk = { dsn: session.dataNxt, octets, fin, carriers: [] };
    session.dataNxt = dsnAdd(session.dataNxt, octets.length);
    session.chunks.push(chunk);
    if (fin) beginFin(stack, session);
    for (const member of members) sendChunk(stack, session, member, chunk);
    if (session.dataAlarm === undefined) watchData(stack, session);
  }
  if (connection.closeWanted && session.ownFin === undefined && session.reinjections.length === 0) {
    const member = usableMembers(session)[0] ?? session.members.find(({ flow }) => canSend(flow));
    if (member === undefined) return;
    sendDataFin(stack, session, beginFin(stack, session), 0);
  }
};

/**
 * The first octets of a chunk that is too long for the flow it goes to next, whose MSS and window are its own (RFC 9293 section
 * 3.7.1, RFC 8684 section 3.3.5). The rest is a chunk as well, which the DATA_FIN stays with.
 */
const cutChunk = (session: Session, chunk: Chunk, room: number): Chunk => {
  const { dsn, octets, carriers } = chunk;
  const head: Chunk = { dsn, octets: octets.subarray(0, room), fin: false, carriers: [...carriers] };
  const rest: Chunk = { ...chunk, dsn: dsnAdd(dsn, room), octets: octets.subarray(room), carriers: [...carriers] };
  session.chunks.splice(session.chunks.indexOf(chunk), 1, head, rest);
  session.reinjections.unshift(rest);
  return head;
};

/** Whether the DATA_FIN goes with the octets that were just taken: they are the last, and MP_CAPABLE does not map them. */
const takesFin = (stack: Stack, { closeWanted, outbox, role }: Connection, session: Session): boolean =>
  stack.parameters.close.data_fin === 'with-data' &&
  closeWanted &&
  outbox.length === 0 &&
  session.reinjections.length === 0 &&
  (session.confirmed || session.version === 0 || role === 'server');

/** Gives the own DATA_FIN its number, the next one, and watches for its Data ACK. */
const beginFin = (stack: Stack, session: Session): bigint => {
  const dsn = session.dataNxt;
  session.ownFin = dsn;
  session.dataNxt = dsnAdd(dsn, 1);
  watchFin(stack, session, dsn, 0);
  return dsn;
};

/** The members that carry the next octets, all of them the same. */
const carriersAmong = (
  stack: Stack,
  connection: Connection,
  session: Session,
  usable: readonly Member[],
): readonly Member[] =>
  stack.config.scheduling === 'fastest' && !connection.redundant
    ? fastest(usable)
    : stack.decisions.data.schedule(connection, session, usable);

const sendChunk = (stack: Stack, session: Session, member: Member, chunk: Chunk): void => {
  chunk.carriers.push(member.flow);
  sendOctets(stack, member.flow, chunk.octets, chunkOptions(stack, session, member, chunk));
};

/**
 * The options of a chunk: DSS, but MP_CAPABLE with both keys and the length on the initiator's first data in v1
 * (RFC 8684 section 3.1), until the peer's DSS has shown that it has the keys.
 */
const chunkOptions = (stack: Stack, session: Session, member: Member, chunk: Chunk): readonly TcpOption[] => {
  const { connection, idsnLocal } = session;
  const ssn = subflowSeqOf(member.flow);
  const first = chunk.dsn === dsnAdd(idsnLocal, 1) && ssn === 1;
  if (session.version === 1 && connection.role === 'client' && member.by === 'capable' && first && !session.confirmed) {
    const dataLength = chunk.octets.length;
    return [
      {
        option: 'mp_capable',
        version: 1,
        flags: capableFlags(session.checksum),
        key: session.localKey,
        peerKey: session.remoteKey,
        dataLength,
        ...(session.checksum ? { checksum: dssChecksum({ dsn: chunk.dsn, ssn, dataLength }, chunk.octets) } : {}),
      },
    ];
  }
  const rtt = stack.decisions.data.remoteRttReport(stack, session, member);
  const mapping = mappingOption(stack.parameters.dss, session, {
    dsn: chunk.dsn,
    ssn,
    octets: chunk.octets,
    fin: chunk.fin,
    withoutAck: rtt !== undefined,
  });
  return rtt === undefined ? [mapping] : [mapping, rtt];
};

/** Sends DATA_FIN by itself (RFC 8684 section 3.3.3), or beside the FIN of the only flow there is. */
const sendDataFin = (stack: Stack, session: Session, dsn: bigint, tries: number): void => {
  const carriers = session.members.filter(({ flow }) => canSend(flow));
  const member = carriers[tries % Math.max(carriers.length, 1)];
  if (member === undefined) return;
  const option = dataFinOption(stack.parameters.dss, session, dsn);
  // "MUST NOT close all functioning subflows" while data waits for its Data ACK (RFC 8684 section 3.3.3).
  const isSafe = session.members.length === 1 && session.chunks.length === 0;
  const withFin = stack.parameters.close.data_fin === 'with-fin' && isSafe;
  if (withFin) sendFin(stack, member.flow, [option]);
  else sendAck(stack, member.flow, [option]);
};

/** Sends DATA_FIN again with doubled waits until it is Data-ACKed. */
const watchFin = (stack: Stack, session: Session, dsn: bigint, tries: number): void => {
  const wait = seconds(stack.parameters.tcp.initial_rto_s) << BigInt(tries);
  session.finAlarm = stack.alarms.at(stack.now + wait, ['data-fin', session, dsn, tries], () => {
    if (tries + 1 >= dataFinTries) {
      endFlows(stack, session);
      return;
    }
    sendDataFin(stack, session, dsn, tries + 1);
    watchFin(stack, session, dsn, tries + 1);
  });
};

/**
 * If declared, the first octets without Data ACK are sent again after a time, whatever the state of their flows (RFC 8684
 * section 3.3.6): on a flow that has not carried them, or on any if all have.
 */
const watchData = (stack: Stack, session: Session): void => {
  session.dataAlarm?.cancel();
  session.dataAlarm = undefined;
  const { retransmit_s } = stack.parameters.dss;
  if (!Number.isFinite(retransmit_s) || session.chunks.length === 0) return;
  const wait = seconds(retransmit_s) << BigInt(session.dataExpirations);
  session.dataAlarm = stack.alarms.at(stack.now + wait, ['data', session], () => {
    const [first] = session.chunks;
    session.dataExpirations += 1;
    if (first !== undefined && !session.reinjections.includes(first)) {
      if (session.members.every(({ flow }) => first.carriers.includes(flow))) first.carriers.length = 0;
      session.reinjections.push(first);
    }
    pump(stack, session.connection);
    watchData(stack, session);
  });
};

/** A Data ACK came with a window of so many octets (RFC 8684 sections 3.3.2 and 3.3.4). */
export const takeDataAck = (stack: Stack, session: Session, ack: bigint, window: number): void => {
  if (dsnDiff(ack, session.dataNxt) > 0n) return;
  session.windowEnd = stack.decisions.data.windowEnd(session, dsnAdd(ack, window));
  if (dsnDiff(ack, session.dataUna) <= 0n) return;
  session.dataUna = ack;
  const outstanding = (chunk: Chunk) => dsnDiff(dsnAdd(chunk.dsn, chunk.octets.length), ack) > 0n;
  // In the order of the data sequence, so acknowledged chunks are at the front; hundreds may follow.
  const first = session.chunks.findIndex(outstanding);
  session.chunks.splice(0, first < 0 ? session.chunks.length : first);
  if (session.reinjections.length > 0) session.reinjections = session.reinjections.filter(outstanding);
  session.dataExpirations = 0;
  watchData(stack, session);
  session.connection.hooks.dataAcked?.();
  if (session.ownFin === undefined || dsnDiff(ack, session.ownFin) <= 0n) return;
  session.ownFinAcked = true;
  session.finAlarm?.cancel();
  endWhenDone(stack, session);
};

/** Both directions ended: the flows end as well (RFC 8684 section 3.3.3). */
export const endWhenDone = (stack: Stack, session: Session): void => {
  if (session.ownFinAcked && session.peerFinTaken) endFlows(stack, session);
};

const endFlows = (stack: Stack, session: Session): void => {
  concludeConnection(stack, session.connection, 'fin');
  if (stack.tokens.get(session.localToken) === session) stack.tokens.delete(session.localToken);
  for (const { flow } of [...session.members]) sendFin(stack, flow);
};

/** Lets other flows carry what `flow` carries: its timer fired, or it ended. */
export const reinject = (stack: Stack, session: Session, flow: Flow): void => {
  const answering = (carrier: Flow) => carrier !== flow && carrier.state !== 'closed' && carrier.expirations === 0;
  for (const chunk of session.chunks) {
    if (!chunk.carriers.includes(flow) || chunk.carriers.some(answering)) continue;
    if (flow.state === 'closed') chunk.carriers.splice(chunk.carriers.indexOf(flow), 1);
    if (!session.reinjections.includes(chunk)) session.reinjections.push(chunk);
  }
  pump(stack, session.connection);
};
