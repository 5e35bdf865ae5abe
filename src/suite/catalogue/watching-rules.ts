/** The rules that are read in every conversation, as much of them as coverage counts. */
import type { WatchingRule } from './coverage.js';

export const watchingRules: readonly WatchingRule[] = [];
