/** From a red run to its packets on the command line: the latest run, its evidence, the same cases again. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

const program = fileURLToPath(new URL('../main.js', import.meta.url));

describe('working on a failure', function () {
  this.timeout(120_000);
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'robe-show-'));
  });
  after(() => rmSync(folder, { recursive: true }));
  const robe = (...words: readonly string[]) =>
    spawnSync(process.execPath, [program, ...words], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '1' },
    });
  const red = 'tcp.server.closed-port-reset';

  it('goes from the run to the packet, and runs again what was red', () => {
    const first = robe('run', 'tcp.server', '--iut', 'mutant:reset-draws-a-reset', '--out', 'reports/first');
    expect(first.status, first.stderr).to.equal(1);
    const see = /see +robe show (\S+)/.exec(first.stdout)?.[1];
    expect(see).to.match(/^reports\/first\/evidence\//);
    expect(existsSync(join(folder, 'reports', 'latest', 'results.json'))).to.equal(true);

    const shown = robe('show', see ?? '');
    expect(shown.stdout)
      .to.contain('!! fail')
      .and.to.match(/(breaks|may break) MUST RFC9293-3\.10\.7-0/);
    expect(robe('show', red).stdout, 'by the id, in the latest run').to.contain(red);
    const narrow = robe('show', red, '--width', '40');
    expect(narrow.stdout.split('\n').filter((line) => line.length > 40)).to.deep.equal([]);

    const again = robe('run', '--iut', 'embedded:tcp', '--last-failed', '--keep-evidence', '--out', 'reports/again');
    expect(again.status, again.stdout).to.equal(0);
    const { cases } = JSON.parse(readFileSync(join(folder, 'reports', 'latest', 'results.json'), 'utf8'));
    expect(cases.length).to.be.within(1, 8);
    expect(cases.every(({ evidence }: { readonly evidence?: string }) => evidence !== undefined)).to.equal(true);
    expect(robe('show', red).stdout, 'a green case').to.contain('pass: Everything expected came');
    expect(robe('run', '--last-failed').stderr).to.contain('has no red case');
  });

  it('says where there is evidence when there is none', () => {
    expect(robe('show', 'no.such.case').status).to.equal(2);
    expect(robe('show', 'tcp.server.handshake', '--width', '3').stderr).to.contain('--width must be');
  });
});
