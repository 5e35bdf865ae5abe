/** Mutants that fail late: the second announcement, the second flow of an abort, the fourth wait of a timer. */

import type { Tcp } from '../protocol/wire/packet.js';
import { backOff } from '../reference/tcp/transmission.js';
import { misread, spoil, withhold } from './fault.js';
import { type Mutant, mutants } from './mutant.js';
import { carries, findAny, isReset, isSynAck, withEdited, without } from './segment.js';

const isEcho = (tcp: Tcp): boolean => findAny(tcp, 'add_addr')?.nibble === 1;
/** Nanoseconds. */
const longestWait = 8_000_000_000n;

export const lateFailureMutants: readonly Mutant[] = [
  ...mutants({ profile: 'mptcp', role: 'server' }, [
    {
      id: 'add-addr-echo-without-port',
      requirement: 'RFC8684-3.4-10',
      breaks: 'The echo of an address that was announced with a port has none.',
      defect: { wire: [spoil(isEcho, (tcp) => withEdited(tcp, 'add_addr', ({ port: _, ...rest }) => rest))] },
    },
    {
      id: 'add-addr-echoed-once',
      requirement: 'RFC8684-3.4-10',
      breaks: 'An address that is announced again is not echoed again.',
      defect: { wire: [withhold((tcp, { flow }) => isEcho(tcp) && flow.segments('out').some(isEcho))] },
    },
    {
      id: 'mp-fail-missing-with-three-flows',
      requirement: 'RFC6824-3.6-06',
      breaks: 'With three flows, a flow with a wrong checksum is reset without MP_FAIL.',
      defect: {
        wire: [
          spoil(
            (tcp, { flows }) => isReset(tcp) && carries('mp_fail')(tcp) && flows.length > 2,
            (tcp) => without(tcp, 'mp_fail'),
          ),
        ],
      },
    },
  ]),
  ...mutants({ profile: 'mptcp', role: 'client' }, [
    {
      id: 'abort-forgets-the-second-flow',
      requirement: 'RFC6824-3.5-01',
      breaks: 'An abort of several flows leaves the second one open.',
      defect: {
        wire: [
          withhold((tcp, { flow, flows }) => isReset(tcp) && carries('mp_fastclose')(tcp) && flows.indexOf(flow) === 1),
        ],
      },
    },
  ]),
  ...mutants({ profile: 'tcp', role: 'client' }, [
    {
      id: 'timeout-stops-growing-early',
      requirement: 'RFC6298-5-02',
      breaks: 'The retransmission timeout grows up to eight seconds and no further.',
      defect: {
        decides: {
          tcp: {
            backOff: (flow) => {
              const next = backOff(flow);
              return next < longestWait ? next : longestWait;
            },
          },
        },
      },
    },
    {
      id: 'window-of-syn-ack-scaled',
      requirement: 'RFC9293-3.8.6-01',
      origin: 'ausimian/tricep#95',
      breaks: 'The window of the SYN/ACK is scaled although that of a SYN segment must not be.',
      defect: {
        wire: [
          misread(isSynAck, (tcp) => ({
            window: Math.min(tcp.window * 2 ** (findAny(tcp, 'window_scale')?.shift ?? 0), 65_535),
          })),
        ],
      },
    },
  ]),
];
