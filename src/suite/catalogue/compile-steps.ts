/**
 * From the steps of a case as written to the steps that run: variables put in, fragments opened, expressions read.
 * What is wrong is told with the place where it was written, also inside a fragment.
 */
import { ExpressionError, parseExpression } from '../scenario/expression.js';
import { icmpErrorNames } from '../scenario/icmp-error.js';
import { defaultTiming } from '../scenario/plan.js';
import type { RankedVerdict } from '../verdict/verdict.js';
import type { AuthoredFragment } from './case-schema.js';
import { compileFlow, compileSegment } from './compile-segment.js';
import { parseDuration } from './duration.js';
import { didYouMean } from './near-miss.js';
import type { Path, Problem } from './problem.js';
import type { Alternative, ControlStep, IcmpStep, Origin, Step, Window } from './step.js';
import { substitute, type Variables } from './variables.js';
import { problemAt, type YamlSource } from './yaml-source.js';

type Raw = Readonly<Record<string, unknown>>;

/** A fragment and where its steps are written. */
export interface Fragment {
  readonly authored: AuthoredFragment;
  readonly source: YamlSource;
  readonly path: Path;
}

export interface Compilation {
  readonly fragments: ReadonlyMap<string, Fragment>;
  readonly problems: Problem[];
  /** Steps so far in the case, for their titles. */
  count: number;
  /** Fragments being opened, to notice one that contains itself. */
  readonly opening: readonly string[];
}

interface Place {
  readonly source: YamlSource;
  readonly path: Path;
  readonly variables: Variables;
}

const record = (value: unknown): Raw => (typeof value === 'object' && value !== null ? (value as Raw) : {});

function complain(compilation: Compilation, place: Place, message: string): void {
  compilation.problems.push(problemAt(place.source, place.path, message));
}

/** Compiles a list of steps; steps that cannot be read are left out and told. */
export function compileSteps(compilation: Compilation, raw: unknown, place: Place): readonly Step[] {
  if (!Array.isArray(raw)) return [];
  return raw.flatMap((entry: unknown, index) => {
    const at = { ...place, path: [...place.path, index] };
    try {
      return compileStep(compilation, entry, at);
    } catch (cause) {
      if (!(cause instanceof ExpressionError)) throw cause;
      complain(compilation, at, cause.message);
      return [];
    }
  });
}

function compileStep(compilation: Compilation, entry: unknown, place: Place): readonly Step[] {
  const authored = record(entry);
  const put = (value: unknown) =>
    substitute(value, place.variables, (name) =>
      complain(
        compilation,
        place,
        `there is no variable $${name} here${didYouMean(name, Object.keys(place.variables))}`,
      ),
    );
  if ('use' in authored) return openFragments(compilation, [put(authored['use'])], place);
  if ('run' in authored)
    return openFragments(compilation, String(put(authored['run'])).split(/\s+/).filter(Boolean), place);
  // The steps behind an alternative are compiled in their own place, so that mistakes in them are told there.
  const raw = record('one-of' in authored ? { ...authored, 'one-of': authored['one-of'] } : put(authored));
  compilation.count += 1;
  const label = raw['label'] === undefined ? undefined : String(raw['label']);
  const base = {
    title: label === undefined ? String(compilation.count) : `${compilation.count} (${label})`,
    ...(label === undefined ? {} : { label }),
    origin: originOf(place),
  };
  if ('send' in raw) {
    const send = record(raw['send']);
    return [
      {
        ...base,
        step: 'send',
        on: compileFlow(send['on']),
        segment: compileSegment(send),
        times: Number(send['times'] ?? 1),
      },
    ];
  }
  if ('expect' in raw) {
    const expect = record(raw['expect']);
    return [
      {
        ...base,
        step: 'expect',
        on: compileFlow(expect['on']),
        segment: compileSegment(expect),
        window: windowOf(expect),
        otherwise: (expect['otherwise'] ?? 'fail') as RankedVerdict,
      },
    ];
  }
  if ('any-order' in raw) {
    const expectations = (raw['any-order'] as readonly Raw[]).map(expectationOf);
    return [{ ...base, step: 'any-order', expectations, window: windowOf(raw) }];
  }
  if ('one-of' in raw) {
    const alternatives = (raw['one-of'] as readonly Raw[]).map((alternative, index) =>
      compileAlternative(compilation, alternative, put, { ...place, path: [...place.path, 'one-of', index] }),
    );
    return [{ ...base, step: 'one-of', alternatives, window: windowOf(record(put({ ...raw, 'one-of': undefined }))) }];
  }
  if ('silence' in raw) {
    const silence = record(raw['silence']);
    return [
      {
        ...base,
        step: 'silence',
        on: [silence['on']].flat().map(compileFlow),
        for: silence['for'] === undefined ? defaultTiming.silence : durationOf(silence['for']),
      },
    ];
  }
  if ('icmp' in raw) return [{ ...base, ...icmpOf(record(raw['icmp'])) }];
  if ('wait' in raw) return [{ ...base, step: 'wait', for: durationOf(raw['wait']) }];
  return [{ ...base, ...controlOf(record(raw['control'])) }];
}

