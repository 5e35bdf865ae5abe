/** Mutants of a TCP host that meets what hosts seldom see: urgent data, ECN, segments without ACK bit or without any flag. */
import { TcpFlag } from '../protocol/wire/packet.js';
import { hasFlag } from '../reference/tcp/flow.js';
import { answer, crash, misread, overlook } from './fault.js';
import { mutants } from './mutant.js';
import { backTo, findAny, isData, isFin, isReset, isSyn, withEdited, without } from './segment.js';

const { ACK, FIN, RST, SYN, URG, PSH } = TcpFlag;
const hasNoFlag = (flags: number): boolean => (flags & (SYN | ACK | RST)) === 0;

export const tcpOddSegmentMutants = mutants({ profile: 'tcp', role: 'server' }, [
  {
    id: 'urgent-segment-dropped',
    requirement: 'RFC9293-3.8.5-01',
    breaks: 'A segment with URG is dropped.',
    defect: { wire: [overlook((tcp) => hasFlag(tcp, URG) && hasFlag(tcp, ACK))] },
  },
  {
    id: 'urgent-data-of-one-octet-alone',
    requirement: 'RFC9293-3.8.5-02',
    breaks: 'A segment whose urgent pointer is not one is dropped.',
    defect: { wire: [overlook((tcp) => hasFlag(tcp, URG) && hasFlag(tcp, ACK) && tcp.urgent !== 1)] },
  },
  {
    id: 'urgent-pointer-read-without-urg',
    requirement: 'RFC9293-3.4-01',
    breaks: 'The octet that the urgent pointer names is left out, whatever the URG bit says.',
    defect: {
      wire: [
        misread(
          (tcp) => isData(tcp) && !hasFlag(tcp, URG) && tcp.urgent > 0,
          (tcp) => ({ payload: tcp.payload.subarray(0, tcp.urgent) }),
        ),
      ],
    },
  },
  {
    id: 'ecn-offer-dropped',
    requirement: 'RFC9293-3.10.7-01',
    origin: 'cesanta/mongoose#3402',
    breaks: 'A SYN with ECE or CWR is dropped.',
    defect: { wire: [overlook((tcp) => isSyn(tcp) && (tcp.flags & 0xc0) !== 0)] },
  },
  {
    id: 'ecn-mark-dropped',
    requirement: 'RFC9293-3.4-01',
    breaks: 'Data with ECE or CWR is dropped.',
    defect: { wire: [overlook((tcp) => isData(tcp) && (tcp.flags & 0xc0) !== 0)] },
  },
  {
    id: 'data-without-ack-bit-taken',
    requirement: 'RFC9293-3.10.7-19',
    origin: 'zephyrproject-rtos/zephyr#92428',
    breaks: 'Data without ACK bit is taken on an established connection.',
    defect: {
      wire: [
        misread(
          (tcp, { flow }) => flow.confirmed && tcp.payload.length > 0 && hasNoFlag(tcp.flags),
          (tcp, { flow }) => ({ flags: tcp.flags | ACK, ack: flow.next('out') ?? tcp.ack }),
        ),
      ],
    },
  },
  {
    id: 'fin-without-ack-bit-taken',
    requirement: 'RFC9293-3.10.7-19',
    breaks: 'A FIN without ACK bit ends an established connection.',
    defect: {
      wire: [
        misread(
          (tcp, { flow }) => flow.confirmed && hasFlag(tcp, FIN) && hasNoFlag(tcp.flags),
          (tcp, { flow }) => ({ flags: tcp.flags | ACK, ack: flow.next('out') ?? tcp.ack }),
        ),
      ],
    },
  },
  {
    id: 'null-segment-opens',
    requirement: 'RFC9293-3.10.7-20',
    breaks: 'A segment without flags to a listener is treated as a SYN.',
    defect: {
      wire: [
        misread(
          (tcp, { flow }) => flow.first === undefined && hasNoFlag(tcp.flags),
          () => ({ flags: SYN }),
        ),
      ],
    },
  },
  {
    id: 'null-segment-to-a-closed-port-unanswered',
    requirement: 'RFC9293-3.10.7-06',
    origin: 'tass-belgium/picotcp#66',
    breaks: 'A segment without SYN and ACK to a closed port draws no reset.',
    defect: { wire: [overlook((tcp, { flow }) => flow.first === undefined && hasNoFlag(tcp.flags))] },
  },
  {
    id: 'fin-on-the-third-segment-overlooked',
    requirement: 'RFC9293-3.6-02',
    breaks: 'A FIN on the segment that completes the handshake is ignored, also when repeated.',
    defect: {
      wire: [
        misread(
          (tcp, { flow }) => isFin(tcp) && flow.synAcked && !flow.carriedData,
          (tcp) => ({ flags: tcp.flags & ~FIN }),
        ),
      ],
    },
  },
  {
    id: 'data-with-fin-on-the-third-segment-lost',
    requirement: 'RFC9293-3.4-01',
    breaks: 'Of a third segment with data and FIN only the FIN is accepted.',
    defect: {
      wire: [
        misread(
          (tcp, { flow }) => isFin(tcp) && flow.synAcked && !flow.confirmed && tcp.payload.length > 0,
          () => ({ payload: new Uint8Array(0) }),
        ),
      ],
    },
  },
  {
    id: 'long-rest-after-an-illegal-length-crashes',
    requirement: 'RFC9293-3.1-02',
    breaks: 'Eighteen octets of options after an illegal length crash the host.',
    defect: {
      wire: [crash((tcp) => tcp.options.some((option) => option.option === 'malformed' && option.octets.length >= 18))],
    },
  },
  {
    id: 'reset-must-acknowledge',
    requirement: 'RFC9293-3.10.7-12',
    breaks: 'A reset at the expected number is accepted only if it acknowledges sent octets.',
    defect: {
      wire: [
        overlook(
          (tcp, { flow }) => isReset(tcp) && hasFlag(tcp, ACK) && flow.confirmed && tcp.ack !== flow.next('out'),
        ),
      ],
    },
  },
  {
    id: 'reset-with-text-dropped',
    requirement: 'RFC9293-3.5.3-01',
    breaks: 'A reset that carries data is dropped.',
    defect: { wire: [overlook((tcp) => isReset(tcp) && tcp.payload.length > 0)] },
  },
  {
    id: 'data-beside-an-ack-of-the-unsent-taken',
    requirement: 'RFC9293-3.10.7-21',
    origin: 'ausimian/tricep#30',
    breaks: 'Data is accepted although it acknowledges octets that were never sent.',
    defect: {
      wire: [
        misread(
          (tcp, { flow }) => flow.confirmed && isData(tcp) && (tcp.ack - (flow.next('out') ?? tcp.ack)) >> 0 > 0,
          (tcp, { flow }) => ({ ack: flow.next('out') ?? tcp.ack }),
        ),
      ],
    },
  },
  {
    id: 'ack-of-the-unsent-unanswered',
    requirement: 'RFC9293-3.10.7-21',
    breaks: 'A segment that acknowledges octets that were never sent is dropped without an ACK.',
    defect: {
      wire: [
        overlook(
          (tcp, { flow }) => flow.confirmed && isData(tcp) && (tcp.ack - (flow.next('out') ?? tcp.ack)) >> 0 > 0,
        ),
      ],
    },
  },
  {
    id: 'christmas-tree-answered',
    requirement: 'RFC9293-3.10.7-20',
    breaks: 'FIN, PSH and URG together to a listener draw a SYN/ACK.',
    defect: {
      wire: [
        answer(
          (tcp, { flow }) => flow.first === undefined && (tcp.flags & 0x3f) === (FIN | PSH | URG),
          ({ packet, tcp }) => [
            backTo(packet, { seq: tcp.ack, ack: tcp.seq, flags: SYN | ACK, ...without(tcp, 'timestamps') }),
          ],
        ),
      ],
    },
  },
  {
    id: 'fin-with-push-taken-for-an-ack',
    requirement: 'RFC9293-3.6-01',
    breaks: 'A FIN without data is ignored if PSH is set as well.',
    defect: {
      wire: [
        misread(
          (tcp) => isFin(tcp) && hasFlag(tcp, PSH) && tcp.payload.length === 0,
          ({ flags }) => ({ flags: flags & ~FIN }),
        ),
      ],
    },
  },
  {
    id: 'syn-with-fin-crashes',
    requirement: 'RFC9293-3.10.7-01',
    breaks: 'A SYN with FIN crashes the process.',
    defect: { wire: [crash((tcp) => isSyn(tcp) && hasFlag(tcp, TcpFlag.FIN))] },
  },
  {
    id: 'window-shift-above-fourteen-forgotten',
    role: 'both',
    requirement: 'RFC7323-2.3-02',
    breaks: 'A window shift above 14 is treated as no window scale.',
    defect: {
      wire: [
        misread(
          (tcp) => (findAny(tcp, 'window_scale')?.shift ?? 0) > 14,
          (tcp) => withEdited(tcp, 'window_scale', (option) => ({ ...option, shift: 0 })),
        ),
      ],
    },
  },
]);
