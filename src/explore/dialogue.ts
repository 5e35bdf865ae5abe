/**
 * A mutant beside a right host, in one setting after the other, until a schedule tells them apart; and that schedule as a case. A
 * setting is tried before another one that asks for more: fewer paths, less disturbance, peers of the same kind first. Within
 * a setting the schedule is a shortest one.
 */
import type { Mutant } from '../mutants/mutant.js';
import type { Trigger } from '../mutants/trigger.js';
import { describePacket } from '../protocol/wire/describe.js';
import { caseText } from './case-file.js';
import { type Difference, findDifference } from './difference.js';
import { parseEnd, usualVersion, usualWaits } from './end-name.js';
import type { Frame } from './frame-table.js';
import type { Pair, PairEnd, Side } from './pair.js';
import { Script, settingOf } from './script/script.js';
import { type Bounds, calm } from './world.js';

interface Setting {
  readonly paths: number;
  readonly peer?: 'mptcp' | 'tcp';
  readonly bounds?: Partial<Bounds>;
}

const settings: readonly Setting[] = [
  { paths: 1 },
  { paths: 2 },
  { paths: 2, bounds: { talk: true } },
  { paths: 1, peer: 'mptcp' },
  { paths: 2, peer: 'mptcp' },
  { paths: 1, peer: 'tcp' },
  { paths: 2, bounds: { duplicates: 1 } },
  { paths: 2, bounds: { losses: 1 } },
  { paths: 2, bounds: { dead: 1 } },
  { paths: 2, bounds: { early: 1 } },
  { paths: 3 },
  { paths: 3, bounds: { dead: 2 } },
  { paths: 2, bounds: { talk: true, duplicates: 1 } },
  { paths: 2, bounds: { talk: true, losses: 1 } },
  { paths: 2, bounds: { losses: 2 } },
  { paths: 4 },
];

/** Expiries of timers at rest in one schedule. */
const expiries = 4;

export interface DialogueRequest {
  readonly mutant: Mutant;
  /** Occasions to which its defect is confined; absent: it shows always. */
  readonly trigger?: Trigger | undefined;
  readonly seed: string;
  /** States looked at in each setting at most. */
  readonly mostStates: number;
}

export interface Dialogue {
  readonly pair: Pair;
  readonly difference: Difference;
  /** In which setting, in words. */
  readonly setting: string;
}

/** The first setting with a schedule in which the mutant answers otherwise. */
export const findDialogue = (request: DialogueRequest): Dialogue | undefined => {
  const guilty: Side = request.mutant.role === 'client' ? 'client' : 'server';
  for (const version of versionsOf(request.mutant)) {
    for (const setting of settings) {
      const pair = pairOf(request, guilty, setting, version);
      const bounds = { ...calm, expiries, waits: usualWaits(pair), ...setting.bounds };
      const difference = findDifference(pair, guilty, bounds, request.mostStates);
      if (difference !== undefined) return { pair, difference, setting: inWords(setting, version) };
    }
  }
  return undefined;
};

/** The usual one first; proposals 1 and 2 exist in version 0 alone (open point I-06), TCP has none. */
const versionsOf = ({ profile, versions }: Mutant): readonly (0 | 1)[] => {
  if (versions !== undefined) return versions;
  const usual = usualVersion(profile);
  return usual === 0 || profile === 'tcp' ? [usual] : [1, 0];
};

const pairOf = (
  { mutant, trigger, seed }: DialogueRequest,
  guilty: Side,
  { paths, peer }: Setting,
  version: 0 | 1,
): Pair => {
  const own: PairEnd = { ...parseEnd(`mutant:${mutant.id}`), ...(trigger && { trigger }) };
  const kind = peer ?? mutant.profile;
  const other: PairEnd = { ...parseEnd(kind), ...(peer === undefined && { parameters: own.parameters }) };
  const ends = guilty === 'client' ? { client: own, server: other } : { client: other, server: own };
  return { ...ends, paths, version, seed };
};

const inWords = ({ paths, peer, bounds }: Setting, version: 0 | 1): string => {
  const disturbed = Object.entries(bounds ?? {}).map(([name, value]) => (value === true ? name : `${name} ${value}`));
  const parts = [
    `${paths} path${paths === 1 ? '' : 's'}`,
    `version ${version}`,
    ...(peer ? [`peer ${peer}`] : []),
    ...disturbed,
  ];
  return parts.join(', ');
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

/** The schedule as a case for the guilty end; undefined where the language has no words for it. */
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
