/**
 * Which fragment a name means in a file: first the file's own, then those of the ladders that its defaults list, in that
 * order, then the general ones. Ladders are the files below `fragments/ladders/`; only files that list a ladder can use
 * its fragments. Fragments in `fragments/` itself are general. A fragment's own steps are resolved in the file in which
 * it is written, so it means the same wherever it is used.
 */
import { isGeneralFragment } from '../language/fragment-file.js';
import type { CaseFile } from './case-file.js';
import { type Fragment, type Fragments, readSteps } from './compile-steps.js';
import { readCall } from './fragment-name.js';
import { didYouMean } from './near-miss.js';
import type { Problem } from './problem.js';
import { namesIn } from './variables.js';
import { problemAt } from './yaml-source.js';

/** The fragments that a file may use. */
export interface Visible extends Fragments {
  /** Variables that a fragment takes from its caller. */
  readonly variables: readonly string[];
  /** Reports fragments in a file of cases that no case uses. */
  unused(opened: ReadonlySet<Fragment>): readonly Problem[];
}

/** A fragment and its place. */
interface Placed {
  readonly file: string;
  readonly index: number;
  readonly ladder: string | undefined;
  readonly isGeneral: boolean;
  readonly fragment: Fragment;
  readonly variables: readonly string[];
}

/** `esim-server` of `cases/fragments/ladders/esim-server.yaml`. */
const ladderOf = (file: string): string | undefined =>
  /(?:^|[/\\])fragments[/\\]ladders[/\\]([^/\\]+)\.ya?ml$/.exec(file)?.[1];

/** The fragments that each file may use. Reports ladders that do not exist, and names that are declared twice. */
export function fragmentsByFile(files: readonly CaseFile[], problems: Problem[]): (file: CaseFile) => Visible {
  const all: Placed[] = [];
  const scopes = new Map(files.map((file) => [file, new Scope(file, all)]));
  for (const [file, scope] of scopes) all.push(...fragmentsIn(file, scope, problems));
  const there = new Set(all.flatMap(({ ladder }) => (ladder === undefined ? [] : [ladder])));
  for (const { source, ladders } of files)
    for (const name of ladders.filter((listed) => !there.has(listed))) {
      const message = `there is no ladder "${name}"${didYouMean(name, there)}`;
      problems.push(problemAt(source, [0, 'defaults', 'ladder'], message));
    }
  return (file) => scopes.get(file) ?? new Scope(file, all);
}

function fragmentsIn({ source, fragments }: CaseFile, scope: Fragments, problems: Problem[]): readonly Placed[] {
  const names = new Set<string>();
  return fragments.map(({ authored, index }) => {
    const { name, args } = readCall(authored.fragment);
    if (names.has(name)) problems.push(problemAt(source, [index], `the fragment "${name}" is there twice`));
    names.add(name);
    const demanded = Object.fromEntries(args.map((parameter) => [parameter, null]));
    const parameters: Readonly<Record<string, unknown>> = { ...demanded, ...authored.parameters };
    const steps = readSteps(authored.steps, { source, path: [index, 'steps'] });
    return {
      file: source.file,
      index,
      ladder: ladderOf(source.file),
      isGeneral: isGeneralFragment(source.file),
      fragment: { name, ordered: args, parameters, steps, scope },
      variables: namesIn(authored.steps).filter((variable) => !Object.hasOwn(parameters, rootOf(variable))),
    };
  });
}

/** `stimulus` of `stimulus.flags`. */
const rootOf = (name: string): string => name.split('.', 1)[0] ?? name;

class Scope implements Visible {
  #usable: readonly Placed[] | undefined;

  /** `all` grows until every file is read. */
  constructor(
    private readonly file: CaseFile,
    private readonly all: readonly Placed[],
  ) {}

  find(name: string): ReturnType<Fragments['find']> {
    const usable = this.#fragments();
    const found = usable.find(({ fragment }) => fragment.name === name);
    if (found !== undefined) return found.fragment;
    const known = usable.map(({ fragment }) => fragment.name);
    return { problem: `there is no fragment "${name}"${this.#elsewhere(name) || didYouMean(name, known)}` };
  }

  get variables(): readonly string[] {
    return this.#fragments().flatMap(({ variables }) => variables);
  }

  unused(opened: ReadonlySet<Fragment>): readonly Problem[] {
    const { source, cases } = this.file;
    if (cases.length === 0) return [];
    return this.all
      .filter(({ file, fragment }) => file === source.file && !opened.has(fragment))
      .map(({ index, fragment }) =>
        problemAt(source, [index], `no case of this file uses fragment "${fragment.name}"`),
      );
  }

  /** The fragments that may be used here, the nearest first. */
  #fragments(): readonly Placed[] {
    this.#usable ??= [
      ...this.all.filter(({ file }) => file === this.file.source.file),
      ...this.file.ladders.flatMap((listed) => this.all.filter(({ ladder }) => ladder === listed)),
      ...this.all.filter((each) => each.isGeneral),
    ];
    return this.#usable;
  }

  /** Names the ladders that have the fragment and that this file does not list. */
  #elsewhere(name: string): string {
    const having = this.all.filter(({ fragment, ladder }) => ladder !== undefined && fragment.name === name);
    const ladders = having.map(({ ladder }) => ladder).join(' or ');
    return having.length === 0 ? '' : ` without \`ladder: ${ladders}\` in the defaults`;
  }
}
