/** Mutants that do once what they have to do again after a flow, a checksum or the connection failed. */
import { dssChecksum } from '../protocol/keys/dss-checksum.js';
import { DssFlag } from '../protocol/mptcp/option.js';
import type { Tcp } from '../protocol/wire/packet.js';
import { TcpFlag } from '../protocol/wire/packet.js';
import { seqAdd } from '../protocol/wire/seq.js';
import { accompany, misread, overlook, type Passing, spoil, withhold } from './fault.js';
import { isUnknownToRfcs } from './malformed.js';
import { shiftMapping } from './mapping.js';
import { mutants } from './mutant.js';
import {
  type Change,
  carries,
  findAny,
  isData,
  isDataFin,
  isInfinite,
  isJoinSyn,
  isReset,
  redraft,
  withOption,
  without,
} from './segment.js';

const isOnJoined = ({ flow, packet }: Passing): boolean => isJoinSyn((flow.first ?? packet).tcp);

const cameByAnother = ({ flow, flows }: Passing, test: (tcp: Tcp) => boolean): boolean =>
  flows.some((other) => other !== flow && other.segments('in').some(test));

const wentByAnother = ({ flow, flows }: Passing, test: (tcp: Tcp) => boolean): boolean =>
  flows.some((other) => other !== flow && other.segments('out').some(test));

/** It went by another flow, which was reset. */
const wasLostElsewhere = ({ flow, flows }: Passing, test: (tcp: Tcp) => boolean): boolean =>
  flows.some((other) => other !== flow && other.reset && other.segments('out').some(test));

/** An ACK in place of a reset, as if the flow had been taken. */
const acknowledged = (tcp: Tcp, { flow }: Passing) => ({
  flags: TcpFlag.ACK,
  ack: flow.next('in') ?? tcp.ack,
  options: [],
});

const dsnOf = (tcp: Tcp): bigint | undefined => findAny(tcp, 'dss')?.dsn;

/** A DATA_FIN by itself after the octets of a segment. */
const endAfter = (tcp: Tcp): Change => {
  const mapping = { dsn: endOf(tcp) ?? 0n, ssn: 0, dataLength: 1 };
  const empty = new Uint8Array(0);
  return {
    seq: seqAdd(tcp.seq, tcp.payload.length),
    payload: empty,
    options: tcp.options.map((option) =>
      option.option === 'dss'
        ? { ...option, ...mapping, flags: option.flags | DssFlag.F, checksum: dssChecksum(mapping, empty) }
        : option,
    ),
  };
};

const isFailure = carries('mp_fail');

const endOf = (tcp: Tcp): bigint | undefined => {
  const dss = findAny(tcp, 'dss');
  return dss?.dsn === undefined ? undefined : dss.dsn + BigInt(tcp.payload.length);
};

/** How far a mapping begins before the end of the one before, where it reaches beyond it. */
const overlapOf = (tcp: Tcp, { flow }: Passing): bigint => {
  const dsn = findAny(tcp, 'dss')?.dsn;
  const last = flow.segments('in').findLast(isData);
  const before = last === undefined ? undefined : endOf(last);
  return dsn === undefined || before === undefined || dsn >= before ? 0n : before - dsn;
};

