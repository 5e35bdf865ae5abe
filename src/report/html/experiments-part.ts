/** The paper's experiments as they came out on this machine: each figure as it was drawn, and its numbers as a table of text. */
import { html, Markup } from './markup.js';
import type { ReportedExperiment } from './report-input.js';

export const experimentsPart = (experiments: readonly ReportedExperiment[]): Markup | undefined => {
  if (experiments.length === 0) return undefined;
  return html`<section id="experiments" aria-labelledby="experiments-title">
<h2 id="experiments-title">Experiments</h2>
${experiments.map(
  ({ title, figure, table }) => html`<h3>${title}</h3>
<figure>${Markup.trusted(figure)}</figure>
<details><summary>The numbers</summary><pre tabindex="0">${table}</pre></details>`,
)}
</section>`;
};
