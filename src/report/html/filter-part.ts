/**
 * What to show: words, verdict, role, profile, implementation. Works by the page's script and lives in the URL after `?`
 * in the fragment, so that a filtered page can be sent to somebody; without script it is not there.
 */
import { profiles } from '../../suite/catalogue/requirement-schema.js';
import { verdicts } from '../../suite/verdict/results.js';
import { html, type Markup } from './markup.js';
import type { Column } from './subject-column.js';
import { verdictWord } from './verdict-mark.js';

export const filterPart = (columns: readonly Column[]): Markup => {
  const results = columns.flatMap(({ cases }) => cases.map(({ result }) => result));
  const there = verdicts.filter((verdict) => results.some((each) => each.verdict === verdict));
  const option = (value: string | number, text: string): Markup => html`<option value="${value}">${text}</option>`;
  return html`<form class="filter only-script" role="search" aria-label="Filter">
<label>Words <input type="search" name="q" placeholder="case, requirement, text" autocomplete="off"></label>
<label>Verdict <select name="verdict">${option('', 'all')}${there.map((each) => option(each, verdictWord(each)))}</select></label>
<label>Role <select name="role">${option('', 'both')}${option('server', 'server')}${option('client', 'client')}</select></label>
<label>Profile <select name="profile">${option('', 'all')}${profiles.map((each) => option(each, each))}</select></label>
${columns.length > 1 && html`<label>Implementation <select name="subject">${option('', 'all')}${columns.map(({ title }, index) => option(index, title))}</select></label>`}
<button type="reset">Clear</button> <output class="quiet" name="count"></output> <span class="hits"></span>
</form>`;
};
