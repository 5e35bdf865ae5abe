/**
 * From the steps of a case as written to the steps that run: variables put in, fragments opened, expressions read.
 * What is wrong is told with the place where it was written, also inside a fragment.
 *
 * A step is written once and runs in every cell of a matrix and every use of its fragment. So steps are read in two
 * stages: {@link readSteps} once where they are written, {@link compileSteps} for each case; a step in which the same
 * values are put in is the same object in all of them.
 */
import { ExpressionError } from '../language/expression.js';
import type { Alternative, Origin, Step } from '../language/step.js';
import type { RankedVerdict } from '../verdict/verdict.js';
import type { AuthoredFragment } from './case-schema.js';
import { compileStep, expectationOf, marksOf, type Raw, record, windowOf } from './compile-step.js';
import { didYouMean } from './near-miss.js';
import type { Path, Problem } from './problem.js';
import { isByVersion, ofVersion, type TellUnknown, template, type Variables, versionName } from './variables.js';
import { problemAt, type YamlSource } from './yaml-source.js';

/** A fragment, read where it is written. */
export interface Fragment {
  readonly authored: AuthoredFragment;
  readonly steps: readonly WrittenStep[];
}

export interface Compilation {
  readonly fragments: ReadonlyMap<string, Fragment>;
  readonly problems: Problem[];
  /** Steps so far in the case, for their titles. */
  count: number;
  /** Fragments being opened, to notice one that contains itself. */
  readonly opening: readonly string[];
}

/** A step where it is written: gives the steps that it stands for in one case. May throw an ExpressionError. */
type WrittenStep = (compilation: Compilation, variables: Variables) => readonly Step[];

interface Place {
  readonly source: YamlSource;
  readonly path: Path;
}

function complain(compilation: Compilation, place: Place, message: string): void {
  compilation.problems.push(problemAt(place.source, place.path, message));
}

const tellUnknown =
  (compilation: Compilation, place: Place, variables: Variables): TellUnknown =>
  (name) =>
    complain(
      compilation,
      place,
      name === versionName
        ? 'this depends on the MPTCP version, and the case has no `mptcp`'
        : `there is no variable $${name} here${didYouMean(name, Object.keys(variables))}`,
    );

/** Compiles a list of steps for one case; steps that cannot be read are left out and told. */
export const compileSteps = (
  compilation: Compilation,
  steps: readonly WrittenStep[],
  variables: Variables,
): readonly Step[] => steps.flatMap((step) => step(compilation, variables));

/** Reads a list of steps where it is written. */
export function readSteps(raw: unknown, { source, path }: Place): readonly WrittenStep[] {
  if (!Array.isArray(raw)) return [];
  return raw.map((entry: unknown, index) => {
    const place = { source, path: [...path, index] };
    const step = readStep(record(entry), place);
    return (compilation, variables) => {
      try {
        return step(compilation, variables);
      } catch (cause) {
        if (!(cause instanceof ExpressionError)) throw cause;
        complain(compilation, place, cause.message);
        return [];
      }
    };
  });
}

function readStep(raw: Raw, place: Place): WrittenStep {
  if (isByVersion(raw)) return readVersions(raw, place);
  if ('use' in raw) return readUse(raw['use'], place);
  if ('run' in raw) return readRun(raw['run'], place);
  if ('one-of' in raw) return readChoice(raw, place);
  const origin = originOf(place);
  const make = template(raw, (filled) => compileStep(record(filled), origin));
  return (compilation, variables) => {
    compilation.count += 1;
    const step = make(variables, tellUnknown(compilation, place, variables));
    return [{ title: titleOf(compilation, step.label), ...step }];
  };
}

/** Steps of one version only. */
function readVersions(raw: Raw, place: Place): WrittenStep {
  const read = (version: 'v0' | 'v1') => readSteps(raw[version], { ...place, path: [...place.path, version] });
  const versions = { v0: read('v0'), v1: read('v1') };
  return (compilation, variables) => {
    const chosen = ofVersion(versions, variables, tellUnknown(compilation, place, variables));
    return chosen === undefined ? [] : compileSteps(compilation, chosen, variables);
  };
}

