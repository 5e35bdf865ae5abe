/**
 * Which members may carry the next octets, and how many: limited by TCP on the flow, by the single window of the
 * connection (RFC 8684 section 3.3.4), and by the avoidance of segments that are small only because of a window (RFC 9293
 * section 3.8.6.2.1).
 */
import type { Stack } from '../stack.js';
import { canSend, type Flow } from '../tcp/flow.js';
import { usableWindow } from '../tcp/send-window.js';
import { segmentRoom, sendRoom } from '../tcp/transmission.js';
import type { Connection, Member, Session } from './connection.js';
import { dsnAdd, dsnDiff } from './sequence.js';

/** Octets of the largest DSS: both fields in their 64-bit forms, with checksum. */
const dssSpace = 28;

/** Octets that the application has written and that have not left. */
export const waitingIn = ({ outbox }: Connection): number => outbox.reduce((sum, { length }) => sum + length, 0);

/** Octets that may be put on a member now: what its own TCP lets it carry, and what the connection takes. */
export const memberRoom = (stack: Stack, session: Session, flow: Flow): number =>
  Math.min(reinjectionRoom(stack, flow), stack.decisions.data.windowRoom(session, flow));

/** Whether the windows, of the flow and of the connection, would make the next segment of a member a small one. */
export const isSillyMember = (stack: Stack, session: Session, flow: Flow): boolean => {
  const usable = Math.min(usableWindow(flow), stack.decisions.data.windowRoom(session, flow));
  return stack.decisions.tcp.isSilly(flow, usable, fullSegment(stack, flow), () => waitingIn(session.connection));
};

/** Octets of a full segment on a member. */
export const fullSegment = (stack: Stack, flow: Flow): number => segmentRoom(stack, flow, dssSpace);

/** What was sent before lies within the window of the connection; the MSS and the window of the flow are its own. */
export const reinjectionRoom = (stack: Stack, flow: Flow): number => Math.min(sendRoom(flow), fullSegment(stack, flow));

/** What the window of the connection leaves, one for all flows together (RFC6824-3.3-08). */
export const windowRoom = (session: Session, flow: Flow): number => {
  const end = session.windowEnd ?? dsnAdd(session.idsnLocal, 1 + flow.sndWindow);
  const room = Number(dsnDiff(end, session.dataNxt));
  // RFC 9293 section 3.8.6.1: a closed window is probed with one octet.
  return room <= 0 && session.dataUna === session.dataNxt ? 1 : room;
};

/** Members that may carry data and have room; backups only when nothing else is left (RFC6824-3.2-15). */
export const usableMembers = (session: Session): readonly Member[] => {
  const open = session.members.filter(({ flow, awaiting }) => awaiting === 'nothing' && canSend(flow));
  const regular = open.filter(({ backup }) => !backup);
  const preferred = regular.length > 0 ? regular : open;
  // A flow whose timer fired is not used while another one answers.
  const answering = preferred.filter(({ flow }) => flow.expirations === 0);
  return (answering.length > 0 ? answering : preferred).filter(({ flow }) => sendRoom(flow) > 0);
};

/** The farthest that was ever told: an older segment takes nothing back (RFC 8684 section 3.3.5). */
export const windowEnd = ({ windowEnd: known }: Session, told: bigint): bigint =>
  known === undefined || dsnDiff(told, known) > 0n ? told : known;
