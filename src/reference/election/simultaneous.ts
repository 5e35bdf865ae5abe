/**
 * RobE_SIM (draft): independent MP_CAPABLE handshakes on several paths at once; the first SYN/ACK elects, every other flow is
 * terminated by reset and its path opened again by MP_JOIN. All segments are those of the RFCs (DRAFT-SIM-C-07).
 */
import type { Election } from './election.js';

export const simultaneous: Election = {
  start: (attempt) => attempt.paths,
  keys: 'fresh',
  repeats: 'flow',
  losers: 'drop',
  judgeLater: () => 'reset',
};
