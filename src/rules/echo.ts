/**
 * The octets that the application of a server received, as its echo shows: every octet of the stream once, in order, and
 * no octet that was never sent or failed its checksum (RFC 9293 section 3.4, RFC 8684 sections 3.3 and 3.7). Applies only
 * if the reader is the peer, and the application only echoes.
 */
import { TcpFlag } from '../protocol/wire/packet.js';
import type { Connection } from './conversation/connection.js';
import { hostAt, relative, type Subflow } from './conversation/subflow.js';
import type { Rule } from './rule.js';
import { judge, type Sight } from './sight.js';
import { isKeepalive } from './tcp-numbers.js';

export const echoRules = {
  stream: {
    name: 'stream-delivered-once-and-in-order',
    requirement: 'RFC9293-3.4-01',
    level: 'MUST',
    binds: 'server',
    of: 'tcp',
    says: 'The application receives every octet of the stream once and in order, and no other octets.',
    needs: 'an application that echoes, and every segment of the peer',
  },
  // The duty binds hosts whose applications cannot set PUSH (MAY-15), which no peer can see: so it is graded as a SHOULD.
  pushed: {
    name: 'push-on-the-last-of-the-echo',
    requirement: 'RFC9293-3.9.1-03',
    level: 'SHOULD',
    binds: 'server',
    of: 'tcp',
    says: 'The segment with the last octet to send has PSH or FIN set.',
    needs: 'an application that echoes, and every segment of the peer',
  },
} as const satisfies Readonly<Record<string, Rule>>;

interface Piece {
  /** Octets after the first of the stream. */
  readonly place: number;
  readonly octets: Uint8Array;
  readonly frame: number;
}

/** One direction of a stream as the tester sent it. */
interface Stream {
  readonly pieces: Piece[];
  /** Some octets could not be placed. */
  doubtful: boolean;
}

/** The streams that clients send to an echoing server. */
export class Echo {
  readonly #streams = new Map<Connection | Subflow, Stream>();

  /** A segment whose mapping was judged already. */
  judge(sight: Sight): void {
    const { segment, subflow } = sight;
    const { tcp } = segment;
    if (tcp.payloadLength === 0 || (tcp.flags & TcpFlag.RST) !== 0 || !tcp.whole || isKeepalive(sight)) return;
    const { connection, openedBy } = subflow;
    if (connection === undefined || openedBy === undefined) {
      if (isPlain(subflow)) this.#judgePlain(sight, subflow);
      return;
    }
    if (connection.fallenBack !== undefined) return;
    const host = hostAt(openedBy, segment.sender);
    const place = placeOf(subflow, sight);
    if (host === 'a') this.#take(connection, sight, place);
    else this.#compare(connection, sight, place);
  }

  #judgePlain(sight: Sight, subflow: Subflow): void {
    const { segment } = sight;
    const at = relative(subflow[segment.sender], segment.tcp.seq);
    const isSyn = (segment.tcp.flags & TcpFlag.SYN) !== 0;
    const place = at === undefined ? undefined : isSyn ? 0 : at - 1;
    if (segment.sender === 'opener') this.#take(subflow, sight, place);
    else this.#compare(subflow, sight, place);
  }

  #take(key: Connection | Subflow, { segment }: Sight, place: number | undefined): void {
    const stream = this.#streams.get(key) ?? { pieces: [], doubtful: false };
    this.#streams.set(key, stream);
    // An application may receive urgent octets apart from the stream (RFC 9293 section 3.8.5).
    if (place === undefined || (segment.tcp.flags & TcpFlag.URG) !== 0) stream.doubtful = true;
    else stream.pieces.push({ place, octets: segment.tcp.payload.slice(), frame: segment.frame });
  }

  #compare(key: Connection | Subflow, sight: Sight, place: number | undefined): void {
    const stream = this.#streams.get(key);
    if (place === undefined || stream?.doubtful === true) return;
    const octets = sight.segment.tcp.payload;
    const rejected = 'hosts' in key ? key.hosts.a.rejectedFrames : undefined;
    const pieces = (stream?.pieces ?? []).filter(({ frame }) => rejected?.has(frame) !== true);
    const wrong = octets.findIndex(
      (octet, index) => !pieces.some((piece) => piece.octets[place + index - piece.place] === octet),
    );
    judge(
      sight,
      echoRules.stream,
      wrong < 0,
      () => `the echo has ${octets[wrong]} at octet ${place + wrong} of the stream, which was not sent there`,
    );
    // A retransmission may be cut otherwise.
    const { flags } = sight.segment.tcp;
    const known = stream?.pieces ?? [];
    const last = place + octets.length === Math.max(...known.map((piece) => piece.place + piece.octets.length));
    if (wrong < 0 && last && !sight.subflow[sight.segment.sender].repeats)
      judge(
        sight,
        echoRules.pushed,
        (flags & (TcpFlag.PSH | TcpFlag.FIN)) !== 0,
        () => 'the last of the echo has no PSH',
      );
  }
}

/** A flow on which neither end spoke MPTCP. */
const isPlain = ({ synAckCapable, synJoin, synCapable, plainSynAck, displaces }: Subflow): boolean =>
  !displaces &&
  synJoin === undefined &&
  synAckCapable === undefined &&
  (synCapable === undefined || plainSynAck !== undefined);

/** The place of the first octet of payload in the data sequence. */
const placeOf = (subflow: Subflow, { segment }: Sight): number | undefined => {
  const end = subflow[segment.sender];
  const at = relative(end, segment.tcp.seq);
  const mapping = at === undefined ? undefined : end.declared?.covering(at);
  if (at === undefined || mapping?.place === undefined) return undefined;
  if (at + segment.tcp.payloadLength > mapping.ssn + mapping.payloadLength) return undefined;
  return mapping.place + at - mapping.ssn;
};
