/** Mutants of a TCP host in what came after RFC 793: timestamps, window scale, challenges, ECN; and in what errors quote. */
import { type Tcp, TcpFlag } from '../protocol/wire/packet.js';
import { seqAdd, seqBefore } from '../protocol/wire/seq.js';
import { imagine, misread, overlook, type Passing, spoil } from './fault.js';
import { mutants } from './mutant.js';
import { findAny, isBareAck, isData, isReset, isSyn, isSynAck, redraft } from './segment.js';

const { SYN, ECE, CWR } = TcpFlag;

const clock = (tcp: Tcp | undefined): number | undefined =>
  tcp === undefined ? undefined : findAny(tcp, 'timestamps')?.value;

/** The latest timestamp of the peer before this segment. */
const latestClock = ({ flow }: Passing): number | undefined => clock(flow.segments('in').at(-1));

/** A window scale option that came after the handshake. */
const laterShift = (tcps: readonly Tcp[]): number | undefined => {
  const found = tcps.findLast((tcp) => (tcp.flags & SYN) === 0 && findAny(tcp, 'window_scale') !== undefined);
  return found === undefined ? undefined : findAny(found, 'window_scale')?.shift;
};

const isReadByLaterShift = (tcp: Tcp, { flow }: Passing): boolean =>
  (tcp.flags & SYN) === 0 && laterShift([...flow.segments('in'), tcp]) !== undefined;

const challenges = (tcp: Tcp, { flow }: Passing): boolean => {
  const latest = flow.segments('in').at(-1);
  return isBareAck(tcp) && latest !== undefined && isReset(latest);
};

/** Octets that came beyond a gap which this segment fills, and overlaps. */
const overlapped = (tcp: Tcp, { flow }: Passing): Tcp | undefined => {
  const end = seqAdd(tcp.seq, tcp.payload.length);
  return flow
    .segments('in')
    .find(
      (early) => isData(early) && seqBefore(tcp.seq, early.seq) && seqBefore(early.seq, end) && early.ack === tcp.ack,
    );
};

