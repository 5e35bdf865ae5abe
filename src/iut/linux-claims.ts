/** What Linux' own MPTCP is held to, wherever its kernel runs. */
import type { Claims } from '../suite/catalogue/applicability.js';

/** What a Linux kernel of 5.16 or newer documents. */
export const linuxClaims: Claims = {
  roles: ['server', 'client'],
  versions: [1],
  profiles: ['tcp', 'mptcp-v1'],
  ip: [4, 6],
  paths: 2,
  control: 2,
  // What is accepted is under the kernel's own path manager, which takes no word about one connection.
  abilities: ['second-address', 'second-port', 'signals-as-client'],
  parameters: {},
};
