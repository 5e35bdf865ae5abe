/** The configuration of the engine, as the lines of text that `program/proxy.c` describes. */
import type { EnginePath } from './find-paths.js';

export const schemes = ['sim', 'timer', 'ips'] as const;
export type Scheme = (typeof schemes)[number];

/** An address to listen at, and the target of its connections; absent: the target that the client names. */
export interface Entrance {
  readonly host: string;
  readonly port: number;
  readonly target?: { readonly host: string; readonly port: number };
}

export interface EngineConfiguration {
  /** Which schemes of the draft, alone or combined. */
  readonly schemes: readonly Scheme[];
  /** When RobE_TIMER tries the next path; milliseconds. */
  readonly expiry: number;
  /** When an attempt is given up; milliseconds. */
  readonly patience: number;
  /** Plain TCP even where the kernel has MPTCP. */
  readonly isPlain: boolean;
  /** The third segment of a race does not wait for the first octets. */
  readonly thirdSegmentAtOnce: boolean;
  readonly quiet: boolean;
  readonly paths: readonly EnginePath[];
  /** Lines as `program/allowance.c` takes them. */
  readonly allowances: readonly string[];
  /** The listeners for local programs. */
  readonly entries: readonly Entrance[];
  /** The listeners for RobE. */
  readonly aggregations: readonly Entrance[];
}

/** RFC 8305 section 8: the recommended delay between attempts; milliseconds. */
const stagger = 250;
const microseconds = 1000;

export const configurationLines = (configuration: EngineConfiguration): readonly string[] => {
  const { schemes: used, expiry, patience } = configuration;
  const flags = schemes.map((scheme) => (used.includes(scheme) ? 1 : 0));
  return [
    `scheme ${[...flags, ...[expiry, stagger, patience].map((time) => Math.round(time * microseconds))].join(' ')}`,
    ...(configuration.isPlain ? ['plain'] : []),
    ...(configuration.thirdSegmentAtOnce ? ['third-segment at-once'] : []),
    ...(configuration.quiet ? ['quiet'] : []),
    ...pathLines(configuration.paths),
    ...configuration.allowances.map((allowance) => `allow ${allowance}`),
    ...configuration.entries.map((entrance) => `entry ${entranceWords(entrance)}`),
    ...configuration.aggregations.map((entrance) => `aggregation ${entranceWords(entrance)}`),
    'ready',
  ];
};

/** Replaces the paths of an engine that runs. */
export const pathLines = (paths: readonly EnginePath[]): readonly string[] => [
  ...paths.map(({ path, device, address }) => `path ${path} ${device} ${address[4] ?? '-'} ${address[6] ?? '-'}`),
  'paths',
];

const entranceWords = ({ host, port, target }: Entrance): string =>
  target === undefined ? `${host} ${port}` : `${host} ${port} ${target.host} ${target.port}`;
