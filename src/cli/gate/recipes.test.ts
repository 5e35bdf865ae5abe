/**
 * The recipes for CI that ship: each is parsed, its commands are run with the variables that its system sets, and what comes
 * of it is what one run of everything gives. `npm`, `sudo` and `apt-get` do nothing here, `npx robe` is this program.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { type Results, results } from '../../suite/verdict/results.js';
import { toolVersion } from '../environment.js';

const program = fileURLToPath(new URL('../main.js', import.meta.url));
const recipe = (name: string): readonly unknown[] =>
  parseAllDocuments(
    readFileSync(fileURLToPath(new URL(`../../../docs/examples/ci/${name}`, import.meta.url)), 'utf8'),
  ).map((document) => {
    expect(document.errors).to.deep.equal([]);
    return document.toJS();
  });

interface Job {
  readonly commands: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
}

/** What a system makes of its file: jobs that run side by side, and the gate behind them. */
interface Pipeline {
  readonly shards: readonly Job[];
  readonly gate: Job;
}

const github = z.object({
  jobs: z.object({
    shard: z.object({
      strategy: z.object({ matrix: z.object({ part: z.array(z.int()) }) }),
      steps: z.array(z.object({ run: z.string().optional() })),
    }),
    gate: z.object({
      needs: z.literal('shard'),
      if: z.literal('always()'),
      steps: z.array(z.object({ run: z.string().optional() })),
    }),
  }),
});

const gitlab = z.object({
  shard: z.object({ parallel: z.int(), script: z.array(z.string()) }),
  gate: z.object({ when: z.literal('always'), script: z.array(z.string()) }),
});

const job = z.object({
  kind: z.literal('Job'),
  spec: z.object({
    completionMode: z.string().optional(),
    completions: z.int().optional(),
    template: z.object({
      spec: z.object({
        containers: z.array(
          z.object({ command: z.tuple([z.literal('sh'), z.literal('-c')]), args: z.array(z.string()) }),
        ),
      }),
    }),
  }),
});

const pipelines: Readonly<Record<string, (folder: string) => Pipeline>> = {
  'github-actions.yaml': () => {
    const { shard, gate } = github.parse(recipe('github-actions.yaml')[0]).jobs;
    const runs = (steps: readonly { readonly run?: string | undefined }[]): readonly string[] =>
      steps.flatMap(({ run }) => run ?? []);
    return {
      shards: shard.strategy.matrix.part.map((part) => ({
        commands: runs(shard.steps).map((line) => line.replaceAll(/\$\{\{ matrix\.part \}\}/g, String(part))),
        variables: {},
      })),
      gate: { commands: runs(gate.steps), variables: { GITHUB_STEP_SUMMARY: 'summary.md' } },
    };
  },
  'gitlab-ci.yaml': () => {
    const { shard, gate } = gitlab.parse(recipe('gitlab-ci.yaml')[0]);
    return {
      shards: Array.from({ length: shard.parallel }, (_, index) => ({
        commands: shard.script,
        variables: { CI_NODE_INDEX: String(index + 1), CI_NODE_TOTAL: String(shard.parallel) },
      })),
      gate: { commands: gate.script, variables: {} },
    };
  },
  'kubernetes.yaml': (folder) => {
    const [parts, gate] = recipe('kubernetes.yaml').map((document) => job.parse(document).spec);
    expect(parts?.completionMode).to.equal('Indexed');
    const argsOf = (spec: typeof parts): readonly string[] =>
      spec?.template.spec.containers.flatMap(({ args }) => args) ?? [];
    const SHARDS = join(folder, 'shards');
    return {
      shards: Array.from({ length: parts?.completions ?? 0 }, (_, index) => ({
        commands: argsOf(parts),
        variables: { JOB_COMPLETION_INDEX: String(index), SHARDS },
      })),
      gate: { commands: argsOf(gate), variables: { SHARDS } },
    };
  },
};

