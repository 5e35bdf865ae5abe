/** Mutants that do once what they have to do again after a flow, a checksum or the connection failed. */
import type { Tcp } from '../protocol/wire/packet.js';
import { TcpFlag } from '../protocol/wire/packet.js';
import { misread, type Passing, spoil, withhold } from './fault.js';
import { shiftMapping } from './mapping.js';
import { mutants } from './mutant.js';
import { carries, findAny, isData, isDataFin, isInfinite, isJoinSyn, isReset, withOption, without } from './segment.js';

const isOnJoined = ({ flow, packet }: Passing): boolean => isJoinSyn((flow.first ?? packet).tcp);

const cameByAnother = ({ flow, flows }: Passing, test: (tcp: Tcp) => boolean): boolean =>
  flows.some((other) => other !== flow && other.segments('in').some(test));

const wentByAnother = ({ flow, flows }: Passing, test: (tcp: Tcp) => boolean): boolean =>
  flows.some((other) => other !== flow && other.segments('out').some(test));

/** An ACK in place of a reset, as if the flow had been taken. */
const acknowledged = (tcp: Tcp, { flow }: Passing) => ({
  flags: TcpFlag.ACK,
  ack: flow.next('in') ?? tcp.ack,
  options: [],
});

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
    breaks: 'A DATA_FIN is repeated on the flow that it went over first, and on no other.',
    role: 'server',
    defect: { wire: [withhold((tcp, passing) => isDataFin(tcp) && wentByAnother(passing, isDataFin))] },
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
    breaks: 'The third segment of a join is acknowledged though the connection fell back before it came.',
    role: 'server',
    defect: {
      wire: [spoil((tcp, each) => isReset(tcp) && isOnJoined(each) && cameByAnother(each, isInfinite), acknowledged)],
    },
  },
  {
    id: 'overlapping-pieces-delivered-whole',
    requirement: 'RFC6824-3.3-07',
    breaks: 'Of two early mappings that overlap the second is put after the first.',
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
    breaks: 'A join is completed though the connection was fast-closed before it was answered.',
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
    breaks: 'A join is completed though the connection fell back before it was answered.',
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
