/** How a connection of MPTCP ends: DATA_FIN by itself, with data, with the FIN of the flow; MP_FASTCLOSE in either of its ways. */
import { type Passing, spoil } from '../mutants/fault.js';
import { findAny, isFin, without } from '../mutants/segment.js';
import type { Tcp } from '../protocol/wire/packet.js';
import { mptcpProfiles, type Variant, variants } from './variant.js';

/** A FIN whose Data ACK was told on its flow before. */
const toldBefore = (tcp: Tcp, { flow }: Passing): boolean => {
  const dss = findAny(tcp, 'dss');
  const isTold = flow.segments('out').some((each) => findAny(each, 'dss')?.ack === dss?.ack);
  return isFin(tcp) && dss?.ack !== undefined && dss.dsn === undefined && isTold;
};

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
  ...variants({ profiles: mptcpProfiles, about: 'options of a FIN' }, [
    {
      id: 'fin-without-dss',
      sentence: {
        source: 'RFC 8684',
        section: '3.3.2',
        says: 'A Data ACK may be in all segments and need not be in one: a FIN may go without DSS.',
      },
      change: {
        wire: [spoil(toldBefore, (tcp) => without(tcp, 'dss'))],
      },
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
