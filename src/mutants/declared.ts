/** Mutants that do another thing than they declare, where either is right by the sources (open points I-101 and following). */
import { mutants } from './mutant.js';

export const declaredMutants = mutants({ profile: 'tcp', role: 'server' }, [
  {
    id: 'repeats-more-than-declared',
    role: 'both',
    requirement: 'RFC9293-3.8.1-01',
    breaks: 'A server that declares to give up after one repetition goes on repeating its SYN/ACK.',
    declared: { tcp: { repeats: 'once' } },
    defect: { behaves: { tcp: { repeats: 'any' } } },
  },
  {
    id: 'syn-in-the-window-challenged-against-its-word',
    requirement: 'RFC9293-3.10.7-13',
    breaks: 'A host that declares to reset answers a SYN in the window with a challenge ACK.',
    role: 'both',
    declared: { tcp: { syn_in_window: 'reset' } },
    defect: { behaves: { tcp: { syn_in_window: 'challenge' } } },
  },
  {
    id: 'syn-in-the-window-resets-against-its-word',
    requirement: 'RFC9293-3.10.7-13',
    breaks: 'A host that declares to challenge resets the connection for a SYN in the window.',
    role: 'both',
    defect: { behaves: { tcp: { syn_in_window: 'reset' } } },
  },
  {
    id: 'ecn-offered-against-its-word',
    requirement: 'RFC9293-3.8.2-02',
    breaks: 'A client whose configuration leaves ECN off offers it.',
    role: 'client',
    defect: { behaves: { tcp: { ecn: 'offered' } } },
  },
  {
    id: 'window-kept-after-a-loss',
    requirement: 'RFC9293-3.8.2-01',
    breaks: 'A host that declares the congestion control of RFC 5681 has as much under way after a loss as before.',
    role: 'both',
    defect: { behaves: { tcp: { congestion: 'other' } } },
  },
  {
    id: 'checksums-asked-though-waived',
    requirement: 'RFC6824-3.1-09',
    breaks: 'A host whose administrator waived checksums sets flag A.',
    profile: 'mptcp',
    role: 'both',
    declared: { mpc: { checksum: false } },
    defect: { behaves: { mpc: { checksum: true } } },
  },
  {
    id: 'checksums-used-though-refused',
    requirement: 'RFC8684-3.1-27',
    breaks: 'A host that declares to refuse checksums accepts MPTCP although its peer sets flag A.',
    profile: 'mptcp',
    role: 'both',
    declared: { mpc: { checksum: false, refuse_checksum: true } },
    defect: { behaves: { mpc: { refuse_checksum: false } } },
  },
]);
