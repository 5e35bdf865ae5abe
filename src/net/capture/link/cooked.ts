/**
 * The headers that Linux writes in place of those of a link when it captures on several devices at once.
 *
 *     LINKTYPE_LINUX_SLL    packet type (2) | hardware (2) | address length (2) | address (8) | protocol (2)
 *     LINKTYPE_LINUX_SLL2   protocol (2) | reserved (2) | device (4) | hardware (2) | packet type (1) | length (1) | address (8)
 *
 * The protocol is an EtherType, or one of the numbers that Linux gives to frames without, unless the hardware says otherwise.
 */
import { type Malformed, shortage } from '../../../protocol/bytes/malformed.js';
import { uint16 } from '../../../protocol/bytes/octets.js';
import { type Carried, carried, carriedOne, greatestLength } from '../../../protocol/wire/encapsulation/carried.js';

interface Layout {
  readonly hardware: number;
  readonly protocol: number;
  readonly payload: number;
}

const sll: Layout = { hardware: 2, protocol: 14, payload: 16 };
const sll2: Layout = { hardware: 8, protocol: 0, payload: 20 };

/** ARPHRD_NETLINK and ARPHRD_IEEE80211 of `linux/if_arp.h`. */
const Hardware = { netlink: 824, wifi: 801 } as const;
/** ETH_P_802_2 of `linux/if_ether.h`. */
const llcFrame = 0x0004;

const cooked =
  (layout: Layout) =>
  (octets: Uint8Array, from: number, to: number): Carried | Malformed => {
    const missing = shortage('link', from, to, layout.payload);
    if (missing !== undefined) return missing;
    const protocol = uint16(octets, from + layout.protocol);
    const payload = from + layout.payload;
    switch (uint16(octets, from + layout.hardware)) {
      case Hardware.netlink:
        return carried('netlink family', protocol, payload, to);
      case Hardware.wifi:
        return carriedOne('IEEE 802.11 frame', payload, to);
      default:
        if (protocol > greatestLength) return carried('EtherType', protocol, payload, to);
        return protocol === llcFrame
          ? carriedOne('LLC frame', payload, to)
          : carried('Linux protocol', protocol, payload, to);
    }
  };

export const readCooked: ReturnType<typeof cooked> = cooked(sll);
export const readCooked2: ReturnType<typeof cooked> = cooked(sll2);
