/**
 * The reference on real interfaces: a process of its own over libpcap, with addresses that no kernel of the machine owns (so
 * that none answers in its place). It answers ARP and neighbour discovery for them and asks for those of its peers.
 */
import type { Clock } from '../net/clock/clock.js';
import { openLibpcapLink } from '../net/link/libpcap.js';
import { LinkError } from '../net/link/link.js';
import { type DraftSubtypes, defaultDraftSubtypes } from '../protocol/mptcp/option.js';
import type { EstablishmentProfile, ReferenceHost } from '../reference/contract.js';
import { createHost } from '../reference/host.js';
import type { ReferenceParameters } from '../reference/parameters.js';
import { IsolatedHosts } from './isolated-hosts.js';

export interface ReferencePath {
  readonly path: number;
  readonly device: string;
  readonly addresses: readonly string[];
  /** MAC address of everything on the path; absent: it is asked for. */
  readonly neighbour?: string;
}

interface ReferenceProcessSetup {
  readonly clock: Clock;
  readonly paths: readonly ReferencePath[];
  /** Answered on every path. */
  readonly sharedAddresses: readonly string[];
  readonly profile: EstablishmentProfile;
  /** The preferred first. */
  readonly versions: readonly (0 | 1)[];
  readonly parameters: ReferenceParameters;
  readonly subtypes?: DraftSubtypes;
  readonly seed: string;
}

export interface ReferenceProcess {
  readonly host: IsolatedHosts;
  close(): Promise<void>;
}

/** Opens the interfaces and puts the host on them; a LinkError says which cannot be used and what to do. */
export const openReferenceProcess = async (setup: ReferenceProcessSetup): Promise<ReferenceProcess> => {
  const link = await openLibpcapLink({ clock: setup.clock, paths: setup.paths });
  const paths = setup.paths.map(({ path, device, addresses, neighbour }) => {
    const mac = link.openings.find((opening) => opening.path === path)?.interface.mac;
    if (mac === undefined) throw new LinkError(`${device} has no MAC address`, 'name an Ethernet interface');
    return { path, mac, addresses, ...(neighbour === undefined ? {} : { neighbour }) };
  });
  const create = (name: string): ReferenceHost =>
    createHost(
      {
        paths,
        sharedAddresses: setup.sharedAddresses,
        profile: setup.profile,
        versions: setup.versions,
        subtypes: setup.subtypes ?? defaultDraftSubtypes,
        seed: `${setup.seed}/${name}`,
      },
      setup.parameters,
    );
  const attached = new IsolatedHosts(create, link, setup.clock);
  return {
    host: attached,
    close: async () => {
      attached.detach();
      await link.close();
    },
  };
};
