/** Mutants of what holds of every segment that TCP sends, whatever a dialogue is about: the book of rules notices them. */
import type { Tcp } from '../protocol/wire/packet.js';
import { seq } from '../protocol/wire/seq.js';
import { type Passing, spoil } from './fault.js';
import { type Mutant, mutants } from './mutant.js';
import { isData, isReset, isSynAck } from './segment.js';

/** Octets that were sent at the same place of the sequence before. */
export const isRepeated = (tcp: Tcp, { flow }: Passing): boolean =>
  isData(tcp) && flow.segments('out').some((sent) => isData(sent) && sent.seq === tcp.seq);

/** Each initial sequence number is so far after the one before. */
const countingInitialNumbers = (step: number): Mutant['defect'] => ({
  remembers: () => {
    let last = 0x2000_0000;
    return {
      tcp: {
        initialSequence: () => {
          last += step;
          return seq(last);
        },
      },
    };
  },
});

/** The last octet inverted. */
export const otherOctets = ({ payload }: Tcp): Uint8Array =>
  payload.map((octet, index) => (index === payload.length - 1 ? octet ^ 0xff : octet));

export const watchedTcpMutants: readonly Mutant[] = mutants({ profile: 'tcp', role: 'server' }, [
  {
    id: 'other-octets-sent-again',
    requirement: 'RFC9293-3.8.1-02',
    breaks: 'A retransmission has another last octet.',
    defect: { wire: [spoil(isRepeated, (tcp) => ({ payload: otherOctets(tcp) }))] },
  },
  {
    id: 'timer-never-backs-off',
    requirement: 'RFC6298-5-02',
    origin: 'smoltcp-rs/smoltcp#1023',
    breaks: 'Each timeout is followed by the same wait.',
    defect: { decides: { tcp: { backOff: ({ rto }) => rto } } },
  },
  {
    id: 'tcp-window-edge-moves-back',
    requirement: 'RFC9293-3.8.6-03',
    breaks: 'Once data has come the window is half of what it was, so that its right edge moves back.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) => !isSynAck(tcp) && !isReset(tcp) && flow.segments('in').some(isData),
          ({ window }) => ({ window: window >> 1 }),
        ),
      ],
    },
  },
  {
    id: 'initial-numbers-counted',
    requirement: 'RFC9293-3.4-40',
    origin: 'apache/nuttx#2839',
    breaks: 'Each initial sequence number is the one before plus one.',
    defect: countingInitialNumbers(1),
  },
  {
    id: 'initial-numbers-of-the-clock-alone',
    requirement: 'RFC9293-3.4.1-02',
    breaks: 'Initial sequence numbers are those of a clock of four microseconds, the same for all addresses and ports.',
    defect: { decides: { tcp: { initialSequence: ({ now }) => seq(Number(BigInt.asUintN(32, now / 4_000n))) } } },
  },
  {
    id: 'initial-numbers-a-step-apart',
    profile: 'mptcp',
    versions: [1],
    requirement: 'RFC8684-3-01',
    breaks: 'Each initial sequence number is the one before plus 64,000.',
    defect: countingInitialNumbers(64_000),
  },
]);
