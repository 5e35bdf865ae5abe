/** An implementation that an IUT file describes: any host on live interfaces of this machine, with or without control. */
import { connect } from 'node:net';
import type { Clock } from '../net/clock/clock.js';
import { milliseconds } from '../net/clock/clock.js';
import type { Claims } from '../suite/catalogue/applicability.js';
import type { Ability } from '../suite/language/ability.js';
import { type IpVersion, ipVersions } from '../suite/language/case.js';
import type { Timing } from '../suite/language/timing.js';
import type { Control, SessionFacts } from './contract.js';
import { greetShim } from './control/greet-shim.js';
import { controlByHooks, type Hooks, runToEnd } from './control/hooks.js';
import { type ControlChannel, ControlError, defaultDeadline } from './control/shim-control.js';
import { shimChannel } from './control/shim-process.js';
import { openTransport, type Transport, type TransportPlan } from './control/transport.js';
import type { IutFile } from './iut-file.js';
import { type LivePath, type LiveSetup, openLiveSession } from './live-session.js';
import { liveTiming, type Parameters, settingsOf } from './settings.js';
import type { LivePlace, LiveSubject } from './subject.js';

/** Throws a RangeError if a parameter has a value that no reading of the sources permits. */
export const remoteSubject = (file: IutFile): LiveSubject => {
  const parameters = parametersOf(file);
  const facts = factsOf(file);
  return {
    name: file.name,
    time: 'real',
    claims: claimsOf(file, facts),
    settings: settingsOf(parameters, timingOf(file)),
    ...(file.restart === undefined ? {} : { restart: (place) => restart(file, file.restart ?? [], place) }),
    async open(place) {
      const control = await openControl(file, facts, place);
      try {
        const serves = file.claims.roles.includes('server');
        return await openLiveSession({
          clock: place.clock,
          ...facts,
          serves,
          guarded: true,
          ...(control === undefined ? {} : { control }),
        });
      } catch (cause) {
        await control?.control.close();
        throw cause;
      }
    },
  };
};

const parametersOf = ({ parameters = {} }: IutFile): Parameters =>
  Object.fromEntries(
    Object.entries(parameters).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
  );

type Facts = { readonly paths: readonly LivePath[] } & Pick<
  SessionFacts,
  'server' | 'closedPort' | 'testerServerPrefix'
>;

const perVersion = (
  written: { readonly ipv4?: string | undefined; readonly ipv6?: string | undefined } | undefined,
) => ({
  ...(written?.ipv4 === undefined ? {} : { 4: written.ipv4 }),
  ...(written?.ipv6 === undefined ? {} : { 6: written.ipv6 }),
});

export const factsOf = (file: IutFile): Facts => {
  const paths = file.paths.map((each, index) => ({
    path: index + 1,
    device: each.interface,
    iutAddress: perVersion(each.address),
    ...(each.mac === undefined ? {} : { iutMac: each.mac }),
    testerPrefix: perVersion(each.tester),
  }));
  const first = file.paths[0];
  return {
    paths,
    server: { address: perVersion(file.server.address ?? first?.address), port: file.server.port, ...secondOf(file) },
    closedPort: file.server.closed,
    testerServerPrefix: perVersion(file['tester-server'] ?? first?.tester),
  };
};

const secondOf = ({ server }: IutFile): Pick<SessionFacts['server'], 'second'> => {
  const { 'second-address': address, 'second-port': port } = server;
  if (address === undefined && port === undefined) return {};
  return {
    second: {
      ...(address === undefined ? {} : { address: perVersion(address) }),
      ...(port === undefined ? {} : { port }),
    },
  };
};

/** IP versions and control follow from the declaration; only what can be reached is claimed. */
export const claimsOf = (file: IutFile, facts: Facts): Claims => {
  const reaches = (ip: IpVersion): boolean =>
    facts.server.address[ip] !== undefined &&
    facts.testerServerPrefix[ip] !== undefined &&
    facts.paths.every(({ iutAddress, testerPrefix }) => iutAddress[ip] !== undefined && testerPrefix[ip] !== undefined);
  return {
    roles: file.claims.roles,
    versions: file.claims.versions,
    profiles: file.claims.profiles,
    ip: ipVersions.filter(reaches),
    paths: facts.paths.length,
    control: file.control === undefined ? 0 : 'hooks' in file.control ? 1 : 2,
    ...(file.capacity?.connections === undefined ? {} : { connections: file.capacity.connections }),
    abilities: abilitiesOf(file, facts),
    parameters: parametersOf(file),
  };
};

