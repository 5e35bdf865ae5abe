/** Mutants of the reasons that a reset of a join gives in version 1 (RFC 8684 sections 3.2 and 3.6). */
import type { Tcp } from '../protocol/wire/packet.js';
import { spoil } from './fault.js';
import type { FlowHistory } from './flow-history.js';
import { mutants } from './mutant.js';
import { carries, isReset, without } from './segment.js';

const joins = carries('mp_join');

/** A reset that refuses a join and says why. */
const givesReason = (tcp: Tcp, flow: FlowHistory): boolean =>
  carries('mp_tcprst')(tcp) && flow.segments('in').some(joins);

export const joinReasonMutants = mutants({ profile: 'mptcp', role: 'server' }, [
  {
    id: 'refused-join-without-reason',
    origin: 'multipath-tcp/mptcp_net-next#53',
    requirement: 'RFC8684-3.2-01',
    breaks: 'The reset for an unknown token carries no MP_TCPRST in v1.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) => isReset(tcp) && !flow.synAcked && givesReason(tcp, flow),
          (tcp) => without(tcp, 'mp_tcprst'),
        ),
      ],
    },
  },
  {
    id: 'failed-join-without-reason',
    requirement: 'RFC8684-3.2-03',
    breaks: 'The reset for a wrong HMAC carries no MP_TCPRST in v1.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) => isReset(tcp) && flow.synAcked && givesReason(tcp, flow),
          (tcp) => without(tcp, 'mp_tcprst'),
        ),
      ],
    },
  },
]);
