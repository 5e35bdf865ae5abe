/**
 * MP_CAPABLE requests at a server: which SYNs belong together (paper 2.1: by Key-A), and which half-open flow a MP_JOIN_CAP
 * may mean (draft RobE_eSIM: by Key-A, or by the fast hash of Key-B while Key-A is not known). Correlation never looks at
 * client addresses (DERIVED-NAT-01) unless the open point `p1.foreign_host` says so.
 *
 * | request is  | while                                         | a further SYN with its Key-A (proposals 1 and 2)   |
 * |-------------|-----------------------------------------------|----------------------------------------------------|
 * | half-open   | no valid third segment came                   | same Key-B                                         |
 * | established | its connection is MPTCP and open              | same Key-B (1), reset (2)                          |
 * | over        | its connection fell back, is closing or ended | unknown key: a new request                         |
 */
import { fastHash } from '../../protocol/keys/join-cap-mac.js';
import type { IpAddress } from '../../protocol/wire/packet.js';
import type { CapableOffer } from '../mptcp/capable.js';
import type { Connection, Session } from '../mptcp/connection.js';
import type { ReferenceParameters } from '../parameters.js';
import type { Flow } from '../tcp/flow.js';

export interface CapableRequest {
  readonly version: 0 | 1;
  /** Flag A of the SYN, and what was agreed. */
  readonly checksumOffered: boolean;
  readonly cryptoOffered: number;
  readonly checksum: boolean;
  /** v1 learns it with the third segment. */
  keyA: bigint | undefined;
  readonly keyB: bigint;
  readonly port: number;
  readonly firstAt: bigint;
  readonly firstFrom: IpAddress;
  readonly halfOpen: Map<Flow, HalfOpenFlow>;
  connection: Connection | undefined;
  session: Session | undefined;
  over: boolean;
}

/** What was negotiated on a flow besides MP_CAPABLE. */
export interface FlowExtras {
  readonly esim: boolean;
  readonly remoteRtt: boolean;
}

/** A flow of a request before its third segment, as other flows of the host may act on it. */
export interface HalfOpenFlow {
  readonly request: CapableRequest;
  readonly extras: FlowExtras;
  /** Makes `flow` the initial subflow of a new connection. */
  accept(flow: Flow, keyA: bigint): Session;
  /** The flow is half-open no longer. */
  leave(flow: Flow): void;
  reset(flow: Flow): 'gone';
}

/** Half-open flows that one Key-A may hold at a time (DERIVED-SEC-02). */
export const halfOpenPerKey = 64;
/** Half-open flows of the whole host; SYNs beyond are not answered. */
export const halfOpenTotal = 4096;

export class Correlation {
  readonly #crc: ReferenceParameters['esim']['crc'];
  readonly #byKeyA = new Map<bigint, CapableRequest[]>();
  readonly #byFastHash = new Map<number, Set<CapableRequest>>();
  /** Half-open MP_CAPABLE flows of the host. */
  halfOpen = 0;

  constructor(crc: ReferenceParameters['esim']['crc']) {
    this.#crc = crc;
  }

  /** Requests with that Key-A, the oldest first. */
  withKeyA(keyA: bigint): readonly CapableRequest[] {
    return this.#byKeyA.get(keyA) ?? [];
  }

  /** Requests whose Key-A is not known yet and whose Key-B has that fast hash. */
  withFastHash(hash: number): Iterable<CapableRequest> {
    return this.#byFastHash.get(hash) ?? [];
  }

  add(request: CapableRequest): void {
    if (request.keyA !== undefined) this.#index(request, request.keyA);
    else {
      const hash = fastHash(this.#crc, request.keyB);
      const requests = this.#byFastHash.get(hash) ?? new Set();
      this.#byFastHash.set(hash, requests.add(request));
    }
  }

  /** v1: the third segment told Key-A. */
  learnKeyA(request: CapableRequest, keyA: bigint): void {
    if (request.keyA !== undefined) return;
    this.#unhash(request);
    request.keyA = keyA;
    this.#index(request, keyA);
  }

  remove(request: CapableRequest): void {
    request.over = true;
    if (request.keyA === undefined) this.#unhash(request);
    else {
      const rest = this.withKeyA(request.keyA).filter((each) => each !== request);
      if (rest.length > 0) this.#byKeyA.set(request.keyA, rest);
      else this.#byKeyA.delete(request.keyA);
    }
  }

  describe(): readonly unknown[] {
    return [this.#byKeyA, this.#byFastHash, this.halfOpen];
  }

  clear(): void {
    this.#byKeyA.clear();
    this.#byFastHash.clear();
    this.halfOpen = 0;
  }

  #index(request: CapableRequest, keyA: bigint): void {
    this.#byKeyA.set(keyA, [...this.withKeyA(keyA), request]);
  }

  #unhash(request: CapableRequest): void {
    const hash = fastHash(this.#crc, request.keyB);
    const requests = this.#byFastHash.get(hash);
    requests?.delete(request);
    if (requests?.size === 0) this.#byFastHash.delete(hash);
  }
}

/** A SYN as correlation sees it. */
export interface CorrelatedSyn {
  readonly offer: CapableOffer;
  readonly port: number;
  readonly from: IpAddress;
  readonly now: bigint;
}

/**
 * The request that a SYN repeats on another path (paper 2.1), among those with its Key-A. `rst`: the SYN is refused, as a
 * declared policy asks.
 */
export const correlate = (
  requests: readonly CapableRequest[],
  syn: CorrelatedSyn,
  parameters: ReferenceParameters,
): CapableRequest | 'rst' | undefined => {
  const { p1 } = parameters;
  for (const request of requests) {
    if (request.over || request.version !== syn.offer.version) continue;
    if (p1.match_scope === 'key+ver+crypto+port') {
      if (request.port !== syn.port || request.cryptoOffered !== syn.offer.crypto) continue;
    }
    // ROBE-P1-S-11: a connection that is closing has no claim on its key.
    if (request.connection !== undefined && request.connection.state !== 'established') continue;
    if (request.connection !== undefined && p1.match_states === 'half') continue;
    if (Number(syn.now - request.firstAt) > p1.match_window_s * 1e9) continue;
    if (request.checksumOffered !== syn.offer.checksum && p1.flag_mismatch !== 'attach') {
      // ROBE-P1-S-15, I-04: not the identical request.
      if (p1.flag_mismatch === 'rst') return 'rst';
      continue;
    }
    if (p1.foreign_host !== 'attach' && !sharesPrefix(request.firstFrom, syn.from)) {
      if (p1.foreign_host === 'rst') return 'rst';
      continue;
    }
    return request;
  }
  return undefined;
};

/** The first three octets of IPv4, the first four groups of IPv6 as written. */
const sharesPrefix = (a: IpAddress, b: IpAddress): boolean => {
  const separator = a.includes(':') ? ':' : '.';
  const count = separator === ':' ? 4 : 3;
  const prefix = (address: IpAddress) => address.split(separator).slice(0, count).join(separator);
  return prefix(a) === prefix(b);
};

/** Key-B of a SYN (ROBE-P1-S-01, -S-02): that of the request it repeats, or a fresh one. */
export const chooseKeyB = (repeated: CapableRequest | undefined, fresh: () => bigint): bigint =>
  repeated?.keyB ?? fresh();
