/** The recipe for a night of `robe fuzz`: its commands, with the variables that Kubernetes sets, give one report of all parts. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { parseAllDocuments } from 'yaml';
import { cronJob } from '../testing/batch-v1.js';

const program = fileURLToPath(new URL('../main.js', import.meta.url));
const manifest = fileURLToPath(new URL('../../../docs/examples/ci/kubernetes-night.yaml', import.meta.url));

describe('a night of fuzzing', function () {
  this.timeout(60_000);
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'robe-night-'));
    mkdirSync(join(folder, 'bin'));
    const self = `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`;
    writeFileSync(join(folder, 'bin', 'robe'), self, { mode: 0o755 });
  });
  after(() => rmSync(folder, { recursive: true }));

  it('is what the API takes of it, and no more', () => {
    const [night] = parseAllDocuments(readFileSync(manifest, 'utf8')).map((document) => document.toJS());
    expect(cronJob.safeParse({ ...night, spec: { ...night.spec, jobs: 1 } }).success).to.equal(false);
  });

  it('is eight parts with one seed, and one report in the morning that says what was found and how to repeat it', () => {
    const [night, morning] = parseAllDocuments(readFileSync(manifest, 'utf8')).map(
      (document) => cronJob.parse(document.toJS()).spec.jobTemplate.spec,
    );
    const run = (job: typeof night, variables: Readonly<Record<string, string>>) => {
      const [container] = job?.template.spec.containers ?? [];
      const own = { ...variables, NIGHTS: join(folder, 'nights') };
      for (const { name } of container?.env ?? []) expect(own, 'set by the recipe').to.have.property(name);
      const env = { ...process.env, PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}`, ...own };
      return spawnSync('sh', ['-c', container?.args[0] ?? ''], { cwd: folder, env, encoding: 'utf8' });
    };
    expect(night?.completionMode).to.equal('Indexed');
    expect(night?.backoffLimitPerIndex).to.be.at.least(1);
    expect(night?.successPolicy?.rules).to.deep.equal([{ succeededIndexes: `0-${(night?.completions ?? 0) - 1}` }]);
    for (let index = 0; index < (night?.completions ?? 0); index++) {
      const set = { WHAT: 'answers', ROUNDS: '8', NIGHT: 'robe-night-29410200', JOB_COMPLETION_INDEX: String(index) };
      const { status, stderr } = run(night, set);
      expect(status, stderr).to.equal(0);
    }
    const { status, stdout, stderr } = run(morning, {});
    expect(status, stderr).to.equal(0);
    expect(stdout).to.equal('answers  16000 tries, nothing found: each call to a shim is answered exactly once\n');
    const kept = readFileSync(join(folder, 'nights', 'robe-night-29410200', 'report', 'report.txt'), 'utf8');
    expect(kept).to.equal(stdout);
  });
});
