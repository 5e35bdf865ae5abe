/**
 * Which header has which number, registry by registry; and what is known to hold no TCP segment, so that nobody misses it.
 * Everything else is not read, and named by its number.
 */
import { hexNumber } from '../../bytes/hex.js';
import { EtherType, ethernetEncapsulation } from '../ethernet.js';
import { type Carried, type Encapsulation, greatestLength, type Registry } from './carried.js';
import { erspanEncapsulation } from './erspan.js';
import { backboneEncapsulation, etherIpEncapsulation } from './fixed.js';
import { geneveEncapsulation } from './geneve.js';
import { greEncapsulation } from './gre.js';
import { gtpUEncapsulation } from './gtp-u.js';
import { ipv4Encapsulation, ipv6Encapsulation } from './ip.js';
import { l2tpEncapsulation } from './l2tp.js';
import { llcEncapsulation } from './llc.js';
import { mplsEncapsulation } from './mpls.js';
import { PppProtocol, pppEncapsulation } from './ppp.js';
import { pppoeEncapsulation } from './pppoe.js';
import { tzspEncapsulation } from './tzsp.js';
import { udpEncapsulation } from './udp.js';
import { isVlan, vlanEncapsulation } from './vlan.js';
import { vxlanEncapsulation } from './vxlan.js';
import { wifiEncapsulation } from './wifi.js';

type Numbered = ReadonlyMap<number, Encapsulation>;

const byEtherType: Numbered = new Map([
  [EtherType.ipv4, ipv4Encapsulation],
  [EtherType.ipv6, ipv6Encapsulation],
  [EtherType.bridging, ethernetEncapsulation],
  [EtherType.mpls, mplsEncapsulation],
  [EtherType.mplsMulticast, mplsEncapsulation],
  [EtherType.pppoe, pppoeEncapsulation],
  [EtherType.ppp, pppEncapsulation],
  [EtherType.backbone, backboneEncapsulation],
  // The header of GRE tells types I and II apart.
  [EtherType.erspan, erspanEncapsulation],
]);

const byIpProtocol: Numbered = new Map([
  [4, ipv4Encapsulation],
  [17, udpEncapsulation],
  [41, ipv6Encapsulation],
  [47, greEncapsulation],
  [97, etherIpEncapsulation],
  [137, mplsEncapsulation],
  // SRv6 (RFC 8986 section 4.9).
  [143, ethernetEncapsulation],
]);

const byUdpPort: Numbered = new Map([
  [1701, l2tpEncapsulation],
  [2152, gtpUEncapsulation],
  [4789, vxlanEncapsulation],
  [4790, vxlanEncapsulation],
  [6081, geneveEncapsulation],
  [6635, mplsEncapsulation],
  // VXLAN of the Linux kernel from before the port was assigned, and of flannel and Cilium.
  [8472, vxlanEncapsulation],
  [37008, tzspEncapsulation],
]);

const byPppProtocol: Numbered = new Map([
  [PppProtocol.ipv4, ipv4Encapsulation],
  [PppProtocol.ipv6, ipv6Encapsulation],
  [PppProtocol.mpls, mplsEncapsulation],
  [PppProtocol.mplsMulticast, mplsEncapsulation],
]);

const ofEtherType = (type: number): Encapsulation | undefined =>
  isVlan(type) ? vlanEncapsulation : type <= greatestLength ? llcEncapsulation : byEtherType.get(type);

/** The header that has this number, if it is one that is read. */
export function encapsulationOf({ registry, number }: Carried): Encapsulation | undefined {
  switch (registry) {
    case 'EtherType':
      return ofEtherType(number);
    case 'IP protocol':
      return byIpProtocol.get(number);
    case 'UDP port':
      return byUdpPort.get(number);
    case 'PPP protocol':
      return byPppProtocol.get(number);
    case 'Ethernet frame':
      return ethernetEncapsulation;
    case 'LLC frame':
      return llcEncapsulation;
    case 'PPP frame':
      return pppEncapsulation;
    case 'PPPoE frame':
      return pppoeEncapsulation;
    case 'IEEE 802.11 frame':
      return wifiEncapsulation;
    case 'ERSPAN frame':
      return erspanEncapsulation;
    default:
      return undefined;
  }
}

const withoutTcp: Partial<Record<Registry, ReadonlyMap<number, string>>> = {
  EtherType: new Map([[EtherType.arp, 'ARP']]),
  'IP protocol': new Map([
    [1, 'ICMP'],
    [2, 'IGMP'],
    [17, 'UDP'],
    [58, 'ICMPv6'],
    [59, 'no next header'],
    [89, 'OSPF'],
    [103, 'PIM'],
    [112, 'VRRP'],
    [132, 'SCTP'],
  ]),
  'IEEE 802.11 type': new Map([
    [0, 'IEEE 802.11 management'],
    [1, 'IEEE 802.11 control'],
  ]),
  'IEEE 802.11 data without payload': new Map([[0, 'IEEE 802.11 data without payload']]),
};

/** The name of what holds no TCP segment; undefined where nobody knows. */
export const nameWithoutTcp = ({ registry, number }: Carried): string | undefined => withoutTcp[registry]?.get(number);

/** In how many hexadecimal digits numbers are written; 0: in decimal. Registries that are not named here number nothing. */
const digits: Partial<Record<Registry, number>> = {
  EtherType: 4,
  'IP protocol': 0,
  'PPP protocol': 4,
  'LLC SAP': 2,
  'SNAP organisation': 6,
  'PPPoE code': 2,
  'address family': 0,
  'Linux protocol': 4,
  'netlink family': 0,
  'IEEE 802.11 type': 0,
  'MPLS payload': 1,
  'GTP-U payload': 1,
};

/** What a registry and a number name, such as `EtherType 0x88cc`. */
export function carriedText({ registry, number }: Carried): string {
  const width = digits[registry];
  if (width === undefined) return registry;
  return `${registry} ${width === 0 ? number : hexNumber(number, width)}`;
}
