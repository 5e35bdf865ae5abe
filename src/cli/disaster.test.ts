/**
 * Runs that go wrong half way, on a real wire: each ends in one clear message and exit code 3 (or 130), with a journal and
 * results that are complete, and with no namespace or process left. Skipped, with the reason, without the privilege.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { createLab, type Lab } from '../net/lab/lab.js';
import { needLiveLab } from '../net/lab/testing/skip.js';
import { together } from '../net/lab/testing/together.js';
import { type Results, results } from '../suite/verdict/results.js';

const program = fileURLToPath(new URL('main.js', import.meta.url));

/** A handshake, and one that first waits, in which time something happens to the run. */
const cases = (wait: string): string => `
- id: mine.server.handshake
  title: A listener answers a SYN
  requirements: [RFC9293-3.10.7-01]
  role: server
  profiles: [tcp]
  ip: 4
  steps:
    - send: {on: 1, segment: SYN}
    - expect: {on: 1, segment: SYN/ACK}
- id: mine.server.slow-handshake
  title: A listener answers a SYN, and the connection stays
  requirements: [RFC9293-3.10.7-01]
  role: server
  profiles: [tcp]
  control: 2
  ip: 4
  steps:
    - send: {on: 1, segment: SYN}
    - expect: {on: 1, segment: SYN/ACK}
    - send: {on: 1, segment: ACK}
    - wait: ${wait}
    - control: {verb: info, connection: accepted, answer: {state: established}}
`;

/** Files of cases: for runs that nothing disturbs, for those that go on after it, for those that do not. */
const files = { 'quick.yaml': '100ms', 'slow.yaml': '8s', 'endless.yaml': '600s' } as const;

type Run = ChildProcess & { readonly ended: Promise<Ended> };

interface Ended {
  readonly code: number | null;
  readonly text: string;
}

