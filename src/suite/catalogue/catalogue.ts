/**
 * The catalogue: every case of the files given, checked, expanded and compiled, with the requirements they cite. Pure:
 * texts in, cases and problems out. With problems the catalogue has the cases that could be read; the caller decides what
 * to do.
 */
import type { ExpandedCase } from '../language/case.js';
import { ExpressionError } from '../language/expression.js';
import type { Step } from '../language/step.js';
import { fieldsMeant } from '../verdict/duties.js';
import { readCaseFile, type Written } from './case-file.js';
import type { AuthoredCase } from './case-schema.js';
import { compileFlows } from './compile-flows.js';
import { compileSteps, type Fragment, readSteps } from './compile-steps.js';
import { fragmentsByFile, type Visible } from './fragments.js';
import { boundOf } from './gravest.js';
import { lintDialogue } from './lint-dialogue.js';
import { lintHead } from './lint-head.js';
import { type Cell, cellsOf } from './matrix.js';
import { neededAbilities } from './needed-abilities.js';
import { compareProblems, type Problem, printProblem } from './problem.js';
import { type KnownRegister, parseRequirements } from './requirement.js';
import type { Requirement, Retired } from './requirement-schema.js';
import type { Sentences } from './sentences.js';
import { keptByValues, namesIn } from './variables.js';
import { problemAt, type Source } from './yaml-source.js';

export interface Catalogue {
  readonly cases: readonly ExpandedCase[];
  readonly requirements: ReadonlyMap<string, Requirement>;
  readonly retired: ReadonlyMap<string, Retired>;
  readonly sentences: Sentences;
}

const isRequirementFile = (file: string): boolean => /(^|[/\\])requirements[/\\]/.test(file);

/**
 * Reads requirement files (below `requirements/`), fragment files (below `fragments/`) and case files. Requirements that are
 * known already need no file.
 */
export function loadCatalogue(
  sources: readonly Source[],
  known?: KnownRegister,
): {
  readonly catalogue: Catalogue;
  readonly problems: readonly Problem[];
} {
  const requirementFiles = sources.filter((s) => isRequirementFile(s.file));
  const register = parseRequirements(requirementFiles, known);
  const problems: Problem[] = [...register.problems];
  const files = sources.filter((s) => !isRequirementFile(s.file)).map(readCaseFile);
  problems.push(...files.flatMap((file) => file.problems));
  const visibleIn = fragmentsByFile(files, problems);
  const opened = new Set<Fragment>();
  const expanded = files.flatMap((file) => {
    const visible = visibleIn(file);
    return file.cases.flatMap((written) => expandCase(written, visible, opened, problems));
  });
  for (const file of files) problems.push(...visibleIn(file).unused(opened));
  refuseDoubles(expanded, problems);
  const bounded = expanded.map((each): ExpandedCase => {
    const gravest = boundOf(each, register.requirements);
    const about = fieldsOf(each, register.requirements);
    return { ...each, ...(gravest === undefined ? {} : { gravest }), ...(about === undefined ? {} : { about }) };
  });
  return {
    catalogue: {
      cases: bounded,
      requirements: register.requirements,
      retired: register.retired,
      sentences: register.sentences,
    },
    problems: distinct(problems).sort(compareProblems),
  };
}

/** Which of the cited sentences mention which fields. */
function fieldsOf(
  { requirements }: Pick<ExpandedCase, 'requirements'>,
  register: ReadonlyMap<string, Requirement>,
): ExpandedCase['about'] {
  const about: Record<string, string[]> = {};
  for (const id of requirements)
    for (const field of fieldsMeant(register.get(id)?.statement ?? '')) about[field] = [...(about[field] ?? []), id];
  return Object.keys(about).length === 0 ? undefined : about;
}

const listOf = <T>(value: T | readonly T[]): readonly T[] => (Array.isArray(value) ? value : [value as T]);