export const tcpExtensionMutants = mutants({ profile: 'tcp', role: 'both' }, [
  {
    id: 'timestamps-compared-as-plain-numbers',
    requirement: 'RFC7323-5.2-02',
    breaks: 'A timestamp after the wrap at 2^32 is treated as older than one before.',
    defect: {
      decides: {
        tcp: { isOutdated: ({ timestamps }, segment) => (clock(segment) ?? Infinity) < (timestamps?.recent ?? 0) },
      },
    },
  },
  {
    id: 'timestamps-compared-as-signed-numbers',
    requirement: 'RFC7323-5.2-02',
    breaks: 'A timestamp above 2^31 is treated as older than one below.',
    defect: {
      decides: {
        tcp: {
          isOutdated: ({ timestamps }, segment) => {
            const own = clock(segment);
            return own !== undefined && timestamps !== undefined && (own | 0) < (timestamps.recent | 0);
          },
        },
      },
    },
  },
  {
    id: 'older-timestamp-dropped-in-silence',
    requirement: 'RFC7323-5.3-01',
    breaks: 'Data with an older timestamp draws no ACK.',
    defect: {
      wire: [
        overlook((tcp, passing) => {
          const [own, latest] = [clock(tcp), latestClock(passing)];
          return isData(tcp) && own !== undefined && latest !== undefined && ((own - latest) | 0) < 0;
        }),
      ],
    },
  },
  {
    id: 'window-scale-taken-from-data',
    requirement: 'RFC7323-2.2-01',
    breaks: 'A window scale option is accepted on any segment.',
    defect: {
      wire: [
        misread(isReadByLaterShift, (tcp, { flow }) => {
          const agreed = flow.segments('in').map((came) => findAny(came, 'window_scale'))[0]?.shift ?? 0;
          const shift = laterShift([...flow.segments('in'), tcp]) ?? agreed;
          return { window: Math.min(Math.floor(tcp.window * 2 ** (shift - agreed)), 65535) };
        }),
      ],
    },
  },
  {
    id: 'fifth-reset-not-challenged',
    role: 'server',
    requirement: 'RFC5961-3.2-02',
    breaks: 'Four resets inside the window are challenged in the life of a connection, and no further one.',
    defect: { wire: [overlook((tcp, { flow }) => isReset(tcp) && flow.segments('in').filter(isReset).length >= 4)] },
  },
  {
    id: 'challenge-with-the-oldest-number',
    role: 'both',
    requirement: 'RFC5961-3.2-02',
    breaks: 'A challenge ACK has the sequence number of the oldest unacknowledged octet.',
    defect: {
      wire: [
        spoil(challenges, (tcp, { flow }) => ({
          seq: flow.segments('in').findLast((came) => !isReset(came))?.ack ?? tcp.seq,
        })),
      ],
    },
  },
  {
    id: 'syn-while-closing-resets',
    requirement: 'RFC5961-4.2-01',
    breaks: 'A SYN in the window ends a connection on which a FIN was sent or received.',
    defect: {
      decides: {
        tcp: { judgeSyn: ({ state }) => (state === 'established' || state === 'syn-received' ? 'challenge' : 'reset') },
      },
    },
  },
  {
    id: 'syn-challenge-acknowledges-the-syn',
    requirement: 'RFC5961-4.2-02',
    breaks: 'The challenge ACK that a SYN draws acknowledges that SYN.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) =>
            isBareAck(tcp) && flow.confirmed && flow.latestIn !== undefined && isSyn(flow.latestIn.tcp),
          (tcp, { flow }) => ({ ack: seqAdd(flow.latestIn?.tcp.seq ?? tcp.ack, 1) }),
        ),
      ],
    },
  },
  {
    id: 'ecn-offer-mirrored',
    role: 'server',
    requirement: 'RFC9293-3.8.2-02',
    breaks: 'The SYN/ACK has ECE and CWR as the SYN had them.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) =>
            isSynAck(tcp) && flow.segments('in').some((came) => isSyn(came) && (came.flags & ECE) !== 0),
          ({ flags }) => ({ flags: flags | ECE | CWR }),
        ),
      ],
    },
  },
  {
    id: 'checksum-of-zero-taken-for-none',
    role: 'server',
    requirement: 'RFC9293-3.1-05',
    breaks: 'A checksum field of zero is treated as no checksum.',
    defect: {
      wire: [
        misread(
          ({ checksum, checksumState }) => checksum === 0 && checksumState === 'invalid',
          () => ({}),
        ),
      ],
    },
  },
  {
    id: 'overlap-delivered-twice',
    role: 'server',
    requirement: 'RFC9293-3.4-01',
    breaks: 'Octets kept beyond a gap are delivered whole, although the segment that fills the gap has some of them.',
    defect: {
      wire: [
        imagine(
          (tcp, passing) => isData(tcp) && overlapped(tcp, passing) !== undefined,
          (passing) => {
            const { packet, path, tcp } = passing;
            const payload = overlapped(tcp, passing)?.payload ?? new Uint8Array(0);
            return [{ path, draft: redraft(packet, { seq: seqAdd(tcp.seq, tcp.payload.length), payload }) }];
          },
        ),
      ],
    },
  },
  {
    id: 'icmp-error-found-by-ports',
    role: 'client',
    requirement: 'RFC9293-3.9.2-03',
    breaks: 'An ICMP error ends the flow with the ports that it quotes, whatever addresses it quotes.',
    defect: {
      decides: {
        tcp: {
          findQuoted: (flows, { sourcePort, destinationPort }) =>
            [...flows.values()].find((flow) => flow.localPort === sourcePort && flow.remotePort === destinationPort),
        },
      },
    },
  },
  {
    id: 'icmp-error-found-by-own-port',
    role: 'client',
    requirement: 'RFC9293-3.9.2-03',
    breaks: 'An ICMP error ends the flow with the quoted port of the host, whatever port of the peer it quotes.',
    defect: {
      decides: {
        tcp: {
          findQuoted: (flows, { source, sourcePort }) =>
            [...flows.values()].find((flow) => flow.local === source && flow.localPort === sourcePort),
        },
      },
    },
  },
]);
