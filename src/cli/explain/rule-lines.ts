/** A rule of the book for people: what must hold, of whom, what it stands on, and which broken implementations prove it. */
import { allMutants } from '../../mutants/index.js';
import { type Rule, requirementsOf } from '../../rules/rule.js';
import type { Catalogue } from '../../suite/catalogue/catalogue.js';
import { fold } from './case-lines.js';

/** Whom it binds, in a few words: `client of MPTCP v0 and v1`, `either host of any TCP flow, where tcp.congestion is standard`. */
export const boundText = ({ binds, of, robe, declared }: Rule): string => {
  const host = binds === 'both' ? 'either host' : binds;
  const where = of === 'tcp' ? 'of any TCP flow' : `of MPTCP ${of.map((version) => `v${version}`).join(' and ')}`;
  const claim = robe === true ? ' that claims RobE' : '';
  const word = declared === undefined ? '' : `, where ${declared.point} is ${declared.binds.join(' or ')}`;
  return `${host} ${where}${claim}${word}`;
};

/** Mutants that break a requirement of the rule. */
const proofs = (rule: Rule): readonly string[] => {
  const ids = requirementsOf(rule);
  return allMutants.filter(({ requirement }) => ids.includes(requirement)).map(({ id }) => id);
};

export const ruleLines = (rule: Rule, catalogue: Catalogue): readonly string[] => [
  rule.name,
  ...fold(rule.says).map((line) => `  ${line}`),
  '',
  `  level   ${rule.level}`,
  `  binds   ${boundText(rule)}`,
  `  needs   ${rule.needs}`,
  '',
  '  stands on',
  ...requirementsOf(rule).flatMap((id) => {
    const requirement = catalogue.requirements.get(id);
    if (requirement === undefined) return [`    ${id}`];
    const { doc, section } = requirement.source;
    return [
      `    ${id} (${requirement.level}, ${doc} ${section ?? ''})`.trimEnd(),
      ...fold(requirement.statement).map((line) => `      ${line}`),
    ];
  }),
  '',
  '  broken by the mutants',
  ...fold(proofs(rule).join(', ') || 'none').map((line) => `    ${line}`),
];

/** A rule as an object of JSON. */
export const describeRule = (rule: Rule) => ({
  name: rule.name,
  requirements: requirementsOf(rule),
  level: rule.level,
  binds: rule.binds,
  of: rule.of,
  robe: rule.robe === true,
  says: rule.says,
  needs: rule.needs,
  mutants: proofs(rule),
});
