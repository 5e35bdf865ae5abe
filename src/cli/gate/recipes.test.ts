/**
 * The recipes for CI that ship, and the step for GitHub Actions that they use: each is parsed, its commands are run with the variables that its system sets, and what comes
 * of it is what one run of everything gives. `npm`, `sudo` and `apt-get` do nothing here, nor does `doctor`; otherwise
 * `robe` and `npx robe` are this program.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { type Results, results } from '../../suite/verdict/results.js';
import { toolVersion } from '../environment.js';
import { job } from '../testing/batch-v1.js';

const home = fileURLToPath(new URL('../../../', import.meta.url));
const program = fileURLToPath(new URL('../main.js', import.meta.url));
const recipe = (name: string): readonly unknown[] =>
  parseAllDocuments(
    readFileSync(fileURLToPath(new URL(`../../../docs/examples/ci/${name}`, import.meta.url)), 'utf8'),
  ).map((document) => {
    expect(document.errors).to.deep.equal([]);
    return document.toJS();
  });

/** Of the recipes that compare versions of Node: a job for each, and the one that compares. */
const nodeVersions: Readonly<Record<string, () => { readonly judge: (node: string) => Job; readonly compare: Job }>> = {
  'github-node-versions.yaml': () => {
    const steps = z.array(z.object({ run: z.string().optional() }));
    const { jobs } = z
      .object({ jobs: z.object({ judge: z.object({ steps }), compare: z.object({ steps }) }) })
      .parse(recipe('github-node-versions.yaml')[0]);
    const runs = (node: string, list: z.infer<typeof steps>): Job => ({
      commands: list.flatMap(({ run }) => run?.replaceAll(/\$\{\{ matrix\.node \}\}/g, node) ?? []),
      variables: {},
    });
    return { judge: (node) => runs(node, jobs.judge.steps), compare: runs('', jobs.compare.steps) };
  },
  'gitlab-node-versions.yaml': () => {
    const scripted = z.object({ script: z.array(z.string()) });
    const { judge, compare } = z
      .object({ judge: scripted, compare: scripted })
      .parse(recipe('gitlab-node-versions.yaml')[0]);
    return {
      judge: (node) => ({ commands: judge.script, variables: { NODE: node } }),
      compare: { commands: compare.script, variables: {} },
    };
  },
};

interface Job {
  readonly commands: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
}

/** What a system makes of its file: jobs that run side by side, and the gate after them. */
interface Pipeline {
  readonly shards: readonly Job[];
  readonly gate: Job;
}

const inputs = z.record(z.string(), z.union([z.string(), z.int()]));
const githubSteps = z.array(
  z.object({ run: z.string().optional(), uses: z.string().optional(), with: inputs.optional() }),
);
type GithubStep = z.infer<typeof githubSteps>[number];
const github = z.object({
  env: z.record(z.string(), z.string()),
  jobs: z.object({
    shard: z.object({
      strategy: z.object({ matrix: z.object({ part: z.array(z.int()) }) }),
      steps: githubSteps,
    }),
    gate: z.object({ needs: z.literal('shard'), if: z.literal('always()'), steps: githubSteps }),
  }),
});

/** The step that this project brings. */
const action = z
  .object({
    inputs: z.record(z.string(), z.object({ description: z.string(), default: z.string() })),
    runs: z.object({
      using: z.literal('composite'),
      steps: z.array(
        z.object({ shell: z.literal('bash'), env: z.record(z.string(), z.string()), run: z.string() }).loose(),
      ),
    }),
  })
  .parse(parse(readFileSync(join(home, 'action.yml'), 'utf8')));

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** What GitHub makes of a step that uses it: its inputs as variables, each script by a bash that stops at what fails. */
const useOf = (given: z.infer<typeof inputs>): readonly string[] => {
  expect(Object.keys(action.inputs)).to.include.members(Object.keys(given));
  return action.runs.steps.map(({ env, run }) => {
    const variables = Object.entries(env).map(([name, value]) => {
      const input = value.replace(/^\$\{\{ inputs\.([a-z]+) \}\}$/, '$1');
      expect(Object.keys(action.inputs)).to.include(input);
      return `${name}=${quoted(String(given[input] ?? action.inputs[input]?.default ?? ''))}`;
    });
    return `env ${variables.join(' ')} bash --noprofile --norc -eo pipefail -c ${quoted(run)}`;
  });
};

/** A job's commands, with what GitHub puts in place of its expressions. */
const githubCommands = (steps: readonly GithubStep[], known: Readonly<Record<string, string>>): readonly string[] => {
  const filled = (text: string): string =>
    text.replaceAll(/\$\{\{ ([\w.]+) \}\}/g, (_, name: string) => known[name] ?? expect.fail(`${name} is unknown`));
  return steps.flatMap(({ run, uses, with: given = {} }) => {
    if (uses !== './node_modules/robe-conformance') return run === undefined ? [] : [filled(run)];
    const used = Object.entries(given).map(([name, value]) => [name, filled(String(value))]);
    return useOf(Object.fromEntries(used));
  });
};

