/** Classic set-up (RFC 6824, RFC 8684, RFC 9293): one SYN on the default path, nothing elsewhere until the DSS gate. */
import type { Election } from './election.js';

export const classic: Election = {
  start: (attempt) => attempt.paths.slice(0, 1),
  keys: 'fresh',
  repeats: 'flow',
  losers: 'drop',
  judgeLater: () => 'reset',
};
