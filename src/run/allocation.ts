/**
 * Lays out where each case meets the implementation: tester addresses that no other running case has, and a block of 64
 * local ports. Addresses are lent and given back; one that was given back is lent again as late as possible, and then
 * with ports that it never had in the last hundreds of loans, so that what the implementation still remembers of the
 * earlier case does not meet the later one.
 * Everything derives from the seed, the case and the order of lending.
 */
import type { SessionFacts } from '../iut/contract.js';
import { inPrefix, nthAddress, prefixSize } from '../net/lab/addresses.js';
import { deriveOctets } from '../protocol/keys/derive-octets.js';
import type { ExpandedCase } from '../suite/catalogue/case.js';
import type { Surroundings, SurroundingsPath } from '../suite/scenario/contract.js';

export interface Loan {
  readonly surroundings: Surroundings;
  /** Every tester address of the case. */
  readonly addresses: readonly string[];
  giveBack(): void;
}

export interface Allocation {
  /** Lends a case its surroundings; undefined while not enough addresses are free, which giving back changes. */
  lend(subject: ExpandedCase): Loan | undefined;
}

/** The session cannot hold such a case at all. */
export class AllocationError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'AllocationError';
  }
}

const blockSize = 64;
const firstBlockPort = 10_240;
const blocks = Math.floor((65_536 - firstBlockPort) / blockSize);
/** Addresses taken from one prefix at most; more cases than this never run at once. */
const poolLimit = 4096n;
const leastHosts = 2;

export const allocate = (facts: SessionFacts, seed: string): Allocation => {
  const pools = new Map<string, AddressPool>();
  const poolOf = (name: string, prefix: string | undefined): AddressPool => {
    if (prefix === undefined) throw new AllocationError(`the session has no prefix for ${name}`);
    const known = pools.get(prefix);
    if (known !== undefined) return known;
    const pool = new AddressPool(prefix, hostsIn(facts, prefix));
    pools.set(prefix, pool);
    return pool;
  };
  let lent = 0;
  /** Blocks are used in turn from one that the seed draws. */
  const [high = 0, low = 0] = deriveOctets(seed, 'first block of ports', 2);
  const firstBlock = (high << 8) | low;

  return {
    lend(subject) {
      const { ip } = subject;
      const hosts = hostsOf(subject);
      const server = facts.server.address[ip];
      if (server === undefined) throw new AllocationError(`the implementation has no IPv${ip} server address`);
      if (facts.paths.length < subject.paths) {
        throw new AllocationError(`the case needs ${subject.paths} paths, the session has ${facts.paths.length}`);
      }
      const used = facts.paths.slice(0, subject.paths);
      const wishes: { readonly pool: AddressPool; readonly count: number }[] = used.map((path) => ({
        pool: poolOf(`tester addresses on path ${path.path} (IPv${ip})`, path.testerPrefix[ip]),
        count: hosts,
      }));
      wishes.push({ pool: poolOf(`tester servers (IPv${ip})`, facts.testerServerPrefix[ip]), count: 1 });
      const wished = new Map<AddressPool, number>();
      for (const { pool, count } of wishes) wished.set(pool, (wished.get(pool) ?? 0) + count);
      for (const [pool, count] of wished) {
        if (count > pool.size) throw new AllocationError(`prefix ${pool.prefix} is too small for a case`);
        if (count > pool.free) return undefined;
      }
      const loans = wishes.map(({ pool, count }) => ({ pool, addresses: pool.take(count) }));
      const testerServer = loans.at(-1)?.addresses[0] ?? '';
      const paths = used.map((path, index): SurroundingsPath => {
        const iutAddress = path.iutAddress[ip];
        if (iutAddress === undefined) throw new AllocationError(`path ${path.path} has no IPv${ip} address`);
        return {
          path: path.path,
          testerMac: path.testerMac,
          iutMac: path.iutMac,
          iutAddress,
          testerAddresses: loans[index]?.addresses ?? [],
        };
      });
      lent += 1;
      const block = (firstBlock + lent) % blocks;
      const draw = deriveOctets(seed, `${subject.id}/ports/${lent}`, 2);
      const servicePort = 1024 + ((((draw[0] ?? 0) << 8) | (draw[1] ?? 0)) % 8192);
      return {
        surroundings: {
          paths,
          server: { address: server, port: facts.server.port },
          closedPort: facts.closedPort,
          testerServer: { address: testerServer, port: servicePort },
          firstPort: firstBlockPort + block * blockSize,
        },
        addresses: loans.flatMap(({ addresses }) => addresses),
        giveBack: () => {
          for (const { pool, addresses } of loans) pool.give(addresses);
        },
      };
    },
  };
};

/** How many tester hosts a case plays. */
const hostsOf = (subject: ExpandedCase): number =>
  Math.max(leastHosts, ...Object.values(subject.flows).map(({ host }) => host ?? 1));

/** The host addresses of one prefix that a tester may have. Shared by all allocations over the same facts. */
class Hosts {
  /** Host numbers up to here are used. */
  readonly #last: bigint;
  #next = 1n;
  /** Those worked out so far, in order. */
  readonly #known: string[] = [];
  readonly count: number;

  constructor(
    private readonly prefix: string,
    private readonly taken: ReadonlySet<string>,
  ) {
    // The first and the last address of a prefix are no hosts.
    const hosts = prefixSize(prefix) - 2n;
    this.#last = hosts < poolLimit ? hosts : poolLimit;
    const inside = [...taken].filter((address) => inPrefix(prefix, address));
    this.count = Math.max(0, Number(this.#last) - inside.length);
  }

  /** The address at a place from 0; undefined behind the last. */
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
    [server.address, ...paths.map(({ iutAddress }) => iutAddress)]
      .flatMap((address) => [address[4], address[6]])
      .filter((address) => address !== undefined),
  );

/** What is free of one prefix: fresh addresses in order, then the longest returned first. */
class AddressPool {
  #next = 0;
  #lent = 0;
  readonly #returned: string[] = [];

  constructor(
    readonly prefix: string,
    private readonly hosts: Hosts,
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
    const address = this.hosts.at(this.#next);
    if (address !== undefined) this.#next += 1;
    return address;
  }
}
