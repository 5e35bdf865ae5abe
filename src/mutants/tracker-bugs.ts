/**
 * Bugs that MPTCP stacks had, as far as they showed on the wire: each with the thread of the public tracker where it is told.
 * Bugs that other files have as defects of their own carry their `origin` there.
 */
import { initialDsn } from '../protocol/keys/key-digest.js';
import { DssFlag } from '../protocol/mptcp/option.js';
import { type Tcp, TcpFlag } from '../protocol/wire/packet.js';
import { endOthers } from './end-others.js';
import { accompany, answer, divert, misread, type Passing, spoil, withhold } from './fault.js';
import type { FlowHistory } from './flow-history.js';
import { editMapping } from './mapping.js';
import { type Mutant, mutants } from './mutant.js';
import {
  carries,
  findAny,
  isBareAck,
  isData,
  isDataFin,
  isFin,
  isJoinSyn,
  isReset,
  redraft,
  resetTo,
  withEdited,
  without,
} from './segment.js';

/** A thread of the Linux kernel's MPTCP, and of the one before it. */
const netNext = (issue: number): string => `multipath-tcp/mptcp_net-next#${issue}`;
const outOfTree = (issue: number): string => `multipath-tcp/mptcp#${issue}`;

const joins = carries('mp_join');
const isJoinAck = (tcp: Tcp): boolean => isBareAck(tcp) && joins(tcp);
const wasJoined = (flow: FlowHistory): boolean => [...flow.segments('in'), ...flow.segments('out')].some(joins);
const removedIds = ({ flows }: Passing): readonly number[] =>
  flows.flatMap((flow) => flow.segments('in').flatMap((tcp) => findAny(tcp, 'remove_addr')?.addressIds ?? []));

/** The IDSN of one side of the connection, as far as its key passed. */
const idsnOf = (way: 'in' | 'out', { flows }: Passing): bigint => {
  const flow = flows.find((each) => each.key(way) !== undefined);
  const version = flow?.segments('out').some((tcp) => findAny(tcp, 'mp_capable')?.version === 0) === true ? 0 : 1;
  return initialDsn(version, flow?.key(way) ?? 0n);
};

const upperHalf = (value: bigint): bigint => value & ~0xffff_ffffn;

/** Data that does not continue what came so far on any flow. */
const leavesAGap = (tcp: Tcp, passing: Passing): boolean => {
  const dsn = findAny(tcp, 'dss')?.dsn;
  if (!isData(tcp) || dsn === undefined) return false;
  const ends = passing.flows.flatMap((flow) =>
    flow.segments('in').flatMap((sent) => {
      const { dsn: at, dataLength } = findAny(sent, 'dss') ?? {};
      return at === undefined || dataLength === undefined ? [] : [BigInt.asUintN(64, at + BigInt(dataLength))];
    }),
  );
  const next = ends.reduce(
    (most, end) => (BigInt.asIntN(64, end - most) > 0n ? end : most),
    idsnOf('in', passing) + 5n,
  );
  return BigInt.asIntN(64, dsn - next) > 0n;
};

