import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { realClock } from '../../net/clock/real.js';
import { skipBecause } from '../../net/lab/testing/skip.js';
import type { ControlAnswer, ControlCommand } from '../../suite/scenario/contract.js';
import { freePort } from '../testing/free-port.js';
import { controlByHooks } from './hooks.js';
import { ControlError, ShimControl } from './shim-control.js';
import { shimChannel } from './shim-process.js';
import { openTransport, type Transport, type TransportPlan } from './transport.js';

const shim = fileURLToPath(new URL('../../../src/iut/shim/linux-mptcp.py', import.meta.url));

/** As much of ssh as the suite uses: a master that others find by its path, and commands through a shell. */
const fakeSsh = `#!/bin/sh
path= master= check= host=
while [ $# -gt 0 ]; do
  case "$1" in
    -S) path=$2; shift 2 ;;
    -o) shift 2 ;;
    -O) check=1; shift 2 ;;
    -p) shift 2 ;;
    -N) master=1; shift ;;
    --) shift; break ;;
    *) host=$1; shift ;;
  esac
done
[ "$host" = far ] && { echo 'ssh: connect to host far port 22: No route to host' >&2; exit 255; }
[ -n "$master" ] && { echo "$host" > "$path"; exec sleep 60; }
[ -n "$check" ] && exec test -e "$path"
[ -e "$path" ] || { echo 'no master' >&2; exit 255; }
exec sh -c "$*"
`;

