/** What every host may do, whatever a case is about: cut its octets as it likes, send signals when it likes, and short DSNs. */
import { expect } from 'chai';
import { dssChecksum } from '../../protocol/keys/dss-checksum.js';
import { initialDsn, token } from '../../protocol/keys/key-digest.js';
import { DssFlag } from '../../protocol/mptcp/option.js';
import { TcpFlag, type TcpPacket } from '../../protocol/wire/packet.js';
import { seq, seqAdd } from '../../protocol/wire/seq.js';
import type { TcpOption } from '../../protocol/wire/tcp-option.js';
import { converse, type Implementation, reply, serverCase } from '../testing/dialogue.js';
import { rightChecksum } from './right-checksum.js';

const { SYN, ACK, PSH, FIN, RST } = TcpFlag;
const text = (octets: string): Uint8Array => new TextEncoder().encode(octets);

const opening = `
- send:   {on: 1, segment: SYN, mp_capable: {key: A, a: 1}}
- expect: {on: 1, segment: SYN/ACK, mp_capable: {key: B}}
- send:   {on: 1, segment: ACK, mp_capable: {a: 1, key: A, peer_key: B}}
`;
const echo = `${opening}
- send:   {on: 1, segment: DATA, data: ping, dss: {ack: idsn(B) + 1, dsn: idsn(A) + 1, ssn: 1, checksum: auto}}
- expect: {on: 1, segment: DATA, data: ping, ack: next, dss: {dsn: idsn(B) + 1, ssn: 1, data_length: 4, checksum: auto}}
`;
const v0 = '  mptcp: 0\n';

const key = 7n;
const idsn = initialDsn(0, key);
const capable: TcpOption = { option: 'mp_capable', version: 0, flags: 0x81, key };

/** A mapping of octets at a place of the stream, with its checksum; `over` where it covers more than they are. */
const mapping = (octets: Uint8Array, at: number, over: Uint8Array = octets): TcpOption => {
  const mapped = { dsn: idsn + 1n + BigInt(at), ssn: 1 + at, dataLength: over.length };
  return { option: 'dss', flags: DssFlag.M | DssFlag.m, ...mapped, checksum: dssChecksum(mapped, over) };
};

const data = (to: TcpPacket, at: number, octets: Uint8Array, options: readonly TcpOption[]): Uint8Array =>
  reply(to, ACK | PSH, { seq: seqAdd(to.tcp.ack, at), payload: octets, options });

/** Answers data by these frames, and SYNs by MP_CAPABLE. */
const server = (answer: (to: TcpPacket) => readonly Uint8Array[]): Implementation => ({
  answer: (packet) => {
    if (packet.tcp.flags === SYN) return [{ frame: reply(packet, SYN | ACK, { options: [capable] }) }];
    return packet.tcp.payload.length === 0 ? [] : answer(packet).map((frame, index) => ({ after: 1 + index, frame }));
  },
});

const whole = text('ping');
const [first, rest] = [whole.subarray(0, 1), whole.subarray(1)];
const addAddr: TcpOption = { option: 'add_addr', nibble: 4, addressId: 3, address: Uint8Array.of(10, 0, 0, 1) };

