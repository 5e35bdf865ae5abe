/**
 * Mutants of a TCP host that has more than one segment under way: what comes again after a loss, how much is out, and what ends a
 * connection (RFC 9293 sections 3.8 and 3.9.2.2, RFC 5681, RFC 6298).
 */
import { type Tcp, TcpFlag } from '../protocol/wire/packet.js';
import { seqAdd, seqAtMost, seqBefore, seqDiff } from '../protocol/wire/seq.js';
import type { TcpOption } from '../protocol/wire/tcp-option.js';
import { segmentLength } from '../reference/tcp/flow.js';
import { answer, overlook, type Passing, spoil, withhold } from './fault.js';
import { mutants } from './mutant.js';
import { findAny, isBareAck, isData, isFin, isReset, isSyn, redraft } from './segment.js';

const { ACK, RST } = TcpFlag;
const nothing = new Uint8Array(0);
/** One in so many parts of what a round trip differs by goes into the smoothed one (RFC 6298 section 2.3). */
const roundTripGain = 8n;

const endOf = (tcp: Tcp) => seqAdd(tcp.seq, segmentLength(tcp));

const timesSent = (tcp: Tcp, { flow }: Passing): number =>
  flow.segments('out').filter((own) => isData(own) && own.seq === tcp.seq).length;

/** The segment that was sent last of those that follow one that comes again. */
const latest = (tcp: Tcp, { flow }: Passing): Tcp | undefined => {
  const last = flow.segments('out').findLast(isData);
  return last !== undefined && seqBefore(tcp.seq, last.seq) ? last : undefined;
};

const withTimestamp = (tcp: Tcp, value: (own: number) => number): readonly TcpOption[] =>
  tcp.options.map((option) => (option.option === 'timestamps' ? { ...option, value: value(option.value) } : option));

const firstTimestamp = ({ flow }: Passing): number | undefined =>
  flow
    .segments('out')
    .map((own) => findAny(own, 'timestamps')?.value)
    .find((value) => value !== undefined);

const hasTimestamp = (tcp: Tcp): boolean => findAny(tcp, 'timestamps') !== undefined && !isReset(tcp);

/** Given up: it was sent five times. */
const isGivenUp = ({ flow }: Passing): boolean => {
  const sent = flow.segments('out').filter(isData);
  return sent.some((own) => sent.filter(({ seq }) => seq === own.seq).length >= 5);
};

/** The peer's FIN came, and this begins after it. */
const isAfterTheEnd = (tcp: Tcp, { flow }: Passing): boolean => {
  const fin = flow.segments('in').find(isFin);
  return fin !== undefined && isData(tcp) && seqAtMost(endOf(fin), tcp.seq);
};

/** Farther from what came last than any window. */
const isFarOff = (tcp: Tcp, { flow }: Passing): boolean => {
  const before = flow.segments('in').at(-1);
  return before !== undefined && !isSyn(tcp) && isBareAck(tcp) && Math.abs(seqDiff(tcp.seq, endOf(before))) > 400_000;
};

