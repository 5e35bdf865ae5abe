/** Every campaign by its kind, made from a request that was written down: to conclude from parts, not to work. */
import {
  lawsCampaign,
  lawsShape,
  pageLoadCampaign,
  pageLoadShape,
  robustnessCampaign,
  robustnessShape,
} from '../experiment/experiment-campaign.js';
import { fuzzCampaign, fuzzRequest } from '../fuzz/fuzz-campaign.js';
import { matrixCampaign, matrixRequest } from '../mutants/matrix-campaign.js';
import { mutantsRequest, triggersCampaign } from '../mutants/triggers-campaign.js';
import { mutationCampaign, mutationRequest } from '../mutation/mutation-campaign.js';
import { pairsCampaign } from '../variants/pairs-campaign.js';
import { variantsCampaign, variantsRequest } from '../variants/variants-campaign.js';
import type { Campaign, Conclusion } from './campaign.js';
import { keepReport } from './conduct-campaign.js';
import { gather } from './merge-parts.js';
import type { Part } from './part-file.js';

export type Merged =
  | { readonly lines: readonly string[]; readonly conclusion: Conclusion }
  | { readonly problems: readonly string[] };

type Merge = (parts: readonly Part[], tool: string, out: string) => Promise<Merged>;

/** Merging parts of a campaign that is made of a request. */
const merging =
  <Request, Row>(read: { parse(request: unknown): Request }, make: (request: Request) => Campaign<Row>): Merge =>
  async (parts, tool, out) => {
    const campaign = make(read.parse(parts[0]?.head.request));
    const gathered = gather(campaign, tool, parts);
    if ('problems' in gathered) return gathered;
    const { rows } = gathered;
    const conclusion = await campaign.conclude(rows);
    keepReport(out, campaign, rows, conclusion);
    const ofUnits = campaign.units.flatMap((unit, at) => {
      const row = rows[at];
      return row === undefined ? [] : campaign.lines(unit, row);
    });
    return { lines: [...campaign.head, ...ofUnits, ...conclusion.lines], conclusion };
  };

const kinds: Readonly<Record<string, Merge>> = {
  variants: merging(variantsRequest, variantsCampaign),
  'variants --pairs': merging(variantsRequest, pairsCampaign),
  mutants: merging(matrixRequest, matrixCampaign),
  'mutants --triggers': merging(mutantsRequest, triggersCampaign),
  fuzz: merging(fuzzRequest, fuzzCampaign),
  mutation: merging(mutationRequest, mutationCampaign),
  'experiment robustness': merging(robustnessShape, robustnessCampaign),
  'experiment page-load': merging(pageLoadShape, pageLoadCampaign),
  'experiment laws': merging(lawsShape, lawsCampaign),
};

/** Concludes from the parts of a campaign, and keeps the report in `out`. */
export const mergeCampaign: Merge = async (parts, tool, out) => {
  const [first] = parts;
  const merge = first === undefined ? undefined : kinds[first.head.kind];
  return merge === undefined
    ? { problems: [`${first?.file}: no campaign is called ${first?.head.kind}`] }
    : merge(parts, tool, out);
};
