import { expect } from 'chai';
import { encodeArpFrame, encodeTcpFrame } from '../../protocol/wire/frame.js';
import { TcpFlag } from '../../protocol/wire/packet.js';
import { seq } from '../../protocol/wire/seq.js';
import { VirtualClock } from '../clock/virtual.js';
import { sendOnlyTo } from './declared-only.js';
import { createMemoryLink } from './memory.js';

const [own, other, tester] = ['192.0.2.1', '203.0.113.9', '192.0.2.130'];
const mac = { tester: '02:00:00:00:00:01', iut: '02:00:00:00:00:02', other: '02:00:00:00:00:03' };

const segment = (destination: string): Uint8Array =>
  encodeTcpFrame({
    ethernet: { source: mac.tester, destination: mac.iut },
    ip: { source: tester, destination },
    tcp: { sourcePort: 1, destinationPort: 2, seq: seq(0), flags: TcpFlag.RST },
  });

const arpReply = (targetIp: string, targetMac: string): Uint8Array =>
  encodeArpFrame({
    ethernet: { source: mac.tester, destination: targetMac },
    arp: { operation: 2, senderMac: mac.tester, senderIp: tester, targetMac, targetIp },
  });

describe('a link that sends only to the implementation', () => {
  const table: readonly (readonly [what: string, frame: Uint8Array, goes: boolean])[] = [
    ['a segment to it', segment(own), true],
    ['a segment to an address that it gave as its own', segment(other), false],
    ['a segment to the tester itself', segment(tester), false],
    ['an ARP reply to it', arpReply(own, mac.other), true],
    ['an ARP reply to the declared router', arpReply(other, mac.iut), true],
    ['an ARP reply to somebody else', arpReply(other, mac.other), false],
  ];
  for (const [what, frame, goes] of table)
    it(`${goes ? 'sends' : 'withholds'} ${what}`, () => {
      const clock = new VirtualClock();
      const [ours, theirs] = createMemoryLink({ clock, paths: [1] });
      const link = sendOnlyTo(ours, { addresses: new Set([own]), macs: new Set([mac.iut]) });
      let came = 0;
      theirs.subscribe(() => {
        came += 1;
      });
      link.send(1, frame);
      clock.advanceTo(1n);
      expect({ came, withheld: link.withheld() }).to.deep.equal(
        goes ? { came: 1, withheld: 0 } : { came: 0, withheld: 1 },
      );
    });
});
