/**
 * Triggers: occasions to which the defect of a mutant is confined. A catalogue may notice every defect that is always there
 * and miss the same defects where they show the second time only, or on the third flow, or after a fallback. A trigger goes by
 * what passed at the wire, which is all that a dialogue can arrange.
 */
import { initialDsn } from '../protocol/keys/key-digest.js';
import { type Tcp, TcpFlag } from '../protocol/wire/packet.js';
import { seqBefore } from '../protocol/wire/seq.js';
import { hasFlag } from '../reference/tcp/flow.js';
import type { FlowHistory } from './flow-history.js';
import type { Scene } from './scene.js';
import { carries, findAny, isData, isDataFin, isInfinite, isSyn, isSynAck } from './segment.js';

export interface Occasion {
  readonly scene: Scene;
  /** How often the defect would have shown before. */
  readonly times: number;
}

export interface Trigger {
  readonly id: string;
  /** When the defect shows, in a few words. */
  readonly says: string;
  readonly holds: (occasion: Occasion) => boolean;
}

const joins = carries('mp_join');
const joinsByCapable = carries('mp_join_cap');

const both = (flow: FlowHistory): readonly Tcp[] => [...flow.segments('in'), ...flow.segments('out')];
const someSegment = ({ flows }: Scene, test: (tcp: Tcp) => boolean): boolean =>
  flows.some((flow) => both(flow).some(test));

const isJoined = (flow: FlowHistory): boolean => both(flow).some((tcp) => joins(tcp) || joinsByCapable(tcp));

/** The key of the client, which RobE gives all flows of a connection; a flow without one is a connection of its own. */
const connectionOf = (flow: FlowHistory): unknown => flow.key(flow.openedHere ? 'out' : 'in') ?? flow;

/** The connections of a host, in the order in which they appeared. */
const connections = (flows: readonly FlowHistory[]): readonly unknown[] => [
  ...new Set(flows.filter((flow) => !isJoined(flow)).map(connectionOf)),
];

const isFinished = (flow: FlowHistory): boolean => both(flow).some((tcp) => hasFlag(tcp, TcpFlag.FIN));
const isLive = (flow: FlowHistory): boolean => flow.confirmed && !flow.reset && !isFinished(flow);

/** MPTCP was offered and is not in use. */
const fellBack = (flow: FlowHistory): boolean => {
  const segments = both(flow);
  const capable = carries('mp_capable');
  const answer = segments.find(isSynAck);
  const offered = segments.some((tcp) => isSyn(tcp) && capable(tcp));
  if (offered && answer !== undefined && !capable(answer)) return true;
  return segments.some((tcp) => carries('mp_fail')(tcp) || isInfinite(tcp));
};

const versionOf = ({ flow, flows }: Scene): number | undefined => {
  const inOrder = flow === undefined ? flows : [flow, ...flows];
  for (const each of inOrder)
    for (const tcp of both(each)) {
      const version = findAny(tcp, 'mp_capable')?.version;
      if (version !== undefined) return version;
    }
  return undefined;
};

/** The numbers of one direction have passed 2^32 since its SYN. */
const hasWrapped = (flow: FlowHistory, way: 'in' | 'out'): boolean => {
  const segments = flow.segments(way);
  const syn = segments.find((tcp) => hasFlag(tcp, TcpFlag.SYN));
  const next = flow.next(way);
  return syn !== undefined && next !== undefined && next < syn.seq;
};

const lowerHalf = (value: bigint): bigint => value & 0xffff_ffffn;

/** The lower half of a DSN has passed 2^32 since the IDSN. */
const dsnHasWrapped = (flow: FlowHistory, way: 'in' | 'out', version: 0 | 1): boolean => {
  const key = flow.key(way);
  if (key === undefined) return false;
  const first = lowerHalf(initialDsn(version, key));
  return flow.segments(way).some((tcp) => {
    const dsn = findAny(tcp, 'dss')?.dsn;
    return dsn !== undefined && lowerHalf(dsn) < first;
  });
};

