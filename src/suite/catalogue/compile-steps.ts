/**
 * From the steps of a case as written to the steps that run: replaces variables, opens fragments, reads expressions.
 * Problems are reported with the place where the step is written, also inside a fragment.
 *
 * A step is written once and runs in every cell of a matrix and every use of its fragment. So steps are read in two
 * stages: {@link readSteps} once where they are written, {@link compileSteps} for each case. A step with the same values
 * of its variables is the same object in all cases.
 */
import { ExpressionError } from '../language/expression.js';
import type { Alternative, Origin, Step } from '../language/step.js';
import type { RankedVerdict } from '../verdict/verdict.js';
import { compileStep, declarationOf, expectationOf, marksOf, type Raw, record, windowOf } from './compile-step.js';
import { type Call, readCall, readCalls } from './fragment-name.js';
import { didYouMean } from './near-miss.js';
import type { Path, Problem } from './problem.js';
import { isByVersion, ofVersion, type TellUnknown, template, type Variables, versionName } from './variables.js';
import { problemAt, type YamlSource } from './yaml-source.js';

/** A fragment, read once at its declaration. */
export interface Fragment {
  readonly name: string;
  /** The parameters that its brackets take, in order. */
  readonly ordered: readonly string[];
  /** All parameters with their defaults; null: the call must give it. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly steps: readonly WrittenStep[];
  /** The fragments that its own steps may use. */
  readonly scope: Fragments;
}

/** The fragments that may be used in a file. */
export interface Fragments {
  /** The fragment, or the reason why there is none. */
  find(name: string): Fragment | { readonly problem: string };
}

export interface Compilation {
  readonly fragments: Fragments;
  readonly problems: Problem[];
  /** Steps so far in the case, for their titles. */
  count: number;
  /** Fragments being opened, to detect one that contains itself. */
  readonly opening: readonly Fragment[];
  /** Every fragment that was opened for any case. */
  readonly opened: Set<Fragment>;
}

/** A step as written: gives its steps in one case. May throw an ExpressionError. */
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

/** Compiles a list of steps for one case; steps that cannot be read are left out and reported. */
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
  if ('declared' in raw) return readDeclared(raw, place);
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

/** The steps after an alternative are read at their own place, so that their mistakes are reported there. */
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

/** Each branch is read at its own place, so that its mistakes are reported there. */
function readDeclared(raw: Raw, place: Place): WrittenStep {
  const origin = originOf(place);
  const declared = template(raw['declared'], declarationOf);
  const [steps, otherwise] = ['steps', 'otherwise'].map((branch) =>
    readSteps(raw[branch], { ...place, path: [...place.path, branch] }),
  );
  return (compilation, variables) => [
    {
      title: titleOf(compilation, 'declared'),
      origin,
      step: 'declared',
      declared: declared(variables, tellUnknown(compilation, place, variables)),
      steps: compileSteps(compilation, steps ?? [], variables),
      otherwise: compileSteps(compilation, otherwise ?? [], variables),
    },
  ];
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
  ...(raw['declared'] === undefined ? {} : { declared: declarationOf(raw['declared']) }),
  ...(raw['expect'] === undefined ? {} : { expectation: expectationOf(record(raw['expect'])) }),
  ...(raw['ends'] === true ? { ends: true } : {}),
});

function readUse(use: unknown, place: Place): WrittenStep {
  const wanted = template(use, (filled) => {
    const called = typeof filled === 'string' ? { fragment: filled } : record(filled);
    return { call: readCall(String(called['fragment'])), given: record(called['with']) };
  });
  return (compilation, variables) => {
    const { call, given } = wanted(variables, tellUnknown(compilation, place, variables));
    return openFragment(compilation, call, given, place, variables);
  };
}

function readRun(run: unknown, place: Place): WrittenStep {
  const wanted = template(run, (filled) => readCalls(String(filled)));
  return (compilation, variables) =>
    wanted(variables, tellUnknown(compilation, place, variables)).flatMap((call) =>
      openFragment(compilation, call, {}, place, variables),
    );
}

function openFragment(
  compilation: Compilation,
  { name, args }: Call,
  given: Raw,
  place: Place,
  variables: Variables,
): readonly Step[] {
  const fragment = compilation.fragments.find(name);
  if ('problem' in fragment) {
    complain(compilation, place, fragment.problem);
    return [];
  }
  const opening = [...compilation.opening, fragment];
  if (compilation.opening.includes(fragment)) {
    const chain = opening.map((each) => each.name).join(' > ');
    complain(compilation, place, `fragment "${name}" contains itself: ${chain}`);
    return [];
  }
  compilation.opened.add(fragment);
  const { parameters, ordered } = fragment;
  if (args.length > ordered.length) {
    const form = ordered.length === 0 ? name : `${name}(${ordered.join(', ')})`;
    complain(compilation, place, `fragment "${name}" is called as ${form}, got ${name}(${args.join(', ')})`);
  }
  const inOrder = Object.fromEntries(
    ordered.slice(0, args.length).map((key, index) => [key, argumentValue(args[index])]),
  );
  const all: Raw = { ...inOrder, ...given };
  for (const key of Object.keys(given).filter((k) => !(k in parameters)))
    complain(
      compilation,
      place,
      `fragment "${name}" has no parameter "${key}"${didYouMean(key, Object.keys(parameters))}`,
    );
  for (const [key, value] of Object.entries(parameters)) {
    if (value === null && all[key] === undefined)
      complain(compilation, place, `fragment "${name}" needs the parameter "${key}"`);
  }
  const inner: Compilation = { ...compilation, fragments: fragment.scope, opening };
  const steps = compileSteps(inner, fragment.steps, { ...variables, ...parameters, ...all });
  compilation.count = inner.count;
  return steps;
}

/** An argument in brackets: whole numbers are numbers, as in YAML. */
const argumentValue = (argument: string | undefined): unknown =>
  argument !== undefined && /^\d+$/.test(argument) ? Number(argument) : argument;
