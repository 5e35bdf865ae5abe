/** Mutants of a server whose third flow, second join or fourth failure is treated otherwise than the first one. */
import { TcpFlag } from '../protocol/wire/packet.js';
import { verifiesHmacA } from '../reference/mptcp/join-proof.js';
import { hasFlag } from '../reference/tcp/flow.js';
import { answer, misread, overlook, type Passing, withhold } from './fault.js';
import type { FlowHistory } from './flow-history.js';
import { type Mutant, mutants } from './mutant.js';
import {
  carries,
  findAny,
  isBareAck,
  isData,
  isReset,
  isSyn,
  isSynAck,
  resetTo,
  withEdited,
  without,
} from './segment.js';

const joins = carries('mp_join');
const { SYN } = TcpFlag;

const isJoined = (flow: FlowHistory): boolean => flow.segments('in').some((tcp) => isSyn(tcp) && joins(tcp));
const idOf = (flow: FlowHistory): number | undefined => {
  for (const tcp of flow.segments('in')) {
    const join = findAny(tcp, 'mp_join');
    if (join?.form === 'syn') return join.addressId;
  }
  return undefined;
};
/** How many flows joined before this one, and how many of these were reset. */
const earlierJoins = ({ flow, flows }: Passing): readonly FlowHistory[] =>
  flows.filter((other) => other !== flow && isJoined(other));
const allReset = ({ flow, flows }: Passing): boolean => {
  const others = flows.filter((other) => other !== flow && other.synAcked);
  return others.length > 0 && others.every(({ reset }) => reset);
};

