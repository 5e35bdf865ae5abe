import { expect } from 'chai';
import { fromHex } from '../../../protocol/bytes/hex.js';
import { encodeTcpFrame } from '../../../protocol/wire/frame.js';
import { seq } from '../../../protocol/wire/seq.js';
import { decodeCaptured } from '../decode-captured.js';
import { LinkType } from './link-type.js';

const ethernet = { destination: '02:00:00:00:00:01', source: '02:00:00:00:00:02' };
const tcp = { sourcePort: 1, destinationPort: 2, seq: seq(3), flags: 2 };
const v4 = encodeTcpFrame({ ethernet, ip: { source: '10.0.0.1', destination: '10.0.0.2' }, tcp });
const v6 = encodeTcpFrame({ ethernet, ip: { source: 'fd00::1', destination: 'fd00::2' }, tcp });

/** A link header in hex before the datagram of a frame. */
const framed = (header: string, frame: Uint8Array): Uint8Array =>
  Uint8Array.of(...fromHex(header), ...frame.subarray(14));

describe('link types', () => {
  const table: readonly [string, number, Uint8Array][] = [
    ['Ethernet', LinkType.ethernet, v4],
    ['raw IPv4', LinkType.raw, framed('', v4)],
    ['raw IPv6', LinkType.raw, framed('', v6)],
    ['raw IP under a number of libpcap', 12, framed('', v6)],
    ['IPv4', LinkType.ipv4, framed('', v4)],
    ['IPv6', LinkType.ipv6, framed('', v6)],
    ['Linux cooked', LinkType.linuxCooked, framed('0004 0001 0006 0200000000020000 0800', v4)],
    ['Linux cooked, IPv6', LinkType.linuxCooked, framed('0004 0001 0006 0200000000020000 86dd', v6)],
    ['Linux cooked v2', LinkType.linuxCooked2, framed('0800 0000 00000002 0001 04 06 0200000000020000', v4)],
    ['Linux cooked, VLAN', LinkType.linuxCooked, framed('0004 0001 0006 0200000000020000 8100 0005 0800', v4)],
    [
      'Linux cooked v2, two tags',
      LinkType.linuxCooked2,
      framed('88a8 0000 00000002 0001 04 06 0200000000020000 0005 8100 0006 86dd', v6),
    ],
    ['BSD loopback', LinkType.null, framed('02000000', v4)],
    ['BSD loopback of a big-endian host', LinkType.null, framed('00000002', v4)],
    ['BSD loopback, IPv6 of NetBSD', LinkType.null, framed('00000018', v6)],
    ['loopback, IPv6 of Linux', LinkType.null, framed('0a000000', v6)],
    ['BSD loopback, IPv6 of FreeBSD', LinkType.null, framed('1c000000', v6)],
    ['BSD loopback, IPv6 of Darwin', LinkType.null, framed('1e000000', v6)],
    ['PPP', LinkType.ppp, framed('ff03 0021', v4)],
    ['PPP, IPv6 after a compressed header', LinkType.ppp, framed('57', v6)],
    ['PPP in HDLC framing', LinkType.pppHdlc, framed('ff03 0057', v6)],
    ['OpenBSD loopback', LinkType.loop, framed('00000002', v4)],
    ['OpenBSD loopback, IPv6', LinkType.loop, framed('00000018', v6)],
  ];
  for (const [name, linkType, octets] of table)
    it(name, () => {
      const { packet } = decodeCaptured(linkType, octets);
      expect(packet).to.have.nested.property('tcp.checksumState', 'valid');
    });

  it('reads no other address family as IP, whatever lies after it', () => {
    // OSI, IPX, none; and a family in the wrong order where the order is given.
    for (const family of ['07000000', '17000000', '00000000'])
      expect(decodeCaptured(LinkType.null, framed(family, v6)).unread, family).to.match(/^address family \d+$/);
    expect(decodeCaptured(LinkType.loop, framed('02000000', v4)).unread).to.equal('address family 33554432');
  });

  it('reports a link type that is not known and a link header cut short', () => {
    expect(decodeCaptured(147, v4)).to.have.nested.property('packet.malformed.why', 'link type 147 is not known');
    for (const linkType of Object.values(LinkType))
      expect(decodeCaptured(linkType, Uint8Array.of(0xff, 0x03, 0)).packet.kind).to.equal('malformed');
  });
});