describe('what a host may do in every case', () => {
  const table: readonly (readonly [what: string, verdict: string, answer: (to: TcpPacket) => readonly Uint8Array[]])[] =
    [
      ['octets in one segment', 'pass', (to) => [data(to, 0, whole, [mapping(whole, 0)])]],
      [
        'octets in two segments, each with its mapping',
        'pass',
        (to) => [data(to, 0, first, [mapping(first, 0)]), data(to, 1, rest, [mapping(rest, 1)])],
      ],
      [
        'octets in two segments under one mapping',
        'pass',
        (to) => [data(to, 0, first, [mapping(first, 0, whole)]), data(to, 1, rest, [])],
      ],
      [
        'one mapping that both segments carry',
        'pass',
        (to) => [data(to, 0, first, [mapping(first, 0, whole)]), data(to, 1, rest, [mapping(first, 0, whole)])],
      ],
      [
        'a part that is sent again before the rest',
        'pass',
        (to) => [
          data(to, 0, first, [mapping(first, 0)]),
          data(to, 0, first, [mapping(first, 0)]),
          data(to, 1, rest, [mapping(rest, 1)]),
        ],
      ],
      [
        'a mapping that leaves a gap',
        'fail',
        (to) => [data(to, 0, first, [mapping(first, 0)]), data(to, 1, rest, [mapping(rest, 2)])],
      ],
      [
        'a rest with other octets',
        'fail',
        (to) => [data(to, 0, first, [mapping(first, 0)]), data(to, 1, text('ong'), [mapping(text('ong'), 1)])],
      ],
      [
        'a rest with the checksum of other octets',
        'fail',
        (to) => [data(to, 0, first, [mapping(first, 0)]), data(to, 1, rest, [mapping(rest, 1, text('ong'))])],
      ],
      ['no rest', 'fail', (to) => [data(to, 0, first, [mapping(first, 0)])]],
      [
        'an address announced before the octets',
        'pass',
        (to) => [reply(to, ACK, { options: [addAddr] }), data(to, 0, whole, [mapping(whole, 0)])],
      ],
      [
        'an address announced after the octets, a priority, a keepalive',
        'pass',
        (to) => [
          data(to, 0, whole, [mapping(whole, 0)]),
          reply(to, ACK, {
            seq: seqAdd(to.tcp.ack, 4),
            options: [addAddr, { option: 'mp_prio', backup: true, reserved: 0 }],
          }),
          reply(to, ACK, { seq: seqAdd(to.tcp.ack, 3) }),
        ],
      ],
      [
        'a mapping ahead of its octets',
        'pass',
        (to) => [reply(to, ACK, { options: [mapping(whole, 0)] }), data(to, 0, whole, [mapping(whole, 0)])],
      ],
      [
        'a FIN beside a signal, which is no bare ACK',
        'fail',
        (to) => [
          data(to, 0, whole, [mapping(whole, 0)]),
          reply(to, ACK | FIN, { seq: seqAdd(to.tcp.ack, 4), options: [addAddr] }),
        ],
      ],
    ];
  for (const [what, verdict, answer] of table) {
    it(`${what}: ${verdict}`, () => {
      expect(converse(serverCase(`${echo}- silence: {on: 1}`, v0), server(answer)).finished).to.include({ verdict });
    });
  }

  it('a keepalive of a host whose octets are acknowledged may have an octet that nobody sent', () => {
    const acknowledged = `${echo}- send: {on: 1, segment: ACK}\n- silence: {on: 1}\n`;
    const echoing = server((to) => [data(to, 0, whole, [mapping(whole, 0)])]);
    const keepingAlive: Implementation = {
      answer: (packet, path) => {
        const isIdle = packet.tcp.flags === ACK && packet.tcp.ack === seq(1001 + whole.length);
        return isIdle ? [{ after: 1, frame: data(packet, -1, text('x'), []) }] : (echoing.answer?.(packet, path) ?? []);
      },
    };
    expect(converse(serverCase(acknowledged, v0), keepingAlive).finished).to.include({ verdict: 'pass' });
  });

  it('octets that come again may come in smaller pieces, and a piece of others is none of them', () => {
    const again = `${echo}- expect: {on: 1, segment: DATA, seq: peer_isn + 1, data: ping, dss: {dsn: idsn(B) + 1, data_length: 4}}`;
    const repeating = (octets: Uint8Array) =>
      server((to) => [data(to, 0, whole, [mapping(whole, 0)]), data(to, 0, octets, [mapping(octets, 0)])]);
    expect(converse(serverCase(again, v0), repeating(first)).finished).to.include({ verdict: 'pass' });
    expect(converse(serverCase(again, v0), repeating(text('q'))).finished).to.include({ verdict: 'fail' });
  });

  it('a copy of the data breaks no silence but one in which copies count', () => {
    const place = { dsn: idsn + 1n, ssn: 5, dataLength: 4 };
    const moved: TcpOption = {
      option: 'dss',
      flags: DssFlag.M | DssFlag.m,
      ...place,
      checksum: dssChecksum(place, whole),
    };
    const copying = server((to) => [data(to, 0, whole, [mapping(whole, 0)]), data(to, 4, whole, [moved])]);
    const lasting = (silence: string) =>
      converse(serverCase(`${echo}- silence: {on: 1${silence}}`, v0), copying).finished;
    expect(lasting('')).to.include({ verdict: 'pass' });
    expect(lasting(', copies: count')).to.include({ verdict: 'fail' });
  });

  it('an ACK for less than was sent may come before the ACK that is waited for, and stands for none', () => {
    const acknowledged = `${opening}
- send:   {on: 1, segment: DATA, data: ping, dss: {ack: idsn(B) + 1, dsn: idsn(A) + 1, ssn: 1, checksum: auto}}
- expect: {on: 1, segment: ACK, ack: next}
`;
    const earlier = (to: TcpPacket): Uint8Array => reply(to, ACK, { ack: to.tcp.seq });
    const acking = (frames: (to: TcpPacket) => readonly Uint8Array[]) =>
      converse(serverCase(acknowledged, v0), server(frames)).finished;
    expect(acking((to) => [earlier(to), reply(to, ACK)])).to.include({ verdict: 'pass' });
    expect(acking((to) => [earlier(to)])).to.include({ verdict: 'fail' });
  });

  it('an ACK that tells nothing new may come before the ACK that is waited for', () => {
    const again = `${echo}
- send:   {on: 1, segment: DATA, data: more, dss: {ack: idsn(B) + 5, dsn: idsn(A) + 5, ssn: 5, checksum: auto}}
- expect: {on: 1, segment: ACK, ack: next, dss: {ack: idsn(A) + 9}}
`;
    const testerKey = 5n;
    const literal = `0x${testerKey.toString(16).padStart(16, '0')}`;
    const known = again.replaceAll('key: A', `key: ${literal}`).replaceAll('idsn(A)', `idsn(${literal})`);
    const told = (octets: bigint): TcpOption => ({
      option: 'dss',
      flags: DssFlag.A | DssFlag.a,
      ack: initialDsn(0, testerKey) + 1n + octets,
    });
    const answering = (later: readonly (readonly TcpOption[])[]) =>
      converse(
        serverCase(known, v0),
        server((to) =>
          to.tcp.payload.length === 4 && to.tcp.payload[0] === 0x6d
            ? later.map((options) => reply(to, ACK, { options }))
            : [reply(to, ACK, { options: [told(4n)] }), data(to, 0, whole, [mapping(whole, 0)])],
        ),
      ).finished;
    expect(answering([[told(8n)]])).to.include({ verdict: 'pass' });
    expect(answering([[], [told(8n)]])).to.include({ verdict: 'pass' });
    expect(answering([[told(4n)], [told(8n)]])).to.include({ verdict: 'pass' });
    expect(answering([[told(4n)]])).to.include({ verdict: 'fail' });
    expect(answering([[told(6n)], [told(8n)]])).to.include({ verdict: 'fail' });
  });

  it('octets under the mapping of an earlier segment are known by it', () => {
    const pieces = `${opening}
- send:   {on: 1, segment: DATA, data: ping, dss: {ack: idsn(B) + 1, dsn: idsn(A) + 1, ssn: 1, checksum: auto}}
- expect: {on: 1, segment: DATA, data: p, dss: {dsn: idsn(B) + 1, ssn: 1}}
- expect: {on: 1, segment: DATA, data: ing, dss: {dsn: idsn(B) + 2, ssn: 2}}
`;
    const mapped = (over: Uint8Array) =>
      converse(
        serverCase(pieces, v0),
        server((to) => [data(to, 0, first, [mapping(first, 0, over)]), data(to, 1, rest, [])]),
      ).finished;
    expect(mapped(whole)).to.include({ verdict: 'pass' });
    expect(mapped(first)).to.include({ verdict: 'fail' });
  });

  /** Echoes `p`, and the rest once that was acknowledged, so many times; notes the windows that it was told then. */
  const waiting = (rests: readonly Uint8Array[], told: number[] = []): Implementation => {
    let taken = seq(0);
    return {
      answer: (packet) => {
        if (packet.tcp.flags === SYN) return [{ frame: reply(packet, SYN | ACK) }];
        if (packet.tcp.payload.length > 0) {
          taken = seqAdd(packet.tcp.seq, packet.tcp.payload.length);
          return [{ after: 1, frame: data(packet, 0, first, []) }];
        }
        if (packet.tcp.ack !== seqAdd(seq(1000), 2)) return [];
        // An ACK below what was taken is old.
        expect(packet.tcp.seq - taken).to.equal(0);
        told.push(packet.tcp.window);
        return rests.map((octets, at) => ({ after: 1 + 300 * at, frame: data(packet, 0, octets, []) }));
      },
    };
  };
  const plainEcho = (window: string, number = '') => `
- send:   {on: 1, segment: SYN}
- expect: {on: 1, segment: SYN/ACK}
- send:   {on: 1, segment: ACK${window}}
- send:   {on: 1, segment: DATA, data: ping${window}${number}}
- expect: {on: 1, segment: DATA, data: ping, ack: any}
`;

  it('a part whose rest waits for its acknowledgment is acknowledged, and the right edge of a window stays where it was', () => {
    for (const [window, number, left] of [
      ['', '', 65_535],
      ['', ', seq: isn + 1', 65_535],
      [', window: 9', '', 8],
    ] as const) {
      const told: number[] = [];
      expect(converse(serverCase(plainEcho(window, number)), waiting([rest], told)).finished).to.include({
        verdict: 'pass',
      });
      expect(told).to.deep.equal([left]);
    }
  });

  it('of octets that come again those need not that were acknowledged as a part', () => {
    const again = `${plainEcho('')}- expect: {on: 1, segment: DATA, seq: peer_isn + 1, data: ping, after: 200ms, within: 1s}\n`;
    expect(converse(serverCase(again), waiting([rest, rest])).finished).to.include({ verdict: 'pass' });
    expect(converse(serverCase(again), waiting([rest, text('ong')])).finished).to.include({ verdict: 'fail' });
    expect(converse(serverCase(again), waiting([rest])).finished).to.include({ verdict: 'fail' });
  });

  it('a part whose rest does not come is no surprise where the case ends because of that', () => {
    const ending = (ends: string) => `${plainEcho('').replace(/- expect:.*ping, ack: any}\n$/, '')}- one-of:
    - {outcome: pass, observation: whole, expect: {on: 1, segment: DATA, data: ping}}
    - {outcome: info, observation: waits, nothing: true${ends}}
  within: 100ms
`;
    const never = waiting([]);
    expect(converse(serverCase(ending(', ends: true')), never).finished).to.include({ verdict: 'info' });
    expect(converse(serverCase(ending('')), never).finished).to.include({ verdict: 'fail' });
  });

  it('a part is not acknowledged where a case has left what came before unacknowledged', () => {
    const withheld = `${plainEcho('')}- send: {on: 1, segment: DATA, data: more, ack: peer_isn + 1}
- expect: {on: 1, segment: DATA, data: more}
`;
    const told: number[] = [];
    const echoing: Implementation = {
      answer: (packet) => {
        if (packet.tcp.flags === SYN) return [{ frame: reply(packet, SYN | ACK) }];
        if (packet.tcp.payload.length === 0) told.push(packet.tcp.ack);
        if (packet.tcp.payload[0] === 0x70) return [{ after: 1, frame: data(packet, 0, whole, []) }];
        return packet.tcp.payload.length === 0 ? [] : [{ after: 1, frame: data(packet, 4, text('m'), []) }];
      },
    };
    expect(converse(serverCase(withheld), echoing).finished).to.include({ verdict: 'fail' });
    expect(told).not.to.include(seqAdd(seq(1000), 6));
  });

  it('a join of its own passes over and is refused at the end, but for a silence in which joins count', () => {
    const testerKey = 5n;
    const fields = { reserved: 0, backup: false, addressId: 3, nonce: 2 };
    const join: TcpOption = { option: 'mp_join', form: 'syn', token: token(0, testerKey), ...fields };
    const joining = (to: TcpPacket, options: readonly TcpOption[]): Uint8Array =>
      reply(to, SYN, { sourcePort: 50_000, destinationPort: 443, seq: seq(77), ack: seq(0), options });
    const literal = `0x${testerKey.toString(16).padStart(16, '0')}`;
    const withKey = echo.replaceAll('key: A', `key: ${literal}`).replaceAll('idsn(A)', `idsn(${literal})`);
    const joined = (options: readonly TcpOption[], last = '') =>
      converse(
        serverCase(withKey + last, v0),
        server((to) => [joining(to, options), joining(to, options), data(to, 0, whole, [mapping(whole, 0)])]),
      );
    const allowed = joined([join]);
    expect(allowed.findings.map(({ sentence }) => sentence)).to.deep.equal([]);
    expect(allowed.trace.some(({ note }) => note?.text === 'refusal on path 1')).to.equal(true);
    expect(joined([join], '- silence: {on: 1}\n').finished).to.include({ verdict: 'pass' });
    expect(joined([join], '- silence: {on: 1, joins: count}\n').finished).to.include({ verdict: 'fail' });
    expect(joined([]).finished).to.include({ verdict: 'fail' });
  });

  it('a join of its own may be given up by a reset, and a reset out of nowhere may not come', () => {
    const join: TcpOption = {
      option: 'mp_join',
      form: 'syn',
      token: 1,
      reserved: 0,
      backup: false,
      addressId: 3,
      nonce: 2,
    };
    const own = { sourcePort: 50_000, destinationPort: 443 };
    const opening = (to: TcpPacket): Uint8Array =>
      reply(to, SYN, { ...own, seq: seq(77), ack: seq(0), options: [join] });
    const reset = (to: TcpPacket): Uint8Array => reply(to, RST | ACK, { ...own, seq: seq(78), ack: seq(0) });
    const giving = (frames: (to: TcpPacket) => readonly Uint8Array[]) =>
      converse(
        serverCase(echo, v0),
        server((to) => [...frames(to), data(to, 0, whole, [mapping(whole, 0)])]),
      )
        .findings.map(({ subject }) => subject)
        .filter((subject) => subject === 'RST-ACK');
    expect(giving((to) => [opening(to), reset(to)])).to.deep.equal([]);
    expect(giving((to) => [reset(to)])).to.deep.equal(['RST-ACK']);
  });

  it('a signal on a flow without MPTCP is unexpected', () => {
    const plain = `
- send:   {on: 1, segment: SYN}
- expect: {on: 1, segment: SYN/ACK}
- send:   {on: 1, segment: ACK}
- send:   {on: 1, segment: DATA, data: ping}
- expect: {on: 1, segment: DATA, data: ping}
`;
    const { finished } = converse(serverCase(plain), {
      answer: (packet) =>
        packet.tcp.flags === SYN
          ? [{ frame: reply(packet, SYN | ACK) }]
          : packet.tcp.payload.length === 0
            ? []
            : [
                { after: 1, frame: reply(packet, ACK, { options: [addAddr] }) },
                { after: 2, frame: data(packet, 0, whole, []) },
              ],
    });
    expect(finished).to.include({ verdict: 'fail' });
  });

  it('a short DSN is made whole by whichever key is near', () => {
    const dsn = idsn + 1n;
    const checksum = dssChecksum({ dsn, ssn: 1, dataLength: 4 }, whole);
    const short: TcpOption = { option: 'dss', flags: DssFlag.M, dsn: BigInt.asUintN(32, dsn), ssn: 1, dataLength: 4 };
    expect(rightChecksum(short, { payload: whole }, 0, [99n, key])).to.equal(checksum);
    expect(rightChecksum(short, { payload: whole }, 0, [99n])).not.to.equal(checksum);
  });
});
