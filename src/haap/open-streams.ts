/** The reference on real interfaces, with streams for an application in place of the services of a test. */
import type { Clock } from '../net/clock/clock.js';
import type { Chance } from '../net/link/chance.js';
import { type Impairment, impairLink } from '../net/link/impairment.js';
import { openLibpcapLink } from '../net/link/libpcap.js';
import { LinkError, type PathId } from '../net/link/link.js';
import { defaultDraftSubtypes } from '../protocol/mptcp/option.js';
import type { EstablishmentProfile } from '../reference/contract.js';
import { createHost } from '../reference/host.js';
import type { ReferenceParameters } from '../reference/parameters.js';
import { RobeStreams } from './robe-streams.js';

export interface StreamsSetup {
  readonly clock: Clock;
  readonly paths: readonly {
    readonly path: number;
    readonly device: string;
    readonly addresses: readonly string[];
    /** MAC address of all hosts on the path; absent: it is resolved. */
    readonly neighbour?: string;
  }[];
  /** Answered on every path. */
  readonly sharedAddresses: readonly string[];
  readonly profile: EstablishmentProfile;
  /** The preferred first. */
  readonly versions: readonly (0 | 1)[];
  readonly parameters: ReferenceParameters;
  readonly seed: string;
  /** The impairments of the paths, in both directions. */
  readonly impairments: ReadonlyMap<PathId, Impairment>;
  readonly chance: Chance;
}

export interface OpenStreams {
  readonly streams: RobeStreams;
  /** Resets every connection and closes the interfaces. */
  close(): Promise<void>;
}

/** Octets on their way in one connection: 100 Mbit/s over 40 ms. */
const receiveBuffer = 512 * 1024;

/** Two segments are acknowledged together, a single one after 40 ms, unless told otherwise. */
const acknowledgingLess = (parameters: ReferenceParameters): ReferenceParameters =>
  parameters.tcp.ack_delay_s > 0 ? parameters : { ...parameters, tcp: { ...parameters.tcp, ack_delay_s: 0.04 } };

/** Opens the interfaces; throws a LinkError that names an unusable one and the remedy. */
export const openStreams = async (setup: StreamsSetup): Promise<OpenStreams> => {
  const { clock, chance, impairments } = setup;
  const wire = await openLibpcapLink({ clock, paths: setup.paths });
  const paths = setup.paths.map(({ path, device, addresses, neighbour }) => {
    const mac = wire.openings.find((opening) => opening.path === path)?.interface.mac;
    if (mac === undefined) throw new LinkError(`${device} has no MAC address`, 'name an Ethernet interface');
    return { path, mac, addresses, ...(neighbour === undefined ? {} : { neighbour }) };
  });
  const { sharedAddresses, profile, versions, seed } = setup;
  const host = createHost(
    {
      paths,
      sharedAddresses,
      profile,
      versions,
      subtypes: defaultDraftSubtypes,
      seed,
      receiveBuffer,
      scheduling: 'fastest',
    },
    acknowledgingLess(setup.parameters),
  );
  const link =
    impairments.size === 0 ? wire : impairLink(wire, { clock, chance, outgoing: impairments, incoming: impairments });
  const streams = new RobeStreams(host, link, clock);
  return {
    streams,
    close: async () => {
      streams.detach();
      await link.close();
    },
  };
};
