/**
 * The implementations of `--iut`: `embedded` (every profile of the reference, simulated), `embedded:PROFILE`,
 * `embedded:robe-esim+esim.mode=implicit`, `lab:reference` and its profiles likewise, `lab:linux`, `lab:linux-sim`,
 * `lab:passt`, `lab:slirp4netns`, `lab:gvisor`, `lab:lwip`, `vm:KERNEL[,OPTIONS]`, `null:NAME[:PROFILE]`, `mutant:ID`,
 * `variant:ID[+ID]` (in every profile that has the freedom), or the name of an IUT file.
 */
import { readFileSync } from 'node:fs';
import { type EstablishmentProfile, establishmentProfiles } from '../reference/contract.js';
import { didYouMean } from '../suite/catalogue/near-miss.js';
import { printProblem } from '../suite/catalogue/problem.js';
import { allVariants } from '../variants/index.js';
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
import { libraryStacks, librarySubject } from './library/library-stack.js';
import { linuxNamed } from './linux.js';
import { labRaceNames, raceSubject } from './linux-race.js';
import { mutantSubjects } from './mutant-subject.js';
import { nullNames, nullSubject, nullSubjects } from './null/null-subject.js';
import { remoteSubject } from './remote.js';
import type { Subject } from './subject.js';
import { userspaceStacks, userspaceSubject } from './userspace-stack.js';
import { placesOf } from './variant-subject.js';
import { vmSubject } from './vm/vm-subject.js';

/** An unknown `--iut`; one message a line. */
export class UnknownIut extends Error {
  constructor(readonly lines: readonly string[]) {
    super(lines.join('\n'));
    this.name = 'UnknownIut';
  }
}

/** Throws UnknownIut. */
export const chooseIut = (iut: string): readonly Subject[] => {
  const [kind, ...names] = iut.split(':');
  const name = names.length === 0 ? undefined : names.join(':');
  switch (kind) {
    case 'embedded':
      return name === undefined ? embeddedSubjects() : [declaredReference(choiceNamed(name))];
    case 'lab':
      return inLab(name ?? '');
    case 'vm':
      return [vmSubject(name ?? '')];
    case 'null':
      return nullsNamed(name ?? '');
    case 'mutant':
      return [mutantNamed(name ?? '')];
    case 'variant':
      return variantsNamed(name ?? '');
    default:
      return [remoteSubject(readDeclaration(iut))];
  }
};

/** `linux`, `reference`, `reference:PROFILE`, a stack in user space or one of a library. */
const inLab = (name: string): readonly Subject[] => {
  if (name === 'linux' || name.startsWith('linux,')) return [linuxNamed(name)];
  const race = raceSubject(name);
  if (race !== undefined) return [race];
  if (name === 'reference')
    return [...servedProfiles.map((profile) => ({ profile })), ...otherChoices].map(referenceSubject);
  if (name.startsWith('reference:')) return [referenceSubject(choiceNamed(name.slice('reference:'.length)))];
  const stack = userspaceStacks.find((each) => each.name === name);
  if (stack !== undefined) return [userspaceSubject(stack)];
  const library = libraryStacks.find((each) => each.name === name);
  if (library !== undefined) return [librarySubject(library)];
  const foreign = [...labRaceNames, ...[...userspaceStacks, ...libraryStacks].map((each) => each.name)];
  throw new UnknownIut([
    `there is no lab for "${name}": expected lab:linux, lab:reference[:PROFILE], or one of`,
    foreign.map((each) => `lab:${each}`).join(', '),
  ]);
};

/** `silent` with every profile, `silent:PROFILE` with one. */
const nullsNamed = (name: string): readonly Subject[] => {
  const [reflex = '', profile] = name.split(':', 2);
  const found = nullNames.find((each) => each === reflex);
  if (found === undefined)
    throw new UnknownIut([`there is no null implementation "${reflex}": expected one of ${nullNames.join(', ')}`]);
  return profile === undefined ? nullSubjects(found) : [nullSubject(found, profileNamed(profile))];
};

const mutantNamed = (name: string): Subject => {
  const mutants = mutantSubjects();
  const found = mutants.find(({ id }) => id === name);
  if (found !== undefined) return found.mutant;
  const ids = mutants.map(({ id }) => id);
  throw new UnknownIut([`there is no mutant "${name}"${didYouMean(name, ids) || ';'} \`robe mutants\` lists them`]);
};

const variantsNamed = (name: string): readonly Subject[] => {
  const used = name.split('+').map((id) => {
    const found = allVariants.find((variant) => variant.id === id);
    if (found !== undefined) return found;
    const ids = allVariants.map((variant) => variant.id);
    throw new UnknownIut([
      `there is no variant "${id}"${didYouMean(id, ids) || ';'} \`robe variants --list\` shows them`,
    ]);
  });
  const places = placesOf(used).flatMap(({ variant }) => variant ?? []);
  if (places.length > 0) return places;
  throw new UnknownIut([`${name}: there is no profile in which all of these freedoms exist`]);
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

/** The bundled names, as users write them. */
const bundled: readonly string[] = [
  'embedded',
  'embedded:PROFILE',
  'lab:linux',
  ...labRaceNames.map((race) => `lab:${race}`),
  'lab:reference',
  'lab:reference:PROFILE',
  ...[...userspaceStacks, ...libraryStacks].map(({ name }) => `lab:${name}`),
  'vm:KERNEL',
];

/** Reads an IUT file; throws UnknownIut with a line for each problem. */
export const readDeclaration = (file: string): IutFile => {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new UnknownIut([
      `--iut ${file} names nothing known${didYouMean(file, bundled)}`,
      `expected ${bundled.join(', ')}, null:NAME, mutant:ID, variant:ID, mock:EVIDENCE or an IUT file`,
      `as a file it cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
    ]);
  }
  const read = readIutFile({ file, text });
  if ('problems' in read) throw new UnknownIut(read.problems.map(printProblem));
  return read.file;
};
