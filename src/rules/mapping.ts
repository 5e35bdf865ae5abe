/**
 * Data sequence mappings (RFC 6824 and RFC 8684, section 3.3): their start, the octets that they cover, and their
 * checksums. The first data of version 1 is mapped by MP_CAPABLE (RFC 8684 section 3.1).
 */

import { countOctets } from '../protocol/bytes/count-octets.js';
import { type Dss, DssFlag, type MpCapable } from '../protocol/mptcp/option.js';
import { TcpFlag } from '../protocol/wire/packet.js';
import { type Connection, type HostState, otherHost, placeOf, widenDsn } from './conversation/connection.js';
import type { DeclaredMapping } from './conversation/declared-mappings.js';
import { hasPayload, otherEnd } from './conversation/segment.js';
import { hostAt, relative, type SubflowEnd } from './conversation/subflow.js';
import { judgeDataAck } from './data-ack.js';
import { judgeDataFin, judgeLastFin } from './data-end.js';
import { judgeOctets, judgePlace } from './data-sequence.js';
import { judgeMappingAfterFallback } from './fallback.js';
import { OpenMapping, type StatedMapping } from './open-mapping.js';
import type { Rule } from './rule.js';
import { find, hex16, hex64, judge, keep, note, noteOf, type Sight } from './sight.js';

export const mappingRules = {
  layout: {
    name: 'dss-reserved-bits',
    requirement: 'RFC6824-3.3-11',
    level: 'MUST',
    binds: 'both',
    of: [0, 1],
    says: 'The reserved bits of DSS are zero.',
    needs: 'the segment',
  },
  checksumAgreed: {
    name: 'dss-checksum-agreed',
    requirement: 'RFC6824-3.1-16',
    level: 'MUST',
    binds: 'both',
    of: [0, 1],
    says: 'A mapping carries a checksum exactly if the handshake negotiated checksums.',
    needs: 'SYN and SYN/ACK of the initial subflow',
  },
  coversPayload: {
    name: 'mapping-covers-payload',
    requirement: 'RFC8684-3.3-02',
    level: 'MUST',
    binds: 'both',
    of: [0, 1],
    says: 'A mapping covers some of the payload of its segment.',
    needs: 'the SYN of the flow',
  },
  firstDsn: {
    name: 'first-octet-after-idsn',
    requirement: { 0: 'RFC6824-3.1-15', 1: 'RFC8684-3.1-24' },
    level: 'MUST',
    binds: 'both',
    of: [0, 1],
    says: "The first octet of payload has the data sequence number after the IDSN, which is the hash of the host's key.",
    needs: "the host's key",
  },
  mappedUntilAcked: {
    name: 'mapped-until-data-acked',
    requirement: 'RFC6824-3.6-02',
    level: 'MUST',
    binds: 'both',
    of: [0, 1],
    says: 'Every segment with payload carries a mapping until a Data ACK confirmed the path.',
    needs: 'every segment of the flow',
  },
  checksum: {
    name: 'dss-checksum',
    requirement: 'RFC6824-3.3-04',
    level: 'MUST',
    binds: 'both',
    of: [0, 1],
    says: 'The DSS checksum is that of the pseudo-header with the 64-bit DSN and of the mapped payload.',
    needs: 'the keys and all of the mapped payload',
  },
} as const satisfies Readonly<Record<string, Rule>>;

interface Mapping extends StatedMapping, DeclaredMapping {
  readonly checksum: number | undefined;
}

/** Judges a segment of a subflow that belongs to a connection, then stores it. */
export function judgeData(sight: Sight): void {
  const { segment, subflow } = sight;
  const { connection, openedBy } = subflow;
  if (connection === undefined || openedBy === undefined) return;
  if ((segment.tcp.flags & (TcpFlag.SYN | TcpFlag.RST)) !== 0) return;
  const sender = hostAt(openedBy, segment.sender);
  const host = connection.hosts[sender];
  const end = subflow[segment.sender];
  const dss = find(segment.tcp.mptcp, 'dss');
  const capable = find(segment.tcp.mptcp, 'mp_capable');
  if (dss !== undefined) {
    judgeDss(sight, dss);
    judgeDataFin(sight, dss);
  }
  const mapping =
    dss === undefined ? mappingOfCapable(capable, host, segment.frame) : mappingOfDss(dss, host, segment.frame);
  if (fallsBack(sight, dss, mapping, end)) connection.fallenBack ??= segment.frame;
  if (mapping !== undefined && hasPayload(segment) && !end.repeats) judgeMappingAfterFallback(sight, host);
  if (dss?.dataLength === 0) host.infiniteIn ??= segment.frame;
  if (connection.fallenBack !== undefined || isDataFin(dss)) connection.over ??= segment.frame;
  if (mapping !== undefined) {
    judgePlace(sight, dss, mapping, { host, end });
    judgeMapping(sight, mapping, host, end);
  } else if (dss?.dsn !== undefined && dss.dataLength !== 0)
    note(sight, 'unknown', mappingRules.checksum, () => 'the keys were not captured');
  if (hasPayload(segment)) {
    judgeCoverage(sight, mapping !== undefined || dss?.dataLength === 0, end);
    sumUp(sight, end);
    judgeOctets(sight, connection, { host, end });
  }
  judgeDataAck(sight);
  judgeLastFin(sight);
  if (dss?.ack !== undefined) end.firstDataAck ??= segment.frame;
  // Any of the flows that RobE makes one connection may turn out to be the initial one.
  if (subflow.synJoin !== undefined) return;
  if (dss !== undefined || capable?.dataLength !== undefined) host.firstDss ??= segment.frame;
  if (hasPayload(segment)) connection.hosts[otherHost(sender)].promptedBy ??= segment.frame;
}

