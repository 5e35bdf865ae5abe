/**
 * The sentences of the sources that demand something of a host, section by section, and their requirements. A sentence is
 * named by its place and by its number, never by its text: `sentences.yaml` says how many each section has, and with
 * which key words. So the register can count the sentences that it has read, and check a level against them.
 */
import { z } from 'zod';
import { didYouMean } from './near-miss.js';
import type { Problem } from './problem.js';
import { documents, type Level, levels, type Origin, type Place, type Requirement } from './requirement-schema.js';
import { problemsOf } from './schema-problem.js';
import { problemAt, type YamlSource } from './yaml-source.js';

/** The level that a key word of RFC 2119 stands for; its negative forms have the same. */
const levelOfWord = { MUST: 'MUST', SHOULD: 'SHOULD', MAY: 'MAY' } as const satisfies Record<string, Level>;

/** The level in the name of a sentence that its source numbers itself. */
const levelOfNumber = { MUST: 'MUST', SHLD: 'SHOULD', REC: 'SHOULD', MAY: 'MAY' } as const satisfies Record<
  string,
  Level
>;

export const sentencesSchema = z.strictObject({
  doc: z.enum(documents),
  by: z
    .enum(['keyword', 'number', 'statement'])
    .describe(
      'what is listed of a section: the key words of each sentence that has one, in order; the numbers that the source itself gives its sentences; or which of all its sentences (and figures) say how a host behaves',
    ),
  sections: z.record(z.string(), z.array(z.union([z.int().positive(), z.string().min(1)])).min(1)),
  hidden: z
    .array(
      z.strictObject({
        why: z.string().min(1).describe('why no peer can see whether they are kept'),
        at: z.array(z.string().min(1)).min(1),
      }),
    )
    .optional()
    .describe('numbered sentences that need no requirement'),
});

export interface Sentence {
  readonly doc: string;
  readonly section: string;
  /** Its number among the sentences listed, or the name that the source gives it. */
  readonly name: string;
  /** Its key words, each once; none if the source does not use them. */
  readonly levels: readonly Level[];
  /** Why no peer can observe whether it is kept, if that was stated for the sentence itself. */
  readonly hidden?: string;
  /** Where it is listed. */
  readonly origin: Origin;
}

/** All sentences, in the order of their sources. */
export type Sentences = readonly Sentence[];

/** Reads `sentences.yaml`; adds its problems to `problems`. */
export function readSentences(source: YamlSource, problems: Problem[]): Sentences {
  problems.push(...source.problems);
  if (source.problems.length > 0) return [];
  if (!Array.isArray(source.value)) {
    problems.push(problemAt(source, [], 'expected a list of sources'));
    return [];
  }
  return source.value.flatMap((entry, index) => {
    const parsed = sentencesSchema.safeParse(entry);
    if (!parsed.success) {
      problems.push(...problemsOf(parsed.error, sentencesSchema, source, [index]));
      return [];
    }
    const { doc, by, sections, hidden = [] } = parsed.data;
    const why = new Map(hidden.flatMap((each) => each.at.map((name) => [name, each.why] as const)));
    const sentences = Object.entries(sections).flatMap(([section, entries]) =>
      entries.map((entry, position): Sentence => {
        const name = by === 'keyword' ? String(position + 1) : String(entry);
        const reason = why.get(name);
        const found = levelsOf(by, String(entry));
        const { message, ...origin } = problemAt(source, [index, 'sections', section, position], unknownLevel);
        if (found === undefined) problems.push({ ...origin, message });
        return { doc, section, name, levels: found ?? [], ...(reason === undefined ? {} : { hidden: reason }), origin };
      }),
    );
    for (const name of why.keys())
      if (!sentences.some((sentence) => sentence.name === name))
        problems.push(problemAt(source, [index, 'hidden'], `no section of ${doc} lists ${name}`));
    return sentences;
  });
}

const unknownLevel = 'expected key words (MUST, SHOULD, MAY) or a number such as MUST-7, SHLD-7, MAY-7, REC-7';

