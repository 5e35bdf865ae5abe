/**
 * The claims of the reference for a profile, and its parameters by their names in declarations. A declaration is concrete
 * where the suite would accept any choice, since an implementation has made one.
 */
import { mostPaths } from '../net/lab/layout.js';
import type { EstablishmentProfile } from '../reference/contract.js';
import type { ReferenceParameters } from '../reference/parameters.js';
import type { Claims } from '../suite/catalogue/applicability.js';
import { parameterDefaults } from '../suite/language/parameters.js';

/** Every RobE host is a classic MPTCP host of both versions as well, and that a TCP host. */
const claimedProfiles = (profile: EstablishmentProfile): readonly string[] => {
  switch (profile) {
    case 'tcp':
      return ['tcp'];
    case 'mptcp':
      return ['tcp', 'mptcp-v0', 'mptcp-v1'];
    default:
      return ['tcp', 'mptcp-v0', 'mptcp-v1', profile];
  }
};

export const declareReference = (profile: EstablishmentProfile, parameters: ReferenceParameters): Claims => ({
  roles: ['server', 'client'],
  // The preferred first.
  versions: profile === 'tcp' ? [] : [1, 0],
  profiles: claimedProfiles(profile),
  ip: [4, 6],
  paths: mostPaths,
  control: 2,
  abilities: ['second-address', 'second-port', 'signals-as-client', 'signals-as-server'],
  parameters: declared(parameters),
});

type ParameterGroup = Readonly<Record<string, string | number | boolean>>;

/** Dotted names; those that a declaration does not know stay with the reference. */
const declared = (parameters: ReferenceParameters): Claims['parameters'] => {
  const named: Record<string, string | number | boolean> = {};
  for (const [group, members] of Object.entries<ParameterGroup>({ ...parameters })) {
    for (const [name, value] of Object.entries(members)) {
      const dotted = `${group}.${name}`;
      if (dotted in parameterDefaults) named[dotted] = value;
    }
  }
  const { match_window_s, foreign_host } = parameters.p1;
  return {
    ...named,
    'p1.match_window': match_window_s === Number.POSITIVE_INFINITY ? 'inf' : match_window_s,
    'p1.foreign_host': foreign_host === 'attach' ? 'attach-finding' : foreign_host,
  };
};
