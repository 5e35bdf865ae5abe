/** What a report is of, in one line: implementation, date, version, catalogue, seed. */
import { createHash } from 'node:crypto';
import type { SubjectRecord } from '../../suite/verdict/results.js';
import { html, type Markup } from './markup.js';
import type { ReportCatalogue, ReportedRun } from './report-input.js';

const digestLength = 12;

/** Of ids, versions and levels: two reports with one digest asked the same. */
const digestOf = ({ cases, requirements }: ReportCatalogue): string => {
  const hash = createHash('sha256');
  for (const { id, version } of cases) hash.update(`${id} ${version}\n`);
  for (const { id, level } of requirements.values()) hash.update(`${id} ${level}\n`);
  return hash.digest('hex').slice(0, digestLength);
};

export const identityLine = (run: ReportedRun | undefined, catalogue: ReportCatalogue | undefined): Markup | false => {
  if (run === undefined) return false;
  const { run: record, subjects, environment } = run.results;
  const live = subjects.some(({ time }) => time === 'real');
  const [only, ...others] = subjects;
  const parts = [
    html`<time datetime="${record.began}">${record.began.slice(0, 'yyyy-mm-ddThh:mm'.length).replace('T', ' ')} UTC</time>`,
    html`${record.tool}`,
    catalogue !== undefined && html`catalogue <code>${digestOf(catalogue)}</code>`,
    html`seed <code>${record.seed}</code>`,
    only !== undefined && others.length === 0 && html`claims ${claimsText(only)}`,
    html`${live ? `live, ${environment.kernel}` : 'simulated, in virtual time'}`,
  ];
  const told = parts.filter((part) => part !== false);
  return html`<p class="identity">${told.map((part, index) => html`${index > 0 && ' · '}${part}`)}</p>`;
};

const claimsText = ({ claims: { roles, profiles } }: SubjectRecord): string =>
  `${roles.join(' and ')}; ${profiles.join(', ')}`;
