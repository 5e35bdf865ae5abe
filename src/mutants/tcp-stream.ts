/** Mutants of a TCP server that carries data: order, end, repetition, window, segment size, companions (RFC 9293, RFC 7323). */
import type { Tcp } from '../protocol/wire/packet.js';
import { seqBefore } from '../protocol/wire/seq.js';
import { misread, overlook, type Passing, spoil, withhold } from './fault.js';
import { mutants } from './mutant.js';
import {
  findAny,
  isBareAck,
  isData,
  isFin,
  isReset,
  isSyn,
  isSynAck,
  withEdited,
  withOption,
  without,
} from './segment.js';

/** The furthest octet of the peer is beyond what this segment acknowledges. */
const leavesGap = (tcp: Tcp, { flow }: Passing): boolean => {
  const furthest = flow.next('in');
  return !isReset(tcp) && !isSynAck(tcp) && furthest !== undefined && seqBefore(tcp.ack, furthest);
};

/** One with this first octet went the same way before. */
const again =
  (way: 'in' | 'out', kind: (tcp: Tcp) => boolean) =>
  (tcp: Tcp, { flow }: Pick<Passing, 'flow'>): boolean =>
    kind(tcp) && flow.segments(way).some((earlier) => kind(earlier) && earlier.seq === tcp.seq);

const opens = (tcp: Tcp): boolean => isSyn(tcp) || isSynAck(tcp);

const later = (tcp: Tcp): boolean => !isSyn(tcp) && !isReset(tcp);

/** A FIN that was sent before the peer knew of this host's own. */
const crosses = (tcp: Tcp, { flow }: Passing): boolean =>
  isFin(tcp) && flow.segments('out').some(isFin) && seqBefore(tcp.ack, flow.next('out') ?? tcp.ack);

