/** What `robe connect-proxy` and `robe haap` do with `--engine kernel`: read what was asked, start the engine, stay until a signal. */
import { isIP } from 'node:net';
import type { Argv } from 'yargs';
import { type EngineConfiguration, type Entrance, type Scheme, schemes } from '../../engine/configuration.js';
import { EngineError, startEngine } from '../../engine/engine.js';
import { type FoundPaths, findPaths, type NamedPaths } from '../../engine/find-paths.js';
import { readMachineNetwork } from '../../engine/machine-network.js';
import { routeCommands } from '../../engine/route-commands.js';
import { watchNetwork } from '../../engine/watch-network.js';
import { type Allowance, readTarget } from '../../haap/allowance.js';
import { LabError } from '../../net/lab/command.js';
import { untilSignal } from '../signals.js';
import { type EndArguments, readUsage } from './end-options.js';

export const engines = ['reference', 'kernel'] as const;

export interface EngineChoice {
  readonly engine: (typeof engines)[number];
}

export interface RaceArguments extends EngineChoice {
  readonly scheme: readonly string[];
  readonly timer: string;
  readonly patience: string;
  readonly 'third-segment': 'with-data' | 'at-once';
  readonly tcp: boolean;
  readonly 'print-routes': boolean;
}

export const engineOption = <T>(yargs: Argv<T>) =>
  yargs.option('engine', {
    choices: engines,
    default: 'reference' as const,
    describe: "Whose MPTCP: the reference's with every profile, or this machine's kernel's",
  });

export const schemeOption = <T>(yargs: Argv<T>) =>
  yargs.option('scheme', {
    type: 'string',
    array: true,
    default: ['sim'],
    describe: `Kernel: ${schemes.join(', ')}, or several as the draft combines them: timer,ips`,
  });

/** Options of a race; they mean something with `--engine kernel` alone. */
export const raceOptions = <T>(yargs: Argv<T>) =>
  schemeOption(yargs)
    .option('timer', {
      type: 'string',
      default: '1s',
      describe: 'Kernel: time after which RobE_TIMER tries the next path',
    })
    .option('patience', { type: 'string', default: '30s', describe: 'Kernel: time after which an attempt is given up' })
    .option('third-segment', {
      choices: ['with-data', 'at-once'] as const,
      default: 'with-data' as const,
      describe:
        'Kernel: send the third segment of a race with the first octets (after 200 ms at most), so that a server accepts one connection; or at once',
    })
    .option('tcp', { type: 'boolean', default: false, describe: 'Kernel: plain TCP, without MPTCP' })
    .option('print-routes', {
      type: 'boolean',
      default: false,
      describe: 'Kernel: print the commands that set the paths up, then exit',
    });

/** Of the reference alone. */
const referenceOptions = ['shared', 'neighbour', 'mptcp', 'parameter', 'impair', 'seed'] as const;

/** What both ends ask of the kernel's engine; a RangeError says what is wrong. */
const readCommon = (given: EndArguments): NamedPaths => {
  for (const name of referenceOptions) {
    const value = given[name];
    if (value !== undefined && (!Array.isArray(value) || value.length > 0))
      throw new RangeError(`--${name} goes with --engine reference; the kernel has its own`);
  }
  const devices = new Map(given.interface.map((text) => readPair('interface', text)));
  const addresses = new Map<number, string[]>();
  for (const text of given.address) {
    const [path, address] = readPair('address', text);
    if (isIP(address) === 0) throw new RangeError(`--address ${text}: ${address} is no IP address`);
    addresses.set(path, [...(addresses.get(path) ?? []), address]);
  }
  return { devices, addresses };
};

const readPair = (option: string, text: string): readonly [number, string] => {
  const [, path, value] = /^path([1-8])=(.+)$/.exec(text) ?? [];
  if (path === undefined || value === undefined)
    throw new RangeError(`--${option} ${text}: expected pathN=${option.toUpperCase()}, N from 1 to 8`);
  return [Number(path), value];
};

export const readSchemes = (texts: readonly string[]): readonly Scheme[] =>
  texts
    .flatMap((text) => text.split(/[,+]/))
    .map((name) => {
      const found = schemes.find((scheme) => scheme === name);
      if (found === undefined) throw new RangeError(`--scheme ${name}: expected ${schemes.join(', ')}`);
      return found;
    });

/** Milliseconds. */
const readTime = (option: string, text: string): number => {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s)$/.exec(text) ?? [];
  const time = Number(number) * (unit === 's' ? 1000 : 1);
  if (!(time >= 1 && time <= 3_600_000)) throw new RangeError(`--${option} ${text}: expected e.g. 300ms or 1s`);
  return time;
};

const readEntrance = (option: string, text: string): Entrance => {
  const entrance = readTarget(text);
  if (isIP(entrance.host) === 0)
    throw new RangeError(`--${option} ${text}: expected an IP address and a port, not a name`);
  return entrance;
};

export interface ProxyRequest extends EndArguments, RaceArguments {
  readonly to: string | undefined;
  readonly listen: string;
}

