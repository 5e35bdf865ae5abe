/** The two vector captures frame by frame: the values that stand in them were computed by another program. */
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { toHex } from '../../../protocol/bytes/hex.js';
import { dssChecksum } from '../../../protocol/keys/dss-checksum.js';
import { defaultJoinCapLayout, joinCapMac } from '../../../protocol/keys/join-cap-mac.js';
import { joinHmac64, joinHmac160 } from '../../../protocol/keys/join-hmac.js';
import { initialDsn, token } from '../../../protocol/keys/key-digest.js';
import type { MptcpOption } from '../../../protocol/mptcp/option.js';
import { encodeTcpFrame } from '../../../protocol/wire/frame.js';
import type { TcpPacket } from '../../../protocol/wire/packet.js';
import { flagNames } from '../../../protocol/wire/tcp-flags.js';
import { encodeOption } from '../../../protocol/wire/tcp-options.js';
import { decodeCaptured } from '../decode-captured.js';
import { readCapture } from '../read-capture.js';

const [A, B, B2, A2] = [0x0102030405060708n, 0x1112131415161718n, 0x2122232425262728n, 0x3132333435363738n];
const [RA, RB] = [0x0a0b0c0d, 0x1a1b1c1d];
const ethernetLength = 14;

const mptcpOf = (packet: TcpPacket): readonly MptcpOption[] =>
  packet.tcp.options.filter((option): option is MptcpOption => encodeOption(option)[0] === 30);

/** Flags, ports, sequence numbers and payload of each frame, as in both files. */
const segments: readonly [string, number, number, number, number, string][] = [
  ['SYN', 4001, 80, 1000, 0, ''],
  ['SYN/ACK', 80, 4001, 5000, 1001, ''],
  ['ACK', 4001, 80, 1001, 5001, ''],
  ['PSH/ACK', 4001, 80, 1001, 5001, '526f624521'],
  ['ACK', 80, 4001, 5001, 1006, ''],
  ['SYN', 4002, 80, 2000, 0, ''],
  ['SYN/ACK', 80, 4002, 6000, 2001, ''],
  ['ACK', 4002, 80, 2001, 6001, ''],
  ['ACK', 80, 4002, 6001, 2001, ''],
  ['SYN', 4003, 80, 3000, 0, ''],
  ['SYN/ACK', 80, 4003, 7000, 3001, ''],
  ['ACK', 4003, 80, 3001, 7001, ''],
  ['RST/ACK', 80, 4004, 0, 1, ''],
];

/** What the options of each frame must be, derived from the keys. */
const expected = (version: 0 | 1): readonly (readonly MptcpOption[])[] => {
  const capable = { option: 'mp_capable', version, flags: 0x81 } as const;
  const syn = (key: bigint) => (version === 0 ? { ...capable, key } : capable);
  const dsn = BigInt.asUintN(64, initialDsn(version, A) + 1n);
  const mapping = { dsn, ssn: 1, dataLength: 5 };
  const checksum = dssChecksum(mapping, new TextEncoder().encode('RobE!'));
  const dataAck = { option: 'dss', flags: 3, ack: dsn + 5n } as const;
  const fromA = { localKey: A, remoteKey: B, localNonce: RA, remoteNonce: RB };
  const fromB = { localKey: B, remoteKey: A, localNonce: RB, remoteNonce: RA };
  const join = { option: 'mp_join', backup: false, reserved: 0 } as const;
  const esimEn = { option: 'robe_esim_en', reserved: 0 } as const;
  const layout = { ...defaultJoinCapLayout, macBits: 128 } as const;
  const firstData: MptcpOption =
    version === 0
      ? { option: 'dss', flags: 0xd, ack: BigInt.asUintN(32, initialDsn(0, B) + 1n), ...mapping, checksum }
      : { ...capable, key: A, peerKey: B, dataLength: 5, checksum };
  return [
    [syn(A)],
    [{ ...capable, key: B }],
    [{ ...capable, key: A, peerKey: B }],
    [firstData],
    [dataAck],
    [{ ...join, form: 'syn', addressId: 2, token: token(version, B), nonce: RA }],
    [{ ...join, form: 'syn/ack', addressId: 0, hmac: joinHmac64(version, fromB), nonce: RB }],
    [{ option: 'mp_join', form: 'ack', reserved: 0, hmac: joinHmac160(version, fromA) }],
    [dataAck],
    [syn(A2), esimEn],
    [{ ...capable, key: B2 }, esimEn],
    [
      {
        option: 'mp_join_cap',
        reserved: 0,
        addressId: 3,
        key: A,
        mac: joinCapMac({ version, keyA: A, keyB: B, keyB2: B2, layout }),
      },
    ],
    [{ option: 'mp_tcprst', flags: 0, reason: 1 }],
  ];
};

for (const version of [0, 1] as const)
  describe(`the vector capture of v${version}`, () => {
    const packets: TcpPacket[] = [];
    const frames: Uint8Array[] = [];

    before(async () => {
      const file = fileURLToPath(new URL(`../../../../fixtures/vectors/vectors-v${version}.pcap`, import.meta.url));
      for await (const frame of readCapture(file, (problem) => expect.fail(JSON.stringify(problem)))) {
        const { packet } = decodeCaptured(frame.linkType, frame.octets);
        if (packet.kind !== 'tcp') return expect.fail(packet.kind);
        packets.push(packet);
        frames.push(frame.octets);
      }
    });

    it('has the segments it should have, with right checksums', () => {
      const seen = packets.map(({ tcp }) => [
        flagNames(tcp.flags),
        tcp.sourcePort,
        tcp.destinationPort,
        tcp.seq,
        tcp.ack,
        toHex(tcp.payload),
      ]);
      expect(seen).to.deep.equal(segments);
      expect(packets.map(({ tcp }) => tcp.checksumState)).to.deep.equal(packets.map(() => 'valid'));
    });

    for (const [i, options] of expected(version).entries())
      it(`frame ${i + 1} has the derived options`, () => {
        const packet = packets[i];
        expect(packet === undefined ? undefined : mptcpOf(packet)).to.deep.equal(options);
      });

    it('is written again octet by octet', () => {
      for (const [i, packet] of packets.entries())
        expect(toHex(encodeTcpFrame(packet).subarray(ethernetLength))).to.equal(toHex(frames[i] ?? new Uint8Array()));
    });
  });
