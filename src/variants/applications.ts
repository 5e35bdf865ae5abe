/** What the application does with a stream: when it answers, and in how many writes. TCP promises octets in order and nothing else. */
import { echoing } from './echo-application.js';
import { everyProfile, type Variant, variants } from './variant.js';

const boundaries = {
  source: 'RFC 9293',
  section: '3.7',
  says: 'Segments need not correspond to writes: TCP keeps no boundaries between writes.',
} as const;

export const applicationVariants: readonly Variant[] = variants({ profiles: everyProfile, about: 'application' }, [
  {
    id: 'slow-application',
    sentence: {
      source: 'RFC 9293',
      section: '3.9.1.3',
      says: 'The application decides when it reads: here the echo comes after 400 ms.',
    },
    change: echoing({ pause: 400_000_000n }),
  },
  {
    id: 'application-answers-after-1500ms',
    sentence: {
      source: 'RFC 9293',
      section: '3.9.1.3',
      says: 'The application decides when it reads: here the echo comes after 1.5 seconds.',
    },
    change: echoing({ pause: 1_500_000_000n }),
  },
  {
    id: 'closes-400ms-after-its-peer',
    sentence: {
      source: 'RFC 9293',
      section: '3.6',
      says: 'A connection may stay half closed: here the application closes 400 ms after its peer.',
    },
    change: echoing({ pause: 0n, linger: 400_000_000n }),
  },
  {
    id: 'echo-of-all-that-came-in-50ms',
    sentence: boundaries,
    change: echoing({ pause: 50_000_000n, together: true }),
  },
  {
    id: 'echo-in-two-writes',
    sentence: boundaries,
    change: echoing({ pause: 0n, piece: 3 }),
  },
]);
