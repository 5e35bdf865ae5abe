/** Mutants of TCP's sequence numbers (RFC 9293): resets without state, acceptability, what is sent twice. */
import { TcpFlag } from '../protocol/wire/packet.js';
import { seq, seqAdd, seqDiff } from '../protocol/wire/seq.js';
import { hasFlag, segmentLength } from '../reference/tcp/flow.js';
import { isAcceptable, judgeReset } from '../reference/tcp/judgement.js';
import { answerWithoutState } from '../reference/tcp/reset.js';
import { accompany, answer, misread, overlook, repeat } from './fault.js';
import { mutants } from './mutant.js';
import { isData, isReset, redraft, resetTo } from './segment.js';

const { ACK, RST } = TcpFlag;

const segmentsOf = segmentLength;

export const tcpNumberMutants = mutants({ profile: 'tcp', role: 'server' }, [
  {
    id: 'closed-port-reset-without-acknowledgment',
    requirement: 'RFC9293-3.10.7-06',
    breaks: 'The reset that refuses a SYN does not acknowledge it, so that the peer cannot accept the reset.',
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
    origin: 'ausimian/tricep#71',
    breaks: 'A segment for a port without listener draws no reset.',
    defect: { decides: { tcp: { answerWithoutState: () => undefined } } },
  },
  {
    id: 'stray-reset-from-number-zero',
    requirement: 'RFC9293-3.10.7-06',
    origin: 'zephyrproject-rtos/zephyr#4420',
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
    origin: 'FreeRTOS/FreeRTOS-Plus-TCP#700',
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
    requirement: 'RFC5961-3.2-01',
    origin: 'google/gvisor#13165',
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
    origin: 'ausimian/tricep#32',
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
    origin: 'tass-belgium/picotcp#248',
    breaks: 'A reset at exactly the expected number does not end an established flow.',
    defect: {
      decides: {
        tcp: { judgeReset: (flow, segment) => (flow.state === 'syn-received' ? judgeReset(flow, segment) : 'drop') },
      },
    },
  },
  {
    id: 'old-segment-unanswered',
    requirement: 'RFC9293-3.10.7-14',
    origin: 'smoltcp-rs/smoltcp#21',
    breaks: 'Data that was received before, or is outside the window, draws no ACK with the current numbers.',
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
    breaks: 'A segment outside the window draws a reset instead of an ACK.',
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
    breaks: 'Data far outside the window is accepted as the next data.',
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
    breaks: 'Every reset is sent twice.',
    defect: { wire: [repeat(isReset)] },
  },
]);
