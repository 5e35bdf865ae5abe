/** Programs of `robe` inside a lab, and a command of the user's beside them. */
import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { LabError } from '../../net/lab/command.js';

/** What starts this program again. */
export const ownProgram: readonly string[] = [process.execPath, fileURLToPath(new URL('../main.js', import.meta.url))];

/** As a shell tells it. */
export const interrupted = 128 + constants.signals.SIGINT;

interface Told {
  readonly name: string;
  /** Gets every line of its standard error; absent: nobody. */
  readonly hear?: (line: string) => void;
  /** Whether a line of its standard error says that it is ready. */
  readonly isReady: (line: string) => boolean;
  /** Hears of its end. */
  readonly broke: (cause: LabError) => void;
}

export const sayAloud = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

/** Waits until a program of `robe` says that it is ready. */
export const untilReady = (child: ChildProcess, { name, hear = () => {}, isReady, broke }: Told): Promise<void> =>
  new Promise((ready, fail) => {
    const told: string[] = [];
    child.once('error', fail);
    child.once('exit', (code, signal) => {
      const cause = new LabError(
        `robe ${name} ended ${code === null ? `by ${signal}` : `with code ${code}`}: ${told.slice(-1).join(' ')}`,
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
      hear(line);
      if (isReady(line)) ready();
    });
  });

/** Runs a command whose environment names the proxy, which curl and most programs heed; its exit code as a shell tells it. */
export const runBeside = async (
  exec: (argv: readonly string[], options: SpawnOptions) => ChildProcess,
  proxy: string,
  command: readonly string[],
  stopped: Promise<void>,
): Promise<number> => {
  const { no_proxy: _none, NO_PROXY: _no, ...env } = process.env;
  const url = `socks5h://${proxy}`;
  const child = exec(command, {
    stdio: 'inherit',
    env: { ...env, ALL_PROXY: url, all_proxy: url, http_proxy: url, HTTP_PROXY: url },
  });
  const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  const first = await Promise.race([ended, stopped]);
  if (first === undefined) return interrupted;
  const [code, signal] = first;
  return code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
};

/** A promise that fails when some program ends, and what tells it. */
export const brokenBy = (): { readonly broken: Promise<never>; readonly broke: (cause: LabError) => void } => {
  let broke = (_: LabError): void => {};
  const broken = new Promise<never>((_, fail) => {
    broke = fail;
  });
  broken.catch(() => {});
  return { broken, broke: (cause) => broke(cause) };
};
