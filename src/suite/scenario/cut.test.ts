import { expect } from 'chai';
import { type TcpDraft, TcpFlag } from '../../protocol/wire/packet.js';
import { seq } from '../../protocol/wire/seq.js';
import type { TcpOption } from '../../protocol/wire/tcp-option.js';
import { cut } from './cut.js';
import type { Flow } from './flow.js';

const timestamps: TcpOption = { option: 'timestamps', value: 1, echo: 2 };
const octets = Uint8Array.from({ length: 600 }, (_, index) => index & 0xff);

const flowWith = (address: string, synOptions: readonly TcpOption[] | undefined): Flow => {
  const syn = { flags: TcpFlag.SYN | TcpFlag.ACK, options: synOptions, payload: new Uint8Array(0) };
  return { local: { address }, seen: synOptions === undefined ? [] : [syn] } as unknown as Flow;
};

const draftWith = (options: readonly TcpOption[]): TcpDraft => ({
  ethernet: { source: '02:00:00:00:00:01', destination: '02:00:00:00:00:02' },
  ip: { source: '192.0.2.1', destination: '192.0.2.2' },
  tcp: {
    sourcePort: 1024,
    destinationPort: 80,
    seq: seq(0xffff_ff00),
    ack: seq(1),
    flags: TcpFlag.ACK | TcpFlag.PSH | TcpFlag.FIN,
    window: 1000,
    options: [...options],
    payload: octets,
  },
});

describe('what the tester sends to a peer that takes little in a segment', () => {
  const ipv4 = '192.0.2.1';
  const table: readonly [string, Flow, readonly TcpOption[], readonly number[]][] = [
    ['before its SYN', flowWith(ipv4, undefined), [], [600]],
    ['of a large MSS', flowWith(ipv4, [{ option: 'mss', value: 1460 }]), [], [600]],
    ['of an MSS of 256', flowWith(ipv4, [{ option: 'mss', value: 256 }]), [], [256, 256, 88]],
    ['with options, in whole words', flowWith(ipv4, [{ option: 'mss', value: 256 }]), [timestamps], [244, 244, 112]],
    ['without MSS over IPv4', flowWith(ipv4, []), [], [536, 64]],
    ['without MSS over IPv6', flowWith('2001:db8::1', []), [], [600]],
    [
      'with MP_CAPABLE',
      flowWith(ipv4, [{ option: 'mss', value: 256 }]),
      [{ option: 'mp_capable', version: 1, flags: 1 }],
      [600],
    ],
  ];
  for (const [what, flow, options, lengths] of table)
    it(`is cut as announced: ${what}`, () => {
      const pieces = cut(draftWith(options), flow).map(({ tcp }) => tcp);
      expect(pieces.map(({ payload = new Uint8Array(0) }) => payload.length)).to.deep.equal(lengths);
      expect(Uint8Array.from(pieces.flatMap(({ payload = new Uint8Array(0) }) => [...payload]))).to.deep.equal(octets);
    });

  it('keeps PSH and FIN for the last piece, and numbers go on across the wrap', () => {
    const pieces = cut(draftWith([]), flowWith(ipv4, [{ option: 'mss', value: 256 }])).map(({ tcp }) => tcp);
    const { ACK, PSH, FIN } = TcpFlag;
    expect(pieces.map(({ flags }) => flags)).to.deep.equal([ACK, ACK, ACK | PSH | FIN]);
    expect(pieces.map((tcp) => tcp.seq)).to.deep.equal([0xffff_ff00, 0, 256]);
  });
});
