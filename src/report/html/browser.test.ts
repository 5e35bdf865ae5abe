/**
 * The page in a real browser: Debian's Chromium. Without one these tests are skipped, for one reason that is told once.
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import { expect } from 'chai';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { skipBecause } from '../../net/lab/testing/skip.js';
import { writeHtml } from './page.js';
import { simulatedRun, smallReport } from './testing/simulated-report.js';

const browserAt = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((place) =>
  existsSync(place),
);

interface AxeResult {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
}

describe('the HTML report in a browser', function () {
  this.timeout(180_000);
  let folder = '';
  let file = '';
  let browser: Browser;
  const contexts: BrowserContext[] = [];

  before(async function () {
    if (browserAt === undefined) skipBecause(this, 'needs chromium');
    folder = mkdtempSync(join(tmpdir(), 'robe-page-'));
    file = join(folder, 'report.html');
    const report = smallReport(
      ['robe-esim.client.orders', 'robe-downgrade.server', 'tcp.server.closed-port-reset'],
      simulatedRun('mutant:esim-other-crc', ['robe-esim.client.orders.path-1-first', 'tcp.server.closed-port-reset']),
      simulatedRun('null:silent:robe-downgrade', ['robe-downgrade.server.random-key', 'tcp.server.closed-port-reset']),
    );
    writeFileSync(file, writeHtml(report));
    browser = await chromium.launch({
      executablePath: browserAt,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    });
  });
  afterEach(async () => {
    for (const context of contexts.splice(0)) await context.close();
  });
  after(async () => {
    await browser?.close();
    if (folder !== '') rmSync(folder, { recursive: true });
  });

  /** The page with what went wrong on it, and what it asked for. */
  const open = async (options: BrowserContextOptions = {}, fragment = '', of = file) => {
    const context = await browser.newContext(options);
    contexts.push(context);
    const page = await context.newPage();
    const wrong: string[] = [];
    const requests: string[] = [];
    page.on('console', (message) => wrong.push(message.text()));
    page.on('pageerror', ({ message }) => wrong.push(message));
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(`${pathToFileURL(of)}${fragment}`);
    return { page, wrong, requests };
  };

  const violations = async (page: Page): Promise<readonly string[]> => {
    // Into an isolated world: the page's own policy would not have it.
    const session = await page.context().newCDPSession(page);
    const { frameTree } = await session.send('Page.getFrameTree');
    const { executionContextId: contextId } = await session.send('Page.createIsolatedWorld', {
      frameId: frameTree.frame.id,
    });
    const evaluate = (expression: string) =>
      session.send('Runtime.evaluate', { expression, contextId, awaitPromise: true, returnByValue: true });
    await evaluate(axe.source);
    const { result } = await evaluate(
      "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }).then(({ violations }) => ({ violations }))",
    );
    const { violations: found } = result.value as AxeResult;
    return found.map(({ id, nodes }) => `${id}: ${nodes.length} times, first ${nodes[0]?.html}`);
  };

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`breaks no rule of WCAG AA that axe knows, ${colorScheme}`, async () => {
      const { page } = await open({ colorScheme });
      await page.locator('details').evaluateAll((all) => {
        for (const each of all) each.setAttribute('open', '');
      });
      await page.locator('.ladder .segment').first().click();
      expect(await violations(page)).to.deep.equal([]);
    });
  }

  it('asks for nothing but itself, and breaks its own policy nowhere', async () => {
    const { page, wrong, requests } = await open();
    await page.locator('.ladder .segment').first().click();
    expect(requests).to.deep.equal([String(pathToFileURL(file))]);
    expect(wrong).to.deep.equal([]);
  });

  it('lets no script but its own run', async () => {
    const { page } = await open();
    await page.evaluate(() => {
      const script = globalThis as unknown as {
        document: { createElement(name: string): { textContent: string }; body: { append(each: object): void } };
      };
      const injected = script.document.createElement('script');
      injected.textContent = 'globalThis.injected = true';
      script.document.body.append(injected);
    });
    expect(await page.evaluate(() => 'injected' in globalThis)).to.equal(false);
  });

  it('scrolls sideways nowhere on a narrow screen, whatever is unfolded', async () => {
    const { page } = await open({ viewport: { width: 360, height: 740 } });
    await page.locator('details').evaluateAll((all) => {
      for (const each of all) each.setAttribute('open', '');
    });
    expect(await page.locator('html').evaluate((root) => root.scrollWidth)).to.be.at.most(360);
  });

  it('can be read without script: gate, ladder, guilty packet, step log, catalogue', async () => {
    const { page } = await open({ javaScriptEnabled: false });
    const text = await page.locator('main').textContent();
    expect(text)
      .to.include('Red:')
      .and.include('What happened')
      .and.include('mp_join_cap.mac')
      .and.include('Catalogue');
    expect(await page.locator('.ladder').first().isVisible()).to.equal(true);
    expect(await page.locator('.filter').isVisible()).to.equal(false);
    expect(await page.locator('button').first().isVisible()).to.equal(false);
  });

  it('keeps filters in the URL, both ways', async () => {
    const { page } = await open({}, '#catalogue?verdict=fail&q=orders');
    const rows = page.locator('#catalogue .f:visible');
    expect(await page.locator('select[name=verdict]').inputValue()).to.equal('fail');
    expect(await rows.allTextContents()).to.have.length(1);
    await page.locator('select[name=verdict]').selectOption('pass');
    expect(page.url()).to.include('#catalogue?q=orders&verdict=pass');
    expect(await rows.count()).to.equal(0);
    expect(await page.locator('.nothing').isVisible()).to.equal(true);
    await page.locator('button[type=reset]').click();
    await page.waitForURL((url) => !url.hash.includes('?'));
    expect(await rows.count()).to.be.above(10);
  });

  it('goes by keyboard: to a segment, to its packet, from segment to segment', async () => {
    const { page } = await open();
    await page.keyboard.press('Tab');
    expect(await page.locator(':focus').textContent()).to.equal('Skip to the report');
    const segment = page.locator('.ladder .segment').first();
    await segment.focus();
    await page.keyboard.press('Enter');
    const title = page.locator('.case[open] .packet h4').first();
    const first = await title.textContent();
    expect(first).to.match(/on path \d/);
    await page.keyboard.press('ArrowDown');
    expect(await title.textContent()).not.to.equal(first);
  });

  it('shows an octet its field, and a field its octets', async () => {
    const { page } = await open();
    await page.locator('.case[open] .fields tr[data-field]').first().hover();
    expect(await page.locator('.case[open] .hex span.on').count()).to.equal(6);
  });

  it('unfolds what a link points at, and leads back to it from the URL alone', async () => {
    const { page } = await open();
    const link = page.locator('.causes .links a').last();
    await link.click();
    const target = page.locator(':target');
    expect(await target.isVisible()).to.equal(true);
    const again = await open({}, new URL(page.url()).hash);
    expect(await again.page.locator(':target').isVisible()).to.equal(true);
  });

  it('prints the short form: result, causes, broken requirements, claims, on at most 12 pages', async () => {
    const { page } = await open();
    await page.emulateMedia({ media: 'print' });
    for (const part of ['#gate', '#causes', '#claims'])
      expect(await page.locator(part).isVisible(), part).to.equal(true);
    for (const part of ['#cases', '#catalogue', 'nav'])
      expect(await page.locator(part).isVisible(), part).to.equal(false);
    const broken = page.locator('#requirements tbody tr.broken');
    expect(await broken.count()).to.be.above(0);
    for (const row of await broken.all()) expect(await row.isVisible()).to.equal(true);
    const printed = (await page.pdf({ format: 'A4' })).toString('latin1');
    expect(printed.match(/\/Type \/Page\b/g)?.length ?? 0).to.be.within(1, 12);
  });

  it('filters causes, requirements and cases, and leads to what was found', async () => {
    const { page } = await open();
    const before = await page.locator('.causes li:visible').count();
    await page.locator('input[name=q]').fill('mp_join_cap');
    const causes = await page.locator('.causes li:visible').count();
    expect(causes).to.be.within(1, before - 1);
    await page.locator('.hits a').first().click();
    expect(page.url()).to.match(/#\w+\?q=mp_join_cap/);
  });

  it('gives each packet an address, to which Back returns', async () => {
    const { page } = await open();
    const segments = page.locator('.case[open] .ladder .segment');
    await segments.nth(0).click();
    const first = page.url();
    const title = await page.locator('.case[open] .packet h4').first().textContent();
    await segments.nth(1).click();
    expect(page.url()).not.to.equal(first);
    await page.goBack();
    expect(page.url()).to.equal(first);
    expect(await page.locator('.case[open] .packet h4').first().textContent()).to.equal(title);
    const again = await open({}, new URL(first).hash);
    expect(await again.page.locator('.case[open] .packet h4').first().textContent()).to.equal(title);
  });

  it('has a list in place of the ladder on a narrow screen', async () => {
    const { page } = await open({ viewport: { width: 390, height: 800 } });
    expect(await page.locator('.case[open] .ladder').first().isVisible()).to.equal(false);
    expect(await page.locator('.case[open] .log tbody tr').first().isVisible()).to.equal(true);
  });

  it('makes the rows of 15,000 cases when a topic is opened or a link leads there, and stays below 10 MB', async () => {
    const run = simulatedRun('embedded:tcp', ['tcp.server.closed-port-reset']);
    const [like] = run.gate.cases;
    if (like === undefined) expect.fail('no case was judged');
    const cases = Array.from({ length: 15_000 }, (_, index) => {
      const id = `tcp.${index % 2 === 0 ? 'server' : 'client'}.made-${index}`;
      return { ...like, result: { ...like.result, id, title: `Made case ${index}` } };
    });
    const large = join(folder, 'large.html');
    const text = writeHtml(smallReport([], { ...run, gate: { ...run.gate, cases } }));
    expect(text.length).to.be.below(10_000_000);
    writeFileSync(large, text);
    const { page, wrong } = await open({}, '', large);
    const rows = page.locator('#catalogue tbody tr');
    expect(await rows.count()).to.equal(0);
    await page.fill('.filter input[name=q]', 'case 1234');
    expect(await page.locator('.filter output').textContent()).to.contain('12 of the catalogue');
    await page.locator('#catalogue summary', { hasText: 'tcp.server' }).click();
    await page.locator('#catalogue tbody tr', { hasText: 'Made case 12340' }).waitFor();
    expect(await rows.count()).to.equal(7);
    await page.goto(`${pathToFileURL(large)}#catalogue/tcp.client.made-14999`);
    await page.locator('[id="catalogue/tcp.client.made-14999"]').waitFor();
    expect(wrong).to.deep.equal([]);
  });

  it('compares nothing where there is nothing to compare', () => {
    const run = simulatedRun('embedded:tcp', ['tcp.server.closed-port-reset']);
    expect(writeHtml(smallReport(['tcp.server.closed-port-reset'], run))).not.to.include('id="comparison"');
  });
});
