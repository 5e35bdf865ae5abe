/**
 * A plan is one case made ready to run: its steps, where it meets the implementation, and the settings of the run. The
 * interpreter needs nothing else; the same plan and the same events always give the same actions.
 */

import { deriveOctets } from '../../protocol/keys/derive-octets.js';
import type { JoinCapLayout } from '../../protocol/keys/join-cap-mac.js';
import type { DraftSubtypes } from '../../protocol/mptcp/option.js';
import type { ExpandedCase } from '../catalogue/case.js';
import type { Surroundings } from './contract.js';

/** Bounds in nanoseconds. */
export interface Timing {
  /** How long an answer may take where a case names no time: later is missing. */
  readonly reaction: bigint;
  /** How long a silence lasts where a case names no time. */
  readonly silence: bigint;
  /** How long a segment is still waited for behind an explicit bound, to tell late from missing. */
  readonly grace: bigint;
  /** How long a sentinel may take to be answered before it is sent once more. */
  readonly sentinel: bigint;
  /**
   * How far apart segments on different paths leave at least where a case sends one right after the other: on real wires
   * what leaves at once arrives in any order, and a case means the order in which it is written. Absent where order is kept.
   */
  readonly crossing?: bigint;
}

export const defaultTiming: Timing = {
  reaction: 2_000_000_000n,
  silence: 300_000_000n,
  grace: 100_000_000n,
  sentinel: 1_000_000_000n,
};

export interface PlanSettings {
  /** Every value that the tester chooses derives from this and the case's id. */
  readonly seed: string;
  readonly subtypes: DraftSubtypes;
  readonly joinCap: JoinCapLayout;
  readonly timing: Timing;
}

export interface Plan extends PlanSettings {
  readonly case: ExpandedCase;
  readonly surroundings: Surroundings;
}

export const planCase = (subject: ExpandedCase, surroundings: Surroundings, settings: PlanSettings): Plan => ({
  ...settings,
  case: subject,
  surroundings,
});

/** A number of `bits` bits that is this plan's own for a label: the same in every run with the same seed. */
export function chosen(plan: Plan, label: string, bits: number): bigint {
  const octets = deriveOctets(plan.seed, `${plan.case.id}/${label}`, Math.ceil(bits / 8));
  return BigInt.asUintN(bits, BigInt(`0x${Buffer.from(octets).toString('hex')}`));
}
