/**
 * The reference as an implementation under test inside this process: on a memory link, under a clock that advances only
 * on request. No privilege, no waiting; one session a case, made afresh. Addresses are those of a lab.
 */
import type { Time } from '../net/clock/clock.js';
import { VirtualClock } from '../net/clock/virtual.js';
import { factsOf, layOutPath, mostPaths } from '../net/lab/layout.js';
import { createMemoryLink } from '../net/link/memory.js';
import { type DraftSubtypes, defaultDraftSubtypes } from '../protocol/mptcp/option.js';
import type { EstablishmentProfile, HostConfig, HostPath, ReferenceHost } from '../reference/contract.js';
import { createHost } from '../reference/host.js';
import { defaultParameters, type ReferenceParameters } from '../reference/parameters.js';
import type { Claims } from '../suite/catalogue/applicability.js';
import { AttachedHost } from './attached-host.js';
import type { IutSession, SessionFacts } from './contract.js';
import { declareReference } from './reference-claims.js';

export interface EmbeddedChoice {
  readonly profile: EstablishmentProfile;
  /** Versions the host speaks, the preferred first; both when absent. */
  readonly versions?: readonly (0 | 1)[];
  readonly parameters?: ReferenceParameters;
  /** Creates another host than the right one with the parameters. */
  readonly host?: (config: HostConfig) => ReferenceHost;
  readonly subtypes?: DraftSubtypes;
  readonly seed: string;
  /** One-way delay of a path in nanoseconds; 50 us when absent. */
  readonly delay?: (path: number) => Time;
  /** How the host finds link-layer addresses: configured, or by ARP and neighbour discovery. */
  readonly neighbours?: 'static' | 'resolve';
}

const pathNumbers = Array.from({ length: mostPaths }, (_, index) => index + 1);
const layout = pathNumbers.map(layOutPath);

/** Four paths; the listener serves echo. */
export const embeddedFacts: SessionFacts = factsOf(layout);

const hostPaths: readonly Required<HostPath>[] = layout.map(({ path, iut, tester, iutAddress }) => ({
  path,
  mac: iut.mac,
  neighbour: tester.mac,
  addresses: [iutAddress[4], iutAddress[6]],
}));
const askingPaths: readonly HostPath[] = hostPaths.map(({ path, mac, addresses }) => ({ path, mac, addresses }));

const { server } = embeddedFacts;
const sharedAddresses = [server.address, server.second?.address]
  .flatMap((address) => [address?.[4], address?.[6]])
  .filter((address) => address !== undefined);

const usualDelay: Time = 50_000n;
const both: readonly (0 | 1)[] = [1, 0];

/** What a host of that choice is made with. */
export const embeddedConfig = (choice: EmbeddedChoice): HostConfig => ({
  paths: choice.neighbours === 'resolve' ? askingPaths : hostPaths,
  sharedAddresses,
  profile: choice.profile,
  versions: choice.versions ?? both,
  subtypes: choice.subtypes ?? defaultDraftSubtypes,
  seed: choice.seed,
});

/** A fresh host that listens at `embeddedFacts.server`, and the tester's end of the wire to it. */
export const openEmbedded = (choice: EmbeddedChoice): IutSession => {
  const clock = new VirtualClock();
  const [testerEnd, hostEnd] = createMemoryLink({
    clock,
    paths: pathNumbers,
    delay: choice.delay ?? (() => usualDelay),
  });
  const config = embeddedConfig(choice);
  const host = new AttachedHost(choice.host?.(config) ?? createHost(config, choice.parameters), hostEnd, clock);
  host.listen(server.port, 'echo');
  if (server.second?.port !== undefined) host.listen(server.second.port, 'echo');
  return {
    facts: embeddedFacts,
    link: testerEnd,
    clock,
    control: {
      perform: (command, answered) => {
        clock.at(clock.now(), () => answered(host.perform(command)));
      },
      close: async () => {},
    },
    advance: (done) => clock.advance(done),
    close: async () => {
      host.detach();
      await testerEnd.close();
      await hostEnd.close();
    },
  };
};

/** What the embedded reference claims with a profile and the default parameters. */
export const embeddedClaims = (profile: EstablishmentProfile): Claims => declareReference(profile, defaultParameters);