describe('a run that goes wrong half way', function () {
  this.timeout(180_000);
  let directory: string;

  before(async function () {
    await needLiveLab(this);
    directory = mkdtempSync(join(tmpdir(), 'robe-disaster-'));
    for (const [file, wait] of Object.entries(files)) writeFileSync(join(directory, file), cases(wait));
  });
  after(() => {
    if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
  });

  const start = (file: keyof typeof files, ...args: readonly string[]): Run => {
    const child = spawn(process.execPath, [program, 'run', '--cases', file, ...args], {
      cwd: directory,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (said: string) => {
        text += said;
      });
    }
    const ended = once(child, 'close').then(([code]) => ({ code: typeof code === 'number' ? code : null, text }));
    return Object.assign(child, { ended });
  };

  const journal = (out: string): string => {
    const file = join(directory, out, 'journal.ndjson');
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  };

  const hasBegun = (out: string, id: string): boolean =>
    journal(out)
      .split('\n')
      .some((line) => line.startsWith('{"began"') && line.includes(id));

  /** Waits until these cases, both if not told otherwise, have begun: the quick one is over or under way, the slow one waits. */
  const untilUnderWay = async (run: Run, out: string, ids = ['server.handshake', 'slow-handshake']): Promise<void> => {
    while (!ids.every((id) => hasBegun(out, id))) {
      if (run.exitCode !== null) expect.fail((await run.ended).text);
      await sleep(50);
    }
    await sleep(500);
  };

  const kept = (out: string): Results =>
    results.parse(JSON.parse(readFileSync(join(directory, out, 'results.json'), 'utf8')));

  const namespacesOf = (pid: number | undefined): readonly string[] =>
    existsSync('/run/netns') ? readdirSync('/run/netns').filter((name) => name.startsWith(`robe-${pid}-`)) : [];

  /** Process ids whose command line says this, below a process or anywhere. */
  const processesOf = (said: string): readonly number[] =>
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .filter((pid) => {
        try {
          return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(said);
        } catch {
          return false;
        }
      })
      .map(Number);

  /** Direct and further descendants of a process. */
  const descendants = (pid: number | undefined): readonly number[] => {
    if (pid === undefined) return [];
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
      .trim()
      .split(' ')
      .filter(Boolean)
      .map(Number);
    return [...children, ...children.flatMap(descendants)];
  };
  const alive = (pid: number): boolean => existsSync(`/proc/${pid}`);
  const untilGone = async (pids: readonly number[]): Promise<void> => {
    while (pids.some(alive)) await sleep(50);
  };

  const complete = (out: string): void => {
    const { cases: listed, totals, run } = kept(out);
    expect(listed.length).to.equal(2);
    expect(Object.values(totals).reduce((sum, count) => sum + count, 0)).to.equal(2);
    expect(run.complete).to.equal(false);
    for (const line of journal(out).trim().split('\n')) JSON.parse(line);
  };

  describe('of its own lab', () => {
    const disaster = together();

    disaster('an interface vanishes: error verdicts, exit 3, nothing left', async () => {
      const child = start('endless.yaml', '--iut', 'lab:linux', '--out', 'vanished');
      await untilUnderWay(child, 'vanished');
      const [tester] = namespacesOf(child.pid).filter((name) => name.endsWith('-tb'));
      execFileSync('ip', ['-n', tester ?? '', 'link', 'delete', 'tester1']);
      const { code, text } = await child.ended;
      expect(code, text).to.equal(3);
      expect(text).to.contain('an interface vanished or went down');
      complete('vanished');
      expect(kept('vanished').totals.error).to.be.greaterThan(0);
      expect(namespacesOf(child.pid)).to.deep.equal([]);
    });

    disaster(
      'the implementation is killed: it is started again, what was under way is run again, exit 3 says so',
      async () => {
        const child = start('slow.yaml', '--iut', 'lab:linux', '--out', 'killed');
        await untilUnderWay(child, 'killed');
        const shims = descendants(child.pid).filter((pid) => processesOf('linux-mptcp.py').includes(pid));
        expect(shims.length).to.equal(1);
        for (const pid of shims) process.kill(pid, 'SIGKILL');
        const { code, text } = await child.ended;
        expect(kept('killed').totals, text).to.deep.equal({ pass: 2 });
        expect(kept('killed').run.warnings.join()).to.match(/SIGKILL.* started again, .* run once more, one at a time/);
        expect(kept('killed').run.problem).to.match(/went away while many cases were under way/);
        expect(code, text).to.equal(3);
        expect(text).to.contain('SIGKILL');
        expect(namespacesOf(child.pid)).to.deep.equal([]);
      },
    );

    disaster('the implementation is killed by a case: that case fails, alone, and the others are judged', async () => {
      const child = start('slow.yaml', '--iut', 'lab:linux', '--out', 'killer', '--jobs', '1');
      await untilUnderWay(child, 'killer', ['slow-handshake']);
      const shims = descendants(child.pid).filter((pid) => processesOf('linux-mptcp.py').includes(pid));
      for (const pid of shims) process.kill(pid, 'SIGKILL');
      const { code, text } = await child.ended;
      expect(kept('killer').totals, text).to.deep.equal({ pass: 1, fail: 1 });
      expect(kept('killer').cases.find(({ verdict }) => verdict === 'fail')?.class).to.equal('crash');
      expect(code, text).to.equal(1);
    });

    disaster('Ctrl-C: exit 130, what was found is kept, nothing left', async () => {
      const child = start('endless.yaml', '--iut', 'lab:linux', '--out', 'interrupted');
      await untilUnderWay(child, 'interrupted');
      const below = descendants(child.pid);
      child.kill('SIGINT');
      const { code, text } = await child.ended;
      expect(code, text).to.equal(130);
      complete('interrupted');
      expect(kept('interrupted').run.interrupted).to.equal(true);
      expect(kept('interrupted').totals['not-run']).to.be.greaterThan(0);
      expect(namespacesOf(child.pid)).to.deep.equal([]);
      await untilGone(below);
    });

    disaster('kill -9: a readable journal, no process left, and the next run sweeps the lab', async () => {
      const child = start('endless.yaml', '--iut', 'lab:linux', '--out', 'murdered');
      await untilUnderWay(child, 'murdered');
      const below = descendants(child.pid);
      expect(below.length).to.be.greaterThan(0);
      child.kill('SIGKILL');
      await child.ended;
      await untilGone(below);
      for (const line of journal('murdered').trim().split('\n')) JSON.parse(line);
      const next = start('quick.yaml', 'mine.server.handshake', '--iut', 'lab:linux', '--out', 'swept');
      expect((await next.ended).code).to.equal(0);
      expect(namespacesOf(child.pid)).to.deep.equal([]);
    });

    disaster('the disk is full: a clear message, exit 3, the verdicts on the screen', async () => {
      const small = join(directory, 'small');
      mkdirSync(small);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', small]);
      try {
        writeFileSync(join(small, 'ballast'), Buffer.alloc(12288));
        const { code, text } = await start('quick.yaml', '--iut', 'embedded', '--out', join(small, 'run')).ended;
        expect(code, text).to.equal(3);
        expect(text).to.contain('no space left on device');
        expect(text).to.match(/results\.json could not be written/);
      } finally {
        execFileSync('umount', [small]);
      }
    });
  });

  describe('at an implementation that a file describes', () => {
    let lab: Lab;
    before(async () => {
      lab = await createLab({ paths: 1, iut: 'kernel' });
    });
    after(() => lab?.remove());

    /** A run inside the tester's namespace of the lab, with a control shim that is this script. */
    const runWithShim = (out: string, shim: string): Promise<Ended> =>
      runWithFile(
        out,
        `control: {shim: [nsenter, --net=/run/netns/${lab.namespaces.iut}, --, ${process.execPath}, -e, '${shim}']}`,
      );

    const runWithFile = async (out: string, control = '', before: readonly string[] = []): Promise<Ended> => {
      const [path] = lab.paths;
      const file = [
        'name: mine',
        'claims: {roles: [server], versions: [], profiles: [tcp]}',
        'paths:',
        `  - {interface: ${path?.tester.device}, address: {ipv4: ${path?.iutAddress[4]}}, tester: {ipv4: ${path?.testerPrefix[4]}}}`,
        `server: {address: {ipv4: ${lab.facts.server.address[4]}}, port: ${lab.facts.server.port}, closed: ${lab.facts.closedPort}}`,
        `tester-server: {ipv4: ${lab.facts.testerServerPrefix[4]}}`,
        control,
      ].join('\n');
      writeFileSync(join(directory, 'mine.yaml'), file);
      const run = [process.execPath, program, 'run', '--cases', 'quick.yaml', '--iut', 'mine.yaml', '--out', out];
      const argv = [...before, ...run];
      const child = lab.exec('tb', argv, { cwd: directory, stdio: ['ignore', 'pipe', 'pipe'] });
      let text = '';
      for (const stream of [child.stdout, child.stderr]) {
        stream?.setEncoding('utf8').on('data', (said: string) => {
          text += said;
        });
      }
      const [code] = await once(child, 'close');
      return { code: typeof code === 'number' ? code : null, text };
    };

    const answerer = (answer: string): string =>
      `require("readline").createInterface({input:process.stdin}).on("line",(l)=>{const {id,verb}=JSON.parse(l);console.log(${answer})})`;
    const greeting = '{id,answer:"ok",result:{protocol:"robe-ctl/1",implementation:"x",version:"1",verbs:[]}}';

    it('answers garbage from the start: error verdicts and exit 3', async () => {
      const { code, text } = await runWithShim('garbage', 'console.log("Hello!"); setInterval(()=>{},1000)');
      expect(code, text).to.equal(3);
      expect(text).to.contain('not JSON: Hello!');
      expect(kept('garbage').totals).to.deep.equal({ error: 2 });
    });

    it('claims to do everything: error verdicts and exit 3', async () => {
      const { code, text } = await runWithShim(
        'liar',
        answerer(`JSON.stringify(verb==="hello"?${greeting}:{id,answer:"ok"})`),
      );
      expect(code, text).to.equal(3);
      expect(text, text).to.contain('control does not discriminate');
    });

    it('answers garbage later: red for the case that asked, escaped; other verdicts stay', async () => {
      const later = `verb==="info"?"\\u001b[2J":JSON.stringify(verb==="hello"?${greeting}:{id,answer:"unsupported"})`;
      const { code, text } = await runWithShim(
        'later',
        `require("net").createServer(()=>{}).listen(${lab.facts.server.port});${answerer(later)}`,
      );
      expect(code, text).to.be.oneOf([1, 3]);
      expect(text).not.to.contain('\u001b');
      expect(text).to.contain('not JSON: \\x1b[2J');
      expect(kept('later').totals.pass).to.equal(1);
    });

    describe('over a link that is not fit', () => {
      const onIut = (...argv: string[]): void => {
        execFileSync('nsenter', [`--net=/run/netns/${lab.namespaces.iut}`, ...argv]);
      };
      let listener: ChildProcess;
      before(async () => {
        const script = `require("net").createServer(()=>{}).listen(${lab.facts.server.port},()=>console.log("ready"))`;
        listener = lab.exec('iut', [process.execPath, '-e', script], { stdio: ['pipe', 'pipe', 'ignore'] });
        if (listener.stdout !== null) await once(listener.stdout, 'data');
      });
      after(() => listener?.kill());

      const unfit = (out: string, ended: Ended, why: string, remedy: string): void => {
        expect(ended.code, ended.text).to.equal(3);
        expect(ended.text).to.contain(why);
        expect(ended.text).to.contain(remedy);
        expect(kept(out).totals.error).to.be.greaterThan(0);
        expect(kept(out).totals.fail).to.equal(undefined);
      };

      it('the other end leaves checksums to its interface: error verdicts and exit 3', async () => {
        onIut('ethtool', '-K', 'iut1', 'tx', 'on');
        const ended = await runWithFile('unfinished');
        onIut('ethtool', '-K', 'iut1', 'tx', 'off');
        unfit('unfinished', ended, 'leaves the TCP checksum to its interface', 'ethtool -K DEVICE tx off');
      });

      it('an interface is down: error verdicts, exit 3, the command that mends it', async () => {
        const [path] = lab.paths;
        const device = path?.tester.device ?? '';
        const onTester = (state: string) =>
          execFileSync('ip', ['-n', lab.namespaces.tb, 'link', 'set', 'dev', device, state]);
        onTester('down');
        const ended = await runWithFile('down');
        onTester('up');
        unfit('down', ended, `${device} is down`, `ip link set dev ${device} up`);
      });

      it('own offloads are on: turned off, said, and set back', async () => {
        const [path] = lab.paths;
        const device = path?.tester.device ?? '';
        const ethtool = (...argv: string[]): string =>
          execFileSync('nsenter', [`--net=/run/netns/${lab.namespaces.tb}`, 'ethtool', ...argv], { encoding: 'utf8' });
        ethtool('-K', device, 'gro', 'on');
        const { text } = await runWithFile('mended');
        expect(text).to.contain(`turned off on ${device} until the link is closed: generic-receive-offload`);
        expect(kept('mended').totals.pass, text).to.equal(1);
        expect(kept('mended').subjects[0]?.facts['preflight']).to.contain('generic-receive-offload');
        expect(ethtool('-k', device)).to.contain('generic-receive-offload: on');
        ethtool('-K', device, 'gro', 'off');
      });

      it('without privilege: error verdicts and exit 3, and how to get it', async () => {
        // Still the owner of its files, wherever they are, but with no capability.
        const bare = ['setpriv', '--bounding-set=-all', '--inh-caps=-all', '--clear-groups', '--'];
        const ended = await runWithFile('bare', '', bare);
        unfit('bare', ended, 'no privilege to', 'run as root');
      });

      it('nothing listens: error verdicts and exit 3, not a list of failures', async () => {
        listener.kill();
        await once(listener, 'close');
        unfit('deaf', await runWithFile('deaf'), "nothing listens at the server's port", 'start the server');
      });
    });
  });
});
