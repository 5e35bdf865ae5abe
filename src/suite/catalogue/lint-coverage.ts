/**
 * Problems between the register, the cases that cite it and the rules that watch it. Always: a case that cites no
 * requirement, an unknown or retired one, or one that packets cannot show. If strict also gaps: sentences of the sources
 * that no requirement reads, requirements that no case asks and no rule watches, roles and versions in which they are not
 * tested. Problems of the register itself are reported when it is read.
 */
import type { Step } from '../language/step.js';
import {
  type CitingCase,
  type CoveredRequirement,
  firstExpansions,
  measureCoverage,
  type WatchingRule,
} from './coverage.js';
import { compareProblems, type Problem } from './problem.js';
import { type Register, whyNotCitable } from './requirement.js';
import type { Requirement } from './requirement-schema.js';
import { measureSentences, printSentence } from './sentence-coverage.js';
import { printSetting } from './trials.js';

export interface CoverageRules {
  /** Gaps are problems as well. */
  readonly strict: boolean;
}

export function lintCoverage(
  register: Pick<Register, 'requirements' | 'retired' | 'sentences'>,
  cases: readonly CitingCase[],
  { strict }: CoverageRules,
  rules: readonly WatchingRule[] = [],
): readonly Problem[] {
  const problems = firstExpansions(cases).flatMap((subject) => lintCitations(subject, register));
  if (strict) {
    const { byRequirement } = measureCoverage(register, cases, rules);
    problems.push(...firstExpansions(cases).flatMap((subject) => lintRole(subject, register)));
    problems.push(...byRequirement.flatMap(lintStanding));
    problems.push(...lintSentences(register, byRequirement));
  }
  return problems.sort(compareProblems);
}

function lintCitations(
  { authoredId, requirements, steps, origin }: CitingCase,
  register: Pick<Register, 'requirements' | 'retired'>,
): readonly Problem[] {
  const problem = (message: string): Problem => ({ ...origin, message: `${authoredId}: ${message}` });
  if (requirements.length === 0) return [problem('cites no requirement')];
  const uncitable = [...new Set(requirements)].flatMap((id) => {
    const why = whyNotCitable(id, register) ?? whyUnseen(register.requirements.get(id));
    return why === undefined ? [] : [problem(why)];
  });
  if (uncitable.length > 0 || !failsHard(steps) || requirements.some((id) => isDuty(register, id))) return uncitable;
  const levels = requirements.map((id) => `${id}: ${register.requirements.get(id)?.level}`).join(', ');
  return [
    problem(
      `fails hard, and nothing it cites is a duty (${levels}); cite the MUST that its hard steps rest on, grade the others`,
    ),
  ];
}

const isDuty = ({ requirements }: Pick<Register, 'requirements'>, id: string): boolean =>
  requirements.get(id)?.level === 'MUST';

/** Whether an unexpected segment fails the case. */
const failsHard = (steps: readonly Step[] = []): boolean => steps.some(isHard);

const isHard = (step: Step): boolean => {
  switch (step.step) {
    case 'expect':
      return step.otherwise === 'fail';
    case 'any-order':
    case 'one-of':
    case 'silence':
      return true;
    case 'send':
    case 'icmp':
    case 'wait':
    case 'control':
      return false;
    case 'declared':
      return failsHard(step.steps) || failsHard(step.otherwise);
  }
};

function whyUnseen(requirement: Requirement | undefined): string | undefined {
  if (requirement === undefined || requirement.testable === 'wire' || 'partial' in requirement.testable)
    return undefined;
  return `packets cannot show whether ${requirement.id} is kept: ${requirement.testable.no}`;
}

function lintRole(
  { authoredId, requirements, role, origin }: CitingCase,
  register: Pick<Register, 'requirements'>,
): readonly Problem[] {
  const cited = requirements.map((id) => register.requirements.get(id)).filter((it) => it !== undefined);
  if (cited.length === 0 || cited.some((each) => each.role === 'both' || each.role === role)) return [];
  const message = `${authoredId}: tests the ${role}, but everything it cites is for the other role`;
  return [{ ...origin, message }];
}

function lintStanding({ requirement, standing, tried }: CoveredRequirement): readonly Problem[] {
  const problem = (message: string): Problem => ({ ...requirement.origin, message: `${requirement.id} ${message}` });
  if (standing === 'open')
    return [
      problem('is open: no case cites it and no rule watches it; or say under testable why packets cannot show it'),
    ];
  const stale = tried.stale.map(({ reason }) => problem(`is tried, so under untried this holds no longer: ${reason}`));
  if (tried.missing.length === 0) return stale;
  return [
    ...stale,
    problem(`is not tried with: ${tried.missing.map(printSetting).join(', ')}; try it, or say under untried why not`),
  ];
}

/** Each section once, with the sentences that nobody has read. */
function lintSentences(
  { sentences }: Pick<Register, 'sentences'>,
  byRequirement: readonly CoveredRequirement[],
): readonly Problem[] {
  return measureSentences(sentences, byRequirement)
    .bySentence.filter(({ read }) => !read)
    .map(({ sentence, unread }) => ({
      ...sentence.origin,
      message: `no requirement stands on ${printSentence(sentence)}${unread.length === 0 ? '' : ` (${unread.join(', ')})`}`,
    }));
}
