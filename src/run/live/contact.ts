/**
 * What cases have in common at an implementation that serves them all at once, and what follows for the order in which
 * they run.
 *
 * - Keys that a case spells out: a server that correlates by Key-A takes two connections with one key for one, and is right.
 *   So no two cases with such a key in common are under way at the same time.
 * - What the implementation remembers: RobE_IPS chooses the path of a connection by what it learned from earlier ones. A case
 *   that this may decide meets it as it is when it was just started.
 */
import type { Claims } from '../../suite/catalogue/applicability.js';
import type { ExpandedCase } from '../../suite/language/case.js';
import type { Step } from '../../suite/language/step.js';

/** Keys that the tester sends as the case spells them out. */
export const spelledKeys = ({ steps }: ExpandedCase): ReadonlySet<bigint> => new Set(steps.flatMap(keysIn));

const keysIn = (step: Step): readonly bigint[] => {
  switch (step.step) {
    case 'send':
      return step.segment.options.flatMap(({ name, pattern }) => {
        if (name !== 'mp_capable' || pattern.presence !== 'present') return [];
        const key = pattern.fields['key'];
        if (key?.is !== 'value' || key.value.op !== 'literal' || typeof key.value.value !== 'bigint') return [];
        return [key.value.value];
      });
    case 'declared':
      return [...step.steps, ...step.otherwise].flatMap(keysIn);
    case 'one-of':
      return step.alternatives.flatMap(({ next }) => next.flatMap(keysIn));
    case 'expect':
    case 'any-order':
    case 'icmp':
    case 'silence':
    case 'wait':
    case 'control':
      return [];
  }
};

/** Whether what the implementation learned from other cases may decide this one (DRAFT-IPS-C-02, DRAFT-RTT-C-04). */
export const dependsOnThePast = ({ role, paths }: ExpandedCase, { profiles }: Claims): boolean =>
  profiles.includes('robe-ips') && role === 'client' && paths > 1;
