/**
 * Live runs as a user starts them: what the reference does as a process on real interfaces is judged as what it does
 * embedded, where the whole catalogue passes; and stacks of others are judged at all. Skipped where the machine does not allow it.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { bundledCases } from '../conduct/catalogue-files.js';
import { libraryProgram } from '../iut/library/library-program.js';
import { libraryStacks } from '../iut/library/library-stack.js';
import { command, LabError } from '../net/lab/command.js';
import { needLiveLab, skipBecause } from '../net/lab/testing/skip.js';
import { type Results, results } from '../suite/verdict/results.js';

const program = fileURLToPath(new URL('./main.js', import.meta.url));
const seed = '1';

describe('a live run', function () {
  this.timeout(240_000);
  let directory: string;

  before(async function () {
    await needLiveLab(this);
    directory = mkdtempSync(join(tmpdir(), 'robe-live-'));
  });
  after(() => {
    if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
  });

  /** Only the folders of the catalogue that hold the cases are read, which is most of the time that such a run takes. */
  const run = async (iut: string, folders: readonly string[], cases: readonly string[]): Promise<Results> => {
    const out = join(directory, iut.replaceAll(':', '-'));
    const places = folders.flatMap((folder) => ['--cases', join(bundledCases, folder)]);
    const words = ['run', ...cases, ...places, '--iut', iut, '--seed', seed, '--out', out];
    const child = spawn(process.execPath, [program, ...words], { stdio: ['ignore', 'ignore', 'ignore'] });
    await once(child, 'close');
    return results.parse(JSON.parse(readFileSync(join(out, 'results.json'), 'utf8')));
  };

  /** `id: verdict` of each case that applies. */
  const verdictsOf = ({ cases }: Results): readonly string[] =>
    cases.filter(({ verdict }) => verdict !== 'not-applicable').map(({ id, verdict }) => `${id}: ${verdict}`);

  const subsets: readonly (readonly [profile: string, folders: readonly string[], cases: readonly string[]])[] = [
    // What one connection teaches decides the next: each case needs a host that has learned nothing.
    [
      'robe-ips',
      ['robe-ips/client'],
      ['robe-ips.client.least-time', 'robe-ips.client.nothing-known', 'robe-ips.client.best-of-three'],
    ],
    // Cases with one and the same key, which this profile correlates.
    [
      'robe-downgrade',
      ['mptcp-v0/server', 'mptcp/server'],
      ['mptcp-v0.server.dsn-wraps', 'mptcp.server.zero-key-in-syn'],
    ],
    // What is sent on two paths in one breath.
    ['robe-bbm', ['robe-bbm/server'], ['robe-bbm.server.reset-by-the-client', 'robe-bbm.server.data-behind-every-ack']],
  ];
  for (const [profile, folders, cases] of subsets) {
    it(`judges ${profile} as it is judged embedded: everything passes`, async () => {
      const found = verdictsOf(await run(`lab:reference:${profile}`, folders, cases));
      expect(found).to.have.length.above(3);
      expect(found.filter((each) => !each.endsWith(': pass'))).to.deep.equal([]);
    });
  }

  for (const [name, tool, known] of [
    // Some releases of passt answer every SYN with a window scale, which RFC 7323 section 1.3 allows to a SYN that had one.
    ['passt', 'pasta', ['RFC7323-3.2-01']],
    ['slirp4netns', 'slirp4netns', []],
  ] as const) {
    it(`reaches the stack of ${name}, which takes every offer of MPTCP for TCP`, async function () {
      try {
        await command(tool, ['--version']);
      } catch {
        skipBecause(this, `${tool} is not installed`);
      }
      const found = await run(
        `lab:${name}`,
        ['tcp/server'],
        ['tcp.server.connection', 'tcp.server.mptcp-offer-taken-as-tcp'],
      );
      const broken = found.cases.flatMap(({ findings }) =>
        findings.flatMap(({ verdict, requirements = [] }) => (verdict === 'fail' ? requirements : [])),
      );
      expect(broken.filter((requirement) => !known.some((each) => each === requirement))).to.deep.equal([]);
      const others = found.cases
        .filter(({ findings }) => findings.every(({ verdict }) => verdict !== 'fail'))
        .map(({ verdict }) => verdict);
      expect(others.filter((verdict) => verdict !== 'pass' && verdict !== 'nonstrict')).to.deep.equal([]);
    });
  }

  for (const library of libraryStacks) {
    it(`reaches the stack of ${library.name}, as server and as client`, async function () {
      try {
        await libraryProgram(library, process.env);
      } catch (cause) {
        if (!(cause instanceof LabError)) throw cause;
        skipBecause(this, cause.message);
      }
      const { cases } = await run(
        `lab:${library.name}`,
        ['tcp/server', 'tcp/client'],
        ['tcp.server.connection', 'tcp.server.mptcp-offer-taken-as-tcp', 'tcp.client.close', 'tcp.client.abort'],
      );
      const judged = cases.map(({ id, verdict }) => `${id}: ${verdict}`);
      expect(judged.filter((each) => !each.endsWith(': pass'))).to.deep.equal([]);
      expect(judged).to.have.length.at.least(8);
    });
  }
});
