/**
 * The exercises of the reference: every case of the catalogue, over each IP version on one of the declarations that it
 * applies to, and the dialogues. An exercise can be repeated and behaves the same each time.
 */
import { loadSoundCatalogue } from '../conduct/load-catalogue.js';
import { simulateCase } from '../run/simulate.js';
import { applies } from '../suite/catalogue/applicability.js';
import type { ExpandedCase } from '../suite/language/case.js';
import type { Verdict } from '../suite/verdict/verdict.js';
import { dialogues } from './dialogue.js';
import { type WatchedSubject, watchedSubjects } from './watched-subject.js';

export interface Observation {
  /** Absent for an exercise without a verdict. */
  readonly verdict?: Verdict;
  /** Digest of all frames that the reference sent. */
  readonly frames: string;
}

export interface Exercise {
  /** The authored case, or the dialogue, as a report names it. */
  readonly test: string;
  readonly name: string;
  /** Exercises with the same key differ only in what the reference declares and in the IP version. */
  readonly key: string;
  readonly origin?: { readonly file: string; readonly line: number; readonly column: number };
  perform(): Observation;
}

const seed = 'mutation';

const judge = (each: ExpandedCase, { subject, digest }: WatchedSubject): Observation => {
  let verdict: Verdict;
  try {
    verdict = simulateCase(subject, each, seed).driven.judgement.verdict;
  } catch {
    // The tester gave up: that shows no defect of the reference.
    verdict = 'error';
  }
  return { verdict, frames: digest() };
};

const withoutIpVersion = (id: string): string => id.replace(/\.ip[46](?=\.|$)/, '');

/** Declarations that a case applies to: those that runs judge, or, when there is none, the others. */
const placesOf = (each: ExpandedCase, subjects: readonly WatchedSubject[]): readonly WatchedSubject[] => {
  const applicable = subjects.filter(({ subject }) => applies(each, subject.claims).applies);
  const usual = applicable.filter((watched) => watched.usual);
  return usual.length > 0 ? usual : applicable;
};

/**
 * Reads the catalogue below `root`. A case over IPv4 is performed on the first declaration that it applies to, over IPv6 on
 * the last one, and the next case the other way about.
 */
export const gatherExercises = (root: string): readonly Exercise[] => {
  const { cases } = loadSoundCatalogue([], root);
  const subjects = watchedSubjects();
  const turns = new Map([...new Set(cases.map(({ authoredId }) => authoredId))].map((id, index) => [id, index % 2]));
  const judged = cases.flatMap((each): readonly Exercise[] => {
    const places = placesOf(each, subjects);
    const place = (each.ip === 4) === (turns.get(each.authoredId) === 0) ? places[0] : places.at(-1);
    if (place === undefined) return [];
    return [
      {
        test: each.authoredId,
        name: `${each.id} on ${place.subject.name}`,
        key: withoutIpVersion(each.id),
        origin: each.origin,
        perform: () => judge(each, place),
      },
    ];
  });
  const held = dialogues.map(({ name, hold }) => ({
    test: name,
    name,
    key: name,
    perform: () => ({ frames: hold() }),
  }));
  return [...judged, ...held];
};
