/**
 * The judgement of a finished case from its findings. Pure; the worst finding decides and the first of that rank
 * explains. After a disturbance no failure is reliable: the verdict is then inconclusive, whatever the findings.
 */
import { signatureOf } from './signature.js';
import { type Facet, type Finding, type Judgement, type RankedVerdict, ranked, worse } from './verdict.js';

export interface Findings {
  readonly findings: readonly Finding[];
  readonly disturbances: readonly string[];
  readonly unsupported: boolean;
  readonly observation?: string | undefined;
}

function facetVerdicts(findings: readonly Finding[]): Partial<Record<Facet, RankedVerdict>> {
  const verdicts: Partial<Record<Facet, RankedVerdict>> = { conformance: 'pass', hygiene: 'pass', liveness: 'pass' };
  for (const { facet, verdict } of findings) verdicts[facet] = worse(verdicts[facet] ?? 'pass', verdict);
  return verdicts;
}

function distrust(finding: Finding): Finding {
  return finding.verdict === 'fail' ? { ...finding, verdict: 'inconclusive' } : finding;
}

export function judge({ findings, disturbances, unsupported, observation }: Findings): Judgement {
  const observed = observation === undefined ? {} : { observation };
  if (unsupported)
    return {
      verdict: 'unsupported',
      facets: {},
      sentence: 'The control of the implementation cannot do what the case needs.',
      findings: [],
    };
  const disturbed: readonly Finding[] = disturbances.map((why) => ({
    facet: 'liveness',
    verdict: 'inconclusive',
    step: 'evidence',
    subject: 'disturbed',
    sentence: `The evidence cannot be trusted: ${why}.`,
  }));
  const judged = disturbances.length === 0 ? findings : [...disturbed, ...findings.map(distrust)];
  const verdict = judged.reduce<RankedVerdict>((worst, finding) => worse(worst, finding.verdict), 'pass');
  const decisive = judged.find((finding) => finding.verdict === verdict);
  if (decisive === undefined || ranked.indexOf(verdict) === 0)
    return {
      verdict,
      facets: facetVerdicts(judged),
      sentence: 'Everything expected came, and nothing else.',
      findings: judged,
      ...observed,
    };
  return {
    verdict,
    facets: facetVerdicts(judged),
    ...(decisive.class === undefined ? {} : { class: decisive.class }),
    signature: signatureOf(decisive),
    sentence: decisive.sentence,
    findings: judged,
    ...observed,
  };
}
