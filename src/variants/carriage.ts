/** What carries a segment: fields and options of IP, and what follows the packet in its frame, none of which TCP asks for. */
import { redraft } from '../mutants/segment.js';
import type { TcpDraft, TcpPacket } from '../protocol/wire/packet.js';
import type { Habit } from './habit.js';
import { everyProfile, type Variant, variants } from './variant.js';

const carried = (change: (draft: TcpDraft, packet: TcpPacket) => TcpDraft) => (): Habit => ({
  leaves: ({ packet, path }) => [{ path, draft: change(redraft(packet), packet) }],
});

const otherFields = carried((draft, { ip }) => ({
  ...draft,
  ip: {
    ...draft.ip,
    ttl: 255,
    trafficClass: 0x28,
    ...(ip.version === 4 ? { fragment: 0, identification: 7 } : { flowLabel: 0xabcde }),
  },
}));

const noOperations = Uint8Array.of(1, 1, 1, 0);

const withOptions = carried((draft, { ip }) =>
  ip.version === 4 ? { ...draft, ip: { ...draft.ip, options: noOperations } } : draft,
);

const withTrailer = carried((draft) => ({
  ...draft,
  ethernet: { ...draft.ethernet, trailer: Uint8Array.of(0xde, 0xad, 0xbe, 0xef, 1, 2) },
}));

export const carriageVariants: readonly Variant[] = variants({ profiles: everyProfile, about: 'carriage' }, [
  {
    id: 'other-ip-fields',
    sentence: {
      source: 'RFC 9293',
      section: '3.9.2',
      says: 'TCP does not prescribe TTL, Differentiated Services field, IP identification and flow label.',
    },
    change: { habit: otherFields },
  },
  {
    id: 'ip-options',
    sentence: {
      source: 'RFC 9293',
      section: '3.9.2.1',
      says: 'TCP does not prescribe IP options: here no-operations of IPv4.',
    },
    change: { habit: withOptions },
  },
  {
    id: 'octets-after-the-packet',
    sentence: {
      source: 'RFC 9293',
      section: '3.1',
      says: 'The length of a segment follows from that of the IP packet: padding of the frame after it is no part of it.',
    },
    change: { habit: withTrailer },
  },
]);
