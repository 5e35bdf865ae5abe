/** How little a host may have under way: its congestion window is bounded from above alone (RFC 9293 section 3.8.2, RFC 5681 section 3.1). */
import { everyProfile, type Variant, variants } from './variant.js';

export const congestionVariants: readonly Variant[] = variants({ profiles: everyProfile }, [
  {
    id: 'one-segment-under-way',
    sentence: {
      source: 'RFC 9293',
      section: '3.8.2',
      says: 'Congestion control gives an upper bound for octets under way: here one segment, as if the buffer held one.',
    },
    // Proposal 2 sends each octet on all flows at once (paper, section 2.2).
    profiles: everyProfile.filter((profile) => profile !== 'robe-bbm'),
    change: { behaves: { tcp: { most_segments: 1 } } },
  },
]);
