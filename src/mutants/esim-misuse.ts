/** Mutants that take MP_JOIN_CAP or L_RTT_EN where it means nothing, and those that choose paths without a rule. */
import type { Tcp } from '../protocol/wire/packet.js';
import { orderByRtt } from '../reference/election/path-selection.js';
import { accompany, answer, crash, misread, overlook } from './fault.js';
import { type Mutant, mutants } from './mutant.js';
import { carries, isData, isSyn, redraft, resetTo } from './segment.js';

const joinCap = carries('mp_join_cap');

/** Something of L_RTT_EN, whole or damaged. */
const speaksOfRtt = ({ options }: Tcp): boolean =>
  options.some(({ option }) => option === 'l_rtt_en' || option === 'malformed' || option === 'mptcp_unknown');

export const esimMisuseMutants: readonly Mutant[] = [
  ...mutants({ profile: 'robe-esim', role: 'server' }, [
    {
      id: 'esim-join-completes-a-classic-join',
      requirement: 'DRAFT-eSIM-S-13',
      breaks: 'MP_JOIN_CAP is accepted instead of the third segment of MP_JOIN, without a check of its MAC.',
      defect: {
        decides: { join: { verifiesHmacA: () => true } },
        wire: [
          misread(
            (tcp, { flow }) => joinCap(tcp) && flow.segments('in').some((syn) => isSyn(syn) && carries('mp_join')(syn)),
            () => ({ options: [{ option: 'mp_join', form: 'ack', reserved: 0, hmac: new Uint8Array(20) }] }),
          ),
        ],
      },
    },
    {
      id: 'esim-join-on-a-live-flow-resets-it',
      requirement: 'DRAFT-eSIM-S-13',
      breaks: 'MP_JOIN_CAP on an established flow, where it cannot be verified, resets the flow.',
      defect: {
        wire: [
          answer(
            (tcp, { flow }) => joinCap(tcp) && flow.carriedData,
            ({ packet }) => [resetTo(packet)],
          ),
        ],
      },
    },
    {
      id: 'esim-join-beside-keys-crashes',
      requirement: 'DRAFT-eSIM-S-13',
      breaks: 'MP_JOIN_CAP beside another MPTCP option on a third segment crashes the server.',
      defect: {
        wire: [crash((tcp) => joinCap(tcp) && (carries('mp_capable')(tcp) || carries('malformed')(tcp)))],
      },
    },
  ]),
  ...mutants({ profile: 'robe-ips', role: 'client' }, [
    {
      id: 'rtt-report-hides-the-data',
      requirement: 'DRAFT-RTT-C-05',
      breaks: 'Data on a segment with L_RTT_EN is dropped with the option.',
      defect: { wire: [overlook((tcp) => isData(tcp) && speaksOfRtt(tcp))] },
    },
    {
      id: 'ips-takes-turns',
      requirement: 'DRAFT-IPS-C-02',
      breaks: 'Every other connection begins on the path that is not the best.',
      defect: {
        remembers: () => {
          let connections = 0;
          return {
            client: {
              orderByRtt: (stack, paths) => {
                connections += 1;
                const order = orderByRtt(stack, paths);
                return connections % 2 === 0 ? order : order.toReversed();
              },
            },
          };
        },
      },
    },
    {
      id: 'ips-ties-go-to-the-last-path',
      requirement: 'DRAFT-IPS-C-04',
      breaks: 'Of equally fast paths the last one is selected, not the default one.',
      defect: { decides: { client: { orderByRtt: (stack, paths) => orderByRtt(stack, paths.toReversed()) } } },
    },
  ]),
  ...mutants({ profile: 'tcp', role: 'client' }, [
    {
      id: 'hasty-after-a-lost-syn',
      requirement: 'RFC6298-5-01',
      breaks: 'After a SYN that had to be repeated the first data is repeated at once.',
      defect: {
        wire: [
          accompany(
            (tcp, { flow }) => isData(tcp) && !flow.carriedData && flow.segments('out').filter(isSyn).length > 1,
            ({ packet }) => [redraft(packet)],
          ),
        ],
      },
    },
  ]),
];
