/** When a host gives up waiting: its retransmission timer, and how long it takes to answer a SYN/ACK (RFC 6298, RFC 8684 section 3.3.6). */
import { everyProfile, mptcpProfiles, type Variant, variants } from './variant.js';

const initial = (initial_rto_s: number) => ({ behaves: { tcp: { initial_rto_s } } });
const first = { source: 'RFC 6298', section: '2.1' } as const;

export const retransmissionVariants: readonly Variant[] = [
  ...variants({ profiles: everyProfile, about: 'retransmission timer' }, [
    {
      id: 'initial-rto-of-3s',
      sentence: { ...first, says: 'A host may begin with a retransmission timeout of three seconds.' },
      change: initial(3),
    },
    {
      id: 'initial-rto-of-2s',
      sentence: { ...first, says: 'A host may begin with any retransmission timeout above one second: here two.' },
      change: initial(2),
    },
    {
      id: 'initial-rto-of-4s',
      sentence: { ...first, says: 'A host may begin with any retransmission timeout above one second: here four.' },
      change: initial(4),
    },
    {
      id: 'initial-rto-of-6s',
      sentence: { ...first, says: 'A host may begin with any retransmission timeout above one second: here six.' },
      change: initial(6),
    },
    {
      id: 'least-rto-of-120ms',
      sentence: {
        source: 'RFC 6298',
        section: '2.4',
        says: 'Rounding a measured timeout up to one second is a recommendation: here the least timeout is 120 ms.',
      },
      keeps: 'musts',
      change: { behaves: { tcp: { least_rto_s: 0.12 } } },
    },
    {
      id: 'least-rto-of-200ms',
      sentence: {
        source: 'RFC 6298',
        section: '2.4',
        says: 'Rounding a measured timeout up to one second is a recommendation: here the least timeout is 200 ms.',
      },
      keeps: 'musts',
      change: { behaves: { tcp: { least_rto_s: 0.2 } } },
    },
  ]),
  ...variants({ profiles: everyProfile, about: 'longest timeout' }, [
    {
      id: 'timeouts-without-a-maximum',
      sentence: {
        source: 'RFC 6298',
        section: '2.5',
        says: 'A maximum timeout is optional: here the timeout doubles without a limit.',
      },
      change: { decides: { tcp: { backOff: ({ rto }) => rto * 2n } } },
    },
  ]),
  ...variants({ profiles: everyProfile, about: 'delay of the third segment', role: 'client' }, [
    {
      id: 'third-segment-after-90ms',
      sentence: {
        source: 'RFC 9293',
        section: '3.10.7.3',
        says: 'No bound is prescribed for the answer to a SYN/ACK: here it takes 90 ms.',
      },
      change: { behaves: { tcp: { third_ack_delay_s: 0.09 } } },
    },
  ]),
  ...variants({ profiles: mptcpProfiles, about: 'retransmission of the data level' }, [
    {
      id: 'data-level-retransmits-after-500ms',
      sentence: {
        source: 'RFC 8684',
        section: '3.3.6',
        says: 'No mechanism of data-level retransmission is mandated: here octets without Data ACK are sent again after 500 ms.',
      },
      change: { behaves: { dss: { retransmit_s: 0.5 } } },
    },
  ]),
];