export const trackerMutants: readonly Mutant[] = [
  ...mutants({ profile: 'mptcp', role: 'server' }, [
    {
      id: 'data-fin-beside-fin-unread',
      origin: netNext(84),
      requirement: 'RFC6824-3.3-09',
      breaks: 'A DATA_FIN on the segment with FIN is ignored.',
      defect: {
        wire: [
          misread(
            (tcp) => isFin(tcp) && isDataFin(tcp),
            (tcp) => without(tcp, 'dss'),
          ),
        ],
      },
    },
    {
      id: 'data-fin-unacknowledged-after-the-own-one',
      origin: netNext(92),
      role: 'client',
      requirement: 'RFC6824-3.3-09',
      breaks: "After the host's own DATA_FIN was sent, that of the peer is never acknowledged.",
      defect: {
        wire: [
          misread(
            (tcp, { flows }) => isDataFin(tcp) && flows.some((flow) => flow.segments('out').some(isDataFin)),
            (tcp) => without(tcp, 'dss'),
          ),
        ],
      },
    },
    {
      id: 'data-after-the-own-data-fin-unacknowledged',
      role: 'client',
      requirement: 'RFC6824-3.3-10',
      breaks: "After the host's own DATA_FIN was sent, data of the peer is not Data-ACKed.",
      defect: {
        wire: [
          spoil(
            (tcp, { flow }) => !isDataFin(tcp) && !isReset(tcp) && flow.segments('out').some(isDataFin),
            (tcp) => without(tcp, 'dss'),
          ),
        ],
      },
    },
    {
      id: 'short-data-fin-not-promoted',
      origin: netNext(93),
      requirement: 'RFC8684-3.3-03',
      breaks:
        'A DATA_FIN with a DSN of four octets is compared with all eight octets of the expected number, and never accepted.',
      defect: {
        wire: [
          misread(
            (tcp) => isDataFin(tcp) && ((findAny(tcp, 'dss')?.flags ?? 0) & DssFlag.m) === 0,
            (tcp) => without(tcp, 'dss'),
          ),
        ],
      },
    },
    {
      id: 'removal-of-id-zero-ends-the-connection',
      origin: outOfTree(449),
      requirement: 'RFC6824-3.2-14',
      breaks: 'REMOVE_ADDR of Address ID 0 ends every flow, not only those of the first address.',
      defect: { wire: [endOthers((tcp) => findAny(tcp, 'remove_addr')?.addressIds.includes(0) === true)] },
    },
    {
      id: 'fastclose-in-place-of-fin',
      origin: netNext(303),
      requirement: 'RFC6824-3.3-27',
      breaks: 'After both DATA_FINs the flow is reset with MP_FASTCLOSE instead of closed by FIN.',
      defect: {
        wire: [
          spoil(
            (tcp, { flow }) => isFin(tcp) && !isData(tcp) && flow.segments('out').some(isDataFin),
            (_tcp, { flow }) => ({
              flags: TcpFlag.RST | TcpFlag.ACK,
              options: [{ option: 'mp_fastclose', reserved: 0, peerKey: flow.key('in') ?? 0n }],
            }),
          ),
        ],
      },
    },
    {
      id: 'first-id-of-a-list-removed-alone',
      origin: netNext(140),
      requirement: 'RFC6824-3.2-14',
      breaks: 'Only the first of several Address IDs in one REMOVE_ADDR is removed.',
      defect: {
        wire: [
          misread(carries('remove_addr'), (tcp) =>
            withEdited(tcp, 'remove_addr', (option) => ({ ...option, addressIds: option.addressIds.slice(0, 1) })),
          ),
        ],
      },
    },
    {
      id: 'join-with-a-removed-id-refused',
      origin: netNext(512),
      requirement: 'RFC6824-3.2-14',
      breaks: 'A join with a removed Address ID is refused, although its address came back.',
      defect: {
        wire: [
          answer(
            (tcp, passing) => {
              const join = findAny(tcp, 'mp_join');
              return isJoinSyn(tcp) && join?.form === 'syn' && removedIds(passing).includes(join.addressId);
            },
            ({ packet }) => [resetTo(packet)],
          ),
        ],
      },
    },
    {
      id: 'short-dsn-after-a-wrap-gets-the-old-upper-half',
      origin: outOfTree(243),
      requirement: 'RFC8684-3.3-03',
      breaks: 'A DSN of four octets is completed by the upper half that the data sequence began with, wrap or not.',
      defect: {
        wire: [
          misread(
            (tcp) => {
              const dss = findAny(tcp, 'dss');
              return dss?.dsn !== undefined && (dss.flags & DssFlag.m) === 0;
            },
            (tcp, passing) =>
              withEdited(tcp, 'dss', (dss) => ({
                ...dss,
                flags: dss.flags | DssFlag.m,
                dsn: upperHalf(idsnOf('in', passing)) | (dss.dsn ?? 0n),
              })),
          ),
        ],
      },
    },
    {
      id: 'data-beyond-a-gap-dropped-after-its-ack',
      origin: netNext(120),
      requirement: 'RFC6824-3.3-05',
      breaks: 'Data beyond a gap of the data sequence is acknowledged on its flow and dropped.',
      defect: {
        wire: [misread(leavesAGap, (tcp, passing) => editMapping(tcp, () => ({ dsn: idsnOf('in', passing) + 1n })))],
      },
    },
    {
      id: 'acknowledged-without-data-ack-and-kept',
      role: 'both',
      origin: netNext(544),
      requirement: 'RFC6824-3.6-04',
      breaks: 'A joined flow on which data is acknowledged without a Data ACK is not reset.',
      defect: {
        wire: [
          withhold(
            (tcp, { flow }) =>
              isReset(tcp) &&
              wasJoined(flow) &&
              flow.segments('out').some(isData) &&
              flow
                .segments('in')
                .findLast(isBareAck)
                ?.options.every(({ option }) => option !== 'dss') === true,
          ),
        ],
      },
    },
  ]),
  ...mutants({ profile: 'mptcp', role: 'client' }, [
    {
      id: 'join-to-port-zero',
      origin: netNext(63),
      requirement: 'RFC6824-3.8-01',
      breaks: 'A join goes to port 0.',
      defect: { wire: [spoil(isJoinSyn, () => ({ destinationPort: 0 }))] },
    },
    {
      id: 'third-segment-of-join-names-the-address',
      origin: outOfTree(32),
      requirement: 'RFC6824-3.2-12',
      breaks: 'The reserved bits of the third segment of a join have the Address ID.',
      defect: {
        wire: [spoil(isJoinAck, (tcp) => withEdited(tcp, 'mp_join', (option) => ({ ...option, reserved: 1 })))],
      },
    },
    {
      id: 'valid-join-answer-reset',
      origin: outOfTree(164),
      requirement: 'RFC6824-3.2-03',
      breaks: 'A SYN/ACK of a join draws a reset although its HMAC is right.',
      defect: {
        wire: [spoil(isJoinAck, (tcp) => ({ flags: TcpFlag.RST, options: without(tcp, 'mp_join').options ?? [] }))],
      },
    },
    {
      id: 'first-data-without-its-checksum',
      origin: netNext(205),
      requirement: 'RFC8684-3.1-04',
      breaks: 'The MP_CAPABLE of the first data has 22 octets, without a checksum, although checksums were negotiated.',
      defect: {
        wire: [
          spoil(
            (tcp) => isData(tcp) && findAny(tcp, 'mp_capable')?.checksum !== undefined,
            (tcp) => withEdited(tcp, 'mp_capable', ({ checksum: _, ...option }) => option),
          ),
        ],
      },
    },
    {
      id: 'abort-by-plain-resets',
      origin: netNext(48),
      requirement: 'RFC6824-3.5-01',
      breaks: 'An aborted connection is reset flow by flow, without MP_FASTCLOSE.',
      defect: { wire: [spoil(carries('mp_fastclose'), (tcp) => without(tcp, 'mp_fastclose'))] },
    },
    {
      id: 'plain-reset-before-fastclose',
      origin: netNext(596),
      requirement: 'RFC6824-3.5-01',
      breaks: 'A reset without MP_FASTCLOSE is sent before the one with it.',
      defect: {
        wire: [
          accompany(
            carries('mp_fastclose'),
            ({ packet }) => [redraft(packet, { flags: TcpFlag.RST, options: [] })],
            'before',
          ),
        ],
      },
    },
    {
      id: 'join-syn-lost-for-good',
      origin: netNext(263),
      requirement: 'RFC6824-3.2-18',
      breaks: 'The join of the second path is never sent.',
      defect: {
        wire: [
          divert(
            (tcp, { path }) => isJoinSyn(tcp) && path === 2,
            () => [],
          ),
        ],
      },
    },
  ]),
];
