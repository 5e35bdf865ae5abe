/** All random tests: every reader of foreign input, and orders of arrival. */
import { answers } from './answers.js';
import { captures } from './captures.js';
import { documents } from './documents.js';
import { frames } from './frames.js';
import { type Hunt, huntOf } from './hunt.js';
import type { Reader } from './reader.js';
import { scheduleHunts } from './schedules.js';

export const readers: readonly Reader[] = [frames, captures, ...documents, answers];

export const hunts: readonly Hunt[] = [...readers.map(huntOf), ...scheduleHunts];
