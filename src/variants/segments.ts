/** How a stream is cut into segments and how they are marked: sizes, PSH, fields without a meaning, IP around them. */
import { spoil } from '../mutants/fault.js';
import { isFin, isReset, isSyn, isSynAck } from '../mutants/segment.js';
import { type Tcp, TcpFlag } from '../protocol/wire/packet.js';
import type { Seq } from '../protocol/wire/seq.js';
import { hasFlag } from '../reference/tcp/flow.js';
import { everyProfile, type Variant, variants } from './variant.js';

const offersEcn = (tcp: Tcp): boolean => hasFlag(tcp, TcpFlag.ECE) && hasFlag(tcp, TcpFlag.CWR);

/** The peer's MSS is an upper bound: the host sends at most so many octets a segment. */
const atMost = (largest_payload: number) => ({ behaves: { tcp: { largest_payload } } });

export const segmentVariants: readonly Variant[] = [
  ...variants({ profiles: everyProfile, about: 'size of segments' }, [
    {
      id: 'segments-of-256',
      sentence: {
        source: 'RFC 9293',
        section: '3.7.1',
        says: 'The MSS is the most that a segment carries; it may carry less.',
      },
      change: atMost(256),
    },
    {
      id: 'segments-of-64',
      sentence: {
        source: 'RFC 9293',
        section: '3.7.1',
        says: 'The MSS is the most that a segment carries; it may carry far less.',
      },
      change: atMost(64),
    },
    {
      id: 'segments-of-3',
      sentence: {
        source: 'RFC 9293',
        section: '3.7',
        says: 'Segments need not correspond to writes: one write may be sent in several segments.',
      },
      change: atMost(3),
    },
  ]),
  ...variants({ profiles: everyProfile, about: 'PSH' }, [
    {
      id: 'psh-on-fin',
      sentence: {
        source: 'RFC 9293',
        section: '3.9.1.2',
        says: 'PSH says that no buffered data follows: so it may be set on a FIN.',
      },
      change: { wire: [spoil(isFin, ({ flags }) => ({ flags: flags | TcpFlag.PSH }))] },
    },
  ]),
  ...variants({ profiles: everyProfile, about: 'fields without meaning' }, [
    {
      id: 'urgent-pointer-without-urg',
      sentence: {
        source: 'RFC 9293',
        section: '3.1',
        says: 'The urgent pointer is read only if URG is set: otherwise it may have any value.',
      },
      change: {
        wire: [
          spoil(
            (tcp) => !hasFlag(tcp, TcpFlag.URG),
            () => ({ urgent: 0x1234 }),
          ),
        ],
      },
    },
    {
      id: 'ack-number-without-ack',
      sentence: {
        source: 'RFC 9293',
        section: '3.1',
        says: 'The acknowledgment number is read only if ACK is set: otherwise it may have any value.',
      },
      change: {
        wire: [
          spoil(
            (tcp) => !hasFlag(tcp, TcpFlag.ACK),
            () => ({ ack: 0x1357_9bdf as Seq }),
          ),
        ],
      },
    },
    {
      id: 'window-on-resets',
      sentence: {
        source: 'RFC 9293',
        section: '3.10.7.1',
        says: 'The form of a reset does not prescribe its window: it may have any value.',
      },
      change: { wire: [spoil(isReset, () => ({ window: 0x2000 }))] },
    },
  ]),
  ...variants({ profiles: everyProfile, about: 'ECN' }, [
    {
      id: 'ecn-setup-syn',
      sentence: {
        source: 'RFC 3168',
        section: '6.1.1',
        says: 'A host that is willing to use ECN sets ECE and CWR in its SYN; a host that is not answers without them.',
      },
      declared: { tcp: { ecn: 'offered' } },
      role: 'client',
      change: { wire: [spoil(isSyn, ({ flags }) => ({ flags: flags | TcpFlag.ECE | TcpFlag.CWR }))] },
    },
    {
      id: 'ecn-setup-first-syn-only',
      sentence: {
        source: 'RFC 3168',
        section: '6.1.1.1',
        says: 'If an ECN-setup SYN draws no answer, the SYN may be repeated without ECE and CWR.',
      },
      declared: { tcp: { ecn: 'offered' } },
      role: 'client',
      change: {
        wire: [
          spoil(
            (tcp, { flow }) => isSyn(tcp) && !flow.openedHere,
            ({ flags }) => ({ flags: flags | TcpFlag.ECE | TcpFlag.CWR }),
          ),
        ],
      },
    },
    {
      id: 'ecn-setup-answered',
      sentence: {
        source: 'RFC 3168',
        section: '6.1.1',
        says: 'A host that is willing to use ECN answers an ECN-setup SYN with ECE in its SYN/ACK.',
      },
      role: 'server',
      change: {
        wire: [
          spoil(
            (tcp, { flow }) => isSynAck(tcp) && flow.segments('in').some((each) => isSyn(each) && offersEcn(each)),
            ({ flags }) => ({ flags: flags | TcpFlag.ECE }),
          ),
        ],
      },
    },
    {
      id: 'accurate-ecn-setup-syn',
      sentence: {
        source: 'RFC 9293',
        section: '3.1',
        says: 'Reserved bits are zero unless a feature that uses them is implemented: AccECN (RFC 9768) sets AE, CWR and ECE.',
      },
      declared: { tcp: { ecn: 'offered' } },
      role: 'client',
      change: {
        wire: [
          spoil(isSyn, ({ flags, reserved }) => ({ flags: flags | TcpFlag.ECE | TcpFlag.CWR, reserved: reserved | 1 })),
        ],
      },
    },
  ]),
];
