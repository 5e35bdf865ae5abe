/** Coverage as programs read it. `schema` is raised when the meaning of a field changes. */
import type { Coverage, CoveredRequirement } from '../../suite/catalogue/coverage.js';
import type { Problem } from '../../suite/catalogue/problem.js';

export const coverageJson = (coverage: Coverage, problems: readonly Problem[]): string =>
  JSON.stringify({
    schema: 1,
    total: coverage.total,
    source: coverage.bySource,
    level: coverage.byLevel,
    basis: coverage.byBasis,
    role: coverage.byRole,
    profile: coverage.byProfile,
    requirements: coverage.byRequirement.map(requirementJson),
    cases: coverage.byCase,
    problems,
  });

const requirementJson = ({ requirement, testability, standing, cases }: CoveredRequirement) => ({
  id: requirement.id,
  source: requirement.source,
  level: requirement.level,
  basis: requirement.basis,
  role: requirement.role,
  profiles: requirement.profiles,
  topic: requirement.topic,
  statement: requirement.statement,
  testability,
  ...(typeof requirement.testable === 'object' ? { remark: Object.values(requirement.testable)[0] } : {}),
  standing,
  cases,
});
