/**
 * What the reference is put through: every case of the catalogue on every declaration that a run judges, the cases that
 * apply to none of these on one they apply to, and the dialogues. An exercise can be repeated and behaves the same each time.
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

/** Every other authored case begins with IPv6: where one version stands for both, that is not always the same. */
const alternate = (cases: readonly ExpandedCase[]): readonly ExpandedCase[] => {
  const order = new Map([...new Set(cases.map(({ authoredId }) => authoredId))].map((id, index) => [id, index]));
  const first = ({ authoredId }: ExpandedCase) => ((order.get(authoredId) ?? 0) % 2 === 0 ? 4 : 6);
  return [...cases.filter((each) => each.ip === first(each)), ...cases.filter((each) => each.ip !== first(each))];
};

/** Reads the catalogue below `root`. */
export const gatherExercises = (root: string): readonly Exercise[] => {
  const cases = alternate(loadSoundCatalogue([], root).cases);
  const met = new Set<string>();
  const judged = watchedSubjects().flatMap((watched) => {
    const { name, claims } = watched.subject;
    const fresh = cases.filter((each) => applies(each, claims).applies && (watched.usual || !met.has(each.id)));
    for (const { id } of fresh) met.add(id);
    return fresh.map((each) => ({
      test: each.authoredId,
      name: `${each.id} on ${name}`,
      key: withoutIpVersion(each.id),
      origin: each.origin,
      perform: () => judge(each, watched),
    }));
  });
  const held = dialogues.map(({ name, hold }) => ({
    test: name,
    name,
    key: name,
    perform: () => ({ frames: hold() }),
  }));
  return [...judged, ...held];
};