describe('transports of control', function () {
  this.timeout(180_000);
  const clock = realClock();
  let folder = '';
  let environment: Readonly<Record<string, string | undefined>> = {};
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'robe-transport-'));
    writeFileSync(join(folder, 'ssh'), fakeSsh, { mode: 0o755 });
    environment = { ...process.env, PATH: `${folder}:${process.env['PATH'] ?? ''}`, TMPDIR: folder };
  });
  after(() => rmSync(folder, { recursive: true }));

  const ask = (
    transport: Transport,
    hook: readonly string[],
    command: ControlCommand,
    deadline = 60_000_000_000n,
  ): Promise<ControlAnswer> =>
    new Promise((resolve) =>
      controlByHooks({ [command.verb]: hook }, clock, deadline, transport).perform(command, resolve),
    );
  const connect: ControlCommand = {
    verb: 'connect',
    connection: "it's",
    to: { address: '2001:db8::1', port: 80 },
    paths: [1, 2],
  };
  /** What every transport must carry: variables, words as they are, exit codes, a shim. */
  const carriesAll = async (transport: Transport): Promise<void> => {
    const script = 'echo "to=$ROBE_ADDRESS"; echo "of=$ROBE_CONNECTION"; echo "paths=$ROBE_PATHS"; echo "word=$1"';
    expect(await ask(transport, ['sh', '-c', script, 'hook', "a 'b' $HOME; exit 3"], connect)).to.deep.equal({
      answer: 'ok',
      result: { to: '2001:db8::1', of: "it's", paths: '1 2', word: "a 'b' $HOME; exit 3" },
    });
    expect(await ask(transport, ['sh', '-c', 'exit 89'], connect)).to.deep.equal({ answer: 'unsupported' });
    const channel = shimChannel(transport.start(['python3', shim]), 'python3');
    const control = new ShimControl(channel, clock, 60_000_000_000n);
    expect((await control.greet()).implementation).to.equal('linux-mptcp');
    await control.close();
    await endsHooks(transport);
  };
  /** A hook beyond its deadline ends with what it has started; one that is done leaves what it has started alone. */
  const endsHooks = async (transport: Transport): Promise<void> => {
    const file = join(folder, 'started');
    const started = (): number => Number(readFileSync(file, 'utf8'));
    const sleeps = (pid: number): boolean => {
      const line = `/proc/${pid}/cmdline`;
      return existsSync(line) && readFileSync(line, 'utf8').startsWith('sleep');
    };
    const late = await ask(transport, ['sh', '-c', 'sleep 60 & echo $! > "$1"; wait', 'hook', file], connect, shortly);
    expect(late.answer === 'lost' && late.why).to.contain('did not end within its deadline');
    for (let look = 0; look < 50 && sleeps(started()); look += 1) await new Promise((go) => setTimeout(go, 100));
    expect(sleeps(started())).to.equal(false);
    const left = await ask(transport, ['sh', '-c', 'sleep 60 >/dev/null 2>&1 & echo $! > "$1"', 'hook', file], connect);
    expect(left).to.deep.equal({ answer: 'ok', result: {} });
    expect(sleeps(started())).to.equal(true);
    process.kill(started(), 'SIGKILL');
  };
  /** Enough for a shell to start what it starts. */
  const shortly = 3_000_000_000n;
  const over = async (plan: TransportPlan): Promise<void> => {
    const transport = await openTransport(plan, clock, environment);
    try {
      await carriesAll(transport);
    } finally {
      await transport.close();
    }
  };

  it('carries everything to a command of this machine', () => over({ kind: 'local' }));

  it('carries everything over ssh, one connection for all', () =>
    over({ kind: 'ssh', host: 'near', options: ['-p', '2222'] }));

  it('ssh to a host that cannot be reached says so, and what to try', async () => {
    const plan = { kind: 'ssh', host: 'far', options: [] } as const;
    const error = await openTransport(plan, clock, environment).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(ControlError);
    expect(String(error)).to.contain('No route to host; try: ssh -o BatchMode=yes far true');
  });

  it('ssh that breaks later loses the call, whatever the hook would have answered', async () => {
    const transport = await openTransport({ kind: 'ssh', host: 'near', options: [] }, clock, environment);
    await transport.close();
    const answer = await ask(transport, ['true'], connect);
    expect(answer.answer === 'lost' && answer.why).to.contain('could not be run there: no master');
  });

  it('a network namespace', async function () {
    const name = `robe-transport-${process.pid}`;
    if (userInfo().uid !== 0) skipBecause(this, 'only root makes a named namespace');
    expect(spawnSync('ip', ['netns', 'add', name]).status).to.equal(0);
    try {
      await over({ kind: 'netns', name });
      const transport = await openTransport({ kind: 'netns', name }, clock, environment);
      const there = await ask(transport, ['sh', '-c', 'echo "network=$(readlink /proc/self/ns/net)"'], connect);
      expect(there.answer === 'ok' && there.result['network']).to.match(/^net:/);
      expect(there.answer === 'ok' && there.result['network']).to.not.equal(readlinkSync('/proc/self/ns/net'));
    } finally {
      spawnSync('ip', ['netns', 'delete', name]);
    }
  });

  describe('OpenSSH itself', () => {
    let port = 0;
    let daemon: ChildProcess | undefined;
    before(async function () {
      if (userInfo().uid !== 0 || !existsSync('/usr/sbin/sshd') || !existsSync('/usr/bin/ssh'))
        skipBecause(this, 'the real ssh needs root, sshd and ssh');
      mkdirSync('/run/sshd', { recursive: true });
      for (const key of ['host', 'user'])
        spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, key)]);
      writeFileSync(join(folder, 'authorized'), readFileSync(join(folder, 'user.pub')), { mode: 0o600 });
      port = await freePort();
      const config = [
        'ListenAddress 127.0.0.1',
        `Port ${port}`,
        `HostKey "${join(folder, 'host')}"`,
        `AuthorizedKeysFile "${join(folder, 'authorized')}"`,
        'PasswordAuthentication no',
        'PermitRootLogin prohibit-password',
        'UsePAM no',
        'StrictModes no',
        'PidFile none',
      ];
      writeFileSync(join(folder, 'sshd_config'), `${config.join('\n')}\n`);
      daemon = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', join(folder, 'sshd_config')], {
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      // Its first words are that it listens.
      if (daemon.stderr !== null) await once(daemon.stderr, 'data');
      daemon.stderr?.resume();
    });
    after(() => {
      daemon?.kill('SIGTERM');
    });

    it('carries everything over one connection', async () => {
      const options = ['-F', 'none', '-p', String(port), '-i', join(folder, 'user')];
      const trust = ['-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'LogLevel=ERROR'];
      const plan = { kind: 'ssh', host: `${userInfo().username}@127.0.0.1`, options: [...options, ...trust] } as const;
      const transport = await openTransport(plan, clock, process.env);
      try {
        await carriesAll(transport);
      } finally {
        await transport.close();
      }
    });
  });
});
