/**
 * Readings of the HMAC of ADD_ADDR (RFC 8684 section 3.4.1): key is the announcer's key and then the other's, message is
 * address ID, address and port, the port being 0 where none is announced; the rightmost 64 bits.
 */
import { bigEndian } from '../../protocol/bytes/octets.js';
import type { AddAddrSecrets } from '../../protocol/keys/add-addr-hmac.js';
import { hmac } from '../../protocol/keys/hash.js';
import { pairReadings } from './pair-readings.js';
import { hashReadings, leftmost, phrases, type Reading, readingsThatGive, rightmost, type Variant } from './reading.js';

/** The HMAC of SHA-1 has so many octets, and so has what version 1 takes of that of SHA-256 in MP_JOIN. */
const joinSize = 20;

export const explainAddressHmac = (secrets: AddAddrSecrets, observed: Uint8Array): readonly string[] =>
  readingsThatGive(observed, addressReadings(secrets), [
    { value: rightmost },
    { value: leftmost, wrong: 'cut from the left end of the digest' },
    {
      value: (octets, size) => rightmost(leftmost(octets, joinSize), size),
      wrong: 'cut from the right end of the first 160 bits',
    },
  ]);

function* addressReadings({ localKey, remoteKey, ...announced }: AddAddrSecrets): Generator<Reading> {
  const keys = pairReadings(bigEndian(localKey, 8), bigEndian(remoteKey, 8), 'key');
  for (const hash of hashReadings('sha256')) {
    for (const key of keys) {
      for (const message of messages(announced))
        yield { wrong: phrases(hash, key, message), octets: hmac(hash.value, key.value, message.value) };
    }
  }
}

const messages = ({
  addressId,
  address,
  port,
}: Omit<AddAddrSecrets, 'localKey' | 'remoteKey'>): readonly Variant<Uint8Array>[] => {
  const id = Uint8Array.of(addressId);
  const number = bigEndian(BigInt(port ?? 0), 2);
  const join = (...parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(parts));
  return [
    { value: join(id, address, number) },
    { value: join(id, address), wrong: port === undefined ? 'no port in place of port 0' : 'without the port' },
    { value: join(address, number), wrong: 'without the address ID' },
    { value: join(address, id, number), wrong: 'the address ID after the address' },
    { value: join(id, number, address), wrong: 'the port before the address' },
    { value: join(Uint8Array.of(0), address, number), wrong: 'address ID 0' },
    { value: join(id, address.toReversed(), number), wrong: 'the address in little-endian order' },
    ...(port === undefined
      ? []
      : [
          { value: join(id, address, number.toReversed()), wrong: 'the port in little-endian order' },
          { value: join(id, address, Uint8Array.of(0, 0)), wrong: 'port 0' },
        ]),
  ];
};
