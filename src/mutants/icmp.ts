/** Mutants of what ICMP errors do to an attempt to connect (RFC 9293 section 3.9.2.2). */
import { isHardError } from '../reference/icmp-error.js';
import { mutants } from './mutant.js';

export const icmpMutants = mutants({ profile: 'tcp', role: 'client' }, [
  {
    id: 'soft-icmp-error-ends-the-attempt',
    requirement: 'RFC9293-3.9.2-01',
    breaks: 'Any ICMP error about the SYN ends the attempt.',
    defect: { decides: { tcp: { isHardError: () => true } } },
  },
  {
    id: 'soft-icmp-error-ends-a-path',
    profile: 'robe-downgrade',
    requirement: 'RFC9293-3.9.2-01',
    breaks: 'Any ICMP error about a SYN ends its flow, so that one forged packet a path ends the attempt.',
    defect: { decides: { tcp: { isHardError: () => true } } },
  },
  {
    id: 'hard-icmp-error-ignored',
    requirement: 'RFC9293-3.9.2-02',
    breaks: 'A final ICMP error is ignored: the SYN is repeated until it times out.',
    defect: { decides: { tcp: { isHardError: () => false } } },
  },
  {
    id: 'path-mtu-report-ends-the-attempt',
    requirement: 'RFC9293-3.9.2-02',
    breaks: 'A report of a path MTU is treated as a final error.',
    defect: {
      decides: {
        tcp: {
          isHardError: (version, type, code) =>
            isHardError(version, type, code) || (version === 4 ? type === 3 && code === 4 : type === 2),
        },
      },
    },
  },
  {
    id: 'icmp-error-of-any-number-believed',
    requirement: 'RFC9293-3.9.2-03',
    breaks: 'The sequence number that a final ICMP error quotes is not compared.',
    defect: { decides: { tcp: { quotesSyn: () => true } } },
  },
  {
    id: 'hard-icmp-error-while-half-open-ignored',
    role: 'server',
    requirement: 'RFC9293-3.9.2-02',
    breaks: 'A final ICMP error about a SYN/ACK changes nothing: it is repeated until it times out.',
    defect: { decides: { tcp: { heedsErrors: ({ state }) => state === 'syn-sent' } } },
  },
  {
    id: 'icmp-error-ends-another-half-open-flow',
    role: 'server',
    requirement: 'RFC9293-3.9.2-03',
    breaks: 'A final ICMP error ends the half-open flow that is there for longest, whatever it quotes.',
    defect: {
      decides: {
        tcp: {
          findQuoted: (flows) => [...flows.values()].find(({ state }) => state === 'syn-received'),
          quotesSyn: () => true,
        },
      },
    },
  },
  {
    id: 'source-quench-ends-the-flow',
    role: 'both',
    requirement: 'RFC9293-3.9.2-04',
    breaks: 'A source quench counts as a final error.',
    defect: {
      decides: {
        tcp: {
          isHardError: (version, type, code) => isHardError(version, type, code) || (version === 4 && type === 4),
        },
      },
    },
  },
]);
