/** The editor and the rules of a baseline update. */
import type { BaselineDraft } from './baseline-edit.js';
import type { GateRules } from './gate.js';
import type { Standing } from './standing.js';

/** Standings that an update can settle. */
export const settleable = [
  'regressed',
  'changed',
  'fixed',
  'new-failure',
  'observation-changed',
  'inconclusive',
] as const satisfies readonly Standing[];
export type Settleable = (typeof settleable)[number];

export interface UpdateRules extends Pick<GateRules, 'today' | 'level' | 'catalogue'> {
  readonly only: readonly Settleable[];
  /** For new entries; without it none is added. */
  readonly reason?: string;
  readonly issue?: string;
}

export interface Pen {
  readonly draft: BaselineDraft;
  readonly done: string[];
  readonly refused: string[];
}

export const isAskedFor = (standing: Standing, { only }: UpdateRules): boolean =>
  only.some((each) => each === standing);