const isDataFin = (dss: Dss | undefined): boolean => dss !== undefined && (dss.flags & DssFlag.F) !== 0;

/** An infinite mapping, or payload that never had a mapping (RFC 8684 section 3.7). */
const fallsBack = (
  { segment, subflow }: Sight,
  dss: Dss | undefined,
  mapping: Mapping | undefined,
  end: SubflowEnd,
): boolean => {
  if (dss?.dsn !== undefined) return dss.dataLength === 0;
  return hasPayload(segment) && mapping === undefined && end.mappedUntil === 1 && subflow.synJoin === undefined;
};

function judgeDss(sight: Sight, dss: Dss): void {
  const known = DssFlag.F | DssFlag.m | DssFlag.M | DssFlag.a | DssFlag.A;
  judge(
    sight,
    mappingRules.layout,
    (dss.reserved ?? 0) === 0 && (dss.flags & ~known) === 0,
    () => 'reserved bits of DSS are set',
  );
}

function mappingOfDss(dss: Dss, host: HostState, frame: number): Mapping | undefined {
  const { dsn: stated, ssn, dataLength, checksum, flags } = dss;
  if (stated === undefined || ssn === undefined || dataLength === undefined || dataLength === 0) return undefined;
  const dsn = widenDsn(host, stated, (flags & DssFlag.m) !== 0);
  if (dsn === undefined) return undefined;
  const payloadLength = (flags & DssFlag.F) === 0 ? dataLength : dataLength - 1;
  return { dsn, ssn, dataLength, payloadLength, checksum, place: placeOf(host, dsn), frame };
}

/** Data next to MP_CAPABLE starts after the IDSN and at the first octet of the subflow. */
function mappingOfCapable(capable: MpCapable | undefined, host: HostState, frame: number): Mapping | undefined {
  if (capable?.dataLength === undefined || host.idsn === undefined) return undefined;
  const { dataLength, checksum } = capable;
  const dsn = BigInt.asUintN(64, host.idsn + 1n);
  return { dsn, ssn: 1, dataLength, payloadLength: dataLength, checksum, place: 0, frame };
}

function judgeMapping(sight: Sight, mapping: Mapping, host: HostState, end: SubflowEnd): void {
  const { segment, subflow } = sight;
  const { connection } = subflow;
  if (connection === undefined) return;
  judgeStart(sight, mapping, host);
  if (connection.checksums !== undefined)
    judge(sight, mappingRules.checksumAgreed, (mapping.checksum !== undefined) === connection.checksums, () =>
      connection.checksums === true ? 'the mapping has no checksum' : 'the mapping has a checksum, none was asked',
    );
  const at = relative(end, segment.tcp.seq);
  if (at !== undefined && hasPayload(segment) && mapping.payloadLength > 0) {
    const offset = (at - mapping.ssn) | 0;
    judge(
      sight,
      mappingRules.coversPayload,
      offset < mapping.payloadLength && offset + segment.tcp.payloadLength > 0,
      () =>
        `the mapping covers ${countOctets(mapping.payloadLength)} from ${mapping.ssn} on, ` +
        `the payload is ${countOctets(segment.tcp.payloadLength)} from ${at} on`,
    );
  }
  host.lastDsn = mapping.dsn;
  end.mappedUntil = Math.max(end.mappedUntil, mapping.ssn + mapping.payloadLength);
  const open = end.mapping;
  const same = open?.dsn === mapping.dsn && open.ssn === mapping.ssn;
  if (same) return;
  const { checksum } = mapping;
  const next = checksum === undefined ? undefined : new OpenMapping(mapping, checksum, segment.frame);
  // A DATA_FIN without payload does not change the mapping before it.
  if (mapping.payloadLength === 0) {
    if (next !== undefined) judgeSum(sight, next);
    return;
  }
  end.mapping = next;
  if (open !== undefined)
    noteOf(
      sight,
      'unknown',
      mappingRules.checksum,
      [open.firstFrame],
      () => 'not all of the mapped payload was seen in order',
    );
}