const servers = mutants({ profile: 'mptcp', role: 'server' }, [
  {
    id: 'nonce-of-the-latest-join',
    requirement: 'RFC6824-3.2-09',
    breaks: 'Each third segment is compared with the nonces of the latest join, whichever join it belongs to.',
    defect: {
      wire: [
        overlook(
          (tcp, { flow, flows }) =>
            isBareAck(tcp) &&
            joins(tcp) &&
            flows.slice(flows.indexOf(flow) + 1).some((later) => isJoined(later) && !later.confirmed && !later.reset),
        ),
      ],
    },
  },
  {
    id: 'join-proved-by-any-nonces',
    requirement: 'RFC6824-3.2-07',
    breaks: 'The HMAC of another pending join is accepted in a third segment.',
    defect: {
      remembers: () => {
        const known: { local: number; remote: number }[] = [];
        return {
          join: {
            verifiesHmacA: (session, local, remote, third) => {
              known.push({ local, remote });
              return verifiesHmacA(session, local, remote, third) || third.hmac.length > 0;
            },
          },
        };
      },
    },
  },
  {
    id: 'reset-joins-stay-counted',
    origin: 'multipath-tcp/mptcp#210',
    requirement: 'RFC6824-3.2-09',
    breaks: 'After sixteen joins that were reset every further one is refused.',
    defect: {
      wire: [
        answer(
          (tcp, passing) => isSyn(tcp) && joins(tcp) && earlierJoins(passing).length >= 16,
          ({ packet }) => [resetTo(packet)],
        ),
      ],
    },
  },
  {
    id: 'joined-path-not-joined-again',
    requirement: 'RFC6824-3.2-09',
    breaks: 'The Address ID of an ended flow is refused for ever.',
    defect: {
      wire: [
        answer(
          (tcp, passing) => {
            const join = findAny(tcp, 'mp_join');
            return (
              isSyn(tcp) &&
              join?.form === 'syn' &&
              earlierJoins(passing).some((other) => other.reset && idOf(other) === join.addressId)
            );
          },
          ({ packet }) => [resetTo(packet)],
        ),
      ],
    },
  },
  {
    id: 'fourth-flow-refused',
    requirement: 'RFC6824-3.2-09',
    breaks: 'A third join is answered and its third segment reset.',
    defect: {
      wire: [
        answer(
          (tcp, passing) =>
            isBareAck(tcp) && joins(tcp) && earlierJoins(passing).filter(({ reset }) => !reset).length >= 2,
          ({ packet }) => [resetTo(packet)],
        ),
      ],
    },
  },
  {
    id: 'second-loss-ends-the-connection',
    requirement: 'RFC6824-3.5-04',
    breaks: 'The reset of a second flow ends the others as well.',
    defect: {
      wire: [
        answer(
          (tcp, { flow, flows }) =>
            !isReset(tcp) &&
            !hasFlag(tcp, SYN) &&
            flows.filter((other) => other !== flow && other.confirmed && other.reset).length >= 2,
          ({ packet }) => [resetTo(packet)],
        ),
      ],
    },
  },
  {
    id: 'no-join-without-a-flow',
    requirement: 'RFC6824-3.5-04',
    breaks: 'A connection whose flows were all reset cannot be joined.',
    defect: {
      wire: [
        answer(
          (tcp, passing) => isSyn(tcp) && joins(tcp) && allReset(passing),
          ({ packet }) => [resetTo(packet)],
        ),
      ],
    },
  },
  {
    id: 'removal-ends-one-flow',
    requirement: 'RFC6824-3.2-14',
    breaks: 'Of two flows of a removed address only one is probed and closed.',
    defect: {
      wire: [
        withhold(
          (tcp, { flow, flows }) =>
            flows.some((other) => other.segments('in').some(carries('remove_addr'))) &&
            flows.some(
              (other) =>
                other !== flow &&
                isJoined(other) &&
                idOf(other) === idOf(flow) &&
                flows.indexOf(other) < flows.indexOf(flow),
            ) &&
            (isReset(tcp) || isBareAck(tcp)),
        ),
      ],
    },
  },
  {
    id: 'removal-of-id-zero-ignored',
    requirement: 'RFC6824-3.2-14',
    breaks: 'REMOVE_ADDR of Address ID 0 has no effect.',
    defect: {
      wire: [
        misread(
          (tcp) => findAny(tcp, 'remove_addr')?.addressIds.includes(0) === true,
          (tcp) => without(tcp, 'remove_addr'),
        ),
      ],
    },
  },
  {
    id: 'removal-of-the-first-id-alone',
    requirement: 'RFC6824-3.2-14',
    breaks: 'Only the first of several Address IDs in one REMOVE_ADDR is read.',
    defect: {
      wire: [
        misread(
          (tcp) => (findAny(tcp, 'remove_addr')?.addressIds.length ?? 0) > 1,
          (tcp) =>
            withEdited(tcp, 'remove_addr', (option) => ({ ...option, addressIds: option.addressIds.slice(0, 1) })),
        ),
      ],
    },
  },
  {
    id: 'removed-id-refused',
    requirement: 'RFC6824-3.2-09',
    breaks: 'An Address ID that was removed is refused from then on.',
    defect: {
      wire: [
        answer(
          (tcp, { flows }) => {
            const join = findAny(tcp, 'mp_join');
            return (
              isSyn(tcp) &&
              join?.form === 'syn' &&
              flows.some((other) =>
                other
                  .segments('in')
                  .some((earlier) => findAny(earlier, 'remove_addr')?.addressIds.includes(join.addressId) === true),
              )
            );
          },
          ({ packet }) => [resetTo(packet)],
        ),
      ],
    },
  },
  {
    id: 'data-of-the-fourth-flow-dropped',
    requirement: 'RFC6824-3.3-05',
    breaks: 'Data on a third joined flow is dropped.',
    defect: {
      wire: [overlook((tcp, passing) => isData(tcp) && isJoined(passing.flow) && earlierJoins(passing).length >= 2)],
    },
  },
  {
    id: 'second-answer-to-a-join-missing',
    requirement: 'RFC6824-3.2-09',
    breaks: 'While one join is under way another one is not answered.',
    defect: {
      wire: [
        withhold(
          (tcp, passing) =>
            isSynAck(tcp) && joins(tcp) && earlierJoins(passing).some((other) => !other.confirmed && !other.reset),
        ),
      ],
    },
  },
]);

export const joinAgainMutants: readonly Mutant[] = servers;
