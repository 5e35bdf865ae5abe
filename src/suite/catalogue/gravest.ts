/**
 * The worst verdict that what a case cites can give. A duty (MUST) may fail an implementation, a recommendation at most makes it
 * `nonstrict`. What was derived for RobE binds only those who claim it: for others a derived duty is a recommendation.
 */
import type { RankedVerdict } from '../verdict/verdict.js';
import type { Requirement } from './requirement-schema.js';

/** As much of a case as the bound needs. */
interface Citing {
  readonly requirements: readonly string[];
  readonly profiles: readonly string[];
}

/** Whether only implementations that claim RobE are asked. */
const asksRobeOnly = ({ profiles }: Citing): boolean => profiles.every((profile) => profile.startsWith('robe-'));

const gravestOf = ({ level, basis }: Requirement, robe: boolean): RankedVerdict => {
  if (level === 'MUST') return basis === 'derived' && !robe ? 'nonstrict' : 'fail';
  return level === 'SHOULD' ? 'nonstrict' : 'info';
};

const gravity: readonly RankedVerdict[] = ['info', 'nonstrict', 'fail'];

/** `fail` where any requirement that it cites may fail it; also where it cites none that is known. */
export const gravestVerdict = (citing: Citing, register: ReadonlyMap<string, Requirement>): RankedVerdict => {
  const robe = asksRobeOnly(citing);
  const known = citing.requirements.map((id) => register.get(id)).filter((it) => it !== undefined);
  const each = known.map((requirement) => gravity.indexOf(gravestOf(requirement, robe)));
  return (each.length === 0 ? undefined : gravity[Math.max(...each)]) ?? 'fail';
};

/** Of cases that cite duties, and only derived ones, which bind RobE hosts alone: the verdict that nothing they ask can exceed. */
export const boundOf = (citing: Citing, register: ReadonlyMap<string, Requirement>): 'nonstrict' | undefined => {
  const duty = citing.requirements.some((id) => register.get(id)?.level === 'MUST');
  return duty && gravestVerdict(citing, register) === 'nonstrict' ? 'nonstrict' : undefined;
};
