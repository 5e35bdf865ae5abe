/** What stacks of other makers do in TCP: windows of the first flight, options on every segment, offloads at the host, writes of their own sizes. */
import { type Passing, repeat, spoil } from '../mutants/fault.js';
import {
  isBareAck,
  isData,
  isFin,
  isReset,
  isSyn,
  isThird,
  type Change as SegmentChange,
  without,
} from '../mutants/segment.js';
import { type Tcp, TcpFlag } from '../protocol/wire/packet.js';
import type { TcpOption } from '../protocol/wire/tcp-option.js';
import { optionsLength } from '../protocol/wire/tcp-options.js';
import { segmentLength } from '../reference/tcp/flow.js';
import { backOff } from '../reference/tcp/transmission.js';
import { echoing } from './echo-application.js';
import { isOrdinary, milliseconds } from './plain-acks.js';
import { stretched } from './stretched-acks.js';
import { everyProfile, type Variant, variants } from './variant.js';

const optionSpace = 40;

/** With one more option, where there is room for it. */
const beside =
  (option: TcpOption) =>
  ({ options }: Tcp): SegmentChange => {
    const more = [...options, option];
    return optionsLength(more) <= optionSpace ? { options: more } : {};
  };

const userTimeout: TcpOption = { option: 'unknown', kind: 28, data: Uint8Array.of(0x00, 0x3c) };

const bringsOctets = (_tcp: Tcp, { flow }: Passing): boolean => {
  const cause = flow.segments('in').at(-1);
  return cause !== undefined && isData(cause) && !isFin(cause);
};

const bringsFin = (_tcp: Tcp, { flow }: Passing): boolean => {
  const cause = flow.segments('in').at(-1);
  return cause !== undefined && isFin(cause) && segmentLength(cause) === 1;
};

const companionsOfSyn = ['timestamps', 'window_scale', 'sack_permitted'] as const;
/** Proposals 1 and 2 ask with SYNs that are alike (paper, section 2.1). */
const freeSyns = everyProfile.filter((profile) => profile !== 'robe-downgrade' && profile !== 'robe-bbm');
const isRepeatedSyn = (tcp: Tcp, { flow }: Passing): boolean => isSyn(tcp) && flow.openedHere;

const capacity = (says: string) => ({ source: 'RFC 9293', section: '3.8.2', says }) as const;
const unknownOptions = (says: string) => ({ source: 'RFC 9293', section: '3.2', says }) as const;
const longest = 60_000_000_000n;

