/** Mutants of a TCP host that sends again: when, what, how much (RFC 9293 section 3.8.1, RFC 6298, RFC 5681). */
import { type Tcp, TcpFlag } from '../protocol/wire/packet.js';
import { seqAdd, seqAtMost, seqBefore } from '../protocol/wire/seq.js';
import { segmentLength } from '../reference/tcp/flow.js';
import { accompany, answer, misread, overlook, type Passing, spoil, withhold } from './fault.js';
import { mutants } from './mutant.js';
import { isBareAck, isData, isFin, isReset, isSyn, isSynAck, redraft, without } from './segment.js';

const { SYN } = TcpFlag;

const endOf = (tcp: Tcp) => seqAdd(tcp.seq, segmentLength(tcp));

const isAgain = (tcp: Tcp, { flow }: Passing): boolean =>
  isData(tcp) && flow.segments('out').some((own) => isData(own) && own.seq === tcp.seq);

/** Data that was sent and is acknowledged to the last octet. */
const settled = ({ flow }: Passing): Tcp | undefined => {
  const acknowledged = flow.segments('in').at(-1)?.ack;
  return flow
    .segments('out')
    .find((own) => isData(own) && acknowledged !== undefined && seqAtMost(endOf(own), acknowledged));
};

export const tcpRetransmissionMutants = mutants({ profile: 'tcp', role: 'both' }, [
  {
    id: 'round-trip-from-a-retransmission',
    requirement: 'RFC6298-5-03',
    breaks: 'The acknowledgment of retransmitted data is measured from its latest copy.',
    defect: { decides: { tcp: { roundTrip: ({ latestAt }, now) => now - latestAt } } },
  },
  {
    id: 'round-trip-never-measured',
    requirement: 'RFC6298-3-02',
    breaks: 'No round trip is measured, so that a timeout that has grown stays.',
    defect: { decides: { tcp: { roundTrip: () => undefined } } },
  },
  {
    id: 'timeout-of-a-second-on-any-path',
    requirement: 'RFC6298-2-03',
    breaks: 'The timeout is one second, whatever the round trip is.',
    defect: { decides: { tcp: { timeout: () => 0n } } },
  },
  {
    id: 'timeout-of-the-round-trip-alone',
    requirement: 'RFC6298-5-03',
    breaks: 'The timeout is the round trip, without its variation.',
    defect: { decides: { tcp: { timeout: ({ smoothedRtt = 0n }) => smoothedRtt } } },
  },
  {
    id: 'timeout-doubles-once',
    requirement: 'RFC6298-5-02',
    breaks: 'The timeout doubles at the first expiry only.',
    defect: { decides: { tcp: { backOff: ({ expirations, rto }) => (expirations > 0 ? rto : rto * 2n) } } },
  },
  {
    id: 'fin-repeated-at-a-constant-pace',
    role: 'client',
    requirement: 'RFC6298-5-02',
    breaks: 'An unacknowledged FIN is repeated every second.',
    defect: { decides: { tcp: { backOff: ({ rto, ownFinSent }) => (ownFinSent ? rto : rto * 2n) } } },
  },
  {
    id: 'acknowledged-data-again',
    role: 'server',
    requirement: 'RFC9293-3.8.1-02',
    breaks: 'A retransmission begins with acknowledged data.',
    defect: {
      wire: [
        accompany(
          (tcp, passing) => isAgain(tcp, passing) && settled(passing) !== undefined,
          (passing) => {
            const old = settled(passing);
            return old === undefined ? [] : [redraft(passing.packet, { seq: old.seq, payload: old.payload })];
          },
          'before',
        ),
      ],
    },
  },
  {
    id: 'segment-acknowledged-by-its-first-octet',
    requirement: 'RFC9293-3.8.1-02',
    breaks: 'A segment of which some octets were acknowledged is not sent again.',
    defect: {
      wire: [
        misread(
          (tcp, { flow }) => flow.segments('out').some((own) => isData(own) && inside(own, tcp)),
          (tcp, { flow }) => {
            const own = flow.segments('out').find((sent) => isData(sent) && inside(sent, tcp));
            return { ack: own === undefined ? tcp.ack : endOf(own) };
          },
        ),
      ],
    },
  },
  {
    id: 'data-taken-for-duplicate-acks',
    requirement: 'RFC6298-5-03',
    breaks: 'Three segments with data and the same acknowledgment number are treated as duplicate ACKs.',
    defect: {
      wire: [
        answer(
          (tcp, { flow }) =>
            isData(tcp) &&
            flow.segments('in').filter((earlier) => isData(earlier) && earlier.ack === tcp.ack).length === 3 &&
            flow.segments('out').some((own) => isData(own) && own.seq === tcp.ack),
          ({ tcp, flow }) => {
            const sent = flow.latest('out');
            const oldest = flow.segments('out').find((own) => isData(own) && own.seq === tcp.ack);
            return sent === undefined || oldest === undefined
              ? []
              : [redraft(sent, { seq: oldest.seq, payload: oldest.payload, flags: oldest.flags })];
          },
          'besides',
        ),
      ],
    },
  },
  {
    id: 'window-kept-after-a-timeout',
    role: 'server',
    requirement: 'RFC9293-3.8.2-01',
    breaks: 'After a timeout as much may be under way as before.',
    defect: { decides: { tcp: { lossWindow: ({ congestionWindow }) => congestionWindow } } },
  },
  {
    id: 'window-beside-a-new-acknowledgment-alone',
    role: 'both',
    requirement: 'RFC9293-3.10.7-22',
    breaks: 'The window is read only in a segment that acknowledges new octets or carries data.',
    defect: {
      decides: {
        tcp: { tellsWindow: ({ sndUna }, { ack, payload }) => seqBefore(sndUna, ack) || payload.length > 0 },
      },
    },
  },
  {
    id: 'window-of-any-segment',
    role: 'server',
    requirement: 'RFC9293-3.10.7-22',
    breaks: 'The window of the latest segment is used, however old the segment is.',
    defect: { decides: { tcp: { tellsWindow: () => true } } },
  },
  {
    id: 'third-syn-ack-without-scale',
    role: 'server',
    requirement: 'RFC9293-3.8.1-01',
    breaks: 'A SYN/ACK that is sent a third time has no window scale option, but windows are still scaled.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) => isSynAck(tcp) && flow.segments('out').filter(isSynAck).length >= 2,
          (tcp) => without(tcp, 'window_scale'),
        ),
      ],
    },
  },
  {
    id: 'syn-repeated-after-syns-crossed',
    role: 'client',
    requirement: 'RFC9293-3.8.1-01',
    breaks: 'After SYNs have crossed, the SYN is repeated instead of the SYN/ACK.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) => isSynAck(tcp) && flow.segments('out').some(isSynAck),
          () => ({ flags: SYN }),
        ),
      ],
    },
  },
  {
    id: 'acknowledgment-after-seven-tenths-of-a-second',
    role: 'both',
    requirement: 'RFC9293-3.8.6-15',
    breaks: 'A single segment is acknowledged after 0.7 seconds.',
    defect: { behaves: { tcp: { ack_delay_s: 0.7 } } },
  },
  {
    id: 'full-segments-acknowledged-late',
    role: 'both',
    requirement: 'RFC9293-3.8.6-16',
    breaks: 'Full-sized segments draw no acknowledgment.',
    defect: {
      wire: [
        withhold(
          (tcp, { flow }) =>
            isBareAck(tcp) && !isReset(tcp) && (flow.segments('in').at(-1)?.payload.length ?? 0) >= 1200,
        ),
      ],
    },
  },
]);

