/** Mutants of a server that is told addresses with the right HMAC (RFC 8684 section 3.4.1). */

import type { Tcp } from '../protocol/wire/packet.js';
import { overlook, spoil, withhold } from './fault.js';
import { mutants } from './mutant.js';
import { findAny, type OptionOf, withEdited } from './segment.js';

const announced = (tcp: Tcp): OptionOf<'add_addr'> | undefined => findAny(tcp, 'add_addr');

export const announcedMutants = mutants({ profile: 'mptcp', role: 'server' }, [
  {
    id: 'announcement-not-echoed',
    requirement: 'RFC8684-3.4-10',
    breaks: 'No announcement is echoed.',
    defect: { wire: [withhold((tcp) => announced(tcp) !== undefined)] },
  },
  {
    id: 'echo-without-port',
    requirement: 'RFC8684-3.4-10',
    breaks: 'The echo of an announcement has no port.',
    defect: {
      wire: [
        spoil(
          (tcp) => announced(tcp)?.port !== undefined,
          (tcp) => withEdited(tcp, 'add_addr', ({ port: _, ...option }) => option),
        ),
      ],
    },
  },
  {
    id: 'echo-with-another-id',
    requirement: 'RFC8684-3.4-10',
    breaks: 'The echo of an announcement has the next Address ID.',
    defect: {
      wire: [
        spoil(
          (tcp) => announced(tcp) !== undefined,
          (tcp) => withEdited(tcp, 'add_addr', (option) => ({ ...option, addressId: (option.addressId + 1) % 256 })),
        ),
      ],
    },
  },
  {
    id: 'announced-ipv6-not-echoed',
    requirement: 'RFC8684-3.4-10',
    breaks: 'An announcement of an IPv6 address is not echoed.',
    defect: { wire: [withhold((tcp) => announced(tcp)?.address.length === 16)] },
  },
  {
    id: 'second-announcement-not-echoed',
    requirement: 'RFC8684-3.4-10',
    breaks: 'Only the first announcement of a connection is echoed.',
    defect: {
      wire: [
        withhold(
          (tcp, { flow }) =>
            announced(tcp) !== undefined && flow.segments('out').some((own) => announced(own) !== undefined),
        ),
      ],
    },
  },
  {
    id: 'unassigned-flags-of-an-announcement-read',
    requirement: 'RFC8684-3.4-04',
    breaks: 'An announcement with an unassigned flag is dropped.',
    defect: { wire: [overlook((tcp) => ((announced(tcp)?.nibble ?? 0) & 0xe) !== 0)] },
  },
]);