const cases = `
- id: mine.server.handshake
  title: A listener answers a SYN
  requirements: [RFC9293-3.10.7-01]
  role: server
  profiles: [tcp]
  steps:
    - send: {on: 1, segment: SYN}
    - expect: {on: 1, segment: SYN/ACK}
- id: mine.server.wrong
  title: A listener resets a SYN, which it does not
  requirements: [RFC9293-3.10.7-01]
  role: server
  profiles: [tcp]
  steps:
    - send: {on: 1, segment: SYN}
    - expect: {on: 1, segment: RST}
`;

describe('recipes for CI', function () {
  this.timeout(120_000);
  let root = '';
  let whole: readonly string[] = [];
  const vectorOf = ({ cases: judged }: Results): readonly string[] =>
    judged.map(({ id, verdict, signature }) => `${id} ${verdict} ${signature ?? ''}`).sort();
  const kept = (directory: string): Results =>
    results.parse(JSON.parse(readFileSync(join(directory, 'results.json'), 'utf8')));

  before(() => {
    root = mkdtempSync(join(tmpdir(), 'robe-recipes-'));
    const bin = join(root, 'bin');
    mkdirSync(bin);
    writeFileSync(join(root, 'mine.yaml'), cases);
    for (const name of ['npm', 'sudo', 'apt-get']) writeFileSync(join(bin, name), '#!/bin/sh\n', { mode: 0o755 });
    const robe = `#!/bin/sh\nshift\nexec "${process.execPath}" "${program}" "$@" --cases "${join(root, 'mine.yaml')}"\n`;
    writeFileSync(join(bin, 'npx'), robe, { mode: 0o755 });
    const out = join(root, 'whole');
    spawnSync(process.execPath, [program, 'run', join(root, 'mine.yaml'), '--iut', 'embedded:tcp', '--out', out]);
    whole = vectorOf(kept(out));
  });
  after(() => rmSync(root, { recursive: true }));

  for (const [name, read] of Object.entries(pipelines))
    it(`${name}: the merge is what one run gives, and gates by the baseline`, async () => {
      const folder = join(root, name.replace('.yaml', ''));
      mkdirSync(folder);
      const baseline = ['format: 1', 'iut: embedded:tcp', `catalogue: ${toolVersion()}`, 'entries: []', ''].join('\n');
      writeFileSync(join(folder, 'baseline.yaml'), baseline);
      const work = async ({ commands, variables }: Job): Promise<{ readonly code: unknown; readonly said: string }> => {
        const env = {
          ...process.env,
          PATH: `${join(root, 'bin')}:${process.env['PATH'] ?? ''}`,
          IUT: 'embedded:tcp',
          ...variables,
        };
        const child = spawn('sh', ['-ec', commands.join('\n')], {
          cwd: folder,
          env,
          stdio: ['ignore', 'pipe', 'pipe'],
        });
        let said = '';
        for (const stream of [child.stdout, child.stderr])
          stream.setEncoding('utf8').on('data', (text: string) => {
            said += text;
          });
        const [code] = await once(child, 'close');
        return { code, said };
      };
      const { shards, gate } = read(folder);
      expect(shards.length).to.be.greaterThan(1);
      for (const { code, said } of await Promise.all(shards.map(work))) expect(code, said).to.equal(0);
      const { code, said } = await work(gate);
      expect(code, said).to.equal(1);
      expect(said).to.contain('Red: 2 regressed.');
      const merged = name === 'kubernetes.yaml' ? join(folder, 'shards', 'whole') : join(folder, 'reports', 'whole');
      expect(vectorOf(kept(merged))).to.deep.equal(whole);
      const junit = name === 'kubernetes.yaml' ? join(folder, 'shards', 'junit.xml') : join(folder, 'junit.xml');
      expect(readFileSync(junit, 'utf8')).to.contain('tests="4"');
    });
});
