/** Small results for tests: a test gives only the fields that it is about. */
import {
  type CaseResult,
  type Results,
  resultsFormat,
  type SubjectRecord,
  totalsOf,
} from '../../suite/verdict/results.js';
import { type Baseline, readBaseline } from '../baseline.js';

const sampleSubject = (name: string): SubjectRecord => ({
  name,
  time: 'virtual',
  claims: { roles: ['server'], versions: [0], profiles: ['robe-downgrade'], ip: [4, 6], paths: 2, control: 2 },
  parameters: { 'hmac.split': 'left' },
  facts: {},
});

export const sampleCase = (id: string, given: Partial<CaseResult> = {}): CaseResult => ({
  id,
  subject: 'stack',
  title: `What ${id} is about`,
  version: 1,
  role: 'server',
  ip: 4,
  requirements: ['ROBE-P1-S-02'],
  verdict: 'pass',
  facets: {},
  sentence: 'Everything expected came, and nothing else.',
  findings: [],
  steps: 4,
  duration: 1.5,
  ...given,
});

export const failing = (id: string, signature: string, given: Partial<CaseResult> = {}): CaseResult =>
  sampleCase(id, {
    verdict: 'fail',
    class: 'mismatch',
    signature,
    sentence: `Expected one thing, got another at ${signature}.`,
    evidence: `evidence/${id}`,
    ...given,
  });

export const sampleResults = (cases: readonly CaseResult[], run: Partial<Results['run']> = {}): Results => ({
  format: resultsFormat,
  run: {
    id: '20260102-030405-stack',
    tool: 'robe-conformance 0.1.0',
    command: ['robe', 'run'],
    seed: '7',
    began: '2026-01-02T03:04:05.000Z',
    duration: 1200,
    complete: true,
    interrupted: false,
    warnings: [],
    ...run,
  },
  environment: { machine: 'x64', kernel: 'linux 6.18.5-cloud', node: 'v20.12.0', processors: 2 },
  subjects: [...new Set(['stack', ...cases.map(({ subject }) => subject)])].map(sampleSubject),
  totals: totalsOf(cases),
  cases: [...cases],
});

/** A baseline file for `stack` with these entries, as its text. */
export const baselineText = (...entries: readonly string[]): string =>
  `format: 1\niut: stack\ncatalogue: 0.1.*\nentries:${entries.length === 0 ? ' []' : ''}\n${entries
    .map((entry) => `  - ${entry.trim().replaceAll('\n', '\n    ')}\n`)
    .join('')}`;

export const baselineFrom = (text: string): Baseline => {
  const reading = readBaseline({ file: 'baseline.yaml', text });
  if ('problems' in reading) throw new Error(reading.problems.map(({ message }) => message).join('\n'));
  return reading.baseline;
};
