/** What one end may do in one step, as its scheme has it: the invariants of the schemes that need no look at the other end. */
import type { Violation } from '../ledger.js';
import { refusedAttachment } from './attachment.js';
import { joins } from './joins.js';
import { losers } from './losers.js';
import { openings } from './openings.js';
import { unanswered } from './orphans.js';
import { redundancy } from './redundancy.js';
import type { Step } from './step.js';
import { thirdSegments } from './third-segments.js';

export const stepViolations = (step: Step): readonly Violation[] => [
  ...openings(step),
  ...thirdSegments(step),
  ...joins(step),
  ...unanswered(step),
  ...refusedAttachment(step),
  ...losers(step),
  ...redundancy(step),
];
