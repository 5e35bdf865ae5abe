/**
 * Two views of one flow: it was captured before and after a host that rewrites addresses, ports or sequence numbers, such
 * as a translator or a firewall, and the captures were merged. Values that only one flow can carry (keys, nonces) reveal
 * such views. The second view is not judged, since the host in between made the differences.
 */
import { TcpFlag } from '../../protocol/wire/packet.js';
import type { SegmentView } from '../../protocol/wire/segment-view.js';
import type { Connection } from './connection.js';
import { type Endpoint, endpointText } from './endpoint.js';
import { type End, otherEnd, type Segment } from './segment.js';
import { acknowledgesSyn, relative, type Subflow } from './subflow.js';

/** Number of handshakes kept for one connection. */
const mostHandshakes = 16;

/** Of two flows on the same ports the one whose numbers are nearer to those of a segment. */
export function nearest(tcp: SegmentView, sender: End, newest: Subflow, before: Subflow): Subflow {
  if ((tcp.flags & (TcpFlag.SYN | TcpFlag.ACK)) === TcpFlag.SYN)
    return before.opener.isn === tcp.seq && newest.opener.isn !== tcp.seq ? before : newest;
  return distance(tcp, sender, before) < distance(tcp, sender, newest) ? before : newest;
}

/** Octets between the numbers of a segment and those that its flow expects, of both directions. */
function distance(tcp: SegmentView, sender: End, flow: Subflow): number {
  const own = flow[sender];
  const other = flow[otherEnd(sender)];
  const isSynAck = (tcp.flags & TcpFlag.SYN) !== 0;
  if (own.isn === undefined ? !isSynAck : other.isn === undefined && own.isn !== tcp.seq)
    return Number.POSITIVE_INFINITY;
  const bySeq = own.isn === undefined ? 0 : Math.abs((tcp.seq - own.isn - (isSynAck ? 0 : own.next)) | 0);
  if ((tcp.flags & TcpFlag.ACK) === 0 || other.isn === undefined) return bySeq;
  return bySeq + Math.abs((tcp.ack - other.isn - other.next) | 0);
}

/** Whether a SYN/ACK answers the same SYN with the same secrets as one before, and with another sequence number. */
export function isSecondAnswer(tcp: SegmentView, sender: End, flow: Subflow): boolean {
  const { opener, listener, synAckCapable, synAckJoin } = flow;
  if ((tcp.flags & TcpFlag.SYN) === 0 || sender !== 'listener') return false;
  if (listener.isn === undefined || listener.isn === tcp.seq || !acknowledgesSyn(opener, tcp.ack)) return false;
  for (const option of tcp.mptcp) {
    if (option.option === 'mp_capable' && option.key !== undefined) return option.key === synAckCapable?.option.key;
    if (option.option === 'mp_join' && option.form === 'syn/ack') return option.nonce === synAckJoin?.option.nonce;
  }
  return false;
}

/** Stores the numbers of a second view, which distinguish its segments from those of the first. */
export function followView({ sender, tcp }: Segment, view: Subflow): void {
  const end = view[sender];
  if ((tcp.flags & TcpFlag.SYN) !== 0) end.isn ??= tcp.seq;
  else end.next = Math.max(end.next, (relative(end, tcp.seq) ?? 0) + tcp.payloadLength);
}

/** The identity of a handshake: the numbers that both ends chose, or the addresses and ports of both. */
export interface Handshake {
  readonly flow: number;
  readonly opener: Endpoint;
  readonly listener: Endpoint;
  readonly openerIsn: number | undefined;
  readonly listenerIsn: number | undefined;
}

const handshakeOf = ({ number, opener, listener }: Subflow): Handshake => ({
  flow: number,
  opener: { address: opener.address, port: opener.port },
  listener: { address: listener.address, port: listener.port },
  openerIsn: opener.isn,
  listenerIsn: listener.isn,
});

/**
 * The handshake of this connection, which has the keys of the flow, that the flow shows a second time. Flows of RobE have the
 * same keys under numbers of their own. `made`: the numbers may be made up, as in a capture that a program wrote, and say
 * nothing.
 */
export function sameHandshake({ handshakes = [] }: Connection, flow: Subflow, made: boolean): Handshake | undefined {
  const wanted = handshakeOf(flow);
  return handshakes.find((each) => {
    if (each.flow === wanted.flow) return false;
    const sameNumbers = each.openerIsn === wanted.openerIsn && each.listenerIsn === wanted.listenerIsn;
    const translated =
      each.opener.address !== wanted.opener.address || each.listener.address !== wanted.listener.address;
    return (sameNumbers && translated && !made) || samePlaces(each, wanted);
  });
}

const samePlaces = (one: Handshake, other: Handshake): boolean =>
  endpointText(one.opener) === endpointText(other.opener) &&
  endpointText(one.listener) === endpointText(other.listener);

export function rememberHandshake(connection: Connection, flow: Subflow): void {
  connection.handshakes = [...(connection.handshakes ?? []).slice(1 - mostHandshakes), handshakeOf(flow)];
}