function expandCase(
  { authored, source, index }: Written<AuthoredCase>,
  fragments: Visible,
  opened: Set<Fragment>,
  problems: Problem[],
): readonly ExpandedCase[] {
  const { file, line, column } = problemAt(source, [index], '');
  const steps = readSteps(authored.steps, { source, path: [index, 'steps'] });
  const parameters = Object.fromEntries(
    Object.entries(authored.parameters ?? {}).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, listOf(value)]],
    ),
  );
  const flowsOf = compileFlows(authored.flows);
  const flowsIn = ({ variables, ip }: Cell): ExpandedCase['flows'] => {
    const tell = (message: string): void => {
      problems.push(problemAt(source, [index, 'flows'], `${authored.id}: ${message}`, 'key'));
    };
    try {
      return flowsOf(variables, ip, (name) => tell(`\`$${name}\` has no value here`));
    } catch (cause) {
      if (!(cause instanceof ExpressionError)) throw cause;
      tell(cause.message);
      return {};
    }
  };
  // Cells that differ only in variables that no step mentions have the same steps and the same problems.
  const mentioned = [...new Set([...namesIn(authored.steps), ...namesIn(authored.flows), ...fragments.variables])];
  const kept = keptByValues<readonly Step[]>(mentioned);
  const expanded = cellsOf(authored).map((cell): ExpandedCase => {
    const flows = flowsIn(cell);
    const dialogue = kept(cell.variables, () =>
      compileSteps({ fragments, problems, count: 0, opening: [], opened }, steps, cell.variables),
    );
    return {
      id: `${authored.id}${cell.suffix}`,
      authoredId: authored.id,
      title: authored.title,
      ...(authored.why === undefined ? {} : { why: authored.why }),
      requirements: authored.requirements,
      role: authored.role,
      profiles: authored.profiles,
      unless: authored.unless ?? [],
      ...(cell.mptcp === undefined ? {} : { mptcp: cell.mptcp }),
      ip: cell.ip,
      paths: authored.paths ?? 1,
      control: authored.control ?? (authored.role === 'client' ? 1 : 0),
      parameters,
      version: authored.version ?? 1,
      flows,
      ignore: authored.ignore ?? [],
      suspended: authored.suspend ?? {},
      companions: authored.companions ?? 'minimal',
      needs: neededAbilities(authored.role, flows, dialogue),
      steps: dialogue,
      origin: { file, line, column },
    };
  });
  const different = new Map(expanded.map((each) => [each.steps, each]));
  for (const each of different.values()) problems.push(...lintDialogue(each));
  lintHead(authored, expanded, mentioned, (path, message) =>
    problems.push(problemAt(source, [index, ...path], `${authored.id}: ${message}`, 'key')),
  );
  return expanded;
}

/** No two expanded cases have the same id, and no two authored ones. */
function refuseDoubles(cases: readonly ExpandedCase[], problems: Problem[]): void {
  const seen = new Map<string, ExpandedCase>();
  const note = (id: string, subject: ExpandedCase): void => {
    const first = seen.get(id);
    if (first === undefined) seen.set(id, subject);
    else if (id === subject.id || !isSameOrigin(first, subject))
      problems.push({
        ...subject.origin,
        message: `the id ${sharedPart(subject, first)} is used twice; first at ${first.origin.file}:${first.origin.line}`,
      });
  };
  for (const subject of cases) {
    note(subject.id, subject);
    if (subject.id !== subject.authoredId) note(subject.authoredId, subject);
  }
}

const isSameOrigin = (one: ExpandedCase, other: ExpandedCase): boolean =>
  one.origin.file === other.origin.file && one.origin.line === other.origin.line;

/** For two cases with the same id: the authored id, or the expanded id if two authored ids expand to the same. */
const sharedPart = (subject: ExpandedCase, first: ExpandedCase): string =>
  subject.authoredId === first.authoredId ? subject.authoredId : subject.id;

function distinct(problems: readonly Problem[]): Problem[] {
  return [...new Map(problems.map((problem) => [printProblem(problem), problem])).values()];
}
