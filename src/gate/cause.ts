/** Why a case stands as it does, in one sentence that a person can act on. Not escaped: writers do that. */
import { patternOf } from './baseline.js';
import type { GatedCase } from './gate.js';
import { signaturesOf } from './standing.js';

export function causeOf({ result, standing, entry }: GatedCase): string {
  const { sentence } = result;
  if (entry === undefined) return standing === 'flaky' ? `${tellAttempts(result)}: ${sentence}` : sentence;
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
      return `${tellAttempts(result)}, where ${place} expects ${expected(entry)}: ${sentence}`;
    case 'changed':
    case 'regressed':
    case 'new-failure':
    case 'observation-changed':
      return `Comes out ${[result.verdict, result.signature ?? result.observation].filter((each) => each !== undefined).join(' ')}, where ${place} expects ${expected(entry)}: ${sentence}`;
  }
}

const tellAttempts = ({ verdict, attempts = [] }: GatedCase['result']): string =>
  `Comes out differently from time to time (${attempts.length === 0 ? verdict : attempts.map((each) => each.verdict).join(', ')})`;

function expected(entry: NonNullable<GatedCase['entry']>): string {
  const how = [...signaturesOf(entry), ...(entry.observation === undefined ? [] : [entry.observation])];
  const what = entry.among === undefined ? entry.expect : `${entry.expect} among ${entry.among.join(', ')}`;
  return how.length === 0 ? what : `${what} ${how.join(' or ')}`;
}