export const tcpAgainMutants = mutants({ profile: 'tcp', role: 'client' }, [
  {
    id: 'syn-again-without-segment-size',
    requirement: 'RFC9293-3.8.3-01',
    breaks: 'A SYN that is sent again has no MSS option.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) => isSyn(tcp) && flow.segments('out').some(isSyn),
          (tcp) => without(tcp, 'mss'),
        ),
      ],
    },
  },
  {
    id: 'reset-at-the-oldest-octet',
    requirement: 'RFC9293-3.10.5-02',
    breaks: 'A reset has the sequence number of the oldest unacknowledged octet.',
    defect: { wire: [spoil(isReset, (tcp, { flow }) => ({ seq: flow.segments('in').at(-1)?.ack ?? tcp.seq }))] },
  },
  {
    id: 'close-drops-what-waits',
    requirement: 'RFC9293-3.6-01',
    breaks: 'Data that waited for a window of eight octets or less is never sent.',
    defect: {
      wire: [
        withhold(
          (tcp, { flow }) =>
            isData(tcp) &&
            flow.segments('in').some(({ window }) => window > 0 && window <= 8) &&
            flow.segments('out').some((own) => isData(own) && seqBefore(own.seq, tcp.seq)),
        ),
      ],
    },
  },
  {
    id: 'shorter-repetition-with-another-octet',
    role: 'both',
    requirement: 'RFC9293-3.8.1-02',
    breaks: 'What is sent again is shorter by one octet, and its last octet is another one than at first.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) =>
            tcp.payload.length > 2 &&
            isData(tcp) &&
            flow.segments('out').some((own) => isData(own) && own.seq === tcp.seq),
          ({ payload }) => ({ payload: payload.slice(0, -1).with(-1, (payload.at(-2) ?? 0) ^ 0x20) }),
        ),
      ],
    },
  },
  {
    id: 'keep-alive-with-an-octet-unanswered',
    role: 'both',
    requirement: 'RFC9293-3.10.7-14',
    breaks: 'A single octet that was received before draws no ACK.',
    defect: {
      wire: [overlook((tcp, { flow }) => tcp.payload.length === 1 && seqAdd(tcp.seq, 1) === flow.next('in'))],
    },
  },
]);

