/** The claims of Linux' own MPTCP, wherever its kernel runs. */
import type { Claims } from '../suite/catalogue/applicability.js';

/** The behaviour that Linux 5.16 and newer document. */
export const linuxClaims: Claims = {
  roles: ['server', 'client'],
  versions: [1],
  profiles: ['tcp', 'mptcp-v1'],
  ip: [4, 6],
  paths: 2,
  control: 2,
  // Accepted connections are under the kernel's own path manager, which has no commands for a single connection.
  abilities: ['second-address', 'second-port', 'signals-as-client'],
  parameters: {},
};
