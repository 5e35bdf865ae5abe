/** Mutants of an MPTCP server whose flows are lost, withdrawn or to be spared, and of how its connections end. */
import type { Tcp } from '../protocol/wire/packet.js';
import { misread, type Passing, spoil, withhold } from './fault.js';
import { editMapping } from './mapping.js';
import { mutants } from './mutant.js';
import { carries, findAny, isData, isDataFin, isFin, withEdited, without } from './segment.js';

const dsnOf = (tcp: Tcp): bigint | undefined => findAny(tcp, 'dss')?.dsn;

/** The octets went out on another flow before. */
const movedHere = (tcp: Tcp, { flow, flows }: Passing): boolean =>
  isData(tcp) &&
  dsnOf(tcp) !== undefined &&
  flows.some((other) => other !== flow && other.segments('out').some((sent) => dsnOf(sent) === dsnOf(tcp)));

/** It was the third that another flow carried. */
const isThirdElsewhere = (tcp: Tcp, { flow, flows }: Passing): boolean =>
  flows.some((other) => {
    const third = other.segments('out').filter(isData)[2];
    return other !== flow && third !== undefined && dsnOf(third) === dsnOf(tcp);
  });

const wasJoined = ({ flow }: Passing): boolean => flow.segments('in').some(carries('mp_join'));

const isBackup = ({ flow }: Passing): boolean =>
  flow.segments('in').some((tcp) => {
    const join = findAny(tcp, 'mp_join');
    return join?.form === 'syn' && join.backup;
  });

export const continuityMutants = mutants({ profile: 'mptcp', role: 'server' }, [
  {
    id: 'data-of-a-lost-flow-forgotten',
    requirement: 'RFC6824-3.3-10',
    breaks: 'Data that was sent on a lost flow is not sent on another one.',
    defect: { wire: [withhold(movedHere)] },
  },
  {
    id: 'remove-addr-ignored',
    origin: 'multipath-tcp/mptcp_net-next#50',
    requirement: 'RFC6824-3.2-14',
    breaks: 'REMOVE_ADDR does not close the flow of that address.',
    defect: { wire: [misread(carries('remove_addr'), (tcp) => without(tcp, 'remove_addr'))] },
  },
  {
    id: 'priority-ignored',
    origin: 'multipath-tcp/mptcp_net-next#51',
    requirement: 'RFC6824-3.2-15',
    breaks: 'A flow that MP_PRIO made a backup carries data as before.',
    defect: { wire: [misread(carries('mp_prio'), (tcp) => without(tcp, 'mp_prio'))] },
  },
  {
    id: 'backup-never-used',
    requirement: 'RFC6824-3.2-15',
    breaks: 'A backup carries no data even when it is the only flow left.',
    defect: { wire: [withhold((tcp, passing) => isData(tcp) && isBackup(passing))] },
  },
  {
    id: 'data-fin-sent-once',
    origin: 'multipath-tcp/mptcp_net-next#146',
    requirement: 'RFC6824-3.3-09',
    breaks: 'A DATA_FIN that is not acknowledged is not sent again.',
    defect: {
      wire: [withhold((tcp, { flow }) => isDataFin(tcp) && flow.segments('out').some((sent) => isDataFin(sent)))],
    },
  },
  {
    id: 'joined-flow-left-open',
    role: 'both',
    requirement: 'RFC6824-3.3-27',
    breaks: 'At the end of the connection the joined flow gets no FIN.',
    defect: { wire: [withhold((tcp, passing) => isFin(tcp) && wasJoined(passing))] },
  },
  {
    id: 'third-flow-left-open',
    requirement: 'RFC6824-3.3-27',
    breaks: 'At the end of the connection the first two flows get a FIN and a third one does not.',
    defect: { wire: [withhold((tcp, { flow, flows }) => isFin(tcp) && flows.indexOf(flow) === 2)] },
  },
  {
    id: 'third-segment-of-a-lost-flow-forgotten',
    requirement: 'RFC6824-3.3-10',
    breaks: 'Of the data of a lost flow, only two segments are sent on another flow.',
    defect: { wire: [withhold((tcp, passing) => movedHere(tcp, passing) && isThirdElsewhere(tcp, passing))] },
  },
  {
    id: 'priority-beside-data-ignored',
    requirement: 'RFC6824-3.2-15',
    breaks: 'MP_PRIO on a segment with data changes nothing.',
    defect: {
      wire: [
        misread(
          (tcp) => isData(tcp) && carries('mp_prio')(tcp),
          (tcp) => without(tcp, 'mp_prio'),
        ),
      ],
    },
  },
  {
    id: 'fastclose-with-any-key-on-a-joined-flow',
    requirement: 'RFC6824-3.5-02',
    breaks: 'On a joined flow MP_FASTCLOSE is accepted with any key.',
    defect: {
      wire: [
        misread(
          (tcp, passing) => carries('mp_fastclose')(tcp) && wasJoined(passing),
          (tcp, { flows: [first] }) =>
            withEdited(tcp, 'mp_fastclose', (option) => ({ ...option, peerKey: first?.key('out') ?? option.peerKey })),
        ),
      ],
    },
  },
  {
    id: 'fastclose-with-its-own-key-without-the-first-flow',
    role: 'client',
    requirement: 'RFC6824-3.5-01',
    breaks: 'MP_FASTCLOSE carries the key of its sender when the first flow is gone.',
    defect: {
      wire: [
        spoil(
          (tcp, { flows: [first] }) => carries('mp_fastclose')(tcp) && first?.reset === true,
          (tcp, { flows: [first] }) =>
            withEdited(tcp, 'mp_fastclose', (option) => ({ ...option, peerKey: first?.key('out') ?? option.peerKey })),
        ),
      ],
    },
  },
  {
    id: 'checksum-of-a-joined-flow-unread',
    role: 'client',
    requirement: 'RFC6824-3.6-06',
    breaks: 'On joined flows the checksum of data is not verified.',
    defect: {
      wire: [
        misread(
          (tcp, { flow }) => isData(tcp) && flow.segments('out').some(carries('mp_join')),
          (tcp) => editMapping(tcp, () => ({})),
        ),
      ],
    },
  },
]);
