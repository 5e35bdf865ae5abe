/**
 * Interactions of cases at an implementation that serves them all at once, and the resulting constraints on their order.
 *
 * - Literal keys in a case: a server that correlates by Key-A rightly treats two connections with one key as one. So two
 *   cases with such a key in common never run at the same time.
 * - State of the implementation: RobE_IPS chooses the path of a connection by measurements of earlier ones. A case that
 *   depends on these runs on a freshly started implementation.
 */
import type { Claims } from '../../suite/catalogue/applicability.js';
import type { ExpandedCase } from '../../suite/language/case.js';
import type { Step } from '../../suite/language/step.js';

/** Literal keys that the tester sends in a case. */
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

/** Whether measurements from other cases may affect this one (DRAFT-IPS-C-02, DRAFT-RTT-C-04). */
export const dependsOnThePast = ({ role, paths }: ExpandedCase, { profiles }: Claims): boolean =>
  profiles.includes('robe-ips') && role === 'client' && paths > 1;
