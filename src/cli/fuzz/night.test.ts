/** The recipe for a night of `robe fuzz`: its commands, with the variables that Kubernetes sets, give one report of all parts. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';

const program = fileURLToPath(new URL('../main.js', import.meta.url));
const manifest = fileURLToPath(new URL('../../../docs/examples/ci/kubernetes-night.yaml', import.meta.url));

const cronJob = z.object({
  apiVersion: z.literal('batch/v1'),
  kind: z.literal('CronJob'),
  spec: z.object({
    schedule: z.string().regex(/^\d+ \d+ \* \* \*$/),
    jobTemplate: z.object({
      spec: z.object({
        completionMode: z.literal('Indexed').optional(),
        completions: z.int().optional(),
        template: z.object({
          spec: z.object({
            restartPolicy: z.literal('Never'),
            containers: z.tuple([
              z.object({ args: z.tuple([z.string()]), env: z.array(z.object({ name: z.string() })) }),
            ]),
          }),
        }),
      }),
    }),
  }),
});

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
