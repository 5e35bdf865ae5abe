/**
 * `robe lab haap`: a lab of its own with an aggregation point and a file server at one end, a connect proxy at the other,
 * and a command that runs beside the proxy. Everything is gone afterwards.
 *
 *     COMMAND --SOCKS--> connect-proxy ==RobE over every path==> haap --TCP--> files at 127.0.0.1:8000
 *     in namespace tb    in namespace tb                         in namespace iut
 */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { LabError } from '../../net/lab/command.js';
import { createLab, type Lab } from '../../net/lab/lab.js';
import type { Side } from '../../net/lab/namespace-name.js';
import { sweep } from '../../net/lab/sweep.js';
import { untilSignal } from '../signals.js';

export interface LabHaapRequest {
  readonly paths: number;
  readonly profile: string;
  readonly impair: readonly string[];
  readonly files: string;
  readonly quiet: boolean;
  /** Absent: until a signal comes. */
  readonly command: readonly string[];
}

const proxy = '127.0.0.1:1080';
const fileServer = '127.0.0.1:8000';
const program = [process.execPath, fileURLToPath(new URL('../main.js', import.meta.url))];

/** Gives the exit code of the command as a shell tells it; a LabError says what this machine lacks. */
export const runLabHaap = async (request: LabHaapRequest): Promise<number> => {
  await sweep();
  const stopped = untilSignal();
  const lab = await createLab({ paths: request.paths, iut: 'process' });
  let broke = (_: LabError): void => {};
  const broken = new Promise<never>((_, fail) => {
    broke = fail;
  });
  broken.catch(() => {});
  try {
    const devices = (side: 'tester' | 'iut') =>
      lab.paths.flatMap((path) => ['--interface', `path${path.path}=${path[side].device}`]);
    const common = ['--profile', request.profile, ...(request.quiet ? ['--quiet'] : [])];
    const haap = ['haap', ...devices('iut'), ...common, '--files', request.files, '--files-at', fileServer];
    const impair = request.impair.flatMap((each) => ['--impair', each]);
    const client = ['connect-proxy', ...devices('tester'), ...common, ...impair, '--listen', proxy];
    const ready = [start(lab, 'iut', haap, request.quiet, broke), start(lab, 'tb', client, request.quiet, broke)];
    if ((await Promise.race([Promise.all(ready), stopped])) === undefined) return interrupted;
    if (request.command.length > 0) return await Promise.race([run(lab, request.command, stopped), broken]);
    process.stderr.write(
      `inside: nsenter --net=/run/netns/${lab.namespaces.tb} curl -x socks5h://${proxy} http://${fileServer}/FILE\n` +
        'until Ctrl-C\n',
    );
    await Promise.race([stopped, broken]);
    return 0;
  } finally {
    await lab.remove();
  }
};

/** As a shell tells it. */
const interrupted = 128 + constants.signals.SIGINT;

/** Starts one end and waits until it says that it is ready; `broke` hears of its end. */
const start = (
  lab: Lab,
  side: Side,
  argv: readonly string[],
  quiet: boolean,
  broke: (cause: LabError) => void,
): Promise<void> =>
  new Promise((ready, fail) => {
    const child = lab.exec(side, [...program, ...argv], { stdio: ['ignore', 'ignore', 'pipe'] });
    const told: string[] = [];
    child.once('error', fail);
    child.once('exit', (code, signal) => {
      const cause = new LabError(
        `robe ${argv[0]} ended ${code === null ? `by ${signal}` : `with code ${code}`}: ${told.slice(-1).join(' ')}`,
        'run it by itself to see more',
      );
      fail(cause);
      broke(cause);
    });
    const { stderr } = child;
    if (stderr === null) return;
    createInterface({ input: stderr }).on('line', (line) => {
      // libpcap warns of interfaces without addresses; it has none here on purpose.
      if (/^Warning: .*no IPv4 address assigned/.test(line) || line === '') return;
      if (told.length < 10) told.push(line);
      if (!quiet) process.stderr.write(`${line}\n`);
      if (line.includes('; robe-') || line.includes('; mptcp,') || line.includes('; tcp,')) ready();
    });
  });

const run = async (lab: Lab, command: readonly string[], stopped: Promise<void>): Promise<number> => {
  const { no_proxy: _none, NO_PROXY: _no, ...env } = process.env;
  const url = `socks5h://${proxy}`;
  const child: ChildProcess = lab.exec('tb', command, {
    stdio: 'inherit',
    env: { ...env, ALL_PROXY: url, all_proxy: url, http_proxy: url, HTTP_PROXY: url },
  });
  const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  const first = await Promise.race([ended, stopped]);
  if (first === undefined) return interrupted;
  const [code, signal] = first;
  return code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
};