export const tcpLossMutants = mutants({ profile: 'tcp', role: 'both' }, [
  {
    id: 'latest-sent-again-first',
    requirement: 'RFC9293-3.8.1-02',
    breaks: 'After a loss the latest segment is sent again instead of the oldest.',
    defect: {
      wire: [
        spoil(
          (tcp, passing) => isData(tcp) && timesSent(tcp, passing) > 0 && latest(tcp, passing) !== undefined,
          (tcp, passing) => {
            const last = latest(tcp, passing) ?? tcp;
            return { seq: last.seq, payload: last.payload };
          },
        ),
      ],
    },
  },
  {
    id: 'first-flight-of-a-whole-window',
    requirement: 'RFC9293-3.8.2-01',
    breaks: 'There is no slow start: the whole window of the peer is sent at once.',
    defect: { decides: { tcp: { initialWindow: () => 1 << 20 } } },
  },
  {
    id: 'variation-with-its-sign',
    requirement: 'RFC6298-2-03',
    breaks: 'The variation is signed, so that a longer round trip makes the timeout shorter.',
    defect: {
      remembers: () => {
        const known = new WeakMap<object, { readonly smoothed: bigint; readonly variation: bigint }>();
        return {
          tcp: {
            timeout: (flow) => {
              const { smoothedRtt: smoothed = 0n, rttVariance } = flow;
              const before = known.get(flow) ?? { smoothed, variation: rttVariance };
              const longer = roundTripGain * (smoothed - before.smoothed);
              const variation = longer === 0n ? before.variation : (3n * before.variation - longer) / 4n;
              known.set(flow, { smoothed, variation });
              return smoothed + 4n * (variation > 0n ? variation : 0n);
            },
          },
        };
      },
    },
  },
  {
    id: 'timer-runs-on',
    requirement: 'RFC6298-5-03',
    breaks: 'The timer started by one segment fires for later segments, although the first was acknowledged.',
    defect: { decides: { tcp: { startsTimerAnew: () => false } } },
  },
  {
    id: 'segments-as-large-as-the-peer-takes',
    role: 'client',
    requirement: 'RFC9293-3.7.1-01',
    breaks: "Segments are as large as the MSS of the peer, even if the host's link carries less.",
    defect: { decides: { tcp: { sendMss: (_, announced) => announced } } },
  },
  {
    id: 'soft-icmp-error-ends-a-connection',
    requirement: 'RFC9293-3.9.2-01',
    breaks: 'A soft ICMP error ends a connection.',
    defect: {
      decides: {
        tcp: { isHardError: () => true, heedsErrors: ({ state }) => state !== 'syn-sent', quotesSyn: () => true },
      },
    },
  },
  {
    id: 'data-given-up-after-half-a-minute',
    requirement: 'RFC9293-3.8.3-04',
    breaks: 'The connection is aborted after four retransmissions of data.',
    defect: {
      wire: [
        withhold((_, passing) => isGivenUp(passing)),
        answer(
          (tcp, passing) => isGivenUp(passing) && !isReset(tcp),
          ({ tcp, flow }) => {
            const own = flow.latest('out');
            return own === undefined ? [] : [redraft(own, { seq: tcp.ack, flags: RST, payload: nothing })];
          },
        ),
      ],
    },
  },
  {
    id: 'data-after-the-end-acknowledged',
    role: 'both',
    requirement: 'RFC9293-3.10.7-23',
    breaks: 'Data that comes after the FIN of the peer is acknowledged.',
    defect: {
      wire: [
        answer(isAfterTheEnd, ({ tcp, flow }) => {
          const own = flow.latest('out');
          return own === undefined
            ? []
            : [redraft(own, { seq: endOf(own.tcp), ack: endOf(tcp), flags: ACK, payload: nothing })];
        }),
      ],
    },
  },
  {
    id: 'acknowledgments-outside-the-window-ignored',
    role: 'server',
    requirement: 'RFC9293-3.10.7-14',
    breaks: 'A segment without data outside the window draws no ACK.',
    defect: { wire: [overlook(isFarOff)] },
  },
  {
    id: 'timestamps-stand-still',
    requirement: 'RFC7323-4.1-01',
    breaks: 'Every segment of a flow carries the timestamp of the first one.',
    defect: {
      wire: [
        spoil(
          (tcp, passing) => hasTimestamp(tcp) && firstTimestamp(passing) !== undefined,
          (tcp, passing) => ({ options: withTimestamp(tcp, (own) => firstTimestamp(passing) ?? own) }),
        ),
      ],
    },
  },
  {
    id: 'timestamps-run-backwards',
    requirement: 'RFC7323-4.1-01',
    breaks: 'The clock of the timestamps counts down.',
    defect: {
      wire: [spoil(hasTimestamp, (tcp) => ({ options: withTimestamp(tcp, (own) => -own >>> 0) }))],
    },
  },
]);
