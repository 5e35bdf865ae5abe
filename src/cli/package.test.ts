/**
 * What `npm pack` makes, installed in an empty folder by somebody with another home and an empty cache, without any network but
 * a registry on loopback: `robe` works there, and judges live, with cap built against the headers of Node that stand here.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { needLiveLab, skipBecause } from '../net/lab/testing/skip.js';
import { missingBuildTools, nodeHeaders } from './doctor/build-tools.js';
import { type PackageRegistry, servePackages } from './testing/package-registry.js';

const home = fileURLToPath(new URL('../../', import.meta.url));
const held = 'Every case that was judged behaves as required.';

/** The settings of whoever runs the test, of its npm above all, do not reach the installation. */
const settings = (folder: string): NodeJS.ProcessEnv => {
  const own = Object.entries(process.env).filter(([name]) => !/^npm_|^INIT_CWD$|^NODE_/i.test(name));
  return { ...Object.fromEntries(own), HOME: join(folder, 'user'), FORCE_COLOR: '' };
};

const call = async (program: string, argv: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<string> =>
  (await promisify(execFile)(program, argv, { cwd, env, maxBuffer: 1 << 26 })).stdout;

describe('the package', function () {
  this.timeout(600_000);
  let folder: string;
  let project: string;
  let registry: PackageRegistry;
  let env: NodeJS.ProcessEnv;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'robe-package-'));
    project = join(folder, 'project');
    mkdirSync(project);
    mkdirSync(join(folder, 'user'));
    registry = await servePackages(home);
    env = {
      ...settings(folder),
      npm_config_registry: registry.url,
      // Nothing is fetched: what is no package of this registry has to be here, the headers of Node above all.
      npm_config_disturl: 'http://127.0.0.1:9/',
      npm_config_fetch_retries: '0',
    };
    const packed = await call('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], home, env);
    const tarball = join(folder, packed.trim().split('\n').at(-1) ?? '');
    writeFileSync(join(project, 'package.json'), '{"private":true}\n');
    await call('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', tarball], project, env);
  });
  after(() => {
    registry?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const installed = (file: string): string => join(project, 'node_modules/robe-conformance', file);
  const robe = (...words: readonly string[]) => call(join(project, 'node_modules/.bin/robe'), words, project, env);

  it('has the command, and judges the reference', async () => {
    const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
    expect((await robe('--version')).trim()).to.equal(version);
    expect(await robe('run', 'tcp.server.syn-answered', '--out', 'embedded')).to.include(held);
    expect(existsSync(join(project, 'embedded/report.html'))).to.equal(true);
  });

  it('has what its documents and its commands refer to, and no test', () => {
    const wanted = [
      'README.md',
      'CHANGELOG.md',
      'docs/ci.md',
      'fixtures/iut/linux-over-ssh.yaml',
      'src/iut/shim/linux-mptcp.py',
    ];
    expect(wanted.filter((file) => !existsSync(installed(file)))).to.deep.equal([]);
    expect(existsSync(installed('dist/walls.test.js'))).to.equal(false);
    expect(existsSync(installed('dist/bundle/program.js'))).to.equal(true);
  });

  it('judges live, with cap as the installation built it', async function () {
    await needLiveLab(this);
    const missing = [...missingBuildTools(), ...(nodeHeaders() === undefined ? ["Node's headers"] : [])];
    if (missing.length > 0) skipBecause(this, `cap cannot be built here without ${missing.join(', ')}`);
    const words = ['run', '--iut', 'lab:reference:tcp', 'tcp.server.syn-answered.ip4', '--out', 'live'];
    expect(await robe(...words)).to.include(held);
  });

  it('says in one sentence what live runs lack, and leaves nothing behind', async () => {
    for (const each of ['cap', '.native']) {
      rmSync(join(project, 'node_modules', each), { recursive: true, force: true });
      rmSync(installed(`node_modules/${each}`), { recursive: true, force: true });
    }
    const refused = await robe('run', '--iut', 'lab:reference:tcp', '--out', 'lacking').catch((error) => error);
    expect(refused.code).to.equal(3);
    expect(refused.stderr.trim().split('\n')).to.have.length(1);
    expect(refused.stderr).to.match(/^robe: live runs need cap, the binding to libpcap: .*robe doctor --mend/);
    expect(existsSync(join(project, 'lacking'))).to.equal(false);
  });
});
