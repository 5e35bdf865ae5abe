/** The lab and the libpcap link on this machine's own kernel. Skipped, with the reason, where the machine does not allow it. */

import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { LinkCounters } from '../link/link.js';
import type { PreflightRecord } from '../preflight/preflight.js';
import { nthAddress } from './addresses.js';
import { attachLab, createLab, type Lab } from './lab.js';
import { closedPort, serverPort } from './layout.js';
import type { Side } from './namespace-name.js';
import { inUserNamespace } from './privilege.js';
import { listNamespaces, sweep } from './sweep.js';
import type { Answered, LiveTask, Stimulus } from './testing/live-program.js';
import { needLiveLab, skipBecause } from './testing/skip.js';

const liveProgram = fileURLToPath(new URL('./testing/live-program.js', import.meta.url));
const listenerProgram = `
import socket, sys
listeners = []
for family, address in ((socket.AF_INET, '0.0.0.0'), (socket.AF_INET6, '::')):
    s = socket.socket(family, socket.SOCK_STREAM)
    if family == socket.AF_INET6: s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    s.bind((address, ${serverPort})); s.listen(4096); listeners.append(s)
print('ready', flush=True)
sys.stdin.read()
`;
const synAck = 0x12;
const rstAck = 0x14;

/** A program inside the lab: its lines as they come. */
const start = (lab: Lab, side: Side, argv: readonly string[]) => {
  const child = lab.exec(side, argv, { stdio: ['pipe', 'pipe', 'ignore'] });
  if (child.stdout === null || child.stdin === null) throw new Error('no pipes');
  const { stdin } = child;
  // It may have ended already; its exit is what counts.
  stdin.on('error', () => undefined);
  const exit = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const line = async (): Promise<string> => String((await lines.next()).value ?? '');
  return { line, exit, tell: () => stdin.write('go\n'), signal: (name: NodeJS.Signals) => child.kill(name) };
};

const startTask = (lab: Lab, name: string, task: Partial<LiveTask> = {}) => {
  const side = task.side ?? 'tester';
  const whole: LiveTask = { paths: lab.paths, facts: lab.facts, side, ...task };
  return start(lab, side === 'tester' ? 'tb' : 'iut', [process.execPath, liveProgram, name, JSON.stringify(whole)]);
};

const finish = async <T>(program: ReturnType<typeof start>): Promise<T> => JSON.parse(await program.line()) as T;

const runTask = async <T>(lab: Lab, name: string, task: Partial<LiveTask> = {}): Promise<T> => {
  const program = startTask(lab, name, task);
  const first = await program.line();
  return first === 'ready' ? finish<T>(program) : (JSON.parse(first) as T);
};

const ip = (lab: Lab, side: Side, ...argv: string[]): void => {
  execFileSync('ip', ['-n', lab.namespaces[side], ...argv]);
};

