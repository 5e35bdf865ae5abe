/** Freedoms of TCP about the options beside MPTCP's: which are sent, with which values, in which order, and how they are padded. */
import { overlook, type Passing, spoil } from '../mutants/fault.js';
import type { FlowHistory } from '../mutants/flow-history.js';
import { findAny, isSyn, type Change as SegmentChange, withEdited, without } from '../mutants/segment.js';
import { type Tcp, TcpFlag } from '../protocol/wire/packet.js';
import type { TcpOption } from '../protocol/wire/tcp-option.js';
import { optionLength } from '../protocol/wire/tcp-options.js';
import { hasFlag } from '../reference/tcp/flow.js';
import { taking } from './taking.js';
import { everyProfile, type Variant, variants } from './variant.js';

const opens = (tcp: Tcp): boolean => hasFlag(tcp, TcpFlag.SYN);
const always = (): boolean => true;

const spaceUsed = (options: readonly TcpOption[]): number =>
  options.reduce((sum, option) => sum + optionLength(option), 0);

const nop: TcpOption = { option: 'nop' };

const isPadding = ({ option }: TcpOption): boolean => option === 'nop' || option === 'eol';

/** The options without padding, in the order of `compare`, each on a word boundary where there is room. */
const reordered =
  (order: (options: readonly TcpOption[]) => readonly TcpOption[]) =>
  (tcp: Tcp): SegmentChange => ({ options: order(tcp.options.filter((option) => !isPadding(option))) });

/** Every option ends on a word boundary by NOPs after it, as far as 40 octets allow. */
const aligned = (tcp: Tcp): SegmentChange => {
  const options = tcp.options
    .filter((option) => !isPadding(option))
    .flatMap((option) => [option, ...Array.from({ length: -optionLength(option) & 3 }, () => nop)]);
  return spaceUsed(options) <= 40 ? { options } : {};
};

/** IPv6 announces 20 less. */
const mss = (value: number) => ({ behaves: { tcp: { mss: value } } });

const announcedMss = (flow: FlowHistory): number | undefined =>
  flow.segments('out').flatMap((each) => findAny(each, 'mss')?.value ?? [])[0];

/** Payload and options together (RFC 9293 section 3.7.1: Eff.snd.MSS) are more than the host said that it takes. */
const isTooLong = ({ payload, options }: Tcp, { flow }: Passing): boolean => {
  const announced = announcedMss(flow);
  return announced !== undefined && payload.length > 0 && payload.length + spaceUsed(options) > announced;
};

/** What is longer does not reach the host. */
const smallMss = (value: number) => ({ ...mss(value), wire: [overlook(isTooLong)] });

/** A timestamp clock that is `ahead` of the host's, seen from outside. */
const clockAhead = (ahead: number) => ({
  wire: [
    spoil(always, (tcp) =>
      withEdited(tcp, 'timestamps', (option) => ({ ...option, value: (option.value + ahead) >>> 0 })),
    ),
    taking(always, (tcp) =>
      withEdited(tcp, 'timestamps', (option) => ({ ...option, echo: (option.echo - ahead) >>> 0 })),
    ),
  ],
});

const mssSentence = (says: string) => ({ source: 'RFC 9293', section: '3.7.1', says }) as const;
const orderSentence = (says: string) => ({ source: 'RFC 9293', section: '3.1', says }) as const;

