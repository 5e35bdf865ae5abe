import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

import { obstacle } from '../../net/capture/testing/missing-tools.js';
import { skipBecause } from '../../net/lab/testing/skip.js';

const program = fileURLToPath(new URL('../main.js', import.meta.url));

/** Two cases, so that nothing waits for the whole catalogue. */
const cases = `
- id: tcp.server.syn
  title: A SYN is answered with a SYN/ACK
  requirements: [RFC9293-3.10.7-01]
  role: server
  profiles: [tcp]
  steps:
    - send:   {on: 1, segment: SYN}
    - expect: {on: 1, segment: SYN/ACK, mptcp: none}
- id: tcp.server.odd
  title: A SYN is answered with something that nobody does
  requirements: [RFC9293-3.10.7-01]
  role: server
  profiles: [tcp]
  steps:
    - send:   {on: 1, segment: SYN}
    - expect: {on: 1, segment: SYN/ACK, window: 1, mptcp: none}
`;

describe('pages from the command line', function () {
  // Each line below starts the program.
  this.timeout(180_000);
  let folder = '';
  const robe = (...words: readonly string[]) =>
    spawnSync(process.execPath, [program, ...words], { cwd: folder, encoding: 'utf8' });
  const page = (...names: readonly string[]): string => readFileSync(join(folder, ...names), 'utf8');

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'robe-pages-'));
    writeFileSync(join(folder, 'cases.yaml'), cases);
    const run = (out: string, select: string, ...more: readonly string[]) =>
      robe(
        ...['run', select, '--iut', 'embedded:robe-downgrade', '--cases', 'cases.yaml', '--seed', '1', '--out', out],
        ...more,
      );
    run('whole', 'tcp', '--confirm', '1');
    run('part', 'tcp.server.syn');
  });
  after(() => rmSync(folder, { recursive: true }));

  it('run leaves one beside its results: what is red with its ladder, what is green with a row', () => {
    const whole = page('whole', 'report.html');
    expect(whole.match(/<svg class="ladder"/g)).to.have.length(2);
    expect(whole).to.include('id="case/tcp.server.odd.ip4"').and.include('id="catalogue/tcp.server.syn"');
    for (const place of ['', 'attempt-2/'])
      expect(whole).to.include(`href="evidence/tcp.server.odd.ip4/${place}trace.pcapng"`);
    expect(page('part', 'report.html')).not.to.include('<svg class="ladder"');
  });

  it('report makes it again, to the octet but for where the evidence lies', () => {
    const { status, stderr } = robe('report', 'whole', '--cases', 'cases.yaml', '--html', 'again.html');
    expect(stderr).to.equal('Red: 2 not conformant.\n');
    expect(status).to.equal(1);
    const elsewhere = page('again.html').replaceAll('whole/evidence/', 'evidence/');
    expect(elsewhere).to.equal(page('whole', 'report.html'));
  });

  it('report has tshark read the evidence, too, of each time a case was run', function () {
    const why = obstacle(['tshark']);
    if (why !== undefined) skipBecause(this, why);
    const checked = ['--cases', 'cases.yaml', '--html', 'checked.html', '--cross-check'];
    const { status, stderr } = robe('report', 'whole', ...checked);
    expect(stderr).to.match(/--cross-check: (\d+) of \1 frames compared with tshark .*: no disagreement\n/);
    expect(status).to.equal(1);
    expect(page('checked.html')).to.match(/read the 4 captures kept [\s\S]* <strong>no disagreement</);
    expect(robe('report', 'part', ...checked).stderr).to.include('--cross-check: no frame to compare with tshark\n');
    expect(page('checked.html')).to.include('no frame to compare with tshark: 0 captures');
    expect(robe('report', 'part', '--cross-check').stderr).to.equal(
      'robe: --cross-check needs --html\nrobe: `robe report --help` says what it takes\n',
    );
  });

  it('report puts several side by side, with the gravest exit code', () => {
    const { status } = robe('report', 'part', 'whole', '--cases', 'cases.yaml', '--html', 'both.html');
    expect(status).to.equal(1);
    expect(page('both.html')).to.include('Implementations side by side').and.include('(run 2, whole)');
  });

  it('report refuses several for a format that has no place for them', () => {
    const { status, stderr } = robe('report', 'part', 'whole', '--junit', 'junit.xml');
    expect(status).to.equal(2);
    expect(stderr).to.equal('robe: --junit takes one run, got 2; --html takes several\n');
  });

  it('report says when it cannot write, and ends with 3', () => {
    const { status, stderr } = robe('report', 'part', '--cases', 'cases.yaml', '--html', 'nowhere/page.html');
    expect(status).to.equal(3);
    expect(stderr).to.match(/--html: nowhere\/page.html cannot be written: ENOENT/);
  });

  it('compare writes what changed, with both runs', () => {
    const { status } = robe('compare', 'part', 'whole', '--html', 'changes.html');
    expect(status).to.equal(1);
    expect(page('changes.html')).to.include('2 newly failing').and.include('<svg class="ladder"');
  });
});
