/**
 * A mutant beside a right host, in one setting after the other, until a schedule distinguishes them; and that schedule as
 * a case. Simpler settings are tried first: fewer paths, less disturbance, peers of the same kind. Within a setting the
 * schedule is a shortest one.
 */
import { describePacket } from '../protocol/wire/describe.js';
import { caseText } from './case-file.js';
import { type Difference, findDifference } from './difference.js';
import type { Frame } from './frame-table.js';
import type { Pair } from './pair.js';
import { Script, settingOf } from './script/script.js';
import { boundsIn, pairIn, placeOf, settingInWords, settings, type Trial, versionsOf } from './settings.js';

export interface DialogueRequest extends Trial {
  /** The most states visited in each setting. */
  readonly mostStates: number;
}

export interface Dialogue {
  readonly pair: Pair;
  readonly difference: Difference;
  /** In which setting, in words. */
  readonly setting: string;
}

/** The first setting with a schedule in which the mutant's answer differs. */
export const findDialogue = (request: DialogueRequest): Dialogue | undefined => {
  for (const setting of settings) {
    for (const version of versionsOf(request.mutant)) {
      const pair = pairIn(request, setting, version);
      const difference = findDifference(pair, placeOf(request.mutant), boundsIn(setting, pair), request.mostStates);
      if (difference !== undefined) return { pair, difference, setting: settingInWords(setting, version) };
    }
  }
  return undefined;
};

const segmentsInWords = (frames: readonly Frame[]): string =>
  frames.length === 0
    ? 'nothing'
    : frames.map(({ letters, packet }) => `${letters} (${describePacket(packet)})`).join(' and ');

/** What differs, in two sentences. */
export const differenceInWords = ({ guilty, schedule, deeds, wrongly }: Difference): readonly [string, string] => {
  const rightly = deeds.at(-1);
  const last = schedule.at(-1) ?? 'nothing';
  const at = (now: bigint): string => (rightly?.input === 'expire' ? ` at ${Number(now) / 1e9} s` : '');
  return [
    `${last.startsWith('expire') ? 'When its timer expires' : `To ${last}`} a right ${guilty} answers ${segmentsInWords(rightly?.sent ?? [])}${at(rightly?.now ?? 0n)}.`,
    `The mutant answers ${segmentsInWords(wrongly.sent)}${at(wrongly.now)}.`,
  ];
};

/** The schedule as a case for the guilty end; undefined if the case language cannot express it. */
export const dialogueCase = (
  { mutant, trigger }: DialogueRequest,
  { pair, difference }: Dialogue,
): string | undefined => {
  const { guilty, schedule, deeds } = difference;
  const script = new Script(settingOf(pair, guilty));
  for (const [index, deed] of deeds.entries()) script.take(deed, index === deeds.length - 1);
  if (script.wordless) return undefined;
  const occasion = trigger === undefined ? '' : `, ${trigger.says}`;
  const [right, wrong] = lettersOf(difference);
  return caseText(pair, guilty, {
    id: `${mutant.profile}.${guilty}.unlike-${mutant.id.replace(/[^a-z0-9-]/g, '-')}`,
    title: `After ${schedule.join(', ')} the answer is ${right}`,
    why: `A ${guilty} of which this holds answers ${wrong}: ${mutant.breaks}${occasion === '' ? '' : ` (${occasion.slice(2)})`}`,
    requirement: mutant.requirement,
    steps: script.lines,
  });
};

const lettersOf = ({ deeds, wrongly }: Difference): readonly [string, string] => {
  const name = (frames: readonly Frame[]): string =>
    frames.length === 0 ? 'nothing' : frames.map(({ letters }) => letters).join(' and ');
  const [right, wrong] = [name(deeds.at(-1)?.sent ?? []), name(wrongly.sent)];
  return right === wrong ? [right, `another ${wrong}`] : [right, wrong];
};
