/**
 * Mutants of a TCP server (RFC 9293): the handshake, its resets, options and header fields.
 * Longer than 300 lines because it is one list of small faults of one role.
 */
import type { Tcp } from '../protocol/wire/packet.js';
import { TcpFlag } from '../protocol/wire/packet.js';
import { seq, seqAdd } from '../protocol/wire/seq.js';
import { hasFlag } from '../reference/tcp/flow.js';
import { acknowledgesSyn, judgeReset } from '../reference/tcp/judgement.js';
import { answerWithoutState } from '../reference/tcp/reset.js';
import { accompany, answer, crash, misread, overlook, spoil, withhold } from './fault.js';
import { mutants } from './mutant.js';
import {
  backTo,
  carries,
  isBareAck,
  isData,
  isFin,
  isReset,
  isSyn,
  isSynAck,
  redraft,
  resetTo,
  without,
} from './segment.js';

const { ACK, PSH, RST, SYN } = TcpFlag;
const ofSyns = ['mss', 'window_scale', 'sack_permitted'] as const;
/** The options that say something, in order. */
const meaningful = ({ options }: Tcp) =>
  options.map(({ option }) => option).filter((name) => name !== 'nop' && name !== 'eol');

export const tcpServerMutants = mutants({ profile: 'tcp', role: 'server' }, [
  {
    id: 'syn-ack-acknowledges-an-octet-too-many',
    requirement: 'RFC9293-3.10.7-01',
    breaks: 'The SYN/ACK acknowledges two octets where the SYN occupies one.',
    defect: { wire: [spoil(isSynAck, ({ ack }) => ({ ack: seqAdd(ack, 1) }))] },
  },
  {
    id: 'syn-ack-twice',
    requirement: 'RFC9293-3.10.7-01',
    breaks: 'A SYN draws two SYN/ACKs with different numbers instead of one.',
    defect: {
      wire: [accompany(isSynAck, ({ packet, tcp }) => [redraft(packet, { seq: seqAdd(tcp.seq, 0x10000) })])],
    },
  },
  {
    id: 'reset-in-syn-received-ignored',
    requirement: 'RFC9293-3.10.7-10',
    breaks: 'A valid reset of a half-open flow does not remove it: the third segment still makes a connection.',
    defect: {
      decides: {
        tcp: { judgeReset: (flow, segment) => (flow.state === 'syn-received' ? 'drop' : judgeReset(flow, segment)) },
      },
    },
  },
  {
    id: 'reset-in-syn-received-answered',
    requirement: 'RFC9293-3.10.7-10',
    breaks: 'A reset that removes a half-open flow draws a reset.',
    defect: {
      wire: [
        answer(
          (tcp, { flow }) => isReset(tcp) && flow.synAcked && !flow.confirmed,
          ({ packet }) => [resetTo(packet)],
          'besides',
        ),
      ],
    },
  },
  {
    id: 'any-acknowledgment-completes-the-handshake',
    requirement: 'RFC9293-3.10.7-11',
    origin: 'NON-OS/nonos-micro-kernel#201',
    breaks: 'In SYN-RECEIVED an ACK of octets that were never sent establishes the flow.',
    defect: {
      decides: {
        tcp: {
          acknowledgesSyn: (flow, segment) =>
            flow.state === 'syn-received' ? hasFlag(segment, ACK) : acknowledgesSyn(flow, segment),
        },
      },
    },
  },
  {
    id: 'wrong-third-acknowledgment-passed-over',
    requirement: 'RFC9293-3.10.7-11',
    breaks: 'In SYN-RECEIVED an ACK of octets that were never sent draws no reset.',
    defect: { wire: [withhold((tcp, { flow }) => tcp.flags === RST && flow.synAcked && !flow.carriedData)] },
  },
  {
    id: 'listener-answers-a-reset',
    requirement: 'RFC9293-3.10.7-08',
    breaks: 'A reset that reaches the listener is answered.',
    defect: {
      wire: [
        answer(
          (tcp, { flow }) => isReset(tcp) && !flow.synAcked,
          ({ packet }) => [resetTo(packet)],
        ),
      ],
    },
  },
  {
    id: 'reset-draws-a-reset',
    requirement: 'RFC9293-3.10.7-07',
    breaks: 'A reset for a port without listener is answered by another reset.',
    defect: {
      decides: {
        tcp: {
          answerWithoutState: (segment) => answerWithoutState({ ...segment, flags: segment.flags & ~RST }),
        },
      },
    },
  },
  {
    id: 'stray-acknowledgment-ignored',
    requirement: 'RFC9293-3.10.7-09',
    breaks: 'A segment with ACK to a listener, without a flow, draws no reset.',
    defect: { wire: [overlook((tcp, { flow }) => hasFlag(tcp, ACK) && !isReset(tcp) && !flow.synAcked)] },
  },
  {
    id: 'any-number-passes-for-a-cookie',
    requirement: 'RFC9293-3.10.7-09',
    declared: { tcp: { listener: 'stateless' } },
    breaks: 'A listener that keeps no state opens a connection for an ACK of any number.',
    defect: {
      decides: {
        tcp: {
          acknowledgesSyn: (flow, segment) =>
            flow.state === 'syn-received' ? hasFlag(segment, ACK) : acknowledgesSyn(flow, segment),
        },
      },
    },
  },
  {
    id: 'stray-acknowledgment-opens',
    requirement: 'RFC9293-3.10.7-09',
    breaks: 'An ACK to a listener is treated as a SYN.',
    defect: {
      wire: [
        misread(
          (tcp, { flow }) => isBareAck(tcp) && !flow.synAcked,
          () => ({ flags: SYN }),
        ),
      ],
    },
  },
  {
    id: 'syn-on-live-flow-resets-it',
    requirement: 'RFC5961-4.2-01',
    origin: 'zephyrproject-rtos/zephyr#48704',
    breaks: 'A SYN in the window of an established flow ends it instead of drawing a challenge ACK.',
    defect: {
      wire: [
        misread(
          (tcp, { flow }) => isSyn(tcp) && flow.confirmed,
          (_, { flow }) => ({ flags: RST, seq: flow.next('in') ?? seq(0) }),
        ),
      ],
    },
  },
  {
    id: 'syn-on-live-flow-starts-anew',
    requirement: 'RFC9293-3.10.7-13',
    breaks: 'A SYN on an established flow is answered as a new connection request.',
    defect: {
      wire: [
        answer(
          (tcp, { flow }) => isSyn(tcp) && flow.confirmed,
          ({ packet, tcp }) => [backTo(packet, { seq: seq(0x1111), ack: seqAdd(tcp.seq, 1), flags: SYN | ACK })],
        ),
      ],
    },
  },
  {
    id: 'data-echoed-before-the-handshake-ends',
    requirement: 'RFC9293-3.10.7-15',
    breaks: 'Data that comes with the SYN reaches the application before the flow is established.',
    defect: {
      wire: [
        answer(
          (tcp) => isSyn(tcp) && tcp.payload.length > 0,
          ({ packet, tcp }) => [
            backTo(packet, {
              seq: seq(0x2222),
              ack: seqAdd(tcp.seq, 1 + tcp.payload.length),
              flags: ACK | PSH,
              payload: tcp.payload,
            }),
          ],
          'besides',
        ),
      ],
    },
  },
  {
    id: 'syn-ack-not-repeated',
    requirement: 'RFC9293-3.8.1-01',
    origin: 'includeos/IncludeOS#542',
    breaks: 'An unacknowledged SYN/ACK is never sent again.',
    defect: { wire: [withhold((tcp, { flow }) => isSynAck(tcp) && flow.segments('out').some(isSynAck))] },
  },
  {
    id: 'repeated-syn-ack-with-other-number',
    requirement: 'RFC9293-3.8.1-01',
    origin: 'mtcp-stack/mtcp#78',
    breaks: 'A repeated SYN/ACK has another sequence number than the first.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) => isSynAck(tcp) && flow.segments('out').some(isSynAck),
          (tcp) => ({ seq: seqAdd(tcp.seq, 1000) }),
        ),
      ],
    },
  },
  {
    id: 'repeated-syn-resets-half-open-flow',
    requirement: 'RFC9293-3.10.7-16',
    origin: 'tass-belgium/picotcp#148',
    breaks: 'A repeated SYN ends the half-open flow that it opened.',
    defect: {
      wire: [
        answer(
          (tcp, { flow }) => isSyn(tcp) && flow.synAcked && !flow.confirmed,
          ({ packet }) => [resetTo(packet)],
        ),
      ],
    },
  },
  {
    id: 'repeated-syn-unanswered',
    requirement: 'RFC9293-3.10.7-16',
    breaks: 'A repeated SYN draws no SYN/ACK.',
    defect: { wire: [overlook((tcp, { flow }) => isSyn(tcp) && flow.synAcked)] },
  },
  {
    id: 'unknown-option-refuses-the-syn',
    requirement: 'RFC9293-3.1-01',
    breaks: 'A SYN with a TCP option of unknown kind draws a reset instead of a SYN/ACK.',
    defect: {
      wire: [
        answer(
          (tcp) => isSyn(tcp) && tcp.options.some(({ option }) => option === 'unknown'),
          ({ packet }) => [resetTo(packet)],
        ),
      ],
    },
  },
  {
    id: 'unknown-option-drops-the-segment',
    requirement: 'RFC9293-3.1-01',
    breaks: 'A segment with a TCP option of unknown kind is dropped.',
    defect: { wire: [overlook((tcp) => tcp.options.some(({ option }) => option === 'unknown'))] },
  },
  {
    id: 'illegal-option-length-crashes',
    requirement: 'RFC9293-3.1-02',
    breaks: 'An option whose length octet is impossible crashes the process.',
    defect: { wire: [crash((tcp) => tcp.options.some(({ option }) => option === 'malformed'))] },
  },
  {
    id: 'options-behind-nop-unread',
    requirement: 'RFC9293-3.1-08',
    breaks: 'A segment whose option list begins with NOP is dropped.',
    defect: { wire: [overlook((tcp) => tcp.options[0]?.option === 'nop')] },
  },
  {
    id: 'timestamps-behind-other-options-unread',
    requirement: 'RFC9293-3.1-03',
    breaks: 'Timestamps are read only if they are the first option.',
    defect: {
      wire: [
        misread(
          (tcp) => isSyn(tcp) && carries('timestamps')(tcp) && meaningful(tcp)[0] !== 'timestamps',
          (tcp) => without(tcp, 'timestamps'),
        ),
      ],
    },
  },
  {
    id: 'timestamps-before-other-options-unread',
    requirement: 'RFC9293-3.1-03',
    breaks: 'Timestamps are not read if another option than padding follows them.',
    defect: {
      wire: [
        misread(
          (tcp) => isSyn(tcp) && carries('timestamps')(tcp) && meaningful(tcp).at(-1) !== 'timestamps',
          (tcp) => without(tcp, 'timestamps'),
        ),
      ],
    },
  },
  {
    id: 'option-beside-data-drops-the-segment',
    requirement: 'RFC9293-3.1-07',
    breaks: 'An option that belongs on SYNs makes the host drop a segment with data.',
    defect: {
      wire: [overlook((tcp) => isData(tcp) && ofSyns.some((name) => carries(name)(tcp)))],
    },
  },
  {
    id: 'padding-read-as-options',
    requirement: 'RFC9293-3.2-01',
    breaks: 'Octets after the end of the option list are read as options, and the segment draws a reset.',
    defect: {
      wire: [
        answer(
          (tcp) =>
            (isSyn(tcp) || isSynAck(tcp)) &&
            tcp.options.some((o) => o.option === 'eol' && o.padding.some((octet) => octet !== 0)),
          ({ packet }) => [resetTo(packet)],
        ),
      ],
    },
  },
  {
    id: 'wrong-checksum-sent',
    requirement: 'RFC9293-3.1-04',
    breaks: 'The checksum of data segments is wrong by one bit.',
    defect: { wire: [spoil(isData, ({ checksum }) => ({ checksum: checksum ^ 1 }))] },
  },
  {
    id: 'wrong-checksum-taken',
    requirement: 'RFC9293-3.1-05',
    breaks: 'A segment with a wrong checksum is accepted.',
    defect: {
      wire: [
        misread(
          ({ checksumState }) => checksumState === 'invalid',
          () => ({}),
        ),
      ],
    },
  },
  {
    id: 'reserved-bits-sent',
    requirement: 'RFC9293-3.1-06',
    breaks: 'A reserved header bit is set on every SYN/ACK.',
    defect: { wire: [spoil(isSynAck, () => ({ reserved: 1 }))] },
  },
  {
    id: 'reserved-bits-refused',
    requirement: 'RFC9293-3.1-06',
    breaks: 'A SYN with reserved header bits is dropped although they must be ignored.',
    defect: { wire: [overlook(({ reserved }) => reserved !== 0)] },
  },
  {
    id: 'fin-unacknowledged',
    requirement: 'RFC9293-3.6-01',
    breaks: "The peer's FIN is never acknowledged.",
    defect: { wire: [overlook(isFin)] },
  },
  {
    id: 'fin-never-sent',
    requirement: 'RFC9293-3.6-01',
    breaks: 'After the peer closed, this end never sends its FIN.',
    defect: { wire: [withhold(isFin)] },
  },
]);
