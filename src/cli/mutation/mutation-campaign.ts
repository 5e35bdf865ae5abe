/** Mutants of the reference's code as a campaign: a unit is a file, tried with all of its mutants. */
import { z } from 'zod';
import type { Campaign } from '../campaign/campaign.js';
import { noMeans } from '../variants/variants-campaign.js';
import { type FileScore, fileScore, scoreLines, survivorLines, tallyByFolder } from './mutation-score.js';

/** What decides what comes out. */
export const mutationRequest = z.object({
  /** Octets of each file, by its name: the longer one is, the longer it takes. */
  files: z.record(z.string(), z.int()),
  /** What stands in them, and the cases that are asked. */
  code: z.string(),
  catalogue: z.string(),
});
export type MutationRequest = z.infer<typeof mutationRequest>;

/** What a file is tried with; a merge has no use for it. */
export interface MutationMeans {
  tryFile(file: string): Promise<FileScore>;
  close(): Promise<void>;
}

export const mutationCampaign = (request: MutationRequest, means?: MutationMeans): Campaign<FileScore> => {
  const units = Object.keys(request.files).sort();
  return {
    kind: 'mutation',
    request,
    units,
    cost: (unit) => request.files[unit] ?? 1,
    atOnce: units.length,
    row: fileScore,
    work: async (unit) => (means ?? noMeans()).tryFile(unit),
    head: ['Packets change and no case minds:'],
    lines: survivorLines,
    conclude: async (rows) => {
      const scores = new Map(rows.map((score, at) => [units[at] ?? '', score]));
      return {
        lines: scoreLines(scores),
        json: { folders: Object.fromEntries(tallyByFolder(scores)), files: Object.fromEntries(scores) },
        red: false,
      };
    },
    close: async () => means?.close(),
  };
};
