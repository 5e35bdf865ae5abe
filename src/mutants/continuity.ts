/** Mutants of an MPTCP server whose flows are lost, withdrawn or to be spared, and of how its connections end. */
import type { Tcp } from '../protocol/wire/packet.js';
import { misread, type Passing, withhold } from './fault.js';
import { mutants } from './mutant.js';
import { carries, findAny, isData, isDataFin, isFin, without } from './segment.js';

const dsnOf = (tcp: Tcp): bigint | undefined => findAny(tcp, 'dss')?.dsn;

/** The octets went out on another flow before. */
const movedHere = (tcp: Tcp, { flow, flows }: Passing): boolean =>
  isData(tcp) &&
  dsnOf(tcp) !== undefined &&
  flows.some((other) => other !== flow && other.segments('out').some((sent) => dsnOf(sent) === dsnOf(tcp)));

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
    breaks: 'Data that went out on a flow that is gone is not sent on another one.',
    defect: { wire: [withhold(movedHere)] },
  },
  {
    id: 'remove-addr-ignored',
    origin: 'multipath-tcp/mptcp_net-next#50',
    requirement: 'RFC6824-3.2-14',
    breaks: 'REMOVE_ADDR leaves the flow of that address as it is.',
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
    requirement: 'RFC6824-3.3-27',
    breaks: 'At the end of the connection the joined flow gets no FIN.',
    defect: { wire: [withhold((tcp, passing) => isFin(tcp) && wasJoined(passing))] },
  },
]);
