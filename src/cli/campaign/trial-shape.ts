/** A trial of a case on a variant, as it is written down. */
import { z } from 'zod';
import type { Trial } from '../../run/matrix/variant-trial.js';
import { verdicts } from '../../suite/verdict/results.js';

export const trialShape: z.ZodType<Trial> = z
  .object({
    id: z.string(),
    verdict: z.enum(verdicts),
    usual: z.enum(verdicts).optional(),
    differs: z.boolean(),
    sentence: z.string().optional(),
  })
  .transform(({ id, verdict, usual, differs, sentence }) => ({
    id,
    verdict,
    usual,
    differs,
    ...(sentence === undefined ? {} : { sentence }),
  }));
