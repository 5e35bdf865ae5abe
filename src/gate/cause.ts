/** The reason for the standing of a case, in one sentence. Not escaped: writers do that. */
import { patternOf } from './baseline.js';
import type { GatedCase } from './gate.js';
import { signaturesOf, variesBetween } from './standing.js';

export const causeOf = (gated: GatedCase): string => `${tellAttempts(gated.result)}${reasonOf(gated)}`;

const reasonOf = ({ result, standing, entry }: GatedCase): string => {
  const { sentence } = result;
  if (entry === undefined) return sentence;
  const place = `${entry.origin.file}:${entry.origin.line}`;
  const followed = entry.issue === undefined ? '' : ` (${entry.issue})`;
  switch (standing) {
    case 'as-expected':
    case 'inconclusive':
    case 'missing':
    case 'error':
      return sentence;
    case 'known':
      return `Known: ${entry.reason}${followed}. ${sentence}`;
    case 'expired':
      return `Known until ${entry.until}, which is over: ${entry.reason}${followed}. ${sentence}`;
    case 'fixed':
      return `Comes out ${result.verdict}, where ${place} expects ${expected(entry)}: take ${patternOf(entry)} out of the baseline.`;
    case 'flaky':
    case 'changed':
    case 'regressed':
    case 'new-failure':
    case 'observation-changed':
      return `Comes out ${[result.verdict, result.signature ?? result.observation].filter((each) => each !== undefined).join(' ')}, where ${place} expects ${expected(entry)}: ${sentence}`;
  }
};

/** `stable (3/3): ` or `flaky (fail, pass, pass): ` for a case that was run again; the signatures, if only these vary. */
const tellAttempts = ({ attempts }: GatedCase['result']): string => {
  if (attempts === undefined) return '';
  if (!variesBetween(attempts)) return `stable (${attempts.length}/${attempts.length}): `;
  const verdicts = attempts.map(({ verdict }) => verdict);
  const told = new Set(verdicts).size > 1 ? verdicts : attempts.map(({ signature, verdict }) => signature ?? verdict);
  return `flaky (${told.join(', ')}): `;
};

const expected = (entry: NonNullable<GatedCase['entry']>): string => {
  const how = [...signaturesOf(entry), ...(entry.observation === undefined ? [] : [entry.observation])];
  const what = entry.among === undefined ? entry.expect : `${entry.expect} among ${entry.among.join(', ')}`;
  return how.length === 0 ? what : `${what} ${how.join(' or ')}`;
};