function originOf({ source, path }: Place): Origin {
  const { file, line, column } = problemAt(source, path, '');
  return { file, line, column };
}

const titleOf = ({ count }: Compilation, label: string | undefined): string =>
  label === undefined ? String(count) : `${count} (${label})`;

/** The steps behind an alternative are read in their own place, so that mistakes in them are told there. */
function readChoice({ 'one-of': choice, ...raw }: Raw, place: Place): WrittenStep {
  const marks = marksOf(raw, originOf(place));
  const alternatives = (choice as readonly Raw[]).map((alternative, index) =>
    readAlternative(alternative, { ...place, path: [...place.path, 'one-of', index] }),
  );
  const window = template(raw, (filled) => windowOf(record(filled)));
  return (compilation, variables) => {
    compilation.count += 1;
    const title = titleOf(compilation, marks.label);
    const unknown = tellUnknown(compilation, place, variables);
    return [
      {
        title,
        ...marks,
        step: 'one-of',
        alternatives: alternatives.map((alternative) => alternative(compilation, variables, unknown)),
        window: window(variables, unknown),
      },
    ];
  };
}

type WrittenAlternative = (compilation: Compilation, variables: Variables, unknown: TellUnknown) => Alternative;

function readAlternative({ next, ...raw }: Raw, place: Place): WrittenAlternative {
  const reaction = template(raw, (filled) => reactionOf(record(filled)));
  const further = readSteps(next, { ...place, path: [...place.path, 'next'] });
  return (compilation, variables, unknown) => {
    if ((raw['expect'] === undefined) === (raw['nothing'] === undefined))
      complain(compilation, place, 'an alternative has either `expect` or `nothing: true`');
    return { ...reaction(variables, unknown), next: compileSteps(compilation, further, variables) };
  };
}

const reactionOf = (raw: Raw): Omit<Alternative, 'next'> => ({
  outcome: raw['outcome'] as RankedVerdict,
  observation: String(raw['observation']),
  ...(raw['expect'] === undefined ? {} : { expectation: expectationOf(record(raw['expect'])) }),
});

function readUse(use: unknown, place: Place): WrittenStep {
  const wanted = template(use, (filled) =>
    typeof filled === 'string'
      ? { name: filled, given: {} }
      : { name: String(record(filled)['fragment']), given: record(record(filled)['with']) },
  );
  return (compilation, variables) => {
    const { name, given } = wanted(variables, tellUnknown(compilation, place, variables));
    return openFragment(compilation, name, given, place, variables);
  };
}

function readRun(run: unknown, place: Place): WrittenStep {
  const wanted = template(run, (filled) => String(filled).split(/\s+/).filter(Boolean));
  return (compilation, variables) =>
    wanted(variables, tellUnknown(compilation, place, variables)).flatMap((name) =>
      openFragment(compilation, name, {}, place, variables),
    );
}

function openFragment(
  compilation: Compilation,
  name: string,
  given: Raw,
  place: Place,
  variables: Variables,
): readonly Step[] {
  const fragment = compilation.fragments.get(name);
  if (fragment === undefined) {
    complain(compilation, place, `there is no fragment "${name}"${didYouMean(name, compilation.fragments.keys())}`);
    return [];
  }
  if (compilation.opening.includes(name)) {
    complain(compilation, place, `fragment "${name}" contains itself: ${[...compilation.opening, name].join(' > ')}`);
    return [];
  }
  const parameters = fragment.authored.parameters ?? {};
  for (const key of Object.keys(given).filter((k) => !(k in parameters)))
    complain(
      compilation,
      place,
      `fragment "${name}" has no parameter "${key}"${didYouMean(key, Object.keys(parameters))}`,
    );
  for (const [key, value] of Object.entries(parameters)) {
    if (value === null && given[key] === undefined)
      complain(compilation, place, `fragment "${name}" needs the parameter "${key}"`);
  }
  const inner: Compilation = { ...compilation, opening: [...compilation.opening, name] };
  const steps = compileSteps(inner, fragment.steps, { ...variables, ...parameters, ...given });
  compilation.count = inner.count;
  return steps;
}
