/**
 * Allocates the surroundings of each case: tester addresses that no other running case has, and a block of 64 local
 * ports. Addresses are lent and returned. A returned address is lent again as late as possible, with ports that it did
 * not have in the last hundreds of loans, so that state of the implementation from an earlier case does not affect a
 * later one. Everything derives from the seed, the case and the order of lending; for a host that stays up also from the
 * time of the run, so that a repeated run has other ports and addresses.
 */
import type { SessionFacts, SessionPath } from '../iut/contract.js';
import { inPrefix, nthAddress, prefixSize } from '../net/lab/addresses.js';
import { deriveOctets } from '../protocol/keys/derive-octets.js';
import { type ExpandedCase, type IpVersion, ipVersionsOf } from '../suite/language/case.js';
import type { OtherVersion, ServerPlace, Surroundings, SurroundingsPath } from '../suite/scenario/contract.js';

export interface Loan {
  readonly surroundings: Surroundings;
  /** Every tester address of the case. */
  readonly addresses: readonly string[];
  /** Whether an earlier case had one of them. */
  readonly lentBefore: boolean;
  giveBack(): void;
}

export interface Allocation {
  /** Lends a case its surroundings; undefined while too few addresses are free, until some are returned. */
  lend(testCase: ExpandedCase): Loan | undefined;
}

/** The session can never hold such a case. */
export class AllocationError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'AllocationError';
  }
}

const blockSize = 64;
const firstBlockPort = 10_240;
const blocks = Math.floor((65_536 - firstBlockPort) / blockSize);
/** The port at which the tester serves a case; below the blocks. */
const firstServicePort = 1024;
const servicePorts = 8192;
/** Most addresses taken from one prefix; never more cases than this run at once. */
const poolLimit = 4096n;
const leastHosts = 2;
const firstBlock = 'first block of ports';

/** `moment`: when the run began, for a host that may keep state of earlier runs. */
export const allocate = (facts: SessionFacts, seed: string, moment?: string): Allocation =>
  new SessionAllocation(facts, seed, moment);

/** A number of addresses of one prefix. */
interface Wish {
  readonly pool: AddressPool;
  readonly count: number;
}

class SessionAllocation implements Allocation {
  readonly #pools = new Map<string, AddressPool>();
  #lent = 0;
  readonly #everLent = new Set<string>();
  /** Blocks are used in turn from one that the seed draws. */
  readonly #firstBlock: number;

  constructor(
    private readonly facts: SessionFacts,
    private readonly seed: string,
    private readonly moment: string | undefined,
  ) {
    this.#firstBlock = number16(
      deriveOctets(seed, moment === undefined ? firstBlock : `${firstBlock} at ${moment}`, 2),
    );
  }

  lend(testCase: ExpandedCase): Loan | undefined {
    const used = this.#pathsFor(testCase);
    const versions = ipVersionsOf(testCase);
    const wishes = versions.flatMap((ip) => this.#wishesOf(testCase, used, ip));
    if (!areFree(wishes)) return undefined;
    const lent = wishes.map(({ pool, count }) => ({ pool, addresses: pool.take(count) }));
    this.#lent += 1;
    const servicePort = this.#servicePort(testCase);
    const [own, other] = versions.map((ip, index): OtherVersion => {
      const ofVersion = lent.slice(index * (used.length + 1), (index + 1) * (used.length + 1));
      const [address = '', second] = ofVersion.at(-1)?.addresses ?? [];
      return {
        paths: used.map((path, place) => surroundingsOf(path, ip, ofVersion[place]?.addresses ?? [])),
        server: this.#serverOf(ip),
        testerServer: { address, port: servicePort, ...(second === undefined ? {} : { second }) },
      };
    });
    if (own === undefined) throw new AllocationError('the case has no IP version');
    const addresses = lent.flatMap((each) => each.addresses);
    const lentBefore = addresses.some((address) => this.#everLent.has(address));
    for (const address of addresses) this.#everLent.add(address);
    return {
      surroundings: {
        ...own,
        closedPort: this.facts.closedPort,
        firstPort: firstBlockPort + ((this.#firstBlock + this.#lent) % blocks) * blockSize,
        ...(other === undefined ? {} : { otherVersion: other }),
      },
      addresses,
      lentBefore,
      giveBack: () => {
        for (const each of lent) each.pool.give(each.addresses);
      },
    };
  }

  #serverOf(ip: IpVersion): ServerPlace {
    const { address, port, second } = this.facts.server;
    const own = address[ip];
    if (own === undefined) throw new AllocationError(`the implementation has no IPv${ip} server address`);
    if (second === undefined) return { address: own, port };
    const { [ip]: further } = second.address ?? {};
    return {
      address: own,
      port,
      second: {
        ...(further === undefined ? {} : { address: further }),
        ...(second.port === undefined ? {} : { port: second.port }),
      },
    };
  }

  #pathsFor({ paths }: ExpandedCase): readonly SessionPath[] {
    const there = this.facts.paths.length;
    if (there < paths) throw new AllocationError(`the case needs ${paths} paths, the session has ${there}`);
    return this.facts.paths.slice(0, paths);
  }

  /** Client addresses on each path, and finally the tester's server addresses. */
  #wishesOf(testCase: ExpandedCase, used: readonly SessionPath[], ip: IpVersion): readonly Wish[] {
    const count = hostsOf(testCase);
    return [
      ...used.map(({ path, testerPrefix }) => ({
        pool: this.#poolOf(`tester addresses on path ${path} (IPv${ip})`, testerPrefix[ip]),
        count,
      })),
      {
        pool: this.#poolOf(`tester servers (IPv${ip})`, this.facts.testerServerPrefix[ip]),
        count: servicesOf(testCase, ip),
      },
    ];
  }

  #poolOf(name: string, prefix: string | undefined): AddressPool {
    if (prefix === undefined) throw new AllocationError(`the session has no prefix for ${name}`);
    const pool =
      this.#pools.get(prefix) ?? new AddressPool(prefix, hostsIn(this.facts, prefix), this.#firstPlace(prefix));
    this.#pools.set(prefix, pool);
    return pool;
  }

  /** Which of a prefix's hosts is lent first. */
  #firstPlace(prefix: string): number {
    if (this.moment === undefined) return 0;
    return Buffer.from(deriveOctets(this.seed, `first address of ${prefix} at ${this.moment}`, 4)).readUInt32BE();
  }

  #servicePort({ id }: ExpandedCase): number {
    return (
      firstServicePort +
      (number16(deriveOctets(this.seed, `${id}/ports/${this.#lent}${this.moment ?? ''}`, 2)) % servicePorts)
    );
  }
}