/** The first octet of payload has IDSN + 1 (RFC 8684 section 3.1); no octet is mapped before it. */
function judgeStart(sight: Sight, mapping: Mapping, host: HostState): void {
  const { connection } = sight.subflow;
  if (connection === undefined) return;
  if (host.idsn === undefined) {
    note(sight, 'unknown', mappingRules.firstDsn, () => 'the key was not captured');
    return;
  }
  const { idsn } = host;
  const distance = BigInt.asIntN(64, mapping.dsn - idsn);
  const sentence = (): string => `the mapping starts at DSN ${hex64(mapping.dsn)}, the IDSN is ${hex64(idsn)}`;
  const first = connection.subflows === 1 && mapping.ssn === 1;
  if (first && distance > 1n && mayBeJoined(connection))
    note(sight, 'unknown', mappingRules.firstDsn, () => `${sentence()}; no other subflow was captured`);
  else judge(sight, mappingRules.firstDsn, first ? distance === 1n : distance > 0n, sentence);
}

/**
 * Whether there may be subflows that were not captured: no host joins before a DSS or an ADD_ADDR (RFC 8684 section 3.1).
 */
const mayBeJoined = ({ hosts }: Connection): boolean =>
  [hosts.a, hosts.b].some(({ firstDss, provenBy, promptedBy }) => (firstDss ?? provenBy ?? promptedBy) !== undefined);

/** Until the peer confirmed the path by a Data ACK, payload is mapped (RFC 8684 section 3.7). */
function judgeCoverage(sight: Sight, carriesMapping: boolean, end: SubflowEnd): void {
  const { segment, subflow } = sight;
  const rule = mappingRules.mappedUntilAcked;
  // A joined subflow cannot fall back: its first payload has a mapping, whatever was acknowledged before.
  const neverMapped = subflow.synJoin !== undefined && end.mappedUntil === 1;
  if (!neverMapped && subflow[otherEnd(segment.sender)].firstDataAck !== undefined) return;
  if (!carriesMapping) {
    const at = relative(end, segment.tcp.seq);
    if (at === undefined || at < end.mappedUntil) return;
    // Only the first subflow may fall back, so payload on a joined one has a mapping (RFC 8684 section 3.7).
    const joined = subflow.synJoin !== undefined && subflow.connection?.fallenBack === undefined;
    if (!joined) end.unmapped ??= segment.frame;
    else if (end.gap) note(sight, 'unknown', rule, () => 'segments before it were not captured');
    else judge(sight, rule, false, () => 'payload on a joined subflow has no mapping');
    return;
  }
  // Payload without a mapping may be a fallback; a mapping after it shows that it was none.
  const { unmapped } = end;
  if (unmapped === undefined) {
    keep(sight, rule);
    return;
  }
  end.unmapped = undefined;
  if (end.gap) noteOf(sight, 'unknown', rule, [unmapped], () => 'segments before it were not captured');
  else noteOf(sight, 'violated', rule, [unmapped, segment.frame], () => 'payload without mapping before any Data ACK');
}

/** Adds the payload to its mapping, and judges the checksum when the mapping is complete. */
function sumUp(sight: Sight, end: SubflowEnd): void {
  const { segment } = sight;
  const { mapping } = end;
  const at = relative(end, segment.tcp.seq);
  if (mapping === undefined || at === undefined) return;
  if (!segment.tcp.whole) {
    end.mapping = undefined;
    note(sight, 'damaged', mappingRules.checksum, () => 'the capture cut the mapped payload short');
    return;
  }
  if (!mapping.add(at, segment.tcp)) {
    end.mapping = undefined;
    note(sight, 'unknown', mappingRules.checksum, () => 'mapped payload before this was not captured');
    return;
  }
  if (!mapping.complete) return;
  end.mapping = undefined;
  judgeSum(sight, mapping);
}

const judgeSum = (sight: Sight, { stated, checksum, firstFrame }: OpenMapping): void => {
  if (stated !== checksum) reject(sight, firstFrame);
  judge(
    sight,
    mappingRules.checksum,
    stated === checksum,
    () => `the DSS checksum is ${hex16(stated)}, expected ${hex16(checksum)}`,
    [firstFrame],
  );
};

/** Octets that fail their checksum are neither acknowledged nor delivered (RFC 8684 section 3.7). */
const reject = ({ segment, subflow }: Sight, firstFrame: number): void => {
  const { connection, openedBy } = subflow;
  // A checksum that was not negotiated is not judged.
  if (connection === undefined || openedBy === undefined || connection.checksums === false) return;
  const host = connection.hosts[hostAt(openedBy, segment.sender)];
  host.rejectedFrames ??= new Set();
  host.rejectedFrames.add(firstFrame).add(segment.frame);
};
