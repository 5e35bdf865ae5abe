/** What resets look like and what they reset, where TCP and MPTCP leave it open. */
import { spoil } from '../mutants/fault.js';
import { carries, isReset, withEdited, without } from '../mutants/segment.js';
import { TcpFlag } from '../protocol/wire/packet.js';
import type { Seq } from '../protocol/wire/seq.js';
import { seqDiff } from '../protocol/wire/seq.js';
import { hasFlag } from '../reference/tcp/flow.js';
import { everyProfile, mptcpProfiles, type Variant, variants } from './variant.js';

const reasoned = carries('mp_tcprst');
const reason = { source: 'RFC 8684', section: '3.6' } as const;

export const resetVariants: readonly Variant[] = [
  ...variants({ profiles: everyProfile, about: 'form of resets' }, [
    {
      id: 'abort-without-ack',
      sentence: {
        source: 'RFC 9293',
        section: '3.10.5',
        says: 'ABORT sends a reset at the next number to be sent; the form that is given has no ACK.',
      },
      change: {
        wire: [
          spoil(
            (tcp, { flow }) => isReset(tcp) && hasFlag(tcp, TcpFlag.ACK) && flow.confirmed,
            ({ flags }) => ({ flags: flags & ~TcpFlag.ACK, ack: 0 as Seq }),
          ),
        ],
      },
    },
  ]),
  ...variants({ profiles: everyProfile, about: 'RFC 5961' }, [
    {
      id: 'reset-anywhere-in-the-window',
      sentence: {
        source: 'RFC 9293',
        section: '3.10.7.4',
        says: 'The protection of RFC 5961 is optional: without it a reset counts anywhere in the window.',
      },
      keeps: 'musts',
      change: {
        decides: {
          tcp: {
            judgeReset: (flow, segment) => {
              const offset = seqDiff(segment.seq, flow.rcvNxt);
              return offset >= 0 && offset < flow.receiveWindow ? 'reset' : 'drop';
            },
          },
        },
      },
    },
  ]),
  ...variants({ profiles: mptcpProfiles, about: 'reason of resets' }, [
    {
      id: 'reason-unspecified',
      sentence: { ...reason, says: 'Reason 0, an unspecified error, is the default of MP_TCPRST.' },
      keeps: 'musts',
      change: {
        wire: [spoil(reasoned, (tcp) => withEdited(tcp, 'mp_tcprst', (option) => ({ ...option, reason: 0 })))],
      },
    },
    {
      id: 'reason-left-out',
      sentence: { ...reason, says: 'A reset may carry MP_TCPRST and may go without.' },
      keeps: 'musts',
      change: { wire: [spoil(reasoned, (tcp) => without(tcp, 'mp_tcprst'))] },
    },
    {
      id: 'reason-transient',
      sentence: { ...reason, says: 'T says that the trouble is transient, where its sender takes it for that.' },
      change: { wire: [spoil(reasoned, (tcp) => withEdited(tcp, 'mp_tcprst', (option) => ({ ...option, flags: 1 })))] },
    },
  ]),
];
