/** An offer that a listener judges as if its MP_CAPABLE were another. */
import type { MpCapable } from '../protocol/mptcp/option.js';
import { type CapableOffer, judgeOffer } from '../reference/mptcp/capable.js';

export const asIf =
  (alter: (option: MpCapable) => MpCapable) =>
  (...[option, versions, parameters]: Parameters<typeof judgeOffer>): CapableOffer | 'plain' | 'drop' =>
    judgeOffer(alter(option), versions, parameters);
