/**
 * Frames to start from: segments of an MPTCP and RobE connection of either version over either IP, every option in every shape
 * that its layout has, and their neighbours.
 */
import { defaultJoinCapLayout, joinCapMac } from '../keys/join-cap-mac.js';
import { joinHmac64, joinHmac160 } from '../keys/join-hmac.js';
import { samplesOf } from '../layout/samples.js';
import type { MptcpOption } from '../mptcp/option.js';
import { encodeArpFrame, encodeIcmpFrame, encodeNdFrame, encodeTcpFrame } from '../wire/frame.js';
import { type TcpDraft, TcpFlag } from '../wire/packet.js';
import { seq } from '../wire/seq.js';
import { optionLayouts, type TcpOption } from '../wire/tcp-option.js';

const [keyA, keyB, keyB2] = [0x0102030405060708n, 0x1112131415161718n, 0x2122232425262728n];
const secrets = { localKey: keyA, remoteKey: keyB, localNonce: 1, remoteNonce: 2 };
const ethernet = { destination: '02:00:00:00:00:01', source: '02:00:00:00:00:02' };
const ends = [
  { source: '10.0.1.1', destination: '10.0.9.1' },
  { source: 'fd00:1::1', destination: 'fd00:9::1' },
] as const;

const synOptions: readonly TcpOption[] = [
  { option: 'mss', value: 1460 },
  { option: 'sack_permitted' },
  { option: 'timestamps', value: 100, echo: 0 },
  { option: 'nop' },
  { option: 'window_scale', shift: 7 },
];
const laterOptions: readonly TcpOption[] = [
  { option: 'nop' },
  { option: 'nop' },
  { option: 'timestamps', value: 100, echo: 100 },
];

/** Flags, MPTCP options and payload of one segment. */
type Segment = readonly [number, readonly MptcpOption[], string?];

function segments(version: 0 | 1): readonly Segment[] {
  const { SYN, ACK, PSH, RST } = TcpFlag;
  const capable = { option: 'mp_capable', version, flags: 0x81 } as const;
  const keys = { key: keyA, peerKey: keyB };
  const join = { option: 'mp_join', backup: false, reserved: 0, addressId: 2, nonce: 1 } as const;
  const mapping = { dsn: 7n, ssn: 1, dataLength: 5, checksum: 0x68af };
  const mac = joinCapMac({ version, keyA, keyB, keyB2, layout: defaultJoinCapLayout });
  const address = Uint8Array.of(10, 0, 2, 1);
  return [
    [SYN, [version === 0 ? { ...capable, key: keyA } : capable]],
    [
      SYN | ACK,
      [
        { ...capable, key: keyB },
        { option: 'robe_esim_en', reserved: 0 },
      ],
    ],
    [ACK, [{ ...capable, ...keys }]],
    [
      PSH | ACK,
      [
        version === 0
          ? { option: 'dss', flags: 0xd, ack: 1n, ...mapping }
          : { ...capable, ...keys, dataLength: 5, checksum: 1 },
      ],
      'RobE!',
    ],
    [PSH | ACK, [{ option: 'dss', flags: 0x1f, ack: 1n, ...mapping }], 'RobE!'],
    [ACK, [{ option: 'dss', flags: 3, ack: 9n }]],
    [SYN, [{ ...join, form: 'syn', token: 3 }]],
    [SYN | ACK, [{ ...join, form: 'syn/ack', hmac: joinHmac64(version, secrets) }]],
    [ACK, [{ option: 'mp_join', form: 'ack', reserved: 0, hmac: joinHmac160(version, secrets) }]],
    [ACK, [{ option: 'mp_join_cap', reserved: 0, addressId: 3, key: keyA, mac }]],
    [
      ACK,
      [
        { option: 'l_rtt_en', reserved: 0, rtt: 20000n, octets: 4 },
        { option: 'dss', flags: 1, ack: 9n },
      ],
    ],
    [ACK, [{ option: 'add_addr', nibble: 0, addressId: 2, address, port: 80, hmac: new Uint8Array(8) }]],
    [
      ACK,
      [
        { option: 'remove_addr', reserved: 0, addressIds: [1, 2] },
        { option: 'mp_prio', backup: true, reserved: 0 },
      ],
    ],
    [ACK, [{ option: 'mp_fail', reserved: 0, dsn: 5n }]],
    [
      RST | ACK,
      [
        { option: 'mp_fastclose', reserved: 0, peerKey: keyB },
        { option: 'mp_tcprst', flags: 0, reason: 1 },
      ],
    ],
  ];
}

/** The segments as drafts that leave lengths and checksums to be computed. */
export const seedSegments: readonly TcpDraft[] = ([0, 1] as const).flatMap((version) =>
  segments(version).flatMap(([flags, options, payload = '']) =>
    ends.map((ip) => ({
      ethernet,
      ip,
      tcp: {
        sourcePort: 4001,
        destinationPort: 80,
        seq: seq(1000),
        ack: seq(5001),
        flags,
        options: [...((flags & TcpFlag.SYN) === 0 ? laterOptions : synOptions), ...options],
        payload: new TextEncoder().encode(payload),
      },
    })),
  ),
);

const [v4, v6] = ends;

/** One segment for every shape of every option. */
const shapeSegments: readonly TcpDraft[] = optionLayouts.flatMap((layout) =>
  samplesOf(layout).map((option) => ({
    ethernet,
    ip: v4,
    tcp: {
      sourcePort: 4001,
      destinationPort: 80,
      seq: seq(1000),
      ack: seq(5001),
      flags: TcpFlag.ACK,
      options: [option as TcpOption],
    },
  })),
);

export const seedFrames: readonly Uint8Array[] = [
  ...[...seedSegments, ...shapeSegments].map((draft) => encodeTcpFrame(draft)),
  encodeTcpFrame({
    ethernet: { ...ethernet, tags: Uint8Array.of(0x81, 0, 0, 10), trailer: new Uint8Array(6) },
    ip: { ...v6, extensions: { first: 0, octets: Uint8Array.of(6, 0, 1, 4, 0, 0, 0, 0) } },
    tcp: { sourcePort: 1, destinationPort: 2, seq: seq(3), flags: TcpFlag.SYN, options: synOptions },
  }),
  encodeArpFrame({
    ethernet,
    arp: {
      operation: 1,
      senderMac: ethernet.source,
      senderIp: v4.source,
      targetMac: ethernet.destination,
      targetIp: v4.destination,
    },
  }),
  encodeNdFrame({
    ethernet,
    ip: v6,
    nd: { type: 'solicitation', target: v6.destination, linkLayer: ethernet.source, flags: 0 },
  }),
  encodeIcmpFrame({ ethernet, ip: v4, icmp: { type: 3, code: 1, body: new Uint8Array(32) } }),
];
