/** How a connection of MPTCP ends: DATA_FIN by itself, with data, with the FIN of the flow; MP_FASTCLOSE in either of its ways. */
import { mptcpProfiles, type Variant, variants } from './variant.js';

const closing = { source: 'RFC 8684', section: '3.3.3' } as const;

export const closingVariants: readonly Variant[] = [
  ...variants({ profiles: mptcpProfiles, about: 'DATA_FIN' }, [
    {
      id: 'data-fin-with-data',
      sentence: {
        ...closing,
        says: 'DATA_FIN may stand in the mapping of the last octets and counts as one octet more there.',
      },
      change: { behaves: { close: { data_fin: 'with-data' } } },
    },
    {
      id: 'data-fin-with-fin',
      sentence: {
        ...closing,
        says: 'DATA_FIN and the FIN of a subflow may be combined where nothing is outstanding on other subflows.',
      },
      change: { behaves: { close: { data_fin: 'with-fin' } } },
    },
  ]),
  ...variants({ profiles: mptcpProfiles, about: 'fast close' }, [
    {
      id: 'fastclose-on-an-ack',
      sentence: {
        source: 'RFC 8684',
        section: '3.5',
        says: 'MP_FASTCLOSE goes on the resets of all subflows, or on an ACK of one of them (option A).',
      },
      change: { behaves: { close: { fastclose: 'ack' } } },
    },
  ]),
];
