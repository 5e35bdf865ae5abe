/** Mutants of a TCP host that show late in the life of a connection: while it is closing, when something is lost a second time. */
import { TcpFlag } from '../protocol/wire/packet.js';
import { seqAdd, seqBefore } from '../protocol/wire/seq.js';
import { hasFlag, segmentLength } from '../reference/tcp/flow.js';
import { judgeReset } from '../reference/tcp/judgement.js';
import { answer, misread, overlook, spoil, withhold } from './fault.js';
import type { FlowHistory } from './flow-history.js';
import { mutants } from './mutant.js';
import { backTo, findAny, isData, isFin, isReset, isSyn, resetTo, withEdited } from './segment.js';

const { FIN } = TcpFlag;

const isClosing = (flow: FlowHistory): boolean => flow.segments('in').some(isFin) || flow.segments('out').some(isFin);
const finsBefore = (flow: FlowHistory): number => flow.segments('in').filter(isFin).length;

export const tcpLateMutants = mutants({ profile: 'tcp', role: 'server' }, [
  {
    id: 'any-reset-while-closing',
    role: 'both',
    requirement: 'RFC5961-3.2-01',
    breaks: 'After a FIN was sent or received, any reset in the window ends the flow.',
    defect: {
      decides: {
        tcp: {
          judgeReset: (flow, segment) => {
            const judgement = judgeReset(flow, segment);
            return judgement === 'challenge' && flow.state !== 'established' ? 'reset' : judgement;
          },
        },
      },
    },
  },
  {
    id: 'reset-outside-window-while-closing',
    role: 'both',
    requirement: 'RFC9293-3.10.7-12',
    breaks: 'After a FIN was sent or received, a reset outside the window ends the flow.',
    defect: {
      wire: [
        misread(
          (tcp, { flow }) => isReset(tcp) && isClosing(flow),
          (tcp, { flow }) => ({ seq: flow.next('in') ?? tcp.seq }),
        ),
      ],
    },
  },
  {
    id: 'exact-reset-while-closing-ignored',
    role: 'both',
    origin: 'smoltcp-rs/smoltcp#338',
    requirement: 'RFC9293-3.10.7-12',
    breaks: 'After a FIN was sent or received, resets are ignored.',
    defect: { wire: [overlook((tcp, { flow }) => isReset(tcp) && isClosing(flow))] },
  },
  {
    id: 'syn-while-closing-opens',
    requirement: 'RFC9293-3.10.7-13',
    breaks: 'A SYN on a connection that is closing opens a new one.',
    defect: {
      wire: [
        answer(
          (tcp, { flow }) => isSyn(tcp) && isClosing(flow),
          ({ packet, tcp }) => [
            backTo(packet, { seq: seqAdd(tcp.seq, 77_777), ack: seqAdd(tcp.seq, 1), flags: TcpFlag.SYN | TcpFlag.ACK }),
          ],
        ),
      ],
    },
  },
  {
    id: 'fin-acknowledged-with-the-data',
    role: 'both',
    requirement: 'RFC9293-3.6-02',
    breaks: 'A FIN is treated as acknowledged when the octet before it is.',
    defect: {
      wire: [
        misread(
          (tcp, { flow }) => {
            const fin = flow.segments('out').find(isFin);
            return fin !== undefined && tcp.ack === seqAdd(fin.seq, segmentLength(fin) - 1);
          },
          (tcp) => ({ ack: seqAdd(tcp.ack, 1) }),
        ),
      ],
    },
  },
  {
    id: 'third-fin-unanswered',
    role: 'both',
    requirement: 'RFC9293-3.6-02',
    breaks: 'A FIN that comes a third time draws no ACK.',
    defect: { wire: [overlook((tcp, { flow }) => isFin(tcp) && finsBefore(flow) >= 2)] },
  },
  {
    id: 'data-lost-with-the-fin-not-repeated',
    requirement: 'RFC9293-3.8.1-02',
    breaks: 'After the FIN was sent, lost data is not sent again.',
    defect: { wire: [withhold((tcp, { flow }) => isData(tcp) && flow.segments('out').some(isFin))] },
  },
  {
    id: 'ports-of-a-reset-connection-refused',
    requirement: 'RFC9293-3.10.7-01',
    breaks: 'A SYN from ports whose connection was reset draws no answer.',
    defect: { wire: [overlook((tcp, { flow }) => isSyn(tcp) && flow.reset)] },
  },
  {
    id: 'fin-not-repeated-after-fins-crossed',
    role: 'client',
    origin: 'microsoft/demikernel#1537',
    requirement: 'RFC9293-3.6-02',
    breaks: "After FINs have crossed, the host's own FIN is not repeated.",
    defect: {
      wire: [
        withhold(
          (tcp, { flow }) =>
            isFin(tcp) && hasFlag(tcp, FIN) && flow.segments('out').some(isFin) && flow.segments('in').some(isFin),
        ),
      ],
    },
  },
  {
    id: 'retransmission-acknowledges-as-at-first',
    role: 'both',
    requirement: 'RFC9293-3.1-12',
    breaks: 'Data that is sent again carries the acknowledgment number of its first transmission.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) => isData(tcp) && flow.segments('out').some((own) => isData(own) && own.seq === tcp.seq),
          (tcp, { flow }) => ({
            ack: flow.segments('out').find((own) => isData(own) && own.seq === tcp.seq)?.ack ?? tcp.ack,
          }),
        ),
      ],
    },
  },
  {
    id: 'probes-given-up-though-answered',
    requirement: 'RFC9293-3.8.6-09',
    breaks: 'A connection whose window stays closed is aborted after five probes, although each was answered.',
    defect: {
      wire: [
        withhold(
          (tcp, { flow }) =>
            isData(tcp) && flow.segments('out').filter((own) => own.seq === tcp.seq && isData(own)).length > 5,
        ),
      ],
    },
  },
  {
    id: 'missing-mss-taken-for-ethernet',
    role: 'both',
    origin: 'zephyrproject-rtos/zephyr#48739',
    requirement: 'RFC9293-3.7.1-03',
    breaks: 'Without an MSS option of the peer 1460 octets are assumed.',
    defect: {
      wire: [
        misread(
          (tcp) => hasFlag(tcp, TcpFlag.SYN) && !tcp.options.some(({ option }) => option === 'mss'),
          (tcp) => ({ options: [...tcp.options, { option: 'mss', value: 1460 }] }),
        ),
      ],
    },
  },
  {
    id: 'reset-with-an-older-timestamp-ignored',
    role: 'both',
    requirement: 'RFC7323-5.2-01',
    breaks: 'A reset whose timestamp is older than the latest one is dropped as an old duplicate.',
    defect: {
      wire: [
        overlook((tcp, { flow }) => {
          const latest = findAny(flow.segments('in').at(-1) ?? tcp, 'timestamps');
          const own = findAny(tcp, 'timestamps');
          return isReset(tcp) && own !== undefined && latest !== undefined && own.value < latest.value;
        }),
      ],
    },
  },
  {
    id: 'fin-on-octets-sent-again-lost',
    requirement: 'RFC9293-3.6-02',
    breaks: 'The FIN of a segment that begins with old octets is ignored.',
    defect: {
      wire: [
        misread(
          (tcp, { flow }) => isFin(tcp) && isData(tcp) && seqBefore(tcp.seq, flow.next('in') ?? tcp.seq),
          ({ flags }) => ({ flags: flags & ~FIN }),
        ),
      ],
    },
  },
  {
    id: 'retransmission-with-the-first-timestamp',
    role: 'both',
    requirement: 'RFC7323-3.2-02',
    breaks: 'Data that is sent again carries the timestamp of its first transmission.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) => isData(tcp) && flow.segments('out').some((own) => isData(own) && own.seq === tcp.seq),
          (tcp, { flow }) => {
            const first = flow.segments('out').find((own) => isData(own) && own.seq === tcp.seq) ?? tcp;
            const value = findAny(first, 'timestamps')?.value;
            return withEdited(tcp, 'timestamps', (option) => ({ ...option, value: value ?? option.value }));
          },
        ),
      ],
    },
  },
  {
    id: 'gap-never-filled-after-its-own-fin',
    role: 'client',
    requirement: 'RFC9293-3.6-01',
    breaks: "After the host's own FIN was sent, octets that fill a gap are dropped.",
    defect: {
      wire: [
        overlook(
          (tcp, { flow }) =>
            isData(tcp) && flow.segments('out').some(isFin) && seqBefore(tcp.seq, flow.next('in') ?? tcp.seq),
        ),
      ],
    },
  },
  {
    id: 'forgotten-after-both-ends-closed',
    role: 'both',
    requirement: 'RFC9293-3.6.1-03',
    breaks: 'Where both ends have closed, the host first, a FIN that comes again meets no state.',
    defect: {
      wire: [
        answer(
          (tcp, { flow }) => isFin(tcp) && flow.segments('in').some(isFin) && flow.segments('out').some(isFin),
          ({ packet }) => [resetTo(packet)],
        ),
      ],
    },
  },
  {
    id: 'data-with-an-old-acknowledgment-unanswered',
    role: 'both',
    requirement: 'RFC5961-5.2-02',
    breaks: 'Data whose acknowledgment lies far in the past is dropped in silence.',
    defect: {
      wire: [
        overlook(
          (tcp, { flow }) =>
            isData(tcp) &&
            flow.confirmed &&
            seqBefore(seqAdd(tcp.ack, 70_000), flow.segments('out')[0]?.seq ?? tcp.ack),
        ),
      ],
    },
  },
]);
