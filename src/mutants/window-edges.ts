/** Mutants of what a TCP host does at the edges of its peer's window: one that shrinks, opens by little, is large, or has just closed. */
import { TcpFlag } from '../protocol/wire/packet.js';
import { seqAdd, seqBefore } from '../protocol/wire/seq.js';
import { hasFlag } from '../reference/tcp/flow.js';
import { backOff } from '../reference/tcp/transmission.js';
import { misread, type Passing, withhold } from './fault.js';
import type { FlowHistory } from './flow-history.js';
import { mutants } from './mutant.js';
import { isData, without } from './segment.js';

const { SYN } = TcpFlag;

/** The latest window of the peer ends before what was sent. */
const hasShrunk = (flow: FlowHistory): boolean => {
  const latest = flow.segments('in').at(-1);
  const sent = flow.next('out');
  return latest !== undefined && sent !== undefined && seqBefore(seqAdd(latest.ack, latest.window), sent);
};

const timesSent = (seq: number, { flow }: Passing): number =>
  flow.segments('out').filter((own) => isData(own) && own.seq === seq).length;

export const windowEdgeMutants = mutants({ profile: 'tcp', role: 'both' }, [
  {
    id: 'window-read-as-signed',
    requirement: 'RFC9293-3.1-11',
    breaks: 'A window of 32768 octets and more counts as closed.',
    defect: {
      wire: [
        misread(
          ({ window }) => window >= 0x8000,
          () => ({ window: 0 }),
        ),
      ],
    },
  },
  {
    id: 'new-data-into-a-shrunken-window',
    requirement: 'RFC9293-3.8.6-05',
    breaks: 'A window that has shrunk keeps the edge that it had, so new data goes out.',
    defect: {
      wire: [
        misread(
          (tcp, { flow }) => !hasFlag(tcp, SYN) && seqBefore(seqAdd(tcp.ack, tcp.window), flow.next('out') ?? tcp.ack),
          () => ({ window: 4000 }),
        ),
      ],
    },
  },
  {
    id: 'nothing-again-into-a-shrunken-window',
    requirement: 'RFC9293-3.8.6-06',
    breaks: 'While the window ends before what was sent, nothing is sent again.',
    defect: { wire: [withhold((tcp, passing) => timesSent(tcp.seq, passing) > 0 && hasShrunk(passing.flow))] },
  },
  {
    id: 'data-beyond-a-shrunken-window-times-out',
    requirement: 'RFC9293-3.8.6-08',
    breaks:
      'Data beyond the edge of a window that has shrunk is given up after six retransmissions, though each is answered.',
    defect: {
      wire: [
        withhold(
          (tcp, passing) =>
            isData(tcp) &&
            timesSent(tcp.seq, passing) > 6 &&
            passing.flow.segments('out').some((own) => isData(own) && seqBefore(tcp.seq, own.seq)),
        ),
      ],
    },
  },
  {
    id: 'closed-window-probed-at-once',
    requirement: 'RFC9293-3.8.6-10',
    breaks: 'A window that closes is probed as soon as there is an octet to send.',
    defect: { decides: { tcp: { probeWait: () => 0n } } },
  },
  {
    id: 'closed-window-probed-late',
    requirement: 'RFC9293-3.8.6-10',
    breaks: 'A window that closes is probed after five seconds, whatever the timeout is.',
    defect: { decides: { tcp: { probeWait: () => 5_000_000_000n } } },
  },
  {
    id: 'closed-window-probed-at-equal-waits',
    requirement: 'RFC9293-3.8.6-11',
    breaks: 'The wait between probes of a closed window stays as long as the first one.',
    defect: { decides: { tcp: { backOff: (flow) => (flow.sndWindow === 0 ? flow.rto : backOff(flow)) } } },
  },
  {
    id: 'small-windows-filled',
    requirement: 'RFC9293-3.8.6-12',
    breaks: 'Every octet by which the window opens draws a segment.',
    defect: { decides: { tcp: { isSilly: () => false } } },
  },
  {
    id: 'mss-option-not-read',
    requirement: 'RFC9293-3.7.1-02',
    breaks: 'The MSS option of the peer is passed over, and the default assumed.',
    defect: {
      wire: [
        misread(
          (tcp) => hasFlag(tcp, SYN),
          (tcp) => without(tcp, 'mss'),
        ),
      ],
    },
  },
]);
