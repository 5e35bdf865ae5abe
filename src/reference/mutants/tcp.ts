/** Mutants of TCP (RFC 9293): the handshake, resets, acceptability and retransmission, both roles, without MPTCP. */
import { TcpFlag } from '../../protocol/wire/packet.js';
import { seq, seqAdd, seqDiff } from '../../protocol/wire/seq.js';
import { hasFlag, segmentLength } from '../tcp/flow.js';
import { acknowledgesSyn, isAcceptable, judgeReset } from '../tcp/judgement.js';
import { answerWithoutState } from '../tcp/reset.js';
import { accompany, answer, crash, imagine, misread, overlook, repeat, spoil, withhold } from './fault.js';
import { mutants } from './mutant.js';
import { backTo, isBareAck, isData, isFin, isReset, isSyn, isSynAck, redraft, resetTo, without } from './segment.js';

const { ACK, FIN, PSH, RST, SYN } = TcpFlag;

const server = mutants({ profile: 'tcp', role: 'server' }, [
  {
    id: 'syn-ack-acknowledges-an-octet-too-many',
    requirement: 'RFC9293-3.10.7-01',
    breaks: 'The SYN/ACK acknowledges two octets where the SYN occupies one.',
    defect: { wire: [spoil(isSynAck, ({ ack }) => ({ ack: seqAdd(ack, 1) }))] },
  },
  {
    id: 'syn-ack-twice',
    requirement: 'RFC9293-3.10.7-01',
    breaks: 'A SYN draws two SYN/ACKs with different numbers where one is asked for.',
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
    breaks: 'The removal of a half-open flow is not silent: the reset that did it draws another.',
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
    breaks: 'In SYN-RECEIVED an ACK of something never sent establishes the flow.',
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
    breaks: 'In SYN-RECEIVED an ACK of something never sent draws no reset.',
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
    breaks: 'An ACK that finds the listener but no flow draws nothing.',
    defect: { wire: [overlook((tcp, { flow }) => isBareAck(tcp) && !flow.synAcked)] },
  },
  {
    id: 'stray-acknowledgment-opens',
    requirement: 'RFC9293-3.10.7-09',
    breaks: 'An ACK at the listener is taken for a SYN.',
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
    requirement: 'RFC9293-3.10.7-13',
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
    breaks: 'An unacknowledged SYN/ACK is never sent again.',
    defect: { wire: [withhold((tcp, { flow }) => isSynAck(tcp) && flow.segments('out').some(isSynAck))] },
  },
  {
    id: 'repeated-syn-ack-with-other-number',
    requirement: 'RFC9293-3.8.1-01',
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
    breaks: 'The same SYN again ends the half-open flow that it opened.',
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
    breaks: 'The same SYN again draws nothing.',
    defect: { wire: [overlook((tcp, { flow }) => isSyn(tcp) && flow.synAcked)] },
  },
  {
    id: 'unknown-option-refuses-the-syn',
    requirement: 'RFC9293-3.1-01',
    breaks: 'A SYN with a TCP option of unknown kind is reset instead of answered as if the option were not there.',
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
    breaks: 'An option whose length octet is impossible takes the process down.',
    defect: { wire: [crash((tcp) => tcp.options.some(({ option }) => option === 'malformed'))] },
  },
  {
    id: 'options-behind-nop-unread',
    requirement: 'RFC9293-3.1-03',
    breaks: 'A segment whose option list begins with NOP is dropped, as if options stood at one place only.',
    defect: { wire: [overlook((tcp) => tcp.options[0]?.option === 'nop')] },
  },
  {
    id: 'option-beside-data-drops-the-segment',
    requirement: 'RFC9293-3.1-03',
    breaks: 'An MSS option on a segment other than a SYN makes the host drop it.',
    defect: { wire: [overlook((tcp) => isData(tcp) && tcp.options.some(({ option }) => option === 'mss'))] },
  },
  {
    id: 'padding-read-as-options',
    requirement: 'RFC9293-3.2-01',
    breaks: 'Octets behind the end of the option list are taken for options, and the segment is reset for them.',
    defect: {
      wire: [
        answer(
          (tcp) => isSyn(tcp) && tcp.options.some((o) => o.option === 'eol' && o.padding.some((octet) => octet !== 0)),
          ({ packet }) => [resetTo(packet)],
        ),
      ],
    },
  },
  {
    id: 'wrong-checksum-sent',
    requirement: 'RFC9293-3.1-04',
    breaks: 'Data segments leave with a checksum that is off by one bit.',
    defect: { wire: [spoil(isData, ({ checksum }) => ({ checksum: checksum ^ 1 }))] },
  },
  {
    id: 'wrong-checksum-taken',
    requirement: 'RFC9293-3.1-05',
    breaks: 'A segment with a wrong checksum is taken as if it were right.',
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
    breaks: 'A SYN with reserved header bits is dropped where they are to be ignored.',
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

const either = mutants({ profile: 'tcp', role: 'server' }, [
  {
    id: 'closed-port-reset-without-acknowledgment',
    requirement: 'RFC9293-3.10.7-06',
    breaks: 'The reset that refuses a SYN carries no ACK of it, so that the peer cannot accept it.',
    defect: {
      decides: {
        tcp: {
          answerWithoutState: (segment) => {
            const form = answerWithoutState(segment);
            return form === undefined || hasFlag(segment, ACK) ? form : { ...form, ack: 0, flags: RST };
          },
        },
      },
    },
  },
  {
    id: 'closed-port-silent',
    requirement: 'RFC9293-3.10.7-06',
    breaks: 'A segment for a port without listener draws nothing.',
    defect: { decides: { tcp: { answerWithoutState: () => undefined } } },
  },
  {
    id: 'stray-reset-from-number-zero',
    requirement: 'RFC9293-3.10.7-06',
    breaks: 'The reset for an ACK without state has sequence number 0 and not that of the ACK.',
    defect: {
      decides: {
        tcp: {
          answerWithoutState: (segment) => {
            const form = answerWithoutState(segment);
            return form === undefined || !hasFlag(segment, ACK) ? form : { ...form, seq: 0 };
          },
        },
      },
    },
  },
  {
    id: 'reset-acknowledges-one-octet-too-few',
    requirement: 'RFC9293-3.10.7-06',
    breaks: 'The reset for a segment without ACK leaves out the octets that its flags occupy.',
    defect: {
      decides: {
        tcp: {
          answerWithoutState: (segment) => {
            const form = answerWithoutState(segment);
            return form === undefined || hasFlag(segment, ACK) ? form : { ...form, ack: form.ack - 1 };
          },
        },
      },
    },
  },
  {
    id: 'reset-at-any-number-in-window',
    requirement: 'RFC9293-3.10.7-12',
    breaks: 'A reset anywhere in the window ends an established flow.',
    defect: {
      decides: {
        tcp: {
          judgeReset: (flow, segment) =>
            judgeReset(flow, segment) === 'challenge' ? 'reset' : judgeReset(flow, segment),
        },
      },
    },
  },
  {
    id: 'reset-outside-window-taken',
    requirement: 'RFC9293-3.10.7-12',
    breaks: 'A reset whose sequence number lies outside the window ends the flow.',
    defect: {
      decides: {
        tcp: {
          isAcceptable: (flow, segment) => hasFlag(segment, RST) || isAcceptable(flow, segment),
          judgeReset: () => 'reset',
        },
      },
    },
  },
  {
    id: 'exact-reset-ignored',
    requirement: 'RFC9293-3.10.7-12',
    breaks: 'A reset at exactly the number awaited does not end an established flow.',
    defect: {
      decides: {
        tcp: { judgeReset: (flow, segment) => (flow.state === 'syn-received' ? judgeReset(flow, segment) : 'drop') },
      },
    },
  },
  {
    id: 'old-segment-unanswered',
    requirement: 'RFC9293-3.10.7-14',
    breaks: 'Data that was taken before, or lies outside the window, draws no ACK with the current numbers.',
    defect: {
      wire: [
        overlook(
          (tcp, { flow }) =>
            flow.confirmed &&
            isData(tcp) &&
            seqDiff(seqAdd(tcp.seq, tcp.payload.length), flow.next('in') ?? tcp.seq) <= 0,
        ),
      ],
    },
  },
  {
    id: 'old-segment-resets',
    requirement: 'RFC9293-3.10.7-14',
    breaks: 'A segment outside the window draws a reset where an ACK is due.',
    defect: {
      wire: [
        answer(
          (tcp, { flow }) =>
            flow.confirmed && !isReset(tcp) && Math.abs(seqDiff(tcp.seq, flow.next('in') ?? tcp.seq)) > 0x10000,
          ({ packet }) => [resetTo(packet)],
        ),
      ],
    },
  },
  {
    id: 'unacceptable-data-delivered',
    requirement: 'RFC9293-3.10.7-14',
    breaks: 'Data far outside the window is taken as if it were the next.',
    defect: {
      wire: [
        misread(
          (tcp, { flow }) =>
            flow.confirmed && isData(tcp) && Math.abs(seqDiff(tcp.seq, flow.next('in') ?? tcp.seq)) > 0x10000,
          (_, { flow }) => ({ seq: flow.next('in') ?? seq(0) }),
        ),
      ],
    },
  },
]);

const client = mutants({ profile: 'tcp', role: 'client' }, [
  {
    id: 'third-segment-beyond-its-number',
    requirement: 'RFC9293-3.10.7-02',
    breaks: 'The ACK of the SYN/ACK stands one octet behind the SYN instead of right after it.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) => isBareAck(tcp) && !flow.carriedData,
          (tcp) => ({ seq: seqAdd(tcp.seq, 1) }),
        ),
      ],
    },
  },
  {
    id: 'third-segment-missing',
    requirement: 'RFC9293-3.10.7-02',
    breaks: 'A SYN/ACK is not confirmed.',
    defect: { wire: [withhold((tcp, { flow }) => isBareAck(tcp) && !flow.carriedData)] },
  },
  {
    id: 'wrong-acknowledgment-accepted-in-syn-sent',
    requirement: 'RFC9293-3.10.7-03',
    breaks: 'A SYN/ACK that acknowledges something never sent makes a connection.',
    defect: {
      decides: {
        tcp: { answerWithoutState: () => undefined },
      },
      wire: [
        misread(
          (tcp, { flow }) => hasFlag(tcp, SYN) && hasFlag(tcp, ACK) && !flow.confirmed && !hasFlag(tcp, RST),
          (tcp, { flow }) => ({ ack: flow.next('out') ?? tcp.ack }),
        ),
      ],
    },
  },
  {
    id: 'wrong-acknowledgment-in-syn-sent-unanswered',
    requirement: 'RFC9293-3.10.7-03',
    breaks: 'A wrong acknowledgment in SYN-SENT draws no reset.',
    defect: {
      wire: [
        overlook(
          (tcp, { flow }) =>
            hasFlag(tcp, ACK) && !isReset(tcp) && flow.openedHere && !flow.confirmed && tcp.ack !== flow.next('out'),
        ),
      ],
    },
  },
  {
    id: 'wrong-acknowledgment-in-syn-sent-ends-the-attempt',
    requirement: 'RFC9293-3.10.7-03',
    breaks: 'A wrong acknowledgment in SYN-SENT is not just discarded: the attempt ends with it.',
    defect: {
      wire: [
        imagine(
          (tcp, { flow }) =>
            hasFlag(tcp, ACK) && !isReset(tcp) && flow.openedHere && !flow.confirmed && tcp.ack !== flow.next('out'),
          ({ packet, path, flow }) => [
            { path, draft: redraft(packet, { flags: RST | ACK, ack: flow.next('out') ?? seq(0) }) },
          ],
        ),
      ],
    },
  },
  {
    id: 'refusal-ignored',
    requirement: 'RFC9293-3.10.7-04',
    breaks: 'A reset that acknowledges the SYN does not end the attempt on its flow.',
    defect: { decides: { tcp: { refuses: () => false } } },
  },
  {
    id: 'blind-reset-refuses',
    requirement: 'RFC9293-3.10.7-05',
    breaks: 'A reset in SYN-SENT counts without an acknowledgment of the SYN.',
    defect: { decides: { tcp: { refuses: (_, segment) => !hasFlag(segment, ACK) || true } } },
  },
  {
    id: 'blind-reset-without-ack-refuses',
    requirement: 'RFC9293-3.10.7-05',
    breaks: 'A reset in SYN-SENT counts when it has no ACK bit at all.',
    defect: {
      decides: { tcp: { refuses: (flow, segment) => !hasFlag(segment, ACK) || acknowledgesSyn(flow, segment) } },
    },
  },
  {
    id: 'blind-reset-answered',
    requirement: 'RFC9293-3.10.7-05',
    breaks: 'A stray reset in SYN-SENT is not dropped silently but answered.',
    defect: {
      wire: [
        answer(
          (tcp, { flow }) => isReset(tcp) && flow.openedHere && !flow.synAcked,
          ({ packet }) => [resetTo(packet)],
          'besides',
        ),
      ],
    },
  },
  {
    id: 'simultaneous-open-refused',
    requirement: 'RFC9293-3.5-01',
    breaks: 'A bare SYN in SYN-SENT draws a reset and no SYN/ACK.',
    defect: {
      wire: [
        answer(
          (tcp, { flow }) => isSyn(tcp) && flow.openedHere,
          ({ packet }) => [resetTo(packet)],
        ),
      ],
    },
  },
  {
    id: 'simultaneous-open-with-new-number',
    requirement: 'RFC9293-3.5-01',
    breaks: 'The SYN/ACK of a simultaneous open has another ISN than the SYN before.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) => isSynAck(tcp) && flow.openedHere,
          (tcp) => ({ seq: seqAdd(tcp.seq, 77) }),
        ),
      ],
    },
  },
  {
    id: 'syn-never-repeated',
    requirement: 'RFC9293-3.8.3-01',
    breaks: 'An unanswered SYN is not sent again.',
    defect: { wire: [withhold((tcp, { flow }) => isSyn(tcp) && flow.openedHere)] },
  },
  {
    id: 'syn-given-up-after-two',
    requirement: 'RFC9293-3.8.3-01',
    breaks: 'The attempt is given up after three seconds, far from three minutes.',
    defect: { wire: [withhold((tcp, { flow }) => isSyn(tcp) && flow.segments('out').filter(isSyn).length >= 2)] },
  },
  {
    id: 'repeated-syn-with-new-number',
    requirement: 'RFC9293-3.9.1-01',
    breaks: 'A repeated SYN has another ISN: a second flow on the same 4-tuple.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) => isSyn(tcp) && flow.openedHere,
          (tcp) => ({ seq: seqAdd(tcp.seq, 4242) }),
        ),
      ],
    },
  },
  {
    id: 'syn-companions-repeated-twice',
    requirement: 'RFC9293-3.8.3-01',
    breaks: 'Each repetition of the SYN leaves from another port, as a new flow.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) => isSyn(tcp) && flow.openedHere,
          (tcp) => ({ sourcePort: tcp.sourcePort ^ 0x55 }),
        ),
      ],
    },
  },
  {
    id: 'client-never-sends-fin',
    requirement: 'RFC9293-3.6-01',
    breaks: 'The application closes and no FIN leaves.',
    defect: { wire: [withhold(isFin)] },
  },
  {
    id: 'fin-ahead-of-its-number',
    requirement: 'RFC9293-3.6-01',
    breaks: 'The FIN stands one octet beyond the last octet that was sent.',
    defect: {
      wire: [
        spoil(
          (tcp) => hasFlag(tcp, FIN),
          (tcp) => ({ seq: seqAdd(tcp.seq, 1) }),
        ),
      ],
    },
  },
  {
    id: 'fin-of-the-peer-unacknowledged',
    requirement: 'RFC9293-3.6-01',
    breaks: "The peer's FIN draws no ACK.",
    defect: { wire: [overlook(isFin)] },
  },
  {
    id: 'syn-sent-thrice-at-once',
    requirement: 'RFC6298-2-01',
    breaks: 'The SYN is repeated at once and not after about a second.',
    defect: {
      wire: [
        accompany(
          (tcp, { flow }) => isSyn(tcp) && !flow.openedHere,
          ({ packet }) => [redraft(packet, without(packet.tcp, 'timestamps')), redraft(packet)],
        ),
      ],
    },
  },
]);

const segmentsOf = segmentLength;

const companions = mutants({ profile: 'tcp', role: 'server' }, [
  {
    id: 'data-sent-twice-with-shift',
    requirement: 'RFC9293-3.10.7-14',
    breaks: 'Data is sent a second time one octet further on, so that it overlaps itself.',
    defect: {
      wire: [
        accompany(
          (tcp) => isData(tcp) && segmentsOf(tcp) > 1,
          ({ packet, tcp }) => [redraft(packet, { seq: seqAdd(tcp.seq, 1) })],
        ),
      ],
    },
  },
  {
    id: 'reset-sent-twice',
    requirement: 'RFC9293-3.10.7-06',
    breaks: 'Every reset leaves twice where one answers.',
    defect: { wire: [repeat(isReset)] },
  },
]);

export const tcpMutants = [...server, ...either, ...client, ...companions];
