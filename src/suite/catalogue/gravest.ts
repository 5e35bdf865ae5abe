/**
 * The worst verdict that the citations of a case permit. A duty (MUST) may fail an implementation; a recommendation gives
 * at most `nonstrict`. A requirement derived for RobE binds only hosts that claim RobE: for others a derived duty is a
 * recommendation.
 */
import type { RankedVerdict } from '../verdict/verdict.js';
import type { Requirement } from './requirement-schema.js';

/** The fields of a case that the bound needs. */
interface Citing {
  readonly requirements: readonly string[];
  readonly profiles: readonly string[];
}

/** Whether the case applies only to implementations that claim RobE. */
const asksRobeOnly = ({ profiles }: Citing): boolean => profiles.every((profile) => profile.startsWith('robe-'));

const gravestOf = ({ level, basis }: Requirement, robe: boolean): RankedVerdict => {
  if (level === 'MUST') return basis === 'derived' && !robe ? 'nonstrict' : 'fail';
  return level === 'SHOULD' ? 'nonstrict' : 'info';
};

const gravity: readonly RankedVerdict[] = ['info', 'nonstrict', 'fail'];

/** `fail` if any cited requirement may fail it, or if no cited requirement is known. */
export const gravestVerdict = (citing: Citing, register: ReadonlyMap<string, Requirement>): RankedVerdict => {
  const robe = asksRobeOnly(citing);
  const known = citing.requirements.map((id) => register.get(id)).filter((it) => it !== undefined);
  const each = known.map((requirement) => gravity.indexOf(gravestOf(requirement, robe)));
  return (each.length === 0 ? undefined : gravity[Math.max(...each)]) ?? 'fail';
};

/** For cases that cite only derived duties, which bind RobE hosts alone: the worst verdict of their own steps. */
export const boundOf = (citing: Citing, register: ReadonlyMap<string, Requirement>): 'nonstrict' | undefined => {
  const duty = citing.requirements.some((id) => register.get(id)?.level === 'MUST');
  return duty && gravestVerdict(citing, register) === 'nonstrict' ? 'nonstrict' : undefined;
};
