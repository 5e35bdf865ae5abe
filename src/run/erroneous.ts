/** The judgement of a case with verdict `error`: the tester, the environment or the case is at fault, not the IUT. */
import type { Judgement } from '../suite/verdict/verdict.js';

export const erroneous = (why: string): Judgement => ({
  verdict: 'error',
  facets: { conformance: 'error' },
  sentence: `No verdict could be reached: ${why}.`,
  signature: 'run/error',
  findings: [
    {
      facet: 'conformance',
      verdict: 'error',
      step: 'run',
      subject: 'run',
      sentence: `No verdict could be reached: ${why}.`,
    },
  ],
});