const gitlab = z.object({
  shard: z.object({ parallel: z.int(), script: z.array(z.string()) }),
  gate: z.object({ when: z.literal('always'), script: z.array(z.string()) }),
});

const pipelines: Readonly<Record<string, (folder: string) => Pipeline>> = {
  'github-actions.yaml': () => {
    const { shard, gate } = github.parse(recipe('github-actions.yaml')[0]).jobs;
    const files = { GITHUB_STEP_SUMMARY: 'summary.md', GITHUB_OUTPUT: 'output.txt', GITHUB_ACTION_PATH: home };
    const known = { 'env.IUT': 'embedded:tcp' };
    return {
      shards: shard.strategy.matrix.part.map((part) => ({
        commands: githubCommands(shard.steps, { ...known, 'matrix.part': String(part) }),
        variables: { ...files, GITHUB_OUTPUT: `output-${part}.txt` },
      })),
      gate: { commands: githubCommands(gate.steps, known), variables: files },
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
    expect(parts?.successPolicy?.rules).to.deep.equal([{ succeededIndexes: `0-${(parts?.completions ?? 0) - 1}` }]);
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

const junitOf: Readonly<Record<string, string>> = {
  'github-actions.yaml': 'reports/whole/junit.xml',
  'kubernetes.yaml': 'shards/junit.xml',
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
    const self = `exec "${process.execPath}" "${program}" "$@"`;
    const own = `--cases "${join(root, 'mine.yaml')}"`;
    const robe = `#!/bin/sh\nshift\ncase "$1" in doctor) ;; compare) ${self} ;; *) ${self} ${own} ;; esac\n`;
    writeFileSync(join(bin, 'npx'), robe, { mode: 0o755 });
    writeFileSync(join(bin, 'robe'), `#!/bin/sh\nexec npx robe "$@"\n`, { mode: 0o755 });
    // The step for GitHub Actions starts the program by its file.
    const node = `#!/bin/sh\ncase "$1" in */dist/cli/main.js) shift; exec npx robe "$@" ;; esac\nexec "${process.execPath}" "$@"\n`;
    writeFileSync(join(bin, 'node'), node, { mode: 0o755 });
    const out = join(root, 'whole');
    spawnSync(process.execPath, [program, 'run', join(root, 'mine.yaml'), '--iut', 'embedded:tcp', '--out', out]);
    whole = vectorOf(kept(out));
  });
  after(() => rmSync(root, { recursive: true }));

  /** Runs the commands of a job as a shell would that stops at the first one that fails. */
  const work = async (
    { commands, variables }: Job,
    folder: string,
  ): Promise<{ readonly code: unknown; readonly said: string }> => {
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

  for (const [name, read] of Object.entries(pipelines))
    it(`${name}: the merge is what one run gives, and gates by the baseline`, async () => {
      const folder = join(root, name.replace('.yaml', ''));
      mkdirSync(folder);
      const baseline = ['format: 1', 'iut: embedded:tcp', `catalogue: ${toolVersion()}`, 'entries: []', ''].join('\n');
      writeFileSync(join(folder, 'baseline.yaml'), baseline);
      const { shards, gate } = read(folder);
      expect(shards.length).to.be.greaterThan(1);
      for (const { code, said } of await Promise.all(shards.map((each) => work(each, folder))))
        expect(code, said).to.equal(0);
      const { code, said } = await work(gate, folder);
      expect(code, said).to.equal(1);
      expect(said).to.contain('Red: 2 regressed.');
      const merged = name === 'kubernetes.yaml' ? join(folder, 'shards', 'whole') : join(folder, 'reports', 'whole');
      expect(vectorOf(kept(merged))).to.deep.equal(whole);
      const junit = join(folder, junitOf[name] ?? 'junit.xml');
      expect(readFileSync(junit, 'utf8')).to.contain('tests="4"');
    });

  for (const [name, read] of Object.entries(nodeVersions))
    it(`${name}: holds while all versions judge the same, and fails when one judges otherwise`, async () => {
      const folder = join(root, name);
      mkdirSync(folder);
      const { judge, compare } = read();
      const run = (node: string, iut: string): Promise<unknown> => {
        const { commands, variables } = judge(node);
        // The cases here include a red one.
        return work(
          { commands: commands.map((line) => `${line.replace('embedded', iut)} || true`), variables },
          folder,
        );
      };
      await Promise.all(['20', '22', '24', '26'].map((node) => run(node, 'embedded:tcp')));
      const same = await work(compare, folder);
      expect(same.code, same.said).to.equal(0);
      await run('26', 'null:silent');
      expect((await work(compare, folder)).code).to.equal(1);
    });
});
