/** Mutants of how connections and attempts end: closing, aborting, giving up (RFC 6824 sections 3.3.3 and 3.5). */
import { DssFlag } from '../protocol/mptcp/option.js';
import { endOthers } from './end-others.js';
import { overlook, spoil, withhold } from './fault.js';
import type { FlowHistory } from './flow-history.js';
import { type Mutant, mutants } from './mutant.js';
import { carries, isDataFin, isFin, isReset, isSynAck, withEdited, withOption } from './segment.js';

const openedByCapable = (flow: FlowHistory): boolean => flow.segments('out').some(carries('mp_capable'));

export const endingMutants: readonly Mutant[] = [
  ...mutants({ profile: 'mptcp', role: 'both' }, [
    {
      id: 'data-fin-missing',
      origin: 'multipath-tcp/mptcp_net-next#58',
      requirement: 'RFC6824-3.3-09',
      breaks: 'Flag F is missing from the DSS that should announce the end of the data.',
      defect: {
        wire: [
          spoil(isDataFin, (tcp) =>
            withEdited(tcp, 'dss', ({ option, ack }) =>
              ack === undefined ? { option, flags: 0 } : { option, ack, flags: DssFlag.A | DssFlag.a },
            ),
          ),
        ],
      },
    },
    {
      id: 'fin-of-a-subflow-ends-the-connection',
      role: 'server',
      requirement: 'RFC6824-3.3-09',
      breaks: 'A FIN without DATA_FIN ends the connection and its other subflows.',
      defect: { wire: [endOthers((tcp) => isFin(tcp) && !isDataFin(tcp))] },
    },
    {
      id: 'fastclose-names-another-key',
      role: 'client',
      requirement: 'RFC6824-3.5-01',
      breaks: 'MP_FASTCLOSE carries a key that is not that of its receiver.',
      defect: {
        wire: [
          spoil(carries('mp_fastclose'), (tcp) =>
            withEdited(tcp, 'mp_fastclose', (option) => ({ ...option, peerKey: option.peerKey ^ 1n })),
          ),
        ],
      },
    },
  ]),
  ...mutants({ profile: 'tcp', role: 'client' }, [
    {
      id: 'abort-in-silence',
      requirement: 'RFC9293-3.10.5-02',
      breaks: 'An established connection that is aborted sends no reset.',
      defect: { wire: [withhold((tcp, { flow }) => isReset(tcp) && flow.openedHere && flow.confirmed)] },
    },
    {
      id: 'answer-to-a-closed-attempt-passed-over',
      requirement: 'RFC9293-3.10.7-06',
      breaks: 'A SYN/ACK for a closed attempt draws no reset.',
      defect: { wire: [withhold((tcp, { flow }) => isReset(tcp) && flow.openedHere && !flow.confirmed)] },
    },
    {
      id: 'repeated-syn-ack-passed-over',
      requirement: 'RFC9293-3.10.7-14',
      breaks: 'A repeated SYN/ACK draws no acknowledgment.',
      defect: { wire: [overlook((tcp, { flow }) => isSynAck(tcp) && flow.confirmed)] },
    },
  ]),
  ...mutants({ profile: 'robe-bbm', role: 'client' }, [
    {
      id: 'bbm-given-up-flow-left-behind',
      requirement: 'DERIVED-CLOSE-01',
      breaks: 'When the connection is aborted, the flow of the second path stays open.',
      defect: {
        wire: [withhold((tcp, { flow, flows }) => isReset(tcp) && flow !== flows[0] && openedByCapable(flow))],
      },
    },
  ]),
  ...mutants({ profile: 'robe-downgrade', role: 'client' }, [
    {
      id: 'late-answer-to-a-given-up-attempt-ignored',
      requirement: 'DERIVED-CLOSE-01',
      breaks: 'A SYN/ACK for a closed attempt is not answered, so that the server keeps the flow half-open.',
      defect: { wire: [withhold((tcp, { flow }) => isReset(tcp) && openedByCapable(flow) && !flow.confirmed)] },
    },
  ]),
  ...mutants({ profile: 'robe-sim', role: 'client' }, [
    {
      id: 'sim-flow-that-was-given-up-revived',
      requirement: 'DRAFT-SIM-C-15',
      breaks: 'After the loss of the winner a flow that was reset before is confirmed.',
      defect: {
        wire: [
          spoil(
            (tcp, { flow }) => isReset(tcp) && openedByCapable(flow) && flow.segments('in').filter(isSynAck).length > 1,
            (tcp) => ({
              ...withOption(tcp, { option: 'mp_capable', version: 1, flags: 0x81, key: 1n, peerKey: 2n }),
              flags: 0x10,
            }),
          ),
        ],
      },
    },
  ]),
];
