/** Mutants of clients that do not put up with what a server may send. */
import type { Tcp } from '../protocol/wire/packet.js';
import { answer, crash, divert, misread, spoil } from './fault.js';
import type { FlowHistory } from './flow-history.js';
import { editMapping } from './mapping.js';
import { type Mutant, mutants } from './mutant.js';
import { carries, findAny, isBareAck, isData, isSynAck, redraft, resetTo, withEdited, without } from './segment.js';

const capable = carries('mp_capable');
const capables = (tcp: Tcp): number => tcp.options.filter(({ option }) => option === 'mp_capable').length;
const joins = carries('mp_join');
const isJoined = (flow: FlowHistory): boolean => flow.confirmed && flow.segments('out').some(joins);

/** Data of the first flow goes out on the flow that joined last instead. */
const byTheJoinedFlow = divert(
  (tcp, { flow, flows }) => isData(tcp) && flows.some((other) => other !== flow && isJoined(other)),
  ({ path, packet, tcp, flow, flows }) => {
    const joined = flows.find((other) => other !== flow && isJoined(other));
    const syn = joined?.first;
    const seq = joined?.next('out');
    const ack = joined?.next('in');
    if (joined === undefined || syn === undefined || seq === undefined || ack === undefined)
      return [{ to: 'peer', path, draft: redraft(packet) }];
    const { flags, payload } = tcp;
    return [{ to: 'peer', path: joined.path, draft: redraft(syn, { seq, ack, flags, payload, options: [] }) }];
  },
);

export const clientToleranceMutants: readonly Mutant[] = mutants({ profile: 'mptcp', role: 'client' }, [
  {
    id: 'syn-ack-with-two-capables-crashes',
    requirement: 'DERIVED-MALF-04',
    breaks: 'Two MP_CAPABLE options on the SYN/ACK crash the client.',
    defect: { wire: [crash((tcp) => isSynAck(tcp) && capables(tcp) > 1)] },
  },
  {
    id: 'usual-options-hide-mp-capable',
    requirement: 'RFC9293-3.1-03',
    breaks: 'MP_CAPABLE after timestamps and window scale is not read in the SYN/ACK.',
    defect: {
      wire: [
        misread(
          (tcp) => isSynAck(tcp) && carries('timestamps')(tcp),
          (tcp) => without(tcp, 'mp_capable'),
        ),
      ],
    },
  },
  {
    id: 'demanded-checksums-denied',
    declared: { mpc: { checksum: false } },
    requirement: 'RFC8684-3.1-27',
    breaks: 'A client that does not want checksums continues MPTCP with A=0 although the server requires them.',
    defect: {
      wire: [
        spoil(
          (tcp) => isBareAck(tcp) && capable(tcp),
          (tcp) => withEdited(tcp, 'mp_capable', (option) => ({ ...option, flags: option.flags & ~0x80 })),
        ),
      ],
    },
  },
  {
    id: 'unknown-algorithms-mirrored',
    requirement: 'RFC8684-3.1-21',
    breaks: 'The third segment repeats every algorithm of the SYN/ACK, known or not.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) =>
            isBareAck(tcp) && flow.segments('in').some((s) => isSynAck(s) && findAny(s, 'mp_capable')?.flags === 0x9f),
          (_, { flow }) => ({
            options: [
              {
                option: 'mp_capable',
                version: 1,
                flags: 0x9f,
                key: 0x1111_2222_3333_4444n,
                peerKey: flow.key('in') ?? 0n,
              },
            ],
          }),
        ),
      ],
    },
  },
  {
    id: 'join-numbers-continue-those-of-the-first-flow',
    requirement: 'RFC6824-3.3-05',
    breaks: 'Subflow sequence numbers of a joined flow are read as continuing those of the first flow.',
    defect: {
      wire: [
        misread(
          (tcp, { flow }) => isData(tcp) && flow.segments('out').some(joins),
          (tcp) => editMapping(tcp, ({ ssn }) => ({ ssn: ssn + 5 })),
        ),
      ],
    },
  },
  {
    id: 'data-beyond-a-gap-resets-its-flow',
    requirement: 'RFC6824-3.3-07',
    breaks: 'Data beyond a gap of the data sequence resets its flow.',
    defect: {
      wire: [
        answer(
          (tcp, { flow }) => isData(tcp) && flow.segments('out').some(joins) && !flow.carriedData,
          ({ packet }) => [resetTo(packet)],
        ),
      ],
    },
  },
  {
    id: 'joined-flow-used-at-once',
    requirement: 'RFC6824-3.2-10',
    breaks: 'New data is sent on the joined flow before its third segment is acknowledged.',
    defect: { wire: [byTheJoinedFlow] },
  },
]);
