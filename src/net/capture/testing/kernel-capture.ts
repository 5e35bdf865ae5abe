/**
 * Captures of this machine's own MPTCP: two network namespaces, two paths between them, one connection whose server
 * advertises its second address, so that the client joins a second subflow. Everything that is created here is removed
 * again.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nameNamespaces, thisProcess } from '../../lab/namespace-name.js';

export const kernelCaptureTools = ['ip', 'ethtool', 'tcpdump', 'python3', 'sysctl'] as const;

export interface KernelCapture {
  /** One file a path, Ethernet. */
  readonly files: readonly string[];
  readonly remove: () => void;
}

const python = (body: string): string => `
import socket, sys, time
def mptcp(family): return socket.socket(family, socket.SOCK_STREAM, 262)
family = socket.AF_INET6 if ':' in sys.argv[1] else socket.AF_INET
${body}`;

/** Echoes two connections one after the other, on all addresses, until their end or reset. */
const server = python(`
s = mptcp(family); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(('::' if family == socket.AF_INET6 else '0.0.0.0', 8080)); s.listen(16)
print('listening', flush=True)
for _ in range(2):
    c, _ = s.accept()
    try:
        while True:
            d = c.recv(65536)
            if not d: break
            c.sendall(d)
    except ConnectionError: pass
    c.close()`);

/** Some exchanges, a pause in which the second subflow joins, some more, the end; then a connection that is aborted. */
const client = python(`
import struct
s = mptcp(family); s.connect((sys.argv[1], 8080))
def exchange(n):
    s.sendall(bytes(i % 251 for i in range(n)))
    left = n
    while left > 0: left -= len(s.recv(65536))
exchange(5); exchange(301)
time.sleep(1.5)
for n in (1, 2, 700, 5000, 33): exchange(n)
s.shutdown(socket.SHUT_WR)
while s.recv(65536): pass
s.close()
s = mptcp(family); s.connect((sys.argv[1], 8080)); exchange(7); time.sleep(1)
s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
s.close()
time.sleep(1)`);

const ip = (...args: readonly string[]): void => {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });
};

/** Throws if the kernel does not permit the set-up; `family` decides the addresses of the connection. */
export const captureKernelMptcp = async (family: 4 | 6): Promise<KernelCapture> => {
  const directory = mkdtempSync(join(tmpdir(), 'robe-kernel-'));
  // Named as those of a lab, so that they are swept when this process is killed.
  const { tb: left, iut: right } = nameNamespaces(thisProcess(), `codec_${family}`);
  const address = (path: number, host: number): string =>
    family === 4 ? `10.177.${path}.${host}` : `fd77:${path}::${host}`;
  const prefix = family === 4 ? 24 : 64;
  const children: ChildProcess[] = [];
  try {
    for (const name of [left, right]) {
      ip('netns', 'add', name);
      ip('-n', name, 'link', 'set', 'lo', 'up');
      inside(name, ['sysctl', '-qw', 'net.mptcp.checksum_enabled=1', 'net.ipv4.conf.all.rp_filter=0']);
      inside(name, ['ip', 'mptcp', 'limits', 'set', 'subflows', '2', 'add_addr_accepted', '2']);
    }
    for (const path of [1, 2]) {
      ip('link', 'add', `p${path}`, 'netns', left, 'type', 'veth', 'peer', 'name', `p${path}`, 'netns', right);
      for (const [host, name] of [left, right].entries()) {
        ip(
          '-n',
          name,
          'addr',
          'add',
          `${address(path, host + 1)}/${prefix}`,
          'dev',
          `p${path}`,
          ...(family === 6 ? ['nodad'] : []),
        );
        inside(name, ['ethtool', '-K', `p${path}`, 'tx', 'off', 'tso', 'off', 'gso', 'off', 'gro', 'off']);
        ip('-n', name, 'link', 'set', `p${path}`, 'up');
      }
    }
    inside(right, ['ip', 'mptcp', 'endpoint', 'add', address(2, 2), 'dev', 'p2', 'signal']);

    const files = [1, 2].map((path) => join(directory, `path-${path}.pcap`));
    const captures = [1, 2].map((path, i) =>
      start(children, right, ['tcpdump', '-i', `p${path}`, '-U', '--immediate-mode', '-w', files[i] ?? '']),
    );
    await Promise.all(captures.map((capture) => said(capture.stderr, 'listening on')));
    const serving = start(children, right, ['python3', '-c', server, address(1, 2)]);
    await said(serving.stdout, 'listening');
    const connecting = start(children, left, ['python3', '-c', client, address(1, 2)]);
    await once(connecting, 'exit');
    for (const capture of captures) {
      capture.kill('SIGINT');
      if (capture.exitCode === null) await once(capture, 'exit');
    }
    return { files, remove: () => rmSync(directory, { recursive: true, force: true }) };
  } catch (error) {
    rmSync(directory, { recursive: true, force: true });
    throw error;
  } finally {
    for (const child of children) if (child.exitCode === null) child.kill('SIGKILL');
    for (const name of [left, right]) {
      try {
        ip('netns', 'del', name);
      } catch {
        // It was never created.
      }
    }
  }
};

const inside = (namespace: string, command: readonly string[]): void => {
  ip('netns', 'exec', namespace, ...command);
};

/** `ip netns exec` becomes the program itself, so signals reach it. */
const start = (children: ChildProcess[], namespace: string, command: readonly string[]) => {
  const child = spawn('ip', ['netns', 'exec', namespace, ...command], { stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  return child;
};

/** Resolves when a program has written a text, rejects when its output ends before. */
const said = (stream: NodeJS.ReadableStream, text: string): Promise<void> => {
  let heard = '';
  return new Promise((resolve, reject) => {
    stream.on('data', (chunk: Buffer) => {
      heard += chunk.toString();
      if (heard.includes(text)) resolve();
    });
    stream.on('end', () => reject(new Error(`expected "${text}", heard: ${heard}`)));
  });
};