export const tcpOptionVariants: readonly Variant[] = [
  ...variants({ profiles: everyProfile, about: 'timestamps' }, [
    {
      id: 'no-timestamps',
      sentence: {
        source: 'RFC 7323',
        section: '3.2',
        says: 'Timestamps are optional; unless both SYNs have them, there are none.',
      },
      change: { behaves: { tcp: { timestamps: false } } },
    },
    {
      id: 'timestamps-near-wrap',
      sentence: {
        source: 'RFC 7323',
        section: '5.4',
        says: 'A random offset may be added to the clock of each connection.',
      },
      change: clockAhead(0xffff_ff00),
    },
    {
      id: 'timestamps-of-one-second',
      sentence: {
        source: 'RFC 7323',
        section: '5.4',
        says: 'A tick of the clock lasts from a millisecond to a second.',
      },
      change: {
        wire: [
          spoil(always, (tcp) =>
            withEdited(tcp, 'timestamps', (option) => ({ ...option, value: Math.floor(option.value / 1000) + 1 })),
          ),
        ],
      },
    },
  ]),
  ...variants({ profiles: everyProfile, about: 'echo of a SYN' }, [
    {
      id: 'timestamp-echo-on-syn',
      sentence: {
        source: 'RFC 7323',
        section: '3.2',
        says: 'A SYN without ACK should echo zero, which is a recommendation; a receiver must ignore the field.',
      },
      role: 'client',
      keeps: 'musts',
      change: {
        wire: [spoil(isSyn, (tcp) => withEdited(tcp, 'timestamps', (option) => ({ ...option, echo: 0x1badcafe })))],
      },
    },
  ]),
  ...variants({ profiles: everyProfile, about: 'SACK' }, [
    {
      id: 'no-sack',
      sentence: { source: 'RFC 9293', section: '3.2.1', says: 'SACK is recommended for speed, but optional.' },
      change: { behaves: { tcp: { sack: false } } },
    },
  ]),
  ...variants({ profiles: everyProfile, about: 'MSS' }, [
    {
      id: 'mss-of-536',
      sentence: mssSentence(
        'The MSS is at most the size that the host can receive and reassemble, which every host chooses.',
      ),
      change: smallMss(536),
    },
    {
      id: 'mss-of-276',
      sentence: mssSentence(
        'A host may receive and reassemble less than the 536 octets that are assumed without an MSS option.',
      ),
      change: smallMss(276),
    },
    {
      id: 'mss-of-4000',
      sentence: mssSentence('The MSS is the size that can be reassembled, which may be more than the link carries.'),
      change: mss(4000),
    },
    {
      id: 'no-mss',
      sentence: mssSentence(
        'The MSS option should be sent if the host receives another size than 536 or 1220 octets; otherwise it may be left out.',
      ),
      change: { wire: [spoil(opens, (tcp) => without(tcp, 'mss'))] },
    },
  ]),
  ...variants({ profiles: everyProfile, about: 'order of options' }, [
    {
      id: 'options-in-reverse',
      sentence: orderSentence('Options may have any order, and an option may begin at any octet.'),
      change: {
        wire: [
          spoil(
            always,
            reordered((options) => options.toReversed()),
          ),
        ],
      },
    },
    {
      id: 'options-aligned',
      sentence: { source: 'RFC 9293', section: '3.2', says: 'NOPs between options may align the next option.' },
      change: { wire: [spoil(always, aligned)] },
    },
    {
      id: 'options-end-early',
      sentence: {
        source: 'RFC 9293',
        section: '3.2',
        says: 'The end-of-options option need not be at the end of the header; zeros fill the rest.',
      },
      change: {
        wire: [
          spoil(
            always,
            reordered((options) => options),
          ),
        ],
      },
    },
  ]),
  ...variants({ profiles: everyProfile, about: 'further options' }, [
    {
      id: 'unknown-option-on-syn',
      sentence: orderSentence(
        'A host ignores unknown options, so other options may be sent: here 254, for experiments.',
      ),
      change: {
        wire: [
          spoil(
            (tcp) => isSyn(tcp) && spaceUsed(tcp.options) <= 36,
            ({ options }) => ({
              options: [...options, { option: 'unknown', kind: 254, data: Uint8Array.of(0xf9, 0x89) }],
            }),
          ),
        ],
      },
    },
    {
      id: 'fast-open-cookie-requested',
      sentence: orderSentence(
        'A client may request a TCP Fast Open cookie (RFC 7413 section 4.1.1); a host that does not know the option ignores it.',
      ),
      role: 'client',
      change: {
        wire: [
          spoil(
            (tcp) => isSyn(tcp) && spaceUsed(tcp.options) <= 38,
            ({ options }) => ({ options: [...options, { option: 'unknown', kind: 34, data: new Uint8Array(0) }] }),
          ),
        ],
      },
    },
  ]),
];
