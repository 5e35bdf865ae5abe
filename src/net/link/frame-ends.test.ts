import { expect } from 'chai';
import { encodeArpFrame, encodeNdFrame } from '../../protocol/wire/frame.js';
import { destinationKey, keyOfAddress, sourceKey } from './frame-ends.js';

const [a, b] = ['02:00:00:00:00:0a', '02:00:00:00:00:0b'];

/** Ethernet and the first 40 octets of a header, addresses where the RFCs have them. */
const frame = (type: number, source: readonly [number, string], destination: readonly [number, string]): Uint8Array => {
  const octets = new Uint8Array(54).fill(0xa5);
  octets.set([type >> 8, type & 0xff], 12);
  for (const [at, address] of [source, destination]) octets.set(Buffer.from(keyOfAddress(address), 'latin1'), 14 + at);
  return octets;
};

describe('ends of a frame', () => {
  it('stand where RFC 791 and RFC 8200 put them', () => {
    const four = frame(0x0800, [12, '192.0.2.1'], [16, '192.0.2.2']);
    expect([sourceKey(four), destinationKey(four)]).to.deep.equal([
      keyOfAddress('192.0.2.1'),
      keyOfAddress('192.0.2.2'),
    ]);
    const six = frame(0x86dd, [8, '2001:db8::1'], [24, '2001:db8::2']);
    expect([sourceKey(six), destinationKey(six)]).to.deep.equal([
      keyOfAddress('2001:db8::1'),
      keyOfAddress('2001:db8::2'),
    ]);
  });

  it('know who asks and who answers for a link-layer address', () => {
    const arp = encodeArpFrame({
      ethernet: { destination: a, source: b },
      arp: { operation: 2, senderMac: b, senderIp: '192.0.2.7', targetMac: a, targetIp: '192.0.2.8' },
    });
    expect(sourceKey(arp)).to.equal(keyOfAddress('192.0.2.7'));
    expect(destinationKey(arp)).to.equal(undefined);
    const nd = encodeNdFrame({
      ethernet: { destination: a, source: b },
      ip: { source: '2001:db8::7', destination: '2001:db8::8' },
      nd: { type: 'advertisement', target: '2001:db8::7', linkLayer: b, flags: 2 },
    });
    expect(sourceKey(nd)).to.equal(keyOfAddress('2001:db8::7'));
  });

  it('are not made up where a frame is cut or of another kind', () => {
    const four = frame(0x0800, [12, '192.0.2.1'], [16, '192.0.2.2']);
    expect(destinationKey(four.subarray(0, 33))).to.equal(undefined);
    expect(sourceKey(four.subarray(0, 29))).to.equal(undefined);
    expect(sourceKey(new Uint8Array(0))).to.equal(undefined);
    expect(sourceKey(frame(0x88cc, [12, '192.0.2.1'], [16, '192.0.2.2']))).to.equal(undefined);
  });
});