/** Whether an acknowledgment ends inside a segment. */
const inside = (own: Tcp, { ack }: Tcp): boolean => seqBefore(own.seq, ack) && seqBefore(ack, endOf(own));

/** The peer's window was closed, opened, and is closed now. */
const closedAgain = ({ flow }: Passing): boolean => {
  const windows = flow.segments('in').map(({ window }) => window === 0);
  const first = windows.indexOf(true);
  return first >= 0 && windows.at(-1) === true && windows.indexOf(false, first) >= 0;
};

export const tcpWindowMutants = mutants({ profile: 'tcp', role: 'server' }, [
  {
    id: 'window-closed-again-never-probed',
    requirement: 'RFC9293-3.8.6-02',
    breaks: 'A window that closes a second time is not probed.',
    defect: { wire: [withhold((tcp, passing) => isData(tcp) && closedAgain(passing))] },
  },
  {
    id: 'negative-room-taken-for-large',
    requirement: 'RFC9293-3.8.6-04',
    breaks: 'If the window shrinks below the amount under way, the negative room is read as a large number.',
    defect: {
      wire: [
        misread(
          (tcp, { flow }) => !isSynAck(tcp) && seqBefore(seqAdd(tcp.ack, tcp.window), flow.next('out') ?? tcp.ack),
          (tcp) => ({ window: tcp.window === 0 ? 0 : 65535 }),
        ),
      ],
    },
  },
  {
    id: 'answer-cut-off-by-the-end',
    requirement: 'RFC9293-3.6-01',
    breaks: 'Data that waits for the window when the peer closes is not sent.',
    defect: {
      wire: [
        withhold(
          (tcp, { flow }) => isData(tcp) && flow.segments('in').some((came) => isFin(came) && came.window === 0),
        ),
      ],
    },
  },
]);
