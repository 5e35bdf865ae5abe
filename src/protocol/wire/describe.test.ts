import { expect } from 'chai';
import { fromHex } from '../bytes/hex.js';
import { describeOption, describePacket } from './describe.js';
import { decodeFrame, encodeArpFrame, encodeIcmpFrame, encodeNdFrame, encodeTcpFrame } from './frame.js';
import { seq } from './seq.js';
import type { TcpOption } from './tcp-option.js';

const ethernet = { destination: '02:00:00:00:00:01', source: '02:00:00:00:00:02' };

describe('one line for people', () => {
  const options: readonly [TcpOption, string][] = [
    [{ option: 'mss', value: 1460 }, 'mss value 1460'],
    [{ option: 'sack', blocks: [{ left: 1, right: 2 }] }, 'sack 1-2'],
    [{ option: 'mp_capable', version: 1, flags: 0x81 }, 'mp_capable version 1 flags AH'],
    [{ option: 'mp_capable', version: 0, flags: 0, key: 1n }, 'mp_capable version 0 flags - key 0x0000000000000001'],
    [
      { option: 'mp_join', form: 'syn', backup: true, reserved: 0, addressId: 2, token: 1, nonce: 0xa },
      'mp_join syn backup address_id 2 token 0x00000001 nonce 0x0000000a',
    ],
    [
      { option: 'dss', flags: 0x15, ack: 1n, dsn: 2n, ssn: 0, dataLength: 1 },
      'dss flags FMA ack 0x00000001 dsn 0x00000002 ssn 0 data_length 1',
    ],
    [
      { option: 'mp_join_cap', reserved: 0, addressId: 3, key: 1n, mac: fromHex('0a0b') },
      'mp_join_cap address_id 3 key 0x0000000000000001 mac 0a0b',
    ],
    [{ option: 'l_rtt_en', reserved: 0, rtt: 20000n, octets: 4 }, 'l_rtt_en rtt 20000 octets 4'],
    [
      { option: 'mptcp_unknown', subtype: 15, nibble: 1, data: fromHex('ff') },
      'mptcp_unknown subtype 0xf nibble 0x1 data ff',
    ],
    [
      {
        option: 'malformed',
        kind: 30,
        octets: fromHex('1e02'),
        malformed: { path: 'tcp/options/0/mptcp', offset: 54, why: 'short' },
      },
      'malformed kind 30 1e02 (tcp/options/0/mptcp: short)',
    ],
  ];
  for (const [option, text] of options) it(text, () => expect(describeOption(option)).to.equal(text));

  const tcp = { sourcePort: 1, destinationPort: 2, seq: seq(5), ack: seq(6), flags: 0x12, window: 7 };
  const packets: readonly [Uint8Array, string][] = [
    [
      encodeTcpFrame({
        ethernet,
        ip: { source: '10.0.0.1', destination: '10.0.0.2' },
        tcp: { ...tcp, options: [{ option: 'nop' }, { option: 'mss', value: 9 }] },
      }),
      '10.0.0.1:1 > 10.0.0.2:2 SYN/ACK seq 5 ack 6 win 7 len 0 [mss value 9]',
    ],
    [
      encodeTcpFrame({
        ethernet,
        ip: { source: 'fd00::1', destination: 'fd00::2' },
        tcp: { ...tcp, flags: 4, checksum: 1 },
      }),
      '[fd00::1]:1 > [fd00::2]:2 RST seq 5 win 7 len 0 checksum invalid',
    ],
    [
      encodeTcpFrame({ ethernet, ip: { source: 'fd00::1', destination: 'fd00::2' }, tcp: { ...tcp, dataOffset: 1 } }),
      'fd00::1 > fd00::2 malformed at octet 66, tcp/data_offset: 1 words, at least 5 needed',
    ],
    [
      encodeArpFrame({
        ethernet,
        arp: {
          operation: 2,
          senderMac: ethernet.source,
          senderIp: '10.0.0.1',
          targetMac: ethernet.destination,
          targetIp: '10.0.0.2',
        },
      }),
      'arp 10.0.0.1 is at 02:00:00:00:00:02',
    ],
    [
      encodeNdFrame({
        ethernet,
        ip: { source: 'fd00::1', destination: 'fd00::2' },
        nd: { type: 'advertisement', target: 'fd00::1', linkLayer: ethernet.source, flags: 3 },
      }),
      'fd00::1 > fd00::2 neighbour advertisement fd00::1 at 02:00:00:00:00:02 flags SO',
    ],
    [
      encodeIcmpFrame({
        ethernet,
        ip: { source: '10.0.0.1', destination: '10.0.0.2' },
        icmp: { type: 3, code: 1, body: new Uint8Array(4) },
      }),
      '10.0.0.1 > 10.0.0.2 icmp type 3 code 1, 4 octets',
    ],
  ];
  for (const [frame, text] of packets) it(text, () => expect(describePacket(decodeFrame(frame))).to.equal(text));
});