function levelsOf(by: 'keyword' | 'number' | 'statement', entry: string): readonly Level[] | undefined {
  if (by === 'statement') return [];
  const found =
    by === 'keyword'
      ? entry.split(' ').map((word) => lookUp(levelOfWord, word))
      : [lookUp(levelOfNumber, entry.split('-', 1)[0] ?? '')];
  return found.every((level) => level !== undefined) ? [...new Set(found)] : undefined;
}

const lookUp = (table: Readonly<Record<string, Level>>, word: string): Level | undefined =>
  Object.hasOwn(table, word) ? table[word] : undefined;

/** The places of a requirement: its source first, then the places that repeat it. */
export const placesOf = ({ source }: Pick<Requirement, 'source'>): readonly Place[] => [source, ...(source.also ?? [])];

/** The sentences that a place names; unlisted ones are left out. */
export const sentencesAt = (sentences: Sentences, { doc, section, at = [] }: Place): Sentences =>
  sentences.filter((each) => each.doc === doc && each.section === section && at.map(String).includes(each.name));

/**
 * Problems with the places of a requirement: a section or sentence that is not listed; a level that the sentences do not
 * have; no sentence although its source is listed and its basis requires one.
 */
export function checkPlaces(requirement: Requirement, sentences: Sentences): readonly Problem[] {
  const { basis, level, origin } = requirement;
  const messages: string[] = [];
  for (const [index, place] of placesOf(requirement).entries()) {
    const ofDocument = sentences.filter(({ doc }) => doc === place.doc);
    const named = sentencesAt(ofDocument, place);
    const where = `${place.doc} ${place.section ?? ''}`.trim();
    if (place.at !== undefined) messages.push(...unlisted(place, where, ofDocument, named));
    else if (index === 0 && ofDocument.length > 0 && needsSentence(basis, ofDocument))
      messages.push(`source.at: a ${basis} requirement of ${place.doc} names its sentences`);
    if (basis !== 'keyword') continue;
    for (const sentence of named) {
      const why = wrongLevel(level, sentence.levels, index === 0);
      if (why !== undefined) messages.push(`${where} #${sentence.name} ${why}, so it cannot make this a ${level}`);
    }
  }
  return messages.map((message) => ({ ...origin, message: `${requirement.id}: ${message}` }));
}

/** A requirement with basis `keyword` must name a sentence, and so must the requirements of the paper and the draft. */
const needsSentence = (basis: Requirement['basis'], ofDocument: Sentences): boolean =>
  basis === 'keyword' || (basis === 'design' && ofDocument.some(({ levels }) => levels.length === 0));

function unlisted(place: Place, where: string, ofDocument: Sentences, named: Sentences): readonly string[] {
  const sections = new Set(ofDocument.map(({ section }) => section));
  if (ofDocument.length === 0) return [`the sentences of ${place.doc} are not listed in sentences.yaml`];
  if (place.section === undefined || !sections.has(place.section))
    return [`${where}: no such section in sentences.yaml${didYouMean(place.section ?? '', sections)}`];
  return (place.at ?? [])
    .filter((name) => !named.some((sentence) => sentence.name === String(name)))
    .map((name) => `${where} has no sentence #${name} in sentences.yaml`);
}

/** The first place gives the level; another place may state the same with a weaker level. */
function wrongLevel(level: Level, found: readonly Level[], first: boolean): string | undefined {
  if (found.length === 0 || found.includes(level)) return undefined;
  const weaker = found.every((each) => levels.indexOf(each) > levels.indexOf(level));
  return weaker && !first ? undefined : `says ${found.join(' and ')}`;
}

/** Whether requirements of these levels read all that a sentence says: each of its key words, by one of that level or firmer. */
export const readByLevels = (sentence: Sentence, claimed: readonly Level[]): readonly Level[] =>
  sentence.levels.filter((wanted) => !claimed.some((level) => levels.indexOf(level) <= levels.indexOf(wanted)));