/** The client's side: a race over the machine's paths for every connection that comes in. */
export const runKernelProxy = async (given: ProxyRequest): Promise<void> => {
  const read = readUsage('connect-proxy', () => ({
    named: readCommon(given),
    entry: {
      ...readEntrance('listen', given.listen),
      ...(given.to === undefined ? {} : { target: readTarget(given.to) }),
    },
    schemes: readSchemes(given.scheme),
    expiry: readTime('timer', given.timer),
    patience: readTime('patience', given.patience),
  }));
  const network = await readMachineNetwork();
  const find = (): FoundPaths => readUsage('connect-proxy', () => findPaths(network, read.named));
  const { paths, remarks } = find();
  if (paths.length === 0) {
    throw new LabError(
      'no interface is up that has an address and a default route',
      'name them: --interface path1=IFNAME --interface path2=IFNAME; --print-routes then says what they lack',
    );
  }
  if (given['print-routes']) {
    for (const line of routeCommands(network, paths)) process.stdout.write(`${line}\n`);
    return;
  }
  const warn = (line: string): void => {
    process.stderr.write(`robe connect-proxy: ${line}\n`);
  };
  for (const remark of remarks) warn(remark);
  if (!/^127\.|^::1$/.test(read.entry.host)) warn(`${given.listen} serves whoever reaches it`);
  if (paths.length === 1) warn(`${paths[0]?.device} is the only path: there is nothing to race`);
  const configuration: EngineConfiguration = {
    schemes: read.schemes,
    expiry: read.expiry,
    patience: read.patience,
    isPlain: given.tcp,
    thirdSegmentAtOnce: given['third-segment'] === 'at-once',
    quiet: given.quiet,
    paths,
    allowances: ['any'],
    entries: [read.entry],
    aggregations: [],
  };
  const where = paths.map(({ path, device, address }) => `path ${path} on ${device} (${addressList(address)})`);
  await serve(configuration, {
    ready: (hasMptcp) => {
      if (!hasMptcp && !given.tcp)
        warn('this kernel has no MPTCP (`sysctl net.mptcp.enabled`): plain TCP over the path that wins');
      if (hasMptcp && network.subflowEndpoints !== undefined && network.subflowEndpoints.length === 0)
        warn('the kernel has no MPTCP endpoints, so paths that lost stay away: see --print-routes');
      warn(
        `${given.listen} to ${given.to ?? 'where SOCKS 5 or CONNECT says'}; ${read.schemes.join('+')}, ${where.join(', ')}`,
      );
    },
    rediscover: async () => findPaths(await readMachineNetwork(), read.named).paths,
    warn,
  });
};

export interface AggregationRequest extends EndArguments, EngineChoice {
  readonly listen: readonly number[];
}

/** The server's side: MPTCP of the kernel's own listening sockets goes on as TCP. */
export const runKernelAggregation = async (
  given: AggregationRequest,
  target: { readonly host: string; readonly port: number } | undefined,
  allowed: readonly Allowance[],
  towards: string,
): Promise<void> => {
  const named = readUsage('haap', () => {
    for (const port of given.listen)
      if (!Number.isInteger(port) || port < 1 || port > 65_535)
        throw new RangeError(`--listen ${port}: expected a port from 1 to 65535`);
    if (given.interface.length > 0)
      throw new RangeError('--interface goes with --engine reference; name addresses to listen at: --address');
    return readCommon(given);
  });
  const addresses = [...named.addresses.values()].flat();
  const hosts = addresses.length > 0 ? addresses : ['0.0.0.0', '::'];
  const warn = (line: string): void => {
    process.stderr.write(`robe haap: ${line}\n`);
  };
  await serve(
    {
      schemes: [],
      expiry: 1000,
      patience: 30_000,
      isPlain: false,
      thirdSegmentAtOnce: true,
      quiet: given.quiet,
      paths: [],
      allowances: allowed.map(allowanceLine),
      entries: [],
      aggregations: hosts.flatMap((host) =>
        given.listen.map((port) => ({ host, port, ...(target === undefined ? {} : { target }) })),
      ),
    },
    {
      ready: (hasMptcp) => {
        if (!hasMptcp) warn('this kernel has no MPTCP (`sysctl net.mptcp.enabled`): only plain TCP comes in');
        warn(`port ${given.listen.join(', ')} to ${towards}; kernel, ${hosts.join(', ')}`);
      },
      warn,
    },
  );
};

/** As the engine reads it. */
const allowanceLine = ({ host, port = 0 }: Allowance): string =>
  typeof host === 'string' ? `host ${host} ${port}` : `net ${host.network.toString()} ${host.length} ${port}`;

interface Service {
  ready(hasMptcp: boolean): void;
  /** The paths after a change of the machine's network; absent: nobody asks. */
  rediscover?(): Promise<FoundPaths['paths']>;
  warn(line: string): void;
}

const serve = async (configuration: EngineConfiguration, service: Service): Promise<void> => {
  const stopped = untilSignal();
  const engine = await startEngine(process.env, configuration);
  let known = JSON.stringify(configuration.paths);
  const look = async (): Promise<void> => {
    try {
      const paths = (await service.rediscover?.()) ?? [];
      // While nothing is left, what there was is as good as nothing.
      if (paths.length === 0 || JSON.stringify(paths) === known) return;
      known = JSON.stringify(paths);
      engine.use(paths);
      service.warn(`now ${paths.map(({ path, device }) => `path ${path} on ${device}`).join(', ')}`);
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause;
      service.warn(cause.message);
    }
  };
  const unwatch = service.rediscover === undefined ? () => {} : watchNetwork(() => void look());
  try {
    service.ready(engine.hasMptcp);
    const broken = await Promise.race([stopped, engine.broken]);
    if (broken instanceof EngineError) throw broken;
  } finally {
    unwatch();
    await engine.close();
  }
};

const addressList = (address: { readonly 4?: string; readonly 6?: string }): string =>
  Object.values(address).join(', ');
