/**
 * Coverage of the sentences of the sources: a sentence is covered if requirements read each of its key words, and all its
 * requirements are asked, watched, or not visible. A sentence that the register has not read is open, as is one with an
 * open requirement.
 */
import type { CoveredRequirement, Standing } from './coverage.js';
import type { Level } from './requirement-schema.js';
import { placesOf, readByLevels, type Sentence, type Sentences, sentencesAt } from './sentences.js';

export interface CoveredSentence {
  readonly sentence: Sentence;
  readonly standing: Standing;
  /** Ids of its requirements. */
  readonly requirements: readonly string[];
  /** Whether requirements read all of it, or the register states that no peer can observe it. */
  readonly read: boolean;
  /** The key words that are not read. */
  readonly unread: readonly Level[];
}

/** The coverage of the sentences of one source. */
export interface SentenceTally {
  readonly name: string;
  readonly sentences: number;
  readonly asked: number;
  readonly watched: number;
  readonly hidden: number;
  readonly open: number;
}

export interface SentenceCoverage {
  readonly bySource: readonly SentenceTally[];
  readonly bySentence: readonly CoveredSentence[];
}

export function measureSentences(sentences: Sentences, covered: readonly CoveredRequirement[]): SentenceCoverage {
  const standingOn = new Map<Sentence, CoveredRequirement[]>(sentences.map((sentence) => [sentence, []]));
  for (const each of covered)
    for (const place of placesOf(each.requirement))
      for (const sentence of sentencesAt(sentences, place)) standingOn.get(sentence)?.push(each);
  const bySentence = [...standingOn].map(([sentence, on]): CoveredSentence => {
    const unread = readByLevels(
      sentence,
      on.map(({ requirement }) => requirement.level),
    );
    const read = (on.length > 0 && unread.length === 0) || sentence.hidden !== undefined;
    return {
      sentence,
      standing: read ? worstOf(on.map(({ standing }) => standing)) : 'open',
      requirements: on.map(({ requirement }) => requirement.id),
      read,
      unread: read ? [] : unread,
    };
  });
  return { bySource: [...new Set(sentences.map(({ doc }) => doc))].map((doc) => tally(doc, bySentence)), bySentence };
}

/** Open if any is, hidden only if all are. */
function worstOf(standings: readonly Standing[]): Standing {
  for (const standing of ['open', 'asked', 'watched'] as const) if (standings.includes(standing)) return standing;
  return 'hidden';
}

function tally(doc: string, all: readonly CoveredSentence[]): SentenceTally {
  const own = all.filter(({ sentence }) => sentence.doc === doc);
  const count = (wanted: Standing) => own.filter(({ standing }) => standing === wanted).length;
  return {
    name: doc,
    sentences: own.length,
    asked: count('asked'),
    watched: count('watched'),
    hidden: count('hidden'),
    open: count('open'),
  };
}

/** `RFC 8684 3.1 #4`. */
export const printSentence = ({ doc, section, name }: Sentence): string => `${doc} ${section} #${name}`;