/** A step is compiled once for each cell of a matrix and each use of its fragment; where it stands is looked up once. */
const origins = new WeakMap<YamlSource, Map<string, Origin>>();

function originOf({ source, path }: Place): Origin {
  const known = origins.get(source) ?? new Map<string, Origin>();
  origins.set(source, known);
  const key = path.join('/');
  const found = known.get(key);
  if (found !== undefined) return found;
  const { file, line, column } = problemAt(source, path, '');
  const origin = { file, line, column };
  known.set(key, origin);
  return origin;
}

function durationOf(value: unknown): bigint {
  const time = parseDuration(String(value));
  if (time === undefined) throw new ExpressionError(`expected a time such as 200ms, got \`${String(value)}\``);
  return time;
}

function windowOf(raw: Raw): Window {
  return {
    ...(raw['after'] === undefined ? {} : { after: durationOf(raw['after']) }),
    ...(raw['within'] === undefined ? {} : { within: durationOf(raw['within']) }),
    ...(raw['since'] === undefined ? {} : { since: String(raw['since']) }),
  };
}

const expectationOf = (raw: Raw) => ({ on: compileFlow(raw['on']), segment: compileSegment(raw) });

function compileAlternative(
  compilation: Compilation,
  authored: Raw,
  put: (value: unknown) => unknown,
  place: Place,
): Alternative {
  const raw = record(put({ ...authored, next: undefined }));
  if ((raw['expect'] === undefined) === (raw['nothing'] === undefined))
    complain(compilation, place, 'an alternative has either `expect` or `nothing: true`');
  return {
    outcome: raw['outcome'] as RankedVerdict,
    observation: String(raw['observation']),
    ...(raw['expect'] === undefined ? {} : { expectation: expectationOf(record(raw['expect'])) }),
    next: compileSteps(compilation, authored['next'], { ...place, path: [...place.path, 'next'] }),
  };
}

function icmpOf(raw: Raw): Omit<IcmpStep, 'title' | 'label' | 'origin'> {
  const error = icmpErrorNames.find((name) => name === raw['error']);
  if (error === undefined)
    throw new ExpressionError(
      `expected an ICMP error, one of ${icmpErrorNames.join(', ')}; got \`${String(raw['error'])}\``,
    );
  return {
    step: 'icmp',
    on: compileFlow(raw['on']),
    error,
    mtu: Number(raw['mtu'] ?? 1280),
    ...(raw['quoted_seq'] === undefined ? {} : { quotedSeq: parseExpression(String(raw['quoted_seq'])) }),
  };
}

function controlOf(raw: Raw): Omit<ControlStep, 'title' | 'label' | 'origin'> {
  const verb = raw['verb'] as ControlStep['verb'];
  const paths = Array.isArray(raw['paths']) ? raw['paths'].map(Number) : [];
  return {
    step: 'control',
    verb,
    connection: String(raw['connection'] ?? 'connection'),
    paths: paths.length === 0 ? [1] : paths,
    hosts: Array.isArray(raw['hosts']) ? raw['hosts'].map(Number) : [1],
    ...(raw['data'] === undefined ? {} : { payload: Uint8Array.from(Buffer.from(String(raw['data']), 'utf8')) }),
    ...(raw['answer'] === undefined
      ? {}
      : { answer: raw['answer'] as Readonly<Record<string, string | number | boolean>> }),
  };
}

function openFragments(compilation: Compilation, uses: readonly unknown[], place: Place): readonly Step[] {
  return uses.flatMap((use) => {
    const name = typeof use === 'string' ? use : String(record(use)['fragment']);
    const given = typeof use === 'string' ? {} : record(record(use)['with']);
    return openFragment(compilation, name, given, place);
  });
}

function openFragment(compilation: Compilation, name: string, given: Raw, place: Place): readonly Step[] {
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
  const steps = compileSteps(inner, fragment.authored.steps, {
    source: fragment.source,
    path: [...fragment.path, 'steps'],
    variables: { ...place.variables, ...parameters, ...given },
  });
  compilation.count = inner.count;
  return steps;
}