export const otherStackVariants: readonly Variant[] = [
  ...variants({ profiles: everyProfile, about: 'first flight' }, [
    {
      id: 'first-flight-of-one-segment',
      sentence: capacity('The initial window is an upper bound: a host may begin with one segment.'),
      change: { decides: { tcp: { initialWindow: (mss) => mss } } },
    },
    {
      id: 'first-flight-of-two-segments',
      sentence: capacity('The initial window is an upper bound: a host may begin with two segments.'),
      change: { decides: { tcp: { initialWindow: (mss) => 2 * mss } } },
    },
  ]),
  ...variants({ profiles: everyProfile, about: 'longest timeout' }, [
    {
      id: 'timeouts-of-60s-at-most',
      sentence: {
        source: 'RFC 6298',
        section: '2.5',
        says: 'A maximum may be placed on the timeout, if it is at least 60 seconds.',
      },
      change: {
        decides: {
          tcp: {
            backOff: (flow) => {
              const next = backOff(flow);
              return next < longest ? next : longest;
            },
          },
        },
      },
    },
  ]),
  ...variants({ profiles: everyProfile, about: 'PSH of ACKs' }, [
    {
      id: 'psh-on-acks',
      sentence: {
        source: 'RFC 9293',
        section: '3.9.1.2',
        says: 'PSH says that no more data is buffered at the sender: so it may be set where nothing is.',
      },
      change: {
        wire: [
          spoil(
            (tcp) => isBareAck(tcp) && isOrdinary(tcp),
            ({ flags }) => ({ flags: flags | TcpFlag.PSH }),
          ),
        ],
      },
    },
  ]),
  ...variants({ profiles: everyProfile, about: 'options of segments without SYN' }, [
    {
      id: 'user-timeout-on-acks',
      sentence: unknownOptions(
        'A host may tell its user timeout (RFC 5482) on any segment; who does not know the option ignores it.',
      ),
      change: { wire: [spoil((tcp) => isBareAck(tcp) && isOrdinary(tcp), beside(userTimeout))] },
    },
  ]),
  ...variants({ profiles: everyProfile, about: 'timestamps of resets' }, [
    {
      id: 'resets-without-timestamps',
      sentence: {
        source: 'RFC 7323',
        section: '3.2',
        says: 'Timestamps on a reset are a recommendation: here it has none.',
      },
      keeps: 'musts',
      change: { wire: [spoil(isReset, (tcp) => without(tcp, 'timestamps'))] },
    },
  ]),
  ...variants({ profiles: freeSyns, about: 'options of a repeated SYN', role: 'client' }, [
    {
      id: 'repeated-syn-with-fewer-options',
      sentence: {
        source: 'RFC 7323',
        section: '1.3',
        says: 'Window scale and timestamps may be sent in a SYN, and need not: here a SYN that drew no answer is repeated without them.',
      },
      change: { wire: [spoil(isRepeatedSyn, (tcp) => without(tcp, ...companionsOfSyn))] },
    },
  ]),
  ...variants({ profiles: everyProfile, about: 'copies of ACKs' }, [
    {
      id: 'third-segment-twice',
      sentence: {
        source: 'RFC 9293',
        section: '3.8.6',
        says: 'An ACK takes no number and may be sent at any time: here the third segment leaves twice.',
      },
      role: 'client',
      change: { wire: [repeat(isThird)] },
    },
  ]),
  ...variants({ profiles: everyProfile, about: 'ACKs in batches' }, [
    {
      id: 'acks-stretched-by-receive-offload',
      sentence: {
        source: 'RFC 9293',
        section: '3.8.6.3',
        says: 'An ACK for at least every second full segment is a recommendation: here one stands for what came within 2 ms.',
      },
      keeps: 'musts',
      change: { habit: stretched(milliseconds(2), bringsOctets) },
    },
  ]),
  ...variants({ profiles: everyProfile, about: 'ACK of a FIN' }, [
    {
      id: 'fin-acknowledged-after-200ms',
      sentence: {
        source: 'RFC 9293',
        section: '3.8.6.3',
        says: 'An ACK may be delayed, by less than half a second: here that of a FIN.',
      },
      change: { habit: stretched(milliseconds(200), bringsFin) },
    },
  ]),
  ...variants({ profiles: everyProfile, about: 'MSS' }, [
    {
      id: 'mss-of-1380',
      sentence: {
        source: 'RFC 9293',
        section: '3.7.1',
        says: 'The MSS is what the host takes: here that of a tunnel.',
      },
      change: { behaves: { tcp: { mss: 1380 } } },
    },
    {
      id: 'mss-of-8960',
      sentence: {
        source: 'RFC 9293',
        section: '3.7.1',
        says: 'The MSS is what the host takes: here that of a large link.',
      },
      change: { behaves: { tcp: { mss: 8960 } } },
    },
  ]),
  ...variants({ profiles: everyProfile, about: 'size of segments' }, [
    {
      id: 'segments-of-1000',
      sentence: {
        source: 'RFC 9293',
        section: '3.7.2',
        says: 'A path may take less than both ends do: segments have at most what it takes.',
      },
      change: { behaves: { tcp: { largest_payload: 1000 } } },
    },
  ]),
  ...variants({ profiles: everyProfile, about: 'application', role: 'server' }, [
    {
      id: 'echo-of-all-that-came-in-2ms',
      sentence: {
        source: 'RFC 9293',
        section: '3.9.1.3',
        says: 'The application reads when it likes: here what came within two milliseconds, at once.',
      },
      change: echoing({ pause: 2_000_000n, together: true }),
    },
  ]),
];
