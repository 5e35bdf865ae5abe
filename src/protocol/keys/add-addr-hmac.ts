/**
 * The HMAC of ADD_ADDR (RFC 8684 section 3.4.1, v1 only): key is the sender's key and then the other's; message is address
 * ID, address and port, the port being 0 when the option has none. The option carries the rightmost 64 bits.
 */
import { putOctets, putUint8, putUint16 } from '../bytes/octets.js';
import { hmac, keyOctets } from './hash.js';

export interface AddAddrSecrets {
  readonly localKey: bigint;
  readonly remoteKey: bigint;
  readonly addressId: number;
  /** 4 or 16 octets. */
  readonly address: Uint8Array;
  readonly port?: number;
}

const Message = { addressId: 0, address: 1 } as const;
const portSize = 2;
const cut = 8;

export function addAddrHmac(secrets: AddAddrSecrets): Uint8Array {
  const { address } = secrets;
  const message = new Uint8Array(Message.address + address.length + portSize);
  putUint8(message, Message.addressId, secrets.addressId);
  putOctets(message, Message.address, address);
  putUint16(message, Message.address + address.length, secrets.port ?? 0);
  return hmac('sha256', keyOctets(secrets.localKey, secrets.remoteKey), message).subarray(-cut);
}
