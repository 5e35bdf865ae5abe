/** The rules of every conversation, with the fields that coverage counts. */
import { allRules } from '../../rules/book.js';
import { type Rule, requirementsOf } from '../../rules/rule.js';
import type { WatchingRule } from './coverage.js';

const watchingRule = (rule: Rule): WatchingRule => ({
  id: rule.name,
  requirements: requirementsOf(rule),
  roles: rule.binds === 'both' ? ['client', 'server'] : [rule.binds],
  versions: rule.of === 'tcp' ? [0, 1] : rule.of,
});

export const watchingRules: readonly WatchingRule[] = allRules.map(watchingRule);
