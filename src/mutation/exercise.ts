/**
 * What the reference is put through: every case of the catalogue on every declaration it applies to, and the dialogues. An
 * exercise can be repeated and behaves the same each time.
 */
import { loadSoundCatalogue } from '../cli/run/load-catalogue.js';
import { simulateCase } from '../run/simulate.js';
import { applies } from '../suite/catalogue/applicability.js';
import type { ExpandedCase } from '../suite/catalogue/case.js';
import type { Verdict } from '../suite/verdict/verdict.js';
import { dialogues } from './dialogue.js';
import { type WatchedSubject, watchedSubjects } from './watched-subject.js';

export interface Observation {
  /** Absent for what judges nothing. */
  readonly verdict?: Verdict;
  /** Digest of all frames that the reference sent. */
  readonly frames: string;
}

export interface Exercise {
  /** The authored case, or the dialogue: what a report names. */
  readonly test: string;
  readonly name: string;
  /** Exercises with the same key differ only in what the reference declares. */
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

/** Reads the catalogue below `root`. */
export const gatherExercises = (root: string): readonly Exercise[] => {
  const { cases } = loadSoundCatalogue([], root);
  const judged = watchedSubjects().flatMap((watched) =>
    cases
      .filter((each) => applies(each, watched.subject.claims).applies)
      .map((each) => ({
        test: each.authoredId,
        name: `${each.id} on ${watched.subject.name}`,
        key: each.id,
        origin: each.origin,
        perform: () => judge(each, watched),
      })),
  );
  const held = dialogues.map(({ name, hold }) => ({
    test: name,
    name,
    key: name,
    perform: () => ({ frames: hold() }),
  }));
  return [...judged, ...held];
};