/** A second address counts where there is one of every IP version that can be tested. */
const abilitiesOf = ({ claims }: IutFile, { server: { address, second } }: Facts): readonly Ability[] => [
  ...(second?.address !== undefined &&
  ipVersions.every((ip) => address[ip] === undefined || second.address?.[ip] !== undefined)
    ? (['second-address'] as const)
    : []),
  ...(second?.port === undefined ? [] : (['second-port'] as const)),
  ...(claims.signals ?? []).map((role) => `signals-as-${role}` as const),
];

const timingOf = ({ timing }: IutFile): Timing => ({
  ...liveTiming,
  ...(timing?.reaction === undefined ? {} : { reaction: milliseconds(timing.reaction) }),
  ...(timing?.silence === undefined ? {} : { silence: milliseconds(timing.silence) }),
});

/** Throws a ControlError when the control side cannot be used. */
export const openControl = async (
  file: IutFile,
  facts: Facts,
  { clock, environment }: Pick<LivePlace, 'clock' | 'environment'>,
): Promise<LiveSetup['control']> => {
  const { control } = file;
  if (control === undefined) return undefined;
  if ('socket' in control) return greetShim(socketChannel(control.socket), clock, facts);
  const transport = await openTransport(transportOf(file), clock, environment);
  if ('hooks' in control) return { control: byHooks(control.hooks, clock, transport), implementation: file.name };
  const [program = ''] = control.shim;
  const channel = shimChannel(transport.start(control.shim), program);
  const close = async (): Promise<void> => {
    await channel.close();
    await transport.close();
  };
  return greetShim({ ...channel, close }, clock, facts);
};

/** Runs the command to its end, which is not to be later than that of any start. */
const restart = async (
  file: IutFile,
  command: readonly string[],
  { clock, environment }: Pick<LivePlace, 'clock' | 'environment'>,
): Promise<void> => {
  const transport = await openTransport(transportOf(file), clock, environment);
  try {
    const ended = await runToEnd(transport, command, {}, { clock, until: clock.now() + longestStart });
    if (ended.ended === 'lost') throw new ControlError(`restart: ${ended.why}`);
    if (ended.code !== 0) throw new ControlError(`restart: ${command[0]} ended with ${ended.code}: ${ended.stderr}`);
  } finally {
    await transport.close();
  }
};

const longestStart = milliseconds(30_000);

const transportOf = ({ transport }: Pick<IutFile, 'transport'>): TransportPlan => {
  if (transport === undefined || transport === 'local') return { kind: 'local' };
  if ('netns' in transport) return { kind: 'netns', name: transport.netns };
  return { kind: 'ssh', host: transport.ssh.host, options: transport.ssh.options ?? [] };
};

const byHooks = (
  written: { readonly [K in keyof Hooks]?: readonly string[] | undefined },
  clock: Clock,
  transport: Transport,
): Control => {
  const hooks = Object.fromEntries(Object.entries(written).filter(([, command]) => command !== undefined)) as Hooks;
  return controlByHooks(hooks, clock, defaultDeadline, transport);
};

/** `HOST:PORT` or the path of a Unix socket. One that cannot be opened shows in the first call: its answer is the reason. */
const socketChannel = (where: string): ControlChannel => {
  const [, host, port] = /^(.+):(\d+)$/.exec(where) ?? [];
  const socket = host === undefined ? connect(where) : connect(Number(port), host.replace(/^\[(.*)\]$/, '$1'));
  const gone = new Promise<string>((ended) => {
    socket.once('error', (error) => ended(`the control socket ${where} broke: ${error.message}`));
    socket.once('close', () => ended(`the control socket ${where} was closed`));
  });
  return {
    input: socket,
    output: socket,
    gone,
    close: async () => {
      socket.destroySoon();
      await gone;
    },
  };
};