export const tcpStreamMutants = mutants({ profile: 'tcp', role: 'server' }, [
  {
    id: 'gap-acknowledged',
    requirement: 'RFC9293-3.4-01',
    breaks: 'An acknowledgment covers octets of a gap that never came.',
    defect: { wire: [spoil(leavesGap, (tcp, { flow }) => ({ ack: flow.next('in') ?? tcp.ack }))] },
  },
  {
    id: 'repeated-data-delivered',
    requirement: 'RFC9293-3.4-01',
    origin: 'demikernel/inetstack#102',
    breaks: 'Octets that come twice are delivered twice.',
    defect: { wire: [misread(again('in', isData), (tcp, { flow }) => ({ seq: flow.next('in') ?? tcp.seq }))] },
  },
  {
    id: 'partly-old-data-dropped',
    requirement: 'RFC9293-3.4-01',
    origin: 'zephyrproject-rtos/zephyr#47240',
    breaks: 'A segment that begins with old octets is dropped together with its new octets.',
    defect: {
      wire: [
        overlook((tcp, { flow }) => {
          const next = flow.next('in');
          return isData(tcp) && next !== undefined && seqBefore(tcp.seq, next) && !again('in', isData)(tcp, { flow });
        }),
      ],
    },
  },
  {
    id: 'keep-alive-unanswered',
    requirement: 'RFC9293-3.10.7-14',
    origin: 'ccie18643/PyTCP#29',
    breaks: 'A segment without data below the window draws no ACK.',
    defect: {
      wire: [
        overlook((tcp, { flow }) => {
          const next = flow.next('in');
          return isBareAck(tcp) && next !== undefined && seqBefore(tcp.seq, next);
        }),
      ],
    },
  },
  {
    id: 'fin-taken-ahead-of-data',
    requirement: 'RFC9293-3.6-02',
    origin: 'smoltcp-rs/smoltcp#111',
    breaks: 'A FIN is processed on arrival although data before it is missing.',
    defect: {
      wire: [misread(isFin, (tcp, { flow }) => ({ seq: flow.segments('out').at(-1)?.ack ?? tcp.seq }))],
    },
  },
  {
    id: 'fin-sent-once',
    requirement: 'RFC9293-3.6-02',
    origin: 'zephyrproject-rtos/zephyr#44507',
    breaks: 'A FIN that is not acknowledged is not sent again.',
    defect: { wire: [withhold(again('out', isFin))] },
  },
  {
    id: 'repeated-fin-unanswered',
    requirement: 'RFC9293-3.6-02',
    origin: 'zephyrproject-rtos/zephyr#46407',
    breaks: 'A repeated FIN draws no ACK.',
    defect: { wire: [overlook(again('in', isFin))] },
  },
  {
    id: 'data-sent-once',
    requirement: 'RFC9293-3.8.1-02',
    breaks: 'Data that is not acknowledged is not sent again.',
    defect: { wire: [withhold(again('out', isData))] },
  },
  {
    id: 'window-ignored',
    requirement: 'RFC9293-3.8.6-01',
    origin: 'zephyrproject-rtos/zephyr#3441',
    breaks: 'Data goes out whatever window the peer announced.',
    defect: { wire: [misread(later, () => ({ window: 65535 }))] },
  },
  {
    id: 'window-taken-unscaled',
    requirement: 'RFC9293-3.8.6-01',
    breaks: 'The scale that the peer announced for its window is forgotten.',
    defect: {
      wire: [
        misread(later, (tcp, { flow }) => {
          const scale = flow.segments('in').map((earlier) => findAny(earlier, 'window_scale'))[0];
          return { window: tcp.window >> (scale?.shift ?? 0) };
        }),
      ],
    },
  },
  {
    id: 'closed-window-never-probed',
    origin: 'multipath-tcp/mptcp_net-next#211',
    requirement: 'RFC9293-3.8.6-02',
    breaks: 'A closed window is never probed.',
    defect: { wire: [withhold((tcp, { flow }) => isData(tcp) && flow.segments('in').at(-1)?.window === 0)] },
  },
  {
    id: 'segment-size-ignored',
    requirement: 'RFC9293-3.7.1-01',
    origin: 'tass-belgium/picotcp#373',
    breaks: 'Segments are larger than the MSS option of the peer allows.',
    defect: {
      wire: [misread(opens, (tcp) => withEdited(tcp, 'mss', (option) => ({ ...option, value: option.value + 16 })))],
    },
  },
  {
    id: 'timestamps-unasked',
    requirement: 'RFC7323-3.2-01',
    breaks: 'The SYN/ACK has timestamps that the SYN did not offer.',
    defect: {
      wire: [
        spoil(
          (tcp) => isSynAck(tcp) && findAny(tcp, 'timestamps') === undefined,
          (tcp) => withOption(tcp, { option: 'timestamps', value: 1, echo: 0 }),
        ),
      ],
    },
  },
  {
    id: 'window-scale-unasked',
    requirement: 'RFC7323-3.2-01',
    breaks: 'The SYN/ACK has a window scale option although the SYN had none.',
    defect: {
      wire: [
        spoil(
          (tcp) => isSynAck(tcp) && findAny(tcp, 'window_scale') === undefined,
          (tcp) => withOption(tcp, { option: 'window_scale', shift: 7 }),
        ),
      ],
    },
  },
  {
    id: 'timestamps-forgotten',
    requirement: 'RFC7323-3.2-01',
    breaks: 'Timestamps that both sides offered are left out of later segments.',
    defect: {
      wire: [
        spoil(
          (tcp) => later(tcp) && !isSynAck(tcp),
          (tcp) => without(tcp, 'timestamps'),
        ),
      ],
    },
  },
  {
    id: 'timestamps-not-agreed',
    requirement: 'RFC7323-3.2-01',
    breaks: 'Later segments have timestamps that only one side offered.',
    defect: {
      wire: [
        spoil(
          (tcp) => later(tcp) && !isSynAck(tcp) && findAny(tcp, 'timestamps') === undefined,
          (tcp) => withOption(tcp, { option: 'timestamps', value: 1, echo: 0 }),
        ),
      ],
    },
  },
  {
    id: 'timestamp-of-the-future-echoed',
    requirement: 'RFC7323-3.2-01',
    breaks: 'The timestamp echo is that of the latest segment, in order or not.',
    defect: {
      wire: [
        spoil(
          (tcp) => later(tcp) && findAny(tcp, 'timestamps') !== undefined,
          (tcp, { flow }) => {
            const latest = flow.segments('in').at(-1);
            const echo = latest === undefined ? undefined : findAny(latest, 'timestamps')?.value;
            return withEdited(tcp, 'timestamps', (option) => ({ ...option, echo: echo ?? option.echo }));
          },
        ),
      ],
    },
  },
]);

export const tcpClosingMutants = mutants({ profile: 'tcp', role: 'client' }, [
  {
    id: 'crossing-fin-unanswered',
    requirement: 'RFC9293-3.6-02',
    breaks: "A FIN that crosses the host's own FIN draws no ACK.",
    defect: { wire: [overlook(crosses)] },
  },
]);
