/** What resets look like and what they reset, where TCP and MPTCP leave it open. */
import { spoil } from '../mutants/fault.js';
import { carries, isReset, withEdited, without } from '../mutants/segment.js';
import { TcpFlag } from '../protocol/wire/packet.js';
import { seqAdd } from '../protocol/wire/seq.js';
import { segmentLength } from '../reference/tcp/flow.js';
import { answerWithoutState } from '../reference/tcp/reset.js';
import { everyProfile, mptcpProfiles, type Variant, variants } from './variant.js';

const cause = new TextEncoder().encode('not here');
const reasoned = carries('mp_tcprst');
const reason = { source: 'RFC 8684', section: '3.6' } as const;

export const resetVariants: readonly Variant[] = [
  ...variants({ profiles: everyProfile, about: 'form of resets' }, [
    {
      id: 'abort-without-ack',
      sentence: {
        source: 'RFC 9293',
        section: '3.10.5',
        says: 'ABORT sends a reset with the next sequence number; its prescribed form has no ACK.',
      },
      change: { behaves: { tcp: { reset_ack: false } } },
    },
    {
      id: 'answers-of-nobody-with-ack',
      sentence: {
        source: 'RFC 9293',
        section: '3.10',
        says: 'Implementations may differ from the described processing in detail: a reset at the right number may also carry an ACK.',
      },
      change: {
        decides: {
          tcp: {
            answerWithoutState: (segment) => {
              const form = answerWithoutState(segment);
              if (form === undefined || (form.flags & TcpFlag.ACK) !== 0) return form;
              return { ...form, flags: form.flags | TcpFlag.ACK, ack: seqAdd(segment.seq, segmentLength(segment)) };
            },
          },
        },
      },
    },
  ]),
  ...variants({ profiles: everyProfile, about: 'text of resets' }, [
    {
      id: 'resets-with-text',
      sentence: {
        source: 'RFC 9293',
        section: '3.5.3',
        says: 'A reset may carry text that explains its cause, which is no part of the stream.',
      },
      change: { wire: [spoil(isReset, () => ({ payload: cause }))] },
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
      sentence: { ...reason, says: 'MP_TCPRST on a reset is optional.' },
      keeps: 'musts',
      change: { wire: [spoil(reasoned, (tcp) => without(tcp, 'mp_tcprst'))] },
    },
    {
      id: 'reason-transient',
      sentence: { ...reason, says: 'T says that its sender considers the error transient.' },
      change: { wire: [spoil(reasoned, (tcp) => withEdited(tcp, 'mp_tcprst', (option) => ({ ...option, flags: 1 })))] },
    },
  ]),
];
