/**
 * Names of the values of a dialogue, as a case writes them: keys `A`, `B`, `A2`, nonces `RA2`, `RB2`, and what is computed from
 * them: tokens, data sequence numbers after an IDSN, HMACs and MACs.
 */
import { equalOctets } from '../../protocol/bytes/octets.js';
import { type JoinCapLayout, joinCapMac } from '../../protocol/keys/join-cap-mac.js';
import { joinHmac64, joinHmac160 } from '../../protocol/keys/join-hmac.js';
import { initialDsn, token } from '../../protocol/keys/key-digest.js';

type Owner = 'A' | 'B';

/** Data of a dialogue is shorter than this: what stands further from an IDSN does not count from it. */
const furthest = 1n << 20n;

export class Names {
  readonly #version: 0 | 1;
  readonly #keys = new Map<bigint, string>();
  readonly #nonces = new Map<number, string>();

  constructor(version: 0 | 1) {
    this.#version = version;
  }

  /** The name of a key of the client (A) or of the server (B), first met on that path. */
  key(key: bigint, owner: Owner, path: number): string {
    const known = this.#keys.get(key);
    if (known !== undefined) return known;
    const taken = new Set(this.#keys.values());
    const wanted = [owner, `${owner}${path}`].find((name) => !taken.has(name));
    const name = wanted ?? `${owner}${path}${taken.size}`;
    this.#keys.set(key, name);
    return name;
  }

  nonce(nonce: number, owner: Owner, path: number): string {
    const known = this.#nonces.get(nonce);
    if (known !== undefined) return known;
    const name = `R${owner}${path}${this.#nonces.size < 2 ? '' : this.#nonces.size}`;
    this.#nonces.set(nonce, name);
    return name;
  }

  /** `token(B)`; undefined for one of no key that was met. */
  token(value: number): string | undefined {
    const found = [...this.#keys].find(([key]) => token(this.#version, key) === value);
    return found && `token(${found[1]})`;
  }

  /** `idsn(A) + 6` for a number of 64 or 32 bits; undefined for one that counts from no key that was met. */
  dataNumber(value: bigint, octets: 4 | 8): string | undefined {
    for (const [key, name] of this.#keys) {
      const distance = BigInt.asUintN(octets * 8, value - initialDsn(this.#version, key));
      if (distance < furthest) return `idsn(${name}) + ${distance}`;
    }
    return undefined;
  }

  /** `hmac_b(A, B, RA2, RB2)` of a SYN/ACK (8 octets) or `hmac_a(…)` of a third segment (20); undefined for a wrong one. */
  joinHmac(mac: Uint8Array): string | undefined {
    const atServer = mac.length === 8;
    const compute = atServer ? joinHmac64 : joinHmac160;
    const nonces = [...this.#nonces];
    for (const [localKey, local] of this.#keys) {
      for (const [remoteKey, remote] of this.#keys) {
        for (const [localNonce, mine] of nonces) {
          for (const [remoteNonce, theirs] of nonces) {
            const secrets = { localKey, remoteKey, localNonce, remoteNonce };
            if (localKey === remoteKey || !equalOctets(compute(this.#version, secrets), mac)) continue;
            return atServer
              ? `hmac_b(${remote}, ${local}, ${theirs}, ${mine})`
              : `hmac_a(${local}, ${remote}, ${mine}, ${theirs})`;
          }
        }
      }
    }
    return undefined;
  }

  /** `cap_mac(A, B, B2)`; undefined for a MAC over other keys than those that were met. */
  capMac(mac: Uint8Array, layout: JoinCapLayout): string | undefined {
    const keys = [...this.#keys];
    for (const [keyA, a] of keys) {
      for (const [keyB, b] of keys) {
        for (const [keyB2, b2] of keys) {
          if (!equalOctets(joinCapMac({ version: this.#version, keyA, keyB, keyB2, layout }), mac)) continue;
          return `cap_mac(${a}, ${b}, ${b2})`;
        }
      }
    }
    return undefined;
  }
}
