/**
 * The data sequence of a sender (RFC 6824 and RFC 8684, section 3.3): a declared mapping never changes, every octet has a
 * mapping, the same data sequence numbers always have the same octets, and DATA_FIN has the prescribed form.
 */

import { countOctets } from '../protocol/bytes/count-octets.js';
import { type Dss, DssFlag } from '../protocol/mptcp/option.js';
import { TcpFlag } from '../protocol/wire/packet.js';
import type { Connection, HostState } from './conversation/connection.js';
import { type DeclaredMapping, DeclaredMappings } from './conversation/declared-mappings.js';
import { RecentOctets } from './conversation/recent-octets.js';
import { StreamTail } from './conversation/stream-tail.js';
import { type Hole, relative, type SubflowEnd } from './conversation/subflow.js';
import { judgeBeforeEnd, judgeEnd } from './data-end.js';
import type { StatedMapping } from './open-mapping.js';
import type { Rule } from './rule.js';
import { hex64, judge, keep, note, type Sight } from './sight.js';
import { isKeepalive } from './tcp-numbers.js';

export const dataSequenceRules = {
  fixed: {
    name: 'mapping-never-changes',
    requirement: 'RFC6824-3.3-12',
    level: 'MUST',
    binds: 'both',
    of: [0, 1],
    says: 'A mapping that was declared for octets of a subflow is not changed.',
    needs: 'the earlier mapping',
  },
  sameOctets: {
    name: 'same-dsn-same-octets',
    requirement: 'RFC6824-3.3-10',
    level: 'MUST',
    binds: 'both',
    of: [0, 1],
    says: 'Octets that are sent again with the same data sequence number are unchanged.',
    needs: 'the earlier payload',
  },
  everyOctet: {
    name: 'every-octet-mapped',
    requirement: 'RFC6824-3.3-41',
    level: 'MUST',
    binds: 'both',
    of: [0, 1],
    says: 'While mappings are in use, every octet of payload has one.',
    needs: 'every segment of the subflow',
  },
  inWindow: {
    name: 'dsn-within-any-window',
    requirement: 'RFC6824-3.3-08',
    level: 'MUST',
    binds: 'both',
    of: [0, 1],
    says: 'Data is within the window that the peer offered after its Data ACK.',
    needs: "the peer's Data ACKs",
  },
  urgent: {
    name: 'urgent-pointer-inside-a-mapping',
    requirement: 'RFC6824-3.3-13',
    level: 'MUST',
    binds: 'both',
    of: [0, 1],
    says: 'The urgent pointer does not divide a mapping: urgent data ends at the end of a mapping.',
    needs: 'the mapping',
  },
  bareDataFin: {
    name: 'data-fin-without-payload',
    requirement: 'RFC6824-3.3-25',
    level: 'MUST',
    binds: 'both',
    of: [0, 1],
    says: 'A DATA_FIN without payload has subflow sequence number 0 and a data-level length of 1.',
    needs: 'the segment',
  },
} as const satisfies Readonly<Record<string, Rule>>;

/** The largest window that a host can offer: 65,535 octets scaled by 14 (RFC 7323 section 2.3). */
const largestWindow = 0xffff << 14;

/** A DSS with a mapping or a DATA_FIN, whose DSN is known in all 64 bits. */
export function judgePlace(
  sight: Sight,
  dss: Dss | undefined,
  mapping: StatedMapping & DeclaredMapping,
  { host, end }: { readonly host: HostState; readonly end: SubflowEnd },
): void {
  const { segment } = sight;
  if (dss !== undefined && (dss.flags & DssFlag.F) !== 0 && segment.tcp.payloadLength === 0)
    judge(
      sight,
      dataSequenceRules.bareDataFin,
      mapping.dataLength === 1 && mapping.ssn === 0,
      () => `it has subflow sequence number ${mapping.ssn} and length ${mapping.dataLength}`,
    );
  if (mapping.payloadLength > 0) {
    const earlier = end.declared?.conflicting(mapping);
    judge(
      sight,
      dataSequenceRules.fixed,
      earlier === undefined,
      () => `octet ${mapping.ssn} of the subflow is mapped to ${hex64(mapping.dsn)}, which was mapped otherwise before`,
      [earlier?.frame],
    );
    end.declared ??= new DeclaredMappings();
    end.declared.add(mapping);
  }
  if (sight.vantage === 'peer') {
    host.mappedAt ??= new Set();
    host.mappedAt.add(mapping.dsn);
  }
  judgeDistance(sight, mapping, host);
  if (dss?.dsn !== undefined) learnWidth(sight, host, end, (dss.flags & DssFlag.m) !== 0);
  const { place } = mapping;
  if (dss === undefined || (dss.flags & DssFlag.F) === 0 || place === undefined) return;
  const finAt = segment.tcp.payloadLength === 0 ? place : place + mapping.payloadLength;
  judgeEnd(sight, host, finAt);
  host.sent.add(finAt, finAt + 1);
}

/**
 * After a DSN of four octets every width of a Data ACK is right, on all subflows, since a Data ACK applies to the
 * connection. For a DSN of eight octets the place is stored, to know when it was received.
 */
function learnWidth({ segment }: Sight, host: HostState, end: SubflowEnd, long: boolean): void {
  if (!long) host.sentShortDsn = true;
  else if (end.longDsn === undefined) {
    const at = relative(end, segment.tcp.seq);
    // A segment that repeats octets may be dropped as a duplicate before its options are read.
    if (at !== undefined && segment.tcp.payloadLength > 0 && !end.repeats) end.longDsn = at + segment.tcp.payloadLength;
  }
}

