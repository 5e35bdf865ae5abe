/** `1 octet`, `12 octets`: a number of octets, as a sentence needs it. */
export const countOctets = (count: number | bigint): string => `${count} ${BigInt(count) === 1n ? 'octet' : 'octets'}`;
