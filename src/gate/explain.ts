/** The expectation of a baseline for one case and, with results, the outcome: lines of text. */

import { counted } from '../suite/verdict/counted.js';
import { type Baseline, type BaselineEntry, patternOf } from './baseline.js';
import { covers, type KnownCase } from './entry-scope.js';
import type { Gate } from './gate.js';
import { tellStanding } from './sentence.js';
import { signaturesOf } from './standing.js';

export const explainCase = (baseline: Baseline, each: KnownCase, gate?: Gate): readonly string[] => {
  const gated = gate?.cases.find(({ result }) => result.id === each.id && result.subject === baseline.iut);
  const entries = baseline.entries.filter((entry) => covers(entry, each) || entry === gated?.entry);
  const lines = entries.length === 0 ? [`${each.id} is expected to conform: no entry speaks of it.`] : [`${each.id}:`];
  lines.push(...entries.flatMap(explainEntry));
  if (gate !== undefined && gated === undefined) lines.push(`  The results have no ${each.id} for ${baseline.iut}.`);
  if (gated !== undefined) {
    const { result, standing, red } = gated;
    const how = result.signature === undefined ? '' : `, ${result.signature}`;
    lines.push(`  came     ${result.verdict}${how}`, `           ${result.sentence}`);
    lines.push(`  standing ${tellStanding[standing](1)}${red ? ', red' : ''}`);
  }
  return lines;
};

const explainEntry = (entry: BaselineEntry): readonly string[] => {
  const how = [...signaturesOf(entry), ...(entry.observation === undefined ? [] : [entry.observation])];
  return [
    `  entry    ${entry.origin.file}:${entry.origin.line} ${patternOf(entry)}${entry.count === undefined ? '' : ` (${counted(entry.count, 'case')})`}`,
    `  expects  ${entry.expect}${how.length === 0 ? '' : `, ${how.join(' or ')}`}${entry.among === undefined ? '' : ` among ${entry.among.join(', ')}`}`,
    `  reason   ${entry.reason}`,
    ...(entry.issue === undefined ? [] : [`  issue    ${entry.issue}`]),
    ...(entry.when === undefined ? [] : [`  when     ${JSON.stringify(entry.when)}`]),
    ...(entry.until === undefined ? [] : [`  until    ${entry.until}`]),
  ];
};
