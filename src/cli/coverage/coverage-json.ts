/** Coverage as programs read it. `schema` is raised when the meaning of a field changes. */
import type { Coverage, CoveredRequirement } from '../../suite/catalogue/coverage.js';
import type { Problem } from '../../suite/catalogue/problem.js';
import type { CoveredSentence, SentenceCoverage } from '../../suite/catalogue/sentence-coverage.js';

export const coverageJson = (coverage: Coverage, sentences: SentenceCoverage, problems: readonly Problem[]): string =>
  JSON.stringify({
    schema: 2,
    total: coverage.total,
    source: coverage.bySource,
    level: coverage.byLevel,
    basis: coverage.byBasis,
    role: coverage.byRole,
    profile: coverage.byProfile,
    requirements: coverage.byRequirement.map(requirementJson),
    sentences: { source: sentences.bySource, each: sentences.bySentence.map(sentenceJson) },
    cases: coverage.byCase,
    problems,
  });

const requirementJson = ({ requirement, testability, standing, cases, rules, tried }: CoveredRequirement) => ({
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
  rules,
  missing: tried.missing,
  untried: requirement.untried ?? [],
});

const sentenceJson = ({ sentence, standing, requirements, unread }: CoveredSentence) => ({
  doc: sentence.doc,
  section: sentence.section,
  name: sentence.name,
  levels: sentence.levels,
  ...(sentence.hidden === undefined ? {} : { remark: sentence.hidden }),
  standing,
  requirements,
  unread,
});
