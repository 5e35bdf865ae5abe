/**
 * `robe lab race` and `robe lab haap --engine kernel`: a lab of two kernels with the engine at the client's end, and a command
 * that runs beside it. Everything is gone afterwards.
 *
 *     race   COMMAND --SOCKS--> connect-proxy ==RobE==> files by MPTCP at 10.200.0.1:8000
 *     haap   COMMAND --SOCKS----connect-proxy ==RobE==> haap at 10.200.0.1:8684 --TCP--> files at 127.0.0.1:8000
 *            namespace of the client                    namespace of the server
 */
import { milliseconds } from '../../net/clock/clock.js';
import type { LabError } from '../../net/lab/command.js';
import { createKernelPair, type KernelPair, middleDevices, type PairSide } from '../../net/lab/kernel-pair.js';
import { serverAddress, serverPort } from '../../net/lab/layout.js';
import { sweep } from '../../net/lab/sweep.js';
import type { Impairment } from '../../net/link/impairment.js';
import type { PathImpairment } from '../experiment/live/relay-messages.js';
import { RelayProcess } from '../experiment/live/relay-process.js';
import { untilSignal } from '../signals.js';
import { readImpairments } from './impairment-option.js';
import { brokenBy, interrupted, ownProgram, runBeside, sayAloud, untilReady } from './lab-program.js';

export interface LabRaceRequest {
  /** What is at the other end. */
  readonly far: 'server' | 'haap';
  readonly paths: number;
  readonly scheme: readonly string[];
  /** More options of the proxy. */
  readonly options?: readonly string[];
  readonly impair: readonly string[];
  readonly files: string;
  readonly quiet: boolean;
  /** Gets what both ends say, line by line; absent: standard error does. */
  readonly hear?: (line: string) => void;
  /** Absent: until a signal comes. */
  readonly command: readonly string[];
}

export const raceProxy = '127.0.0.1:1080';
/** Where the files are, at a server and behind an aggregation point. */
export const raceServer = `${serverAddress[4]}:8000`;
const fileServer = '127.0.0.1:8000';

/** Gives the exit code of the command as a shell tells it; a LabError says what this machine lacks. */
export const runLabRace = async (request: LabRaceRequest): Promise<number> => {
  const stopped = untilSignal();
  const { broken, broke } = brokenBy();
  const lab = await openRaceLab(request, broke);
  try {
    if ((await Promise.race([lab.ready, stopped])) === undefined) return interrupted;
    if (request.command.length > 0) {
      const exec = lab.pair.exec.bind(lab.pair, 'client');
      return await Promise.race([runBeside(exec, raceProxy, request.command, stopped), broken]);
    }
    const files = request.far === 'haap' ? fileServer : raceServer;
    process.stderr.write(
      `inside: nsenter --net=/run/netns/${lab.pair.namespaces.client} curl -x socks5h://${raceProxy} http://${files}/FILE\n` +
        'until Ctrl-C\n',
    );
    await Promise.race([stopped, broken]);
    return 0;
  } finally {
    await lab.close();
  }
};

export interface RaceLab {
  readonly pair: KernelPair;
  /** Both ends are there. */
  readonly ready: Promise<true>;
  close(): Promise<void>;
}

/** Makes the lab and starts its programs; `broke` hears when one of them ends. */
export const openRaceLab = async (
  { far, paths, scheme, options = [], impair, files, quiet, hear }: Omit<LabRaceRequest, 'command'>,
  broke: (cause: LabError) => void,
): Promise<RaceLab> => {
  await sweep();
  const impairments = readImpairments(impair);
  const pair = await createKernelPair(paths, new Set(impairments.keys()));
  let relay: RelayProcess | undefined;
  const start = (side: PairSide, argv: readonly string[]): Promise<void> =>
    untilReady(pair.exec(side, [...ownProgram, ...argv], { stdio: ['ignore', 'ignore', 'pipe'] }), {
      name: argv[0] ?? '',
      ...(quiet ? {} : { hear: hear ?? sayAloud }),
      isReady: (line) => /; (kernel|sim|timer|ips)[,+]/.test(line),
      broke,
    });
  const common = ['--engine', 'kernel', ...(quiet ? ['--quiet'] : [])];
  const served = ['--files', files, '--files-at', fileServer];
  const server = ['haap', ...common, ...served, '--address', `path1=${serverAddress[4]}`];
  const client = ['connect-proxy', ...common, '--listen', raceProxy, ...scheme.flatMap((each) => ['--scheme', each])];
  const begin = async (): Promise<true> => {
    const throughMiddle = pair.paths.filter(({ path }) => impairments.has(path));
    if (throughMiddle.length > 0) {
      relay = new RelayProcess(
        pair.exec('middle', [...ownProgram, 'experiment', 'relay'], { stdio: ['pipe', 'pipe', 'pipe'] }),
      );
      await relay.begin({
        seed: 'race',
        paths: throughMiddle.map(({ path, tester, iut }) => ({
          path,
          clientDevice: middleDevices(path).client,
          clientMac: tester.mac,
          serverDevice: middleDevices(path).server,
          serverMac: iut.mac,
        })),
      });
      await relay.impair([...impairments].map(([path, impairment]) => toRelay(path, impairment)));
    }
    await Promise.all([
      start('server', far === 'haap' ? server : [...server, '--listen', '8000', '--target', fileServer]),
      start('client', [
        ...client,
        ...options,
        ...(far === 'haap' ? ['--to', `${serverAddress[4]}:${serverPort}`] : []),
      ]),
    ]);
    return true;
  };
  const ready = begin();
  ready.catch(() => {});
  return {
    pair,
    ready,
    close: async () => {
      relay?.end();
      await pair.remove();
    },
  };
};

/** The same each way. */
const toRelay = (path: number, impairment: Impairment): PathImpairment => {
  const { delay = 0n, loss = 0, jitter, duplication, bitsPerSecond, diesAfter } = impairment;
  const inMilliseconds = (time: bigint): number => Number(time) / Number(milliseconds(1));
  return {
    path,
    delayMs: inMilliseconds(delay),
    lossToServer: loss,
    lossToClient: loss,
    reordering: 0,
    ...(jitter === undefined ? {} : { jitterMs: inMilliseconds(jitter) }),
    ...(duplication === undefined ? {} : { duplication }),
    ...(bitsPerSecond === undefined ? {} : { megabitsPerSecond: bitsPerSecond / 1e6 }),
    ...(diesAfter === undefined ? {} : { diesAfterMs: inMilliseconds(diesAfter) }),
  };
};
