/** Bugs that TCP stacks had, as far as they showed on the wire: each with the thread of the public tracker where it is told. */
import { type Tcp, TcpFlag } from '../protocol/wire/packet.js';
import { type Seq, seq, seqAdd, seqBefore } from '../protocol/wire/seq.js';
import { hasFlag } from '../reference/tcp/flow.js';
import { misread, overlook, type Passing, spoil } from './fault.js';
import { mutants } from './mutant.js';
import { isBareAck, isData, isFin, isReset, isSyn } from './segment.js';

/** The last segment that came was a reset. */
const afterReset = ({ flow }: Passing): Tcp | undefined => {
  const latest = flow.segments('in').at(-1);
  return latest !== undefined && isReset(latest) ? latest : undefined;
};

/** The highest acknowledgment that came before. */
const acknowledged = ({ flow }: Passing): Seq | undefined =>
  flow
    .segments('in')
    .filter((tcp) => hasFlag(tcp, TcpFlag.ACK) && !isReset(tcp))
    .map(({ ack }) => ack)
    .reduce<Seq | undefined>((most, ack) => (most === undefined || seqBefore(most, ack) ? ack : most), undefined);

export const tcpTrackerBugs = mutants({ profile: 'tcp', role: 'server' }, [
  {
    id: 'repeated-fin-one-number-on',
    requirement: 'RFC9293-3.6-02',
    origin: 'Juniper/warp17#15',
    breaks: 'The sequence number of each repetition of a FIN is one too high.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) => isFin(tcp) && flow.segments('out').some(isFin),
          (tcp) => ({ seq: seqAdd(tcp.seq, 1) }),
        ),
      ],
    },
  },
  {
    id: 'challenge-with-the-numbers-of-the-reset',
    requirement: 'RFC5961-3.2-01',
    origin: 'FreeRTOS/FreeRTOS-Plus-TCP#1235',
    breaks: 'The ACK that answers an inexact reset acknowledges the number of the reset.',
    defect: {
      wire: [
        spoil(
          (tcp, passing) => isBareAck(tcp) && afterReset(passing) !== undefined,
          (tcp, passing) => ({ ack: afterReset(passing)?.seq ?? tcp.ack }),
        ),
      ],
    },
  },
  {
    id: 'data-beside-a-fin-ignored',
    requirement: 'RFC9293-3.6-01',
    origin: 'zephyrproject-rtos/zephyr#71379',
    breaks: 'Of a segment with data and FIN only the FIN is accepted.',
    defect: {
      wire: [
        misread(
          (tcp) => isFin(tcp) && tcp.payload.length > 0,
          () => ({ payload: new Uint8Array(0) }),
        ),
      ],
    },
  },
  {
    id: 'reset-with-a-wrong-checksum',
    requirement: 'RFC9293-3.1-04',
    origin: 'tass-belgium/picotcp#54',
    breaks: 'The checksum of resets is wrong by one bit.',
    defect: { wire: [spoil(isReset, ({ checksum }) => ({ checksum: checksum ^ 1 }))] },
  },
  {
    id: 'acknowledgments-from-number-zero',
    requirement: 'RFC9293-3.10.7-14',
    origin: 'demikernel/inetstack#107',
    breaks: 'ACKs without data have sequence number zero.',
    defect: { wire: [spoil(isBareAck, () => ({ seq: seq(0) }))] },
  },
  {
    id: 'data-with-an-older-ack-dropped',
    requirement: 'RFC9293-3.4-01',
    origin: 'smoltcp-rs/smoltcp#12',
    breaks: 'Data with an older acknowledgment than the latest is dropped.',
    defect: {
      wire: [
        overlook((tcp, passing) => {
          const most = acknowledged(passing);
          return isData(tcp) && most !== undefined && seqBefore(tcp.ack, most);
        }),
      ],
    },
  },
  {
    id: 'simultaneous-open-passed-over',
    role: 'client',
    requirement: 'RFC9293-3.5-01',
    origin: 'smoltcp-rs/smoltcp#1001',
    breaks: 'A bare SYN in SYN-SENT is dropped.',
    defect: { wire: [overlook((tcp, { flow }) => isSyn(tcp) && flow.openedHere)] },
  },
]);