/** No window is larger than this; if the exact window is known, `connection-window.ts` is stricter. */
function judgeDistance(sight: Sight, mapping: DeclaredMapping, host: HostState): void {
  const { place } = mapping;
  if (place === undefined) return;
  judge(
    sight,
    dataSequenceRules.inWindow,
    place - host.sent.end <= largestWindow,
    () =>
      `DSN ${hex64(mapping.dsn)} lies ${countOctets(place - host.sent.end)} after what was sent before, beyond any window`,
  );
}

/** Payload on a subflow of a connection in use: judges which octets of the data sequence it has. */
export function judgeOctets(
  sight: Sight,
  connection: Connection,
  { host, end }: { readonly host: HostState; readonly end: SubflowEnd },
): void {
  const { segment } = sight;
  const { declared } = end;
  const at = relative(end, segment.tcp.seq);
  if (declared === undefined || at === undefined || at < 1 || connection.fallenBack !== undefined) return;
  if (isKeepalive(sight)) return;
  const until = at + segment.tcp.payloadLength;
  const { hole } = end;
  judgeHole(sight, end, declared, at, until);
  if (hole !== undefined && end.hole !== hole) placeLate(host, declared, hole);
  if ((segment.tcp.flags & TcpFlag.URG) !== 0) judgeUrgent(sight, declared, at + segment.tcp.urgent);
  for (let from = at; from < until; ) {
    const mapping = declared.covering(from);
    if (mapping === undefined) return;
    const to = Math.min(until, mapping.ssn + mapping.payloadLength);
    if (mapping.place !== undefined) {
      const place = mapping.place + from - mapping.ssn;
      const again = place < host.sent.end;
      judgeBeforeEnd(sight, host, place + to - from);
      // Octets that failed their checksum were not received (RFC 8684 section 3.7).
      if (host.rejectedFrames?.has(segment.frame) !== true) host.sent.add(place, place + to - from);
      if (from === at && to === until && segment.tcp.whole) judgeSame(sight, host, place, again);
    }
    from = to;
  }
}

/** Stacks differ on whether the pointer names the last urgent octet or the one after it (RFC 9293 section 3.8.5): either end is right. */
function judgeUrgent(sight: Sight, declared: DeclaredMappings, pointed: number): void {
  const mapping = declared.covering(pointed - 1);
  if (mapping === undefined) return;
  const after = mapping.ssn + mapping.payloadLength;
  judge(
    sight,
    dataSequenceRules.urgent,
    pointed + 1 >= after,
    () => `the urgent pointer names octet ${pointed} of the subflow, inside a mapping that ends before ${after}`,
  );
}

/**
 * Octets before a mapping that no mapping covers. A mapping for them may still come; the next mapping that leaves them
 * out shows that none does.
 */
function judgeHole(sight: Sight, end: SubflowEnd, declared: DeclaredMappings, at: number, until: number): void {
  const { hole } = end;
  if (hole !== undefined && at <= hole.until) hole.until = Math.max(hole.until, until);
  if (hole !== undefined && declared.covering(hole.at) !== undefined) end.hole = undefined;
  else if (hole !== undefined && at > hole.at && declared.covering(at) !== undefined) {
    end.hole = undefined;
    const outcome = sight.vantage === 'peer' && !end.gap ? 'violated' : 'unknown';
    note(sight, outcome, dataSequenceRules.everyOctet, () => `octet ${hole.at} of the subflow was never mapped`, [
      hole.frame,
    ]);
    return;
  }
  for (let octet = at; octet < until; ) {
    const mapping = declared.covering(octet);
    if (mapping === undefined) {
      end.hole ??= { at: octet, until, frame: sight.segment.frame };
      note(sight, 'unknown', dataSequenceRules.everyOctet, () => `octet ${octet} of the subflow is not mapped yet`);
      return;
    }
    octet = mapping.ssn + mapping.payloadLength;
  }
  keep(sight, dataSequenceRules.everyOctet);
}

/** The mapping of octets that were sent before it has come: they have their places now. */
function placeLate(host: HostState, declared: DeclaredMappings, hole: Hole): void {
  for (let from = hole.at; from < hole.until; ) {
    const mapping = declared.covering(from);
    if (mapping?.place === undefined) return;
    const to = Math.min(hole.until, mapping.ssn + mapping.payloadLength);
    host.sent.add(mapping.place + from - mapping.ssn, mapping.place + to - mapping.ssn);
    from = to;
  }
}

/** `again`: these octets are before the end of the octets sent so far. Other octets are only stored. */
function judgeSame(sight: Sight, host: HostState, place: number, again: boolean): void {
  const { frame, tcp } = sight.segment;
  const { payloadLength: length, payloadSum: sum } = tcp;
  host.octets ??= new RecentOctets();
  host.tail ??= new StreamTail();
  const known = again ? host.octets.at(place, length) : undefined;
  const isRejected = host.rejectedFrames?.has(frame) === true;
  if (known === undefined) {
    host.octets.add({ place, length, sum, frame });
    // The one octet of a keepalive is nobody's (RFC 9293 section 3.8.4), and only a peer can tell it.
    if (again && !isRejected && length > 1)
      judge(
        sight,
        dataSequenceRules.sameOctets,
        host.tail.agrees(place, tcp.payload),
        () => `some of the ${length} octets at ${place} of the data sequence are others now`,
      );
  } else
    judge(
      sight,
      dataSequenceRules.sameOctets,
      folded(known.sum) === folded(sum),
      () => `other data than before, ${countOctets(length)}, at ${place} of the data sequence`,
      [known.frame],
    );
  if (!isRejected) host.tail.add(place, tcp.payload);
}

/** Partial sums that are equal as checksums. */
const folded = (sum: number): number => {
  let value = sum;
  while (value > 0xffff) value = (value & 0xffff) + Math.floor(value / 0x10000);
  return value === 0xffff ? 0 : value;
};
