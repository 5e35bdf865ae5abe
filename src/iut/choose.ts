/**
 * What `--iut` means: `embedded` (every profile of the reference, simulated), `embedded:PROFILE`,
 * `embedded:robe-esim+esim.mode=implicit`, `lab:reference` and its profiles likewise, `lab:linux`, `lab:passt`,
 * `lab:slirp4netns`, `null:NAME[:PROFILE]`, `mutant:ID`, or the name of an IUT file.
 */
import { readFileSync } from 'node:fs';
import { type EstablishmentProfile, establishmentProfiles } from '../reference/contract.js';
import { printProblem } from '../suite/catalogue/problem.js';
import {
  declaredReference,
  embeddedSubjects,
  otherChoices,
  type ReferenceChoice,
  servedProfiles,
  settledBy,
} from './embedded-subject.js';
import { type IutFile, readIutFile } from './iut-file.js';
import { referenceSubject } from './lab-reference.js';
import { linuxSubject } from './linux.js';
import { mutantSubjects } from './mutant-subject.js';
import { nullNames, nullSubject, nullSubjects } from './null/null-subject.js';
import { remoteSubject } from './remote.js';
import type { Subject } from './subject.js';
import { userspaceStacks, userspaceSubject } from './userspace-stack.js';

/** A `--iut` that names nothing; one message a line. */
export class UnknownIut extends Error {
  constructor(readonly lines: readonly string[]) {
    super(lines.join('\n'));
    this.name = 'UnknownIut';
  }
}

/** Throws UnknownIut. */
export const chooseIut = (iut: string): readonly Subject[] => {
  const [kind, first, second] = iut.split(':');
  if (kind === 'embedded' && second === undefined) {
    if (first === undefined) return embeddedSubjects();
    return [declaredReference(choiceNamed(first))];
  }
  if (iut === 'lab:linux') return [linuxSubject];
  if (kind === 'lab' && first === 'reference') {
    const choices = [...servedProfiles.map((profile) => ({ profile })), ...otherChoices];
    return second === undefined ? choices.map(referenceSubject) : [referenceSubject(choiceNamed(second))];
  }
  const stack = kind === 'lab' ? userspaceStacks.find(({ name }) => name === first) : undefined;
  if (stack !== undefined && second === undefined) return [userspaceSubject(stack)];
  if (kind === 'null') {
    const name = nullNames.find((each) => each === first);
    if (name === undefined) {
      throw new UnknownIut([
        `there is no null implementation "${first ?? ''}": expected one of ${nullNames.join(', ')}`,
      ]);
    }
    return second === undefined ? nullSubjects(name) : [nullSubject(name, profileNamed(second))];
  }
  if (kind === 'mutant') {
    const found = mutantSubjects().find(({ id }) => id === first);
    if (found === undefined) {
      throw new UnknownIut([`there is no mutant "${first ?? ''}"; \`robe mutants\` lists them`]);
    }
    return [found.mutant];
  }
  if (kind === 'lab')
    throw new UnknownIut([
      `there is no lab for "${first ?? ''}": expected lab:linux, lab:reference[:PROFILE], lab:passt or lab:slirp4netns`,
    ]);
  return [remoteSubject(readDeclaration(iut))];
};

/** A profile, or one of the other choices, e.g. `robe-esim+esim.mode=implicit`. */
const choiceNamed = (name: string): ReferenceChoice =>
  otherChoices.find((choice) => [choice.profile, ...settledBy(choice)].join('+') === name) ?? {
    profile: profileNamed(name),
  };

const profileNamed = (name: string): EstablishmentProfile => {
  const found = establishmentProfiles.find((profile) => profile === name);
  if (found === undefined || !servedProfiles.includes(found)) {
    throw new UnknownIut([`the reference has no profile "${name}": expected one of ${servedProfiles.join(', ')}`]);
  }
  return found;
};

/** Reads an IUT file; throws UnknownIut with a line for each problem. */
export const readDeclaration = (file: string): IutFile => {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UnknownIut([
      `--iut ${file} names nothing known: expected embedded, embedded:PROFILE, lab:linux, lab:reference[:PROFILE] or an IUT file (${why})`,
    ]);
  }
  const read = readIutFile({ file, text });
  if ('problems' in read) throw new UnknownIut(read.problems.map(printProblem));
  return read.file;
};
