import { expect } from 'chai';
import { hostile, samples } from '../testing/sample-report.js';
import { writeHtml } from './page.js';
import type { HtmlReport } from './report-input.js';
import { simulatedReport, simulatedRun } from './testing/simulated-report.js';

const reports = (): readonly (readonly [string, HtmlReport])[] => [
  ...samples.map(([name, make]): readonly [string, HtmlReport] => [
    name,
    { runs: [{ ...make(), evidenceOf: () => undefined, filesOf: () => [], place: '' }] },
  ]),
  [
    'whose captures tshark reads otherwise',
    {
      ...simulatedReport(simulatedRun('embedded:robe-downgrade', ['tcp.server'])),
      crossCheck: {
        damaged: 1,
        figures: {
          ...{ tshark: hostile[0] ?? '', captures: 2, frames: 3, compared: 2, fields: 40, disagreeing: 99 },
          leftOut: [{ reason: 'no TCP', frames: 1 }],
          disagreements: hostile.map((text) => ({ capture: text, frame: 1, field: text, ours: text, theirs: text })),
          stopped: hostile.join(''),
        },
      },
    },
  ],
  [
    'of two implementations',
    simulatedReport(
      simulatedRun('null:silent:robe-downgrade', ['robe-downgrade.server.random-key', 'tcp.server']),
      simulatedRun('mutant:esim-other-crc', ['robe-esim.client.orders', 'tcp.server']),
    ),
  ],
];

const anchors = (page: string): readonly string[] => [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id ?? '');

/** Every tag, but for what script and style hold; text and attributes have no angle brackets of their own. */
const tagsOf = (page: string): readonly string[] =>
  page.replace(/(<(script|style)[^>]*>)[\s\S]*?(?=<\/\2>)/g, '$1').match(/<[^>]*>/g) ?? [];

const withoutValues = (tag: string): string => tag.replaceAll(/"[^"]*"/g, '""');

const packetData = '<script type="application/json" class="packets">';

describe('the HTML report', function () {
  this.timeout(180_000);

  for (const [name, report] of reports()) {
    describe(`of a run ${name}`, () => {
      let page = '';
      before(() => {
        page = writeHtml(report);
      });

      it('has every place once, and links to places that are there', () => {
        const there = anchors(page);
        expect(new Set(there).size).to.equal(there.length);
        const links = [...page.matchAll(/ href="#([^"?]*)/g)].map(([, anchor]) => anchor ?? '');
        expect([...new Set(links)].filter((anchor) => !there.includes(anchor))).to.deep.equal([]);
      });

      it('shows no punctuation of its own making', () => {
        const text = page.replaceAll(/<(script|style|pre)\b[\s\S]*?<\/\1>/g, '');
        expect(text.match(/>\s*[;{}$`]+\s*</g)?.slice(0, 3) ?? []).to.deep.equal([]);
      });

      it('asks the network for nothing', () => {
        const tags = tagsOf(page);
        const fetching = /^<(?:link|iframe|img|object|embed|base|video|audio|image|use)\b/i;
        expect(tags.filter((tag) => fetching.test(tag))).to.deep.equal([]);
        const named = / (?:src|srcset|poster|background|action|formaction|data|style)=/i;
        expect(tags.filter((tag) => named.test(withoutValues(tag)))).to.deep.equal([]);
        // A link that a reader may follow is no request; the RFCs are the only place that the page leads to.
        const elsewhere = / href="(?!https:\/\/www\.rfc-editor\.org\/rfc\/rfc\d+\.html)(?:[a-z][a-z0-9+.-]*:|\/\/)/i;
        expect(tags.filter((tag) => elsewhere.test(tag))).to.deep.equal([]);
      });

      it('lets nothing from outside become markup', () => {
        const tags = tagsOf(page);
        expect(tags.map(withoutValues).filter((tag) => / on\w+=/i.test(tag))).to.deep.equal([]);
        const scripts = tags.filter((tag) => /^<script/i.test(tag));
        expect(scripts.filter((tag) => tag !== packetData)).to.deep.equal(['<script>']);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: that none is left is the point
        expect(page).not.to.match(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
      });

      it('names every case that is not green', () => {
        for (const { result, red } of report.runs.flatMap(({ gate }) => gate.cases))
          if (red && result.id.length < 100 && /^[\w.-]+$/.test(result.id)) expect(page).to.include(`>${result.id}<`);
      });
    });
  }

  it('stays below ten million octets and keeps every case and cause in sight, when thousands are red', () => {
    const run = simulatedRun('null:silent:robe-esim', ['robe-esim']);
    const red = run.gate.cases.filter((each) => each.red);
    const copies = Math.ceil(6000 / red.length);
    const page = writeHtml(simulatedReport(...Array.from({ length: copies }, () => run)));
    expect(Buffer.byteLength(page)).to.be.below(10_000_000);
    expect(page.match(/ id="case\/[^"/]*"/g)).to.have.length(red.length * copies);
    const causes = new Set(run.results.cases.flatMap(({ signature }) => signature ?? []));
    for (const cause of causes) expect(page).to.include(cause);
  });
});
