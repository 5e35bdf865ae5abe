/** What MPTCP stacks of other makers say and when: signals that concern nobody, repeated, or beside data; answers that take their time. */
import { type Passing, spoil } from '../mutants/fault.js';
import { findAny, isBareAck, isData, isDataFin, isFin, type Change as SegmentChange } from '../mutants/segment.js';
import { addAddrHmac } from '../protocol/keys/add-addr-hmac.js';
import type { Tcp } from '../protocol/wire/packet.js';
import type { TcpOption } from '../protocol/wire/tcp-option.js';
import { optionsLength } from '../protocol/wire/tcp-options.js';
import type { Keys } from './mptcp-view.js';
import { milliseconds } from './plain-acks.js';
import { saying } from './signals.js';
import { stretched } from './stretched-acks.js';
import { mptcpProfiles, type Variant, variants } from './variant.js';

const optionSpace = 40;

/** An address that nobody reaches from here: of a private network behind a translator. */
const announced = ({ version, own, peer }: Keys, addressId: number, last: number): TcpOption => {
  const address = Uint8Array.of(192, 168, 77, last);
  if (version === 0) return { option: 'add_addr', nibble: 4, addressId, address };
  const hmac = addAddrHmac({ localKey: own, remoteKey: peer, addressId, address });
  return { option: 'add_addr', nibble: 0, addressId, address, hmac };
};

const prio: TcpOption = { option: 'mp_prio', backup: false, reserved: 0 };

/** Beside what the segment has, where there is room. */
const besideData =
  (option: TcpOption) =>
  ({ options }: Tcp): SegmentChange => {
    const more = [...options.filter(({ option: name }) => name !== 'nop'), option];
    return optionsLength(more) <= optionSpace ? { options: more } : {};
  };

/** A segment that stays far below any MSS. */
const isSmallMappedData = (tcp: Tcp): boolean =>
  isData(tcp) && tcp.payload.length <= 16 && !isFin(tcp) && findAny(tcp, 'dss')?.dsn !== undefined;

const answersDataFin = (tcp: Tcp, { flow }: Passing): boolean => {
  const cause = flow.segments('in').at(-1);
  return cause !== undefined && isDataFin(cause) && cause.payload.length === 0 && !isFin(cause) && isBareAck(tcp);
};

const advertising = { source: 'RFC 8684', section: '3.4.1' } as const;
const priority = { source: 'RFC 8684', section: '3.3.8' } as const;

export const otherMptcpVariants: readonly Variant[] = [
  ...variants({ profiles: mptcpProfiles, about: 'announced addresses' }, [
    {
      id: 'add-addr-of-a-private-address',
      sentence: {
        ...advertising,
        says: 'An announced address may be private: who cannot reach it has a join that fails.',
      },
      change: { habit: () => saying([milliseconds(100)], (keys) => [announced(keys, 9, 1)])() },
    },
    {
      id: 'add-addr-of-two-addresses',
      sentence: {
        ...advertising,
        says: 'A host may announce as many addresses as it has, each on a segment of its own, at any time.',
      },
      change: {
        habit: () => {
          let turn = 0;
          return saying([20, 40].map(milliseconds), (keys) => {
            turn += 1;
            return [announced(keys, 8 + turn, turn)];
          })();
        },
      },
    },
  ]),
  ...variants({ profiles: mptcpProfiles, about: 'priority' }, [
    {
      id: 'prio-again-and-again',
      sentence: {
        ...priority,
        says: 'MP_PRIO may be sent at any time, and has no acknowledgment: a host may repeat it.',
      },
      change: { habit: saying([50, 100, 400, 1200].map(milliseconds), () => [prio]) },
    },
    {
      id: 'prio-beside-data',
      sentence: { ...priority, says: 'MP_PRIO may be sent on any segment: here beside data, where there is room.' },
      change: { wire: [spoil(isSmallMappedData, besideData(prio))] },
    },
  ]),
  ...variants({ profiles: mptcpProfiles, about: 'Data ACK of DATA_FIN' }, [
    {
      id: 'data-fin-acknowledged-after-200ms',
      sentence: {
        source: 'RFC 8684',
        section: '3.3.2',
        says: 'No time is given for the Data ACK of a DATA_FIN: here it takes 200 ms.',
      },
      change: { habit: stretched(milliseconds(200), answersDataFin) },
    },
  ]),
];
