/** The first violation of an invariant by a mutant, in the first setting that has one. */
import type { Invariant } from './ledger.js';
import { RandomWalks } from './random-walks.js';
import { Search, wholeSearch } from './search.js';
import {
  boundsIn,
  pairIn,
  placeOf,
  type Setting,
  settingInWords,
  settings,
  type Trial,
  versionsOf,
} from './settings.js';
import type { Blame, Tally } from './tally.js';
import { World } from './world.js';

export interface Finding {
  readonly setting: string;
  readonly invariant: Invariant;
  readonly what: string;
  readonly schedule: readonly string[];
  /** Whether the mutant's end is named, the other one, or neither. */
  readonly blames: 'mutant' | 'other' | 'neither';
}

/** States looked at between two looks at what was found. */
const portion = 50;

/** Undefined if no setting has a violation; `mostStates` are visited in each. */
export const findViolation = (trial: Trial, mostStates: number): Finding | undefined => {
  for (const setting of settings) {
    for (const version of versionsOf(trial.mutant)) {
      const found = firstOf(violationsIn(trial, setting, version, mostStates));
      if (found === undefined) continue;
      const place = placeOf(trial.mutant);
      const blames = found.end === undefined ? 'neither' : found.end === place ? 'mutant' : 'other';
      const { invariant, what, schedule } = found;
      return { setting: settingInWords(setting, version), invariant, what, schedule, blames };
    }
  }
  return undefined;
};

const firstOf = ({ violations }: Tally): Blame | undefined => [...violations.values()][0];

const violationsIn = (trial: Trial, setting: Setting, version: 0 | 1, mostStates: number): Tally => {
  const pair = pairIn(trial, setting, version);
  const bounds = boundsIn(setting, pair);
  if (setting.random !== undefined) {
    const walks = new RandomWalks(pair, bounds, wholeSearch);
    while (walks.tally.violations.size === 0 && walks.advance(1, setting.random));
    return walks.tally;
  }
  const search = new Search(new World(pair, bounds));
  search.begin();
  for (let looked = 0; looked < mostStates && search.tally.violations.size === 0; looked += portion) {
    if (!search.advance(portion)) break;
  }
  return search.tally;
};
