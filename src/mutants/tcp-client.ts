/** Mutants of a TCP client (RFC 9293): what it makes of answers, refusals and silence. */
import { TcpFlag } from '../protocol/wire/packet.js';
import { seq, seqAdd } from '../protocol/wire/seq.js';
import { hasFlag } from '../reference/tcp/flow.js';
import { acknowledgesSyn } from '../reference/tcp/judgement.js';
import { accompany, answer, imagine, misread, overlook, spoil, withhold } from './fault.js';
import { mutants } from './mutant.js';
import { isBareAck, isFin, isReset, isSyn, isSynAck, redraft, resetTo, without } from './segment.js';

const { ACK, FIN, RST, SYN } = TcpFlag;

export const tcpClientMutants = mutants({ profile: 'tcp', role: 'client' }, [
  {
    id: 'third-segment-beyond-its-number',
    requirement: 'RFC9293-3.10.7-02',
    breaks: 'The sequence number of the third segment is one too high.',
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
    breaks: 'A SYN/ACK is not acknowledged.',
    defect: { wire: [withhold((tcp, { flow }) => isBareAck(tcp) && !flow.carriedData)] },
  },
  {
    id: 'wrong-acknowledgment-accepted-in-syn-sent',
    requirement: 'RFC9293-3.10.7-03',
    breaks: 'A SYN/ACK that acknowledges octets that were never sent establishes a connection.',
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
    breaks: 'A wrong acknowledgment in SYN-SENT ends the attempt instead of being discarded.',
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
    origin: 'demikernel/inetstack#86',
    breaks: 'A reset in SYN-SENT is accepted although it does not acknowledge the SYN.',
    defect: { decides: { tcp: { refuses: () => true } } },
  },
  {
    id: 'blind-reset-without-ack-refuses',
    requirement: 'RFC9293-3.10.7-05',
    breaks: 'A reset in SYN-SENT is accepted without ACK bit.',
    defect: {
      decides: { tcp: { refuses: (flow, segment) => !hasFlag(segment, ACK) || acknowledgesSyn(flow, segment) } },
    },
  },
  {
    id: 'blind-reset-answered',
    requirement: 'RFC9293-3.10.7-05',
    breaks: 'A stray reset in SYN-SENT is answered instead of dropped.',
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
    breaks: 'A bare SYN in SYN-SENT draws a reset instead of a SYN/ACK.',
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
    origin: 'Mellvik/TLVC#62',
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
    requirement: 'RFC9293-3.8.3-01',
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
    id: 'syn-repeated-from-another-port',
    requirement: 'RFC9293-3.8.3-01',
    breaks: 'Each repetition of the SYN is sent from another port, as a new flow.',
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
    breaks: 'The application closes, and no FIN is sent.',
    defect: { wire: [withhold(isFin)] },
  },
  {
    id: 'fin-ahead-of-its-number',
    requirement: 'RFC9293-3.6-01',
    breaks: 'The sequence number of the FIN is one too high.',
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
    breaks: 'The SYN is repeated at once instead of after about a second.',
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