describe('lab, live', function () {
  this.timeout(180_000);
  const labs: Lab[] = [];

  const lab = async (...[plan]: Parameters<typeof createLab>): Promise<Lab> => {
    const made = await createLab(plan);
    labs.push(made);
    return made;
  };

  before(async function () {
    await needLiveLab(this);
  });

  afterEach(async () => {
    await Promise.all(labs.splice(0).map((each) => each.remove()));
  });

  it("the kernel answers SYNs from addresses that nobody owns, over two paths, in IPv4 and IPv6, on and off the tester's prefix", async () => {
    const { facts, paths } = await lab({ paths: 2, iut: 'kernel' });
    const [made] = labs;
    if (made === undefined) throw new Error('no lab');
    await start(made, 'iut', ['python3', '-c', listenerProgram]).line();
    const stimuli: Stimulus[] = paths.flatMap(({ path, subnet, testerPrefix, iutAddress }) =>
      ([4, 6] as const).flatMap((version) =>
        // The first is reached through the gateway, the second is asked for by ARP or neighbour discovery.
        [nthAddress(testerPrefix[version], 7), nthAddress(subnet[version], 99)].flatMap((from) =>
          [facts.server.address[version], iutAddress[version]].flatMap((to) =>
            [serverPort, closedPort].map((port) => ({ path, from, to, port })),
          ),
        ),
      ),
    );
    const { answers, counters } = await runTask<{ answers: Answered[]; counters: LinkCounters }>(made, 'exchange', {
      stimuli,
    });
    expect(answers).to.have.length(32);
    for (const answer of answers) {
      const asked = `${answer.from} to ${answer.to} port ${answer.port}`;
      expect(answer.flags, asked).to.equal(answer.port === serverPort ? synAck : rstAck);
      expect(answer.byPath, asked).to.equal(answer.path);
      expect(answer.checksum, asked).to.equal('valid');
      expect(answer.error, asked).to.be.greaterThan(0);
    }
    expect(counters.droppedByKernel).to.equal(0);
    expect(counters.droppedByInterface).to.equal(0);
  });

  it('what the kernel sends from the address of a path leaves by that path', async () => {
    const made = await lab({ paths: 2, iut: 'kernel' });
    const [first, second] = made.paths;
    if (first === undefined || second === undefined) throw new Error('no paths');
    const stimuli = ([4, 6] as const).map((version) => ({
      path: 1,
      from: nthAddress(first.testerPrefix[version], 5),
      to: second.iutAddress[version],
      port: closedPort,
    }));
    const { answers } = await runTask<{ answers: Answered[] }>(made, 'exchange', { stimuli });
    expect(answers.map(({ byPath }) => byPath)).to.deep.equal([2, 2]);
  });

  it('passes the preflight with the kernel at the other end', async () => {
    const made = await lab({ paths: 2, iut: 'kernel' });
    const record = await runTask<PreflightRecord>(made, 'check');
    expect(record.findings).to.deep.equal([]);
    expect(record.ready).to.equal(true);
    expect(record.answers.map(({ checksum }) => checksum)).to.deep.equal(['valid', 'valid', 'valid', 'valid']);
    expect(record.interfaces.map(({ device, mac }) => [device, mac])).to.deep.equal(
      made.paths.map(({ tester }) => [tester.device, tester.mac]),
    );
    const { floor, wakeUpMedian, wakeUpWorst } = record.timestamps;
    expect(wakeUpMedian).to.be.greaterThan(0);
    expect(wakeUpWorst).to.be.at.least(wakeUpMedian);
    expect(floor, 'the part that the loop watch did not see').to.be.within(0, wakeUpWorst);
  });

  it('explains unfinished checksums, and mends its own offloads for as long as it needs', async () => {
    const made = await lab({ paths: 1, iut: 'kernel' });
    const ethtool = (side: Side, device: string, ...argv: string[]): string =>
      execFileSync(
        'nsenter',
        [`--net=/run/netns/${made.namespaces[side]}`, 'ethtool', ...argv.slice(0, 1), device, ...argv.slice(1)],
        {
          encoding: 'utf8',
        },
      );
    ethtool('iut', 'iut1', '-K', 'tx', 'on');
    ethtool('tb', 'tester1', '-K', 'gro', 'on');
    const record = await runTask<PreflightRecord>(made, 'check');
    expect(record.ready).to.equal(false);
    expect(
      record.findings
        .filter(({ kind }) => kind === 'fault')
        .map(({ text }) => text)
        .join(),
    ).to.contain('leaves the TCP checksum to its interface');
    expect(
      record.findings
        .filter(({ kind }) => kind === 'mended')
        .map(({ text }) => text)
        .join(),
    ).to.contain('generic-receive-offload');
    expect(ethtool('tb', 'tester1', '-k')).to.match(/generic-receive-offload: on/);
  });

  it('carries 20,000 frames in bursts on each of two paths without loss and in order', async () => {
    const made = await lab({ paths: 2, iut: 'process' });
    const frames = 20_000;
    const counting = startTask(made, 'count');
    const flooding = startTask(made, 'flood', { side: 'iut', frames });
    await Promise.all([counting.line(), flooding.line()]);
    flooding.tell();
    expect((await finish<{ counters: LinkCounters }>(flooding)).counters.sent).to.equal(2 * frames);
    counting.tell();
    const seen = await finish<{ counters: LinkCounters; outOfOrder: number; flooded: number[] }>(counting);
    expect(seen.flooded).to.deep.equal([frames, frames]);
    expect(seen.outOfOrder).to.equal(0);
    expect(seen.counters.droppedByKernel).to.equal(0);
  });

  it('notices every frame that a full ring lost while the process stood still', async () => {
    const made = await lab({ paths: 1, iut: 'process' });
    const frames = 20_000;
    const counting = startTask(made, 'count');
    const flooding = startTask(made, 'flood', { side: 'iut', frames });
    await Promise.all([counting.line(), flooding.line()]);
    counting.signal('SIGSTOP');
    flooding.tell();
    await flooding.exit;
    counting.signal('SIGCONT');
    counting.tell();
    const { counters, counted } = await finish<{ counters: LinkCounters; counted: number }>(counting);
    expect(counters.droppedByKernel).to.be.greaterThan(0);
    expect(counted + counters.droppedByKernel).to.equal(frames);
  });

  it('a capture ends its process when its interface vanishes, as libpcap/capture.ts says', async () => {
    const made = await lab({ paths: 1, iut: 'process' });
    const counting = startTask(made, 'count');
    await counting.line();
    ip(made, 'iut', 'link', 'delete', 'iut1');
    expect(await counting.exit).to.deep.equal([null, 'SIGABRT']);
  });

  it('refuses an interface that is down or missing, and says what to do', async () => {
    const made = await lab({ paths: 1, iut: 'process' });
    ip(made, 'tb', 'link', 'set', 'tester1', 'down');
    const down = await runTask<{ failed: string; remedy: string }>(made, 'count');
    expect(down).to.deep.equal({ failed: 'LinkError: tester1 is down', remedy: 'ip link set dev tester1 up' });
    ip(made, 'tb', 'link', 'delete', 'tester1');
    const missing = await runTask<{ failed: string; remedy: string }>(made, 'count');
    expect(missing.failed).to.equal('LinkError: there is no network interface tester1');
    expect(missing.remedy).to.contain('has no interface but lo');
  });

  it('refuses to capture without the privilege, and says what to do', async () => {
    const made = await lab({ paths: 1, iut: 'process' });
    const task = JSON.stringify({ paths: made.paths, facts: made.facts, side: 'tester' });
    // Still the owner of its files, wherever they are, but with no capability.
    const unprivileged = ['setpriv', '--bounding-set=-all', '--inh-caps=-all', '--clear-groups'];
    const program = start(made, 'tb', [...unprivileged, process.execPath, liveProgram, 'count', task]);
    const refused = await finish<{ failed: string; remedy: string }>(program);
    expect(refused.failed).to.contain('no privilege to capture on tester1');
    expect(refused.remedy).to.contain('root');
  });

  it('is swept after a kill -9 of its owner, and not before', async () => {
    const owner = `
      const { createLab } = await import(${JSON.stringify(new URL('./lab.js', import.meta.url).href)});
      const lab = await createLab({ paths: 2, iut: 'kernel' });
      lab.exec('iut', ['sleep', '1000'], { stdio: 'ignore' });
      console.log(JSON.stringify(lab.namespaces));
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', owner], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exit = once(child, 'exit');
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    const names = Object.values(JSON.parse(line) as Record<Side, string>);
    const present = () => listNamespaces().filter(({ name }) => names.includes(name)).length;
    await sweep();
    expect(present(), 'while its owner runs').to.equal(2);
    child.kill('SIGKILL');
    await exit;
    expect(present(), 'after the kill').to.equal(2);
    expect(await sweep()).to.include.members(names);
    expect(present(), 'after the sweep').to.equal(0);
  });

  it('ends the processes inside when it is removed', async () => {
    const made = await lab({ paths: 1, iut: 'process' });
    const sleeper = made.exec('iut', ['sleep', '1000'], { stdio: 'ignore' });
    const exit = once(sleeper, 'exit');
    await made.remove();
    expect(await exit).to.deep.equal([null, 'SIGKILL']);
    await made.remove();
  });

  it('does not touch a lab of the same name, and leaves nothing behind', async () => {
    const tag = `twice_${process.pid}`;
    const first = await lab({ paths: 1, iut: 'process', tag });
    const again = await createLab({ paths: 1, iut: 'process', tag }).then(() => undefined, String);
    expect(again).to.contain('already there');
    expect(attachLab(first.namespaces, 1).facts).to.deep.equal(first.facts);
    await first.remove();
    expect(listNamespaces().some(({ tag: left }) => left === tag)).to.equal(false);
  });

  it('works without root where the kernel gives user namespaces', async function () {
    const unprivileged = ['--reuid=65534', '--regid=65534', '--clear-groups'];
    const mayNest = spawnSync('setpriv', [...unprivileged, 'unshare', '-Urnm', 'true']).status === 0;
    if (!mayNest) skipBecause(this, 'users may not make user namespaces here');
    if (spawnSync('setpriv', [...unprivileged, 'test', '-r', liveProgram]).status !== 0)
      skipBecause(this, 'other users may not read what is here, so none of them can be tried');
    const script = `
      const { createLab } = await import(${JSON.stringify(new URL('./lab.js', import.meta.url).href)});
      const { findPrivilege } = await import(${JSON.stringify(new URL('./privilege.js', import.meta.url).href)});
      const { privilege } = await findPrivilege();
      const lab = await createLab({ paths: 2, iut: 'kernel' });
      const task = JSON.stringify({ paths: lab.paths, facts: lab.facts, side: 'tester' });
      const argv = [process.execPath, ${JSON.stringify(liveProgram)}, 'check', task];
      const child = lab.exec('tb', argv, { stdio: ['ignore', 'pipe', 'ignore'] });
      let output = '';
      for await (const chunk of child.stdout) output += chunk;
      await lab.remove();
      console.log(JSON.stringify({ privilege, record: JSON.parse(output.split('\\n')[1]) }));`;
    const node = [process.execPath, '--input-type=module', '-e', script];
    const [program, argv] = inUserNamespace(node);
    const outcome = spawnSync('setpriv', [...unprivileged, program, ...argv], { encoding: 'utf8', cwd: '/' });
    const { privilege, record } = JSON.parse(outcome.stdout) as { privilege: string; record: PreflightRecord };
    expect(privilege).to.equal('root');
    expect(record.findings).to.deep.equal([]);
    expect(record.answers.map(({ checksum }) => checksum)).to.deep.equal(['valid', 'valid', 'valid', 'valid']);
  });
});