/** Something came before what it follows. */
const hasGap = (flow: FlowHistory): boolean => {
  let next: Tcp['seq'] | undefined;
  for (const tcp of flow.segments('in')) {
    if (isData(tcp) && next !== undefined && seqBefore(next, tcp.seq)) return true;
    const end = (tcp.seq + tcp.payload.length + (hasFlag(tcp, TcpFlag.SYN) ? 1 : 0)) >>> 0;
    next = end as Tcp['seq'];
  }
  return false;
};

/** The host sent something a second time. */
const hasRepeated = (flow: FlowHistory): boolean => {
  const places = flow
    .segments('out')
    .filter((tcp) => isData(tcp) || hasFlag(tcp, TcpFlag.SYN))
    .map(({ seq }) => seq);
  return new Set(places).size < places.length;
};

const indexOf = ({ flow, flows }: Scene): number => (flow === undefined ? -1 : flows.indexOf(flow));

export const triggers: readonly Trigger[] = [
  { id: 'second-time', says: 'the second time only', holds: ({ times }) => times === 1 },
  { id: 'after-the-second-time', says: 'from the third time on', holds: ({ times }) => times > 1 },
  { id: 'second-flow', says: 'on the second flow only', holds: ({ scene }) => indexOf(scene) === 1 },
  { id: 'third-flow', says: 'from the third flow on', holds: ({ scene }) => indexOf(scene) >= 2 },
  {
    id: 'joined-flow',
    says: 'on joined flows only',
    holds: ({ scene: { flow } }) => flow !== undefined && isJoined(flow),
  },
  {
    id: 'second-connection',
    says: 'from the second connection on',
    holds: ({ scene: { flow, flows } }) =>
      flow !== undefined && connections(flows.slice(0, flows.indexOf(flow) + 1)).length > 1,
  },
  {
    id: 'two-connections',
    says: 'only while two connections live',
    holds: ({ scene: { flows } }) => connections(flows.filter(isLive)).length > 1,
  },
  {
    id: 'beside-a-live-flow',
    says: 'only while another flow lives',
    holds: ({ scene: { flow, flows } }) => flows.some((other) => other !== flow && isLive(other)),
  },
  {
    id: 'another-answered-first',
    says: 'only when another flow was answered before',
    holds: ({ scene: { flow, flows } }) => flows.some((other) => other !== flow && other.synAcked),
  },
  { id: 'after-data', says: 'only after data', holds: ({ scene }) => someSegment(scene, isData) },
  { id: 'after-fallback', says: 'only after a fallback', holds: ({ scene: { flows } }) => flows.some(fellBack) },
  {
    id: 'after-a-reset',
    says: 'only after a reset',
    holds: ({ scene: { flows } }) => flows.some(({ reset }) => reset),
  },
  { id: 'after-a-timeout', says: 'only after a timeout', holds: ({ scene: { flows } }) => flows.some(hasRepeated) },
  {
    id: 'after-a-close',
    says: 'only after a FIN or DATA_FIN',
    holds: ({ scene }) => someSegment(scene, (tcp) => hasFlag(tcp, TcpFlag.FIN) || isDataFin(tcp)),
  },
  { id: 'after-a-gap', says: 'only after data came out of order', holds: ({ scene: { flows } }) => flows.some(hasGap) },
  { id: 'over-ipv6', says: 'only over IPv6', holds: ({ scene: { packet } }) => packet?.ip.version === 6 },
  {
    id: 'past-2-32',
    says: 'only after numbers of TCP or of the data sequence passed 2^32',
    holds: ({ scene }) => {
      const { flows } = scene;
      const version = versionOf(scene) === 0 ? 0 : 1;
      return (['in', 'out'] as const).some((way) =>
        flows.some((flow) => hasWrapped(flow, way) || dsnHasWrapped(flow, way, version)),
      );
    },
  },
  { id: 'version-0', says: 'in version 0 only', holds: ({ scene }) => versionOf(scene) === 0 },
  { id: 'version-1', says: 'in version 1 only', holds: ({ scene }) => versionOf(scene) === 1 },
];
