/** Recorded segments for another tester: right checksums stay right, wrong ones wrong, and nothing else changes. */
import { expect } from 'chai';
import { decodeFrame, encodeTcpFrame } from '../../protocol/wire/frame.js';
import { TcpFlag } from '../../protocol/wire/packet.js';
import { seq } from '../../protocol/wire/seq.js';
import { addressKey, endsOf, essenceOf, rewrite, sourceMacOf } from './rewrite.js';

const ethernet = { source: '02:00:00:00:00:01', destination: '02:00:00:00:00:02' };
const ends = {
  4: { source: '10.200.0.1', destination: '10.201.64.1', other: '192.168.7.9' },
  6: { source: 'fd52::1', destination: 'fd52::64', other: '2001:db8:ffff::a' },
} as const;

const segment = (ip: 4 | 6, checksum?: number) =>
  encodeTcpFrame({
    ethernet,
    ip: { source: ends[ip].source, destination: ends[ip].destination },
    tcp: {
      sourcePort: 8684,
      destinationPort: 10240,
      seq: seq(7),
      ack: seq(0xffff_fff0),
      flags: TcpFlag.SYN | TcpFlag.ACK,
      options: [{ option: 'mss', value: 1460 }],
      ...(checksum === undefined ? {} : { checksum }),
    },
  });

for (const ip of [4, 6] as const)
  describe(`a recorded segment over IPv${ip}, rewritten`, () => {
    const change = {
      sourceMac: '02:00:00:00:00:0a',
      destinationMac: '02:00:00:00:00:0b',
      destination: { address: addressKey(ends[ip].other), port: 65000 },
      ackBy: 0x20,
    };

    it('goes to the new end with an acknowledgement of its numbers', () => {
      const packet = decodeFrame(rewrite(segment(ip), change));
      if (packet.kind !== 'tcp') throw new Error(packet.kind);
      expect(packet.ethernet).to.include({ source: change.sourceMac, destination: change.destinationMac });
      expect(packet.ip).to.include({ source: ends[ip].source, destination: ends[ip].other });
      expect(packet.tcp).to.include({
        sourcePort: 8684,
        destinationPort: 65000,
        seq: 7,
        ack: 0x10,
        checksumState: 'valid',
      });
      if (ip === 4) expect(packet.ip.checksumState).to.equal('valid');
    });

    it('keeps a wrong checksum wrong', () => {
      const packet = decodeFrame(rewrite(segment(ip, 0x1234), change));
      expect(packet.kind === 'tcp' && packet.tcp.checksumState).to.equal('invalid');
    });

    it('leaves the original and all that was not asked for alone', () => {
      const original = segment(ip);
      expect(rewrite(original, {})).to.deep.equal(original);
      rewrite(original, change);
      expect(original).to.deep.equal(segment(ip));
    });

    it('is the same segment whoever sends it, also padded', () => {
      const other = rewrite(segment(ip), { destination: change.destination });
      const padded = Uint8Array.from([...other, 0, 0, 0]);
      expect(essenceOf(padded, true)).to.equal(essenceOf(segment(ip), true));
      expect(endsOf(other)?.destination).to.deep.equal(change.destination);
      expect(sourceMacOf(other)).to.equal(ethernet.source);
    });
  });