const number16 = ([high = 0, low = 0]: Uint8Array): number => (high << 8) | low;

/** Whether all requests together can be met now; throws if they never can. Paths may share a prefix. */
const areFree = (wishes: readonly Wish[]): boolean => {
  const wished = new Map<AddressPool, number>();
  for (const { pool, count } of wishes) wished.set(pool, (wished.get(pool) ?? 0) + count);
  for (const [pool, count] of wished) {
    if (count > pool.size) throw new AllocationError(`prefix ${pool.prefix} is too small for a case`);
  }
  return [...wished].every(([pool, count]) => count <= pool.free);
};

const surroundingsOf = (
  { path, testerMac, iutMac, iutAddress }: SessionPath,
  ip: 4 | 6,
  testerAddresses: readonly string[],
): SurroundingsPath => {
  const address = iutAddress[ip];
  if (address === undefined) throw new AllocationError(`path ${path} has no IPv${ip} address`);
  return { path, testerMac, iutMac, iutAddress: address, testerAddresses };
};

/** The number of tester hosts in a case. */
const hostsOf = (testCase: ExpandedCase): number =>
  Math.max(leastHosts, ...Object.values(testCase.flows).map(({ host }) => host ?? 1));

/** The number of addresses of an IP version at which the tester serves a case. */
const servicesOf = ({ role, flows, ip: own }: ExpandedCase, ip: IpVersion): number =>
  role === 'client' && Object.values(flows).some((flow) => flow.server === 2 && (flow.ip ?? own) === ip) ? 2 : 1;

/** The host addresses of one prefix that a tester may have. Shared by all allocations over the same facts. */
class Hosts {
  /** Host numbers up to here are used. */
  readonly #last: bigint;
  #next = 1n;
  /** Those computed so far, in order. */
  readonly #known: string[] = [];
  readonly count: number;

  constructor(
    private readonly prefix: string,
    private readonly taken: ReadonlySet<string>,
  ) {
    // The first and the last address of a prefix are not host addresses.
    const hosts = prefixSize(prefix) - 2n;
    this.#last = hosts < poolLimit ? hosts : poolLimit;
    const inside = [...taken].filter((address) => inPrefix(prefix, address));
    this.count = Math.max(0, Number(this.#last) - inside.length);
  }

  /** The address at a place from 0; undefined after the last. */
  at(place: number): string | undefined {
    while (this.#known.length <= place && this.#next <= this.#last) {
      const address = nthAddress(this.prefix, this.#next);
      this.#next += 1n;
      if (!this.taken.has(address)) this.#known.push(address);
    }
    return this.#known[place];
  }
}

const knownHosts = new WeakMap<SessionFacts, Map<string, Hosts>>();

const hostsIn = (facts: SessionFacts, prefix: string): Hosts => {
  const known = knownHosts.get(facts) ?? new Map<string, Hosts>();
  knownHosts.set(facts, known);
  const hosts = known.get(prefix) ?? new Hosts(prefix, addressesOfIut(facts));
  known.set(prefix, hosts);
  return hosts;
};

const addressesOfIut = ({ server, paths }: SessionFacts): ReadonlySet<string> =>
  new Set(
    [server.address, server.second?.address ?? {}, ...paths.map(({ iutAddress }) => iutAddress)]
      .flatMap((address) => [address[4], address[6]])
      .filter((address) => address !== undefined),
  );

/** The free addresses of one prefix: fresh ones in order, then the longest returned first. */
class AddressPool {
  #next = 0;
  #lent = 0;
  readonly #returned: string[] = [];

  constructor(
    readonly prefix: string,
    private readonly hosts: Hosts,
    private readonly firstPlace: number,
  ) {}

  get size(): number {
    return this.hosts.count;
  }

  get free(): number {
    return this.size - this.#lent;
  }

  take(count: number): string[] {
    this.#lent += count;
    return Array.from({ length: count }, () => this.#fresh() ?? this.#returned.shift() ?? '');
  }

  give(addresses: readonly string[]): void {
    this.#lent -= addresses.length;
    this.#returned.push(...addresses);
  }

  /** One that was never lent before. */
  #fresh(): string | undefined {
    if (this.#next >= this.size) return undefined;
    const address = this.hosts.at((this.firstPlace + this.#next) % this.size);
    this.#next += 1;
    return address;
  }
}
