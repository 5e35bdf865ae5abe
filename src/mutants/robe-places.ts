/** Mutants of RobE servers that mind where a flow comes from or goes to, or compare a part of Key-A. */
import { correlate } from '../reference/listener/correlation.js';
import { type Fault, misread, overlook, type Passing } from './fault.js';
import { type Mutant, mutants } from './mutant.js';
import { fromPortOfAnother, ignoring, others, overOtherVersion, toSecondAddress, wrapped } from './place.js';
import { carries, isReset, isSyn, withEdited, without } from './segment.js';

const capable = carries('mp_capable');

/** Key-A is another one to those that do not look at these flows. */
const anotherKey = (test: (passing: Passing) => boolean): readonly Fault[] => [
  misread(
    (tcp, passing) => capable(tcp) && test(passing),
    (tcp) =>
      withEdited(tcp, 'mp_capable', (option) =>
        option.key === undefined ? option : { ...option, key: option.key ^ 1n },
      ),
  ),
];

const otherKeys: readonly Mutant[] = [
  ['robe-downgrade', 'ROBE-P1-S-02'],
  ['robe-bbm', 'ROBE-P2-S-01'],
].flatMap(([profile, requirement]) =>
  mutants({ profile: profile as 'robe-downgrade' | 'robe-bbm', role: 'server' }, [
    {
      id: `key-of-one-address.${profile}`,
      requirement: requirement as string,
      breaks: 'A Key-A is correlated only at the address to which its first SYN was sent.',
      defect: {
        wire: anotherKey(
          (passing) => toSecondAddress(passing) && others(passing).some(({ ip }) => !/[.:]2$/.test(ip.destination)),
        ),
      },
    },
    {
      id: `key-of-one-ip-version.${profile}`,
      requirement: requirement as string,
      breaks: 'A Key-A is correlated only with flows of the same IP version.',
      defect: {
        decides: {
          listener: {
            correlate: (requests, syn, parameters) =>
              correlate(
                requests.filter(({ firstFrom }) => firstFrom.includes(':') === syn.from.includes(':')),
                syn,
                parameters,
              ),
          },
        },
      },
    },
    {
      id: `half-open-flow-known-by-its-port.${profile}`,
      requirement: requirement as string,
      breaks: 'A SYN from the port of another half-open flow is ignored.',
      defect: { wire: ignoring(fromPortOfAnother) },
    },
  ]),
);

const robeServers = mutants({ profile: 'robe-downgrade', role: 'server' }, [
  {
    id: 'upper-half-of-key-a-compared',
    requirement: 'ROBE-P1-S-18',
    breaks: 'Only the upper half of Key-A is compared.',
    defect: {
      wire: [
        misread(
          (tcp) => isSyn(tcp) && capable(tcp),
          (tcp) =>
            withEdited(tcp, 'mp_capable', (option) =>
              option.key === undefined ? option : { ...option, key: (option.key >> 32n) << 32n },
            ),
        ),
      ],
    },
  },
  {
    id: 'lower-half-of-key-a-compared',
    requirement: 'ROBE-P1-S-18',
    breaks: 'Only the lower half of Key-A is compared.',
    defect: {
      wire: [
        misread(
          (tcp) => isSyn(tcp) && capable(tcp),
          (tcp) =>
            withEdited(tcp, 'mp_capable', (option) =>
              option.key === undefined ? option : { ...option, key: BigInt.asUintN(32, option.key) },
            ),
        ),
      ],
    },
  },
  {
    id: 'attached-flow-dropped-after-the-wrap',
    requirement: 'DERIVED-DSS-01',
    breaks: 'Data on an attached flow is treated as old after the wrap of its sequence numbers.',
    defect: {
      wire: [overlook((tcp, passing) => passing.flow !== passing.flows[0] && !isReset(tcp) && wrapped(tcp, passing))],
    },
  },
]);

/** Where MP_JOIN_CAP joins nothing, as if the segment did not carry it. */
const joinCapIgnored: readonly (readonly [id: string, where: string, test: (passing: Passing) => boolean])[] = [
  ['to-another-address', 'at another address of the host', toSecondAddress],
  ['over-other-ip-version', 'over another IP version than that of the initial flow', overOtherVersion],
  ['from-the-same-port', 'on a flow from the port of the initial one', fromPortOfAnother],
];

const esimServers = mutants(
  { profile: 'robe-esim', role: 'server' },
  joinCapIgnored.map(([id, where, test]) => ({
    id: `join-cap-${id}-ignored`,
    requirement: 'DRAFT-eSIM-S-02',
    breaks: `MP_JOIN_CAP joins no connection ${where}.`,
    defect: {
      wire: [
        misread(
          (tcp, passing) => carries('mp_join_cap')(tcp) && test(passing),
          (tcp) => without(tcp, 'mp_join_cap'),
        ),
      ],
    },
  })),
);

export const robePlaceMutants: readonly Mutant[] = [...otherKeys, ...robeServers, ...esimServers];