export const afterLossMutants = mutants({ profile: 'mptcp', role: 'both' }, [
  {
    id: 'data-fin-on-its-first-flow-alone',
    requirement: 'RFC6824-3.3-09',
    breaks: 'A DATA_FIN is repeated only on the flow on which it was sent first.',
    role: 'server',
    defect: { wire: [withhold((tcp, passing) => isDataFin(tcp) && wentByAnother(passing, isDataFin))] },
  },
  {
    id: 'lost-data-forgotten-with-the-last-flow',
    requirement: 'RFC6824-3.3-10',
    breaks: 'After the loss of the only flow its data is not sent on a flow that joins later.',
    role: 'server',
    defect: {
      wire: [
        withhold(
          (tcp, each) =>
            isData(tcp) && isOnJoined(each) && wasLostElsewhere(each, (other) => dsnOf(other) === dsnOf(tcp)),
        ),
      ],
    },
  },
  {
    id: 'end-before-data-held-back',
    requirement: 'RFC6824-3.3-09',
    breaks: 'DATA_FIN is sent after the data that fits into the window, and the rest of the data follows it.',
    role: 'server',
    defect: {
      wire: [
        accompany(
          (tcp, { flow }) => isData(tcp) && tcp.payload.length === flow.latestIn?.tcp.window,
          ({ packet, tcp }) => [redraft(packet, endAfter(tcp))],
        ),
      ],
    },
  },
  {
    id: 'unknown-subtype-on-a-joined-flow-refused',
    requirement: 'DERIVED-MALF-05',
    breaks: 'A segment of a joined flow that carries an unknown subtype is dropped.',
    role: 'server',
    defect: { wire: [overlook((tcp, each) => tcp.options.some(isUnknownToRfcs) && isOnJoined(each))] },
  },
  {
    id: 'second-failure-unsaid',
    requirement: 'RFC6824-3.6-06',
    breaks: 'The reset of the second flow with a wrong checksum has no MP_FAIL.',
    role: 'server',
    defect: {
      wire: [
        spoil(
          (tcp, passing) => isReset(tcp) && isFailure(tcp) && wentByAnother(passing, isFailure),
          (tcp) => without(tcp, 'mp_fail'),
        ),
      ],
    },
  },
  {
    id: 'third-of-a-join-taken-after-fallback',
    requirement: 'RFC6824-3.6-08',
    breaks: 'The third segment of a join is acknowledged although the connection fell back before.',
    role: 'server',
    defect: {
      wire: [spoil((tcp, each) => isReset(tcp) && isOnJoined(each) && cameByAnother(each, isInfinite), acknowledged)],
    },
  },
  {
    id: 'overlapping-pieces-delivered-whole',
    requirement: 'RFC6824-3.3-07',
    breaks: 'If two early mappings overlap, the second is delivered whole after the first.',
    role: 'server',
    defect: {
      wire: [
        misread(
          (tcp, each) => isData(tcp) && isOnJoined(each) && overlapOf(tcp, each) > 0n,
          (tcp, each) => shiftMapping(tcp, overlapOf(tcp, each)),
        ),
      ],
    },
  },
  {
    id: 'join-completed-after-fastclose',
    requirement: 'RFC6824-3.5-01',
    breaks: 'A join is completed although the connection was fast-closed before its answer.',
    role: 'client',
    defect: {
      wire: [
        spoil(
          (tcp, each) => isReset(tcp) && isOnJoined(each) && cameByAnother(each, carries('mp_fastclose')),
          acknowledged,
        ),
      ],
    },
  },
  {
    id: 'join-completed-after-fallback',
    requirement: 'RFC6824-3.6-08',
    breaks: 'A join is completed although the connection fell back before its answer.',
    role: 'client',
    defect: {
      wire: [spoil((tcp, each) => isReset(tcp) && isOnJoined(each) && cameByAnother(each, isInfinite), acknowledged)],
    },
  },
  {
    id: 'fastclose-after-fallback',
    requirement: 'RFC6824-3.6-08',
    breaks: 'The reset of a connection that fell back carries MP_FASTCLOSE.',
    role: 'client',
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) => isReset(tcp) && flow.segments('in').some(isInfinite),
          (tcp, { flow }) => withOption(tcp, { option: 'mp_fastclose', reserved: 0, peerKey: flow.key('in') ?? 0n }),
        ),
      ],
    },
  },
  {
    id: 'half-a-key',
    requirement: 'RFC6824-3.1-04',
    breaks: 'The upper half of every key is zero.',
    versions: [0],
    role: 'server',
    defect: {
      decides: { listener: { chooseKeyB: (repeated, fresh) => repeated?.keyB ?? BigInt.asUintN(32, fresh()) } },
    },
  },
]);
