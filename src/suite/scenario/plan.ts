/**
 * A plan is one case ready to run: its steps, its surroundings, and the settings of the run. The interpreter needs
 * nothing else; the same plan and the same events always give the same actions.
 */

import { deriveOctets } from '../../protocol/keys/derive-octets.js';
import type { JoinCapLayout } from '../../protocol/keys/join-cap-mac.js';
import type { DraftSubtypes } from '../../protocol/mptcp/option.js';
import type { ExpandedCase } from '../language/case.js';
import type { Timing } from '../language/timing.js';
import type { Surroundings } from './contract.js';
import { stepsFor } from './declaration.js';

export interface PlanSettings {
  /** Every value that the tester chooses derives from this and the case's id. */
  readonly seed: string;
  readonly subtypes: DraftSubtypes;
  readonly joinCap: JoinCapLayout;
  readonly timing: Timing;
  /** The declared values of open points, by dotted name; absent: the default. */
  readonly declared?: Readonly<Record<string, string | number | boolean>>;
}

export interface Plan extends PlanSettings {
  readonly case: ExpandedCase;
  readonly surroundings: Surroundings;
}

export const planCase = (subject: ExpandedCase, surroundings: Surroundings, settings: PlanSettings): Plan => ({
  ...settings,
  case: { ...subject, steps: stepsFor(subject, settings.declared ?? {}) },
  surroundings,
});

/** A number of `bits` bits derived from the plan and a label: the same in every run with the same seed. */
export function chosen(plan: Plan, label: string, bits: number): bigint {
  const octets = deriveOctets(plan.seed, `${plan.case.id}/${label}`, Math.ceil(bits / 8));
  return BigInt.asUintN(bits, BigInt(`0x${Buffer.from(octets).toString('hex')}`));
}
