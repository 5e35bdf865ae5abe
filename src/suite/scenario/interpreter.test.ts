import { expect } from 'chai';
import { type TcpDraft, TcpFlag, type TcpPacket } from '../../protocol/wire/packet.js';
import { seq } from '../../protocol/wire/seq.js';
import { clientCase, converse, fromClient, type Implementation, reply, serverCase } from '../testing/dialogue.js';

const SYN_ACK = TcpFlag.SYN | TcpFlag.ACK;
const capable = (key?: bigint, version = 1) =>
  ({ option: 'mp_capable', version, flags: 0x01, ...(key === undefined ? {} : { key }) }) as const;

const isSyn = (p: TcpPacket) => p.tcp.flags === TcpFlag.SYN;

/** Answers SYNs with a SYN/ACK of this form, and nothing else. */
const server = (more: (p: TcpPacket, path: number) => Partial<TcpDraft['tcp']>, after = 1): Implementation => ({
  answer: (p, path) => (isSyn(p) ? [{ after, frame: reply(p, SYN_ACK, more(p, path)) }] : []),
});

const handshake = `
- send:   {on: 1, segment: SYN, mp_capable: {key: A, version: 0}}
- expect: {on: 1, segment: SYN/ACK, mp_capable: {key: B}}
`;
const twoFlows = `${handshake}
- send:   {on: 2, segment: SYN, mp_capable: {key: A, version: 0}}
- expect: {on: 2, segment: SYN/ACK, mp_capable: {key: B}}
`;
const v0 = '  mptcp: 0\n';

describe('interpreter, role server', () => {
  it('passes when everything expected comes and the sentinel is answered', () => {
    const { finished } = converse(
      serverCase(handshake, v0),
      server(() => ({ options: [capable(7n, 0)] })),
    );
    expect(finished).to.include({ verdict: 'pass' });
  });

  it('binds a name on first sight and fails when it differs later, naming both values', () => {
    const right = converse(
      serverCase(twoFlows, v0),
      server(() => ({ options: [capable(7n, 0)] })),
    );
    expect(right.finished?.verdict).to.equal('pass');
    const wrong = converse(
      serverCase(twoFlows, v0),
      server((_, path) => ({ options: [capable(BigInt(path), 0)] })),
    );
    expect(wrong.finished).to.include({
      verdict: 'fail',
      class: 'mismatch',
      signature: 'mismatch/SYN-ACK.mp_capable.key',
    });
    expect(wrong.finished?.sentence).to.contain('mp_capable.key expected 1 (B), got 2');
  });

  const mistakes: readonly (readonly [string, Partial<TcpDraft['tcp']>, string])[] = [
    ['a plain SYN/ACK', {}, 'mismatch/SYN-ACK.mp_capable'],
    ['another version', { options: [capable(7n, 1)] }, 'mismatch/SYN-ACK.mp_capable.version'],
    ['the option twice', { options: [capable(7n, 0), capable(8n, 0)] }, 'mismatch/SYN-ACK.mp_capable'],
    ['a wrong acknowledgment', { ack: seq(1), options: [capable(7n, 0)] }, 'mismatch/SYN-ACK.ack'],
    ['a reset', { flags: TcpFlag.RST | TcpFlag.ACK }, 'mismatch/SYN-ACK after SYN+mp_capable'],
  ];
  for (const [what, more, signature] of mistakes)
    it(`fails on ${what}`, () => {
      const { finished } = converse(
        serverCase(handshake, v0),
        server(() => more),
      );
      expect(finished).to.include({ verdict: 'fail', signature });
    });

  describe('where what the case cites allows no failure', () => {
    const bounded = { ...serverCase(twoFlows, v0), gravest: 'nonstrict' } as const;
    const [first, second, ...rest] = bounded.steps;
    if (first === undefined || second === undefined) throw new Error('two flows have more steps');
    const elsewhere = [first, second].map((step) => ({
      ...step,
      origin: { ...step.origin, file: 'fragments/a.yaml' },
    }));
    const setUp = { ...bounded, steps: [...elsewhere, ...rest] };
    const refusing = server(() => ({ flags: TcpFlag.RST | TcpFlag.ACK }));
    const changing = server((_, path) => ({ options: [capable(path === 1 ? 0x5eedn : 0x0bad_cafe_f00dn, 0)] }));

    it('says nonstrict of its own steps', () => {
      expect(converse(bounded, refusing).finished).to.include({ verdict: 'nonstrict', class: 'mismatch' });
      expect(converse(setUp, changing).finished).to.include({ verdict: 'nonstrict', class: 'mismatch' });
    });

    it('fails on what a fragment sets up before them', () => {
      expect(converse(setUp, refusing).finished).to.include({ verdict: 'fail', class: 'mismatch' });
    });

    it('fails on a crash', () => {
      const lost = () => ({ answer: 'lost', why: 'exit status 139' }) as const;
      const dying = { ...server(() => ({ options: [capable(7n, 0)] })), mute: true, control: lost };
      expect(converse(bounded, dying).finished).to.include({ verdict: 'fail', class: 'crash' });
    });
  });

  it('calls a segment that does not come missing, and never passes silence', () => {
    const { finished } = converse(serverCase(handshake, v0), {});
    expect(finished).to.include({
      verdict: 'fail',
      class: 'missing',
      signature: 'missing/SYN-ACK after SYN+mp_capable',
    });
  });

  it('is inconclusive when the sentinel goes unanswered', () => {
    const { finished } = converse(serverCase(handshake, v0), {
      ...server(() => ({ options: [capable(7n, 0)] })),
      mute: true,
      control: () => ({ answer: 'ok', result: {} }),
    });
    expect(finished).to.include({ verdict: 'inconclusive' });
    expect(finished?.facets.liveness).to.equal('inconclusive');
  });

  it('calls it a crash when the control channel is gone as well', () => {
    const { finished } = converse(serverCase(handshake, v0), {
      ...server(() => ({ options: [capable(7n, 0)] })),
      mute: true,
      control: () => ({ answer: 'lost', why: 'exit status 139' }),
    });
    expect(finished).to.include({ verdict: 'fail', class: 'crash' });
  });

  it('fails on what is left over after the last step', () => {
    const { finished } = converse(serverCase(handshake, v0), {
      answer: (p) => {
        if (!isSyn(p)) return [];
        const synAck = reply(p, SYN_ACK, { options: [capable(7n, 0)] });
        return [{ frame: synAck }, { frame: reply(p, TcpFlag.RST | TcpFlag.ACK, { seq: seq(1001) }) }];
      },
    });
    expect(finished).to.include({ verdict: 'fail', class: 'unexpected' });
  });

  it('passes over a repeated SYN/ACK, but not over one with another key', () => {
    const twice = (second: bigint): Implementation => ({
      answer: (p) =>
        isSyn(p)
          ? [
              { frame: reply(p, SYN_ACK, { options: [capable(7n, 0)] }) },
              { frame: reply(p, SYN_ACK, { options: [capable(second, 0)] }) },
            ]
          : [],
    });
    expect(converse(serverCase(handshake, v0), twice(7n)).finished?.verdict).to.equal('pass');
    expect(converse(serverCase(handshake, v0), twice(8n)).finished).to.include({
      verdict: 'fail',
      class: 'unexpected',
    });
  });

  it('judges a wrong checksum and set reserved bits as hygiene, whatever the case is about', () => {
    const wrong = converse(
      serverCase(handshake, v0),
      server(() => ({ options: [capable(7n, 0)], checksum: 1 })),
    );
    expect(wrong.finished?.facets).to.include({ hygiene: 'fail', conformance: 'pass' });
    const bits = converse(
      serverCase(handshake, v0),
      server(() => ({ options: [capable(7n, 0)], reserved: 4 })),
    );
    expect(bits.finished?.signature).to.equal('rule/mismatch/tcp-reserved-bits');
  });

  it('takes the trust from every verdict when the evidence was disturbed', () => {
    for (const iut of [server(() => ({})), server(() => ({ options: [capable(7n, 0)] }))]) {
      const { finished } = converse(serverCase(handshake, v0), { ...iut, disturbed: '3 frames were lost' });
      expect(finished).to.include({ verdict: 'inconclusive' });
      expect(finished?.sentence).to.contain('3 frames were lost');
    }
  });

  it('resets every flow that is open when it ends', () => {
    const { trace } = converse(
      serverCase(twoFlows, v0),
      server(() => ({ options: [capable(7n, 0)] })),
    );
    const resets = trace.filter((e) => 'action' in e.entry && e.note?.text.startsWith('reset of flow'));
    expect(resets).to.have.length(2);
  });
});

describe('interpreter, fields of options', () => {
  const sum = `
- send:   {on: 1, segment: SYN}
- expect: {on: 1, segment: SYN/ACK, dss: {dsn: 5, checksum: auto}}
`;
  // RFC 8684 section 3.3.1 by hand: 5 + 1 (subflow number) + 2 (length) + 0x6162 ("ab") = 0x616a, inverted 0x9e95.
  const mapping = { option: 'dss', flags: 0x0c, dsn: 5n, ssn: 1, dataLength: 2 } as const;
  const payload = Uint8Array.from([0x61, 0x62]);

  it('demands the right checksum of a mapping where a case says auto', () => {
    const withSum = (checksum: number) => server(() => ({ options: [{ ...mapping, checksum }], payload }));
    expect(converse(serverCase(sum), withSum(0x9e95)).finished?.verdict).to.equal('pass');
    expect(converse(serverCase(sum), withSum(0x9e94)).finished?.signature).to.equal('mismatch/SYN-ACK.dss.checksum');
    expect(
      converse(
        serverCase(sum),
        server(() => ({ options: [mapping], payload })),
      ).finished?.verdict,
    ).to.equal('fail');
  });

  it('can demand that an option has no such field', () => {
    const reason = 'the answers of this test are made up';
    const subject = serverCase(
      '- send:   {on: 1, segment: SYN}\n- expect: {on: 1, segment: SYN/ACK, mp_capable: {key: absent}}',
      `  suspend: {mp-capable-unasked: ${reason}, mp-capable-syn-ack-form: ${reason}}\n`,
    );
    const keyless = server(() => ({ options: [capable()] }));
    expect(converse(subject, keyless).finished?.verdict).to.equal('pass');
    const keyed = server(() => ({ options: [capable(7n)] }));
    expect(converse(subject, keyed).finished?.signature).to.equal('mismatch/SYN-ACK.mp_capable.key');
  });
});

describe('interpreter, silence and alternatives', () => {
  const silence = `${handshake}- silence: {on: 1, for: 500ms}\n`;
  const quiet = server(() => ({ options: [capable(7n, 0)] }));

  it('closes a silence with a sentinel', () => {
    const { finished, trace } = converse(serverCase(silence, v0), quiet);
    expect(finished?.verdict).to.equal('pass');
    expect(trace.filter((e) => e.note?.step === 'sentinel' && e.note.taken === 'sent').length).to.be.at.least(2);
  });

  it('is inconclusive when nothing came because nobody is there', () => {
    const { finished } = converse(serverCase(silence, v0), { ...quiet, mute: true });
    expect(finished?.verdict).to.not.equal('pass');
  });

  it('fails when the silence is broken, even by a bare ACK', () => {
    const { finished, trace } = converse(serverCase(silence, v0), {
      answer: (p) =>
        isSyn(p)
          ? [
              { frame: reply(p, SYN_ACK, { options: [capable(7n, 0)] }) },
              { after: 300, frame: reply(p, TcpFlag.ACK, { seq: seq(1001) }) },
            ]
          : [],
    });
    expect(finished).to.include({ verdict: 'fail', class: 'unexpected' });
    const [found, ...more] = finished?.findings ?? [];
    expect(more).to.deep.equal([]);
    expect(trace[found?.observation ?? 0]?.note).to.include({ step: '3', taken: 'unexpected' });
  });

  const oneOf = `
- send: {on: 1, segment: SYN}
- one-of:
    - {outcome: pass, observation: rst, expect: {on: 1, segment: RST}}
    - {outcome: nonstrict, observation: plain, expect: {on: 1, segment: SYN/ACK}, next: [{send: {on: 1, segment: ACK}}]}
    - {outcome: info, observation: silence, nothing: true}
`;
  const graded: readonly (readonly [string, Implementation, string, string])[] = [
    ['rst', { answer: (p) => (isSyn(p) ? [{ frame: reply(p, TcpFlag.RST | TcpFlag.ACK) }] : []) }, 'pass', 'rst'],
    ['plain', server(() => ({})), 'nonstrict', 'plain'],
    ['nothing', {}, 'info', 'silence'],
  ];
  for (const [what, iut, verdict, observation] of graded)
    it(`grades ${what} as ${verdict}`, () => {
      expect(converse(serverCase(oneOf), iut).finished).to.include({ verdict, observation });
    });

  it('fails when none of the alternatives comes', () => {
    const { finished } = converse(serverCase(oneOf), {
      answer: (p) => (isSyn(p) ? [{ frame: reply(p, TcpFlag.FIN | TcpFlag.ACK) }] : []),
    });
    expect(finished).to.include({ verdict: 'fail', class: 'mismatch' });
  });
});

describe('interpreter, times', () => {
  const timed = `
- send:   {on: 1, segment: SYN}
- expect: {on: 1, segment: SYN/ACK, after: 800ms, within: 1200ms}
`;
  const table: readonly (readonly [number, number, string, string])[] = [
    [1000, 0, 'pass', 'pass'],
    [500, 0, 'fail', 'fail'],
    [1250, 0, 'fail', 'fail'],
    [1000, 100, 'pass', 'pass'],
    [810, 30, 'inconclusive', 'inconclusive'],
    [1210, 30, 'inconclusive', 'inconclusive'],
    [1250, 30, 'fail', 'fail'],
  ];
  for (const [after, error, verdict, timing] of table)
    it(`an answer after ${after} ms (error ${error} ms) within 800 to 1200 ms gives ${verdict}`, () => {
      const { finished } = converse(serverCase(timed), {
        answer: (p) => (isSyn(p) ? [{ after, error, frame: reply(p, SYN_ACK) }] : []),
      });
      expect(finished?.verdict).to.equal(verdict);
      expect(finished?.facets.timing ?? 'pass').to.equal(timing);
    });

  const told: readonly (readonly [number, number, string])[] = [
    [1250, 0, 'came after 1.25 s, allowed is 800 ms to 1.2 s'],
    [1200.05, 0.02, 'came after 1.20005 s (-20 µs +0), allowed'],
    [10_000, 0, 'did not come within 1.3 s,'],
  ];
  for (const [after, error, part] of told)
    it(`tells the times of an answer after ${after} ms (error ${error} ms) in the digits that matter`, () => {
      const answer: Implementation = { answer: (p) => (isSyn(p) ? [{ after, error, frame: reply(p, SYN_ACK) }] : []) };
      expect(converse(serverCase(timed), answer).finished?.findings[0]?.sentence).to.include(part);
    });
});

describe('interpreter, role client', () => {
  const steps = `
- control: {verb: connect, paths: [1, 2]}
- any-order:
    - {on: 1, segment: SYN, mp_capable: {key: A}}
    - {on: 2, segment: SYN, mp_capable: {key: A}}
- send:   {on: 1, segment: SYN/ACK, mp_capable: {key: B}}
- expect: {on: 1, segment: ACK, mp_capable: {key: A, peer_key: B}}
`;
  const syn = (path: number, key: bigint) => ({
    at: 5 - path,
    path,
    frame: fromClient(path, 40_000 + path, { flags: TcpFlag.SYN, options: [capable(key, 0)] }),
  });
  const third = (p: TcpPacket) => {
    const option = p.tcp.options.find((o) => o.option === 'mp_capable');
    const key = option?.option === 'mp_capable' ? option.key : undefined;
    return reply(p, TcpFlag.ACK, { options: [{ ...capable(9n, 0), peerKey: key ?? 0n }] });
  };
  const client: Implementation = {
    control: () => ({ answer: 'ok', result: {} }),
    unasked: [syn(1, 9n), syn(2, 9n)],
    answer: (p) => (p.tcp.flags === SYN_ACK ? [{ frame: third(p) }] : []),
  };

  it('binds flows to the 4-tuples that the client opens, in any order', () => {
    expect(converse(clientCase(steps, v0), client).finished?.verdict).to.equal('pass');
  });

  it('fails when the second SYN carries another key', () => {
    const { finished } = converse(clientCase(steps, v0), { ...client, unasked: [syn(1, 9n), syn(2, 8n)] });
    expect(finished).to.include({ verdict: 'fail', class: 'mismatch' });
  });

  it('passes over a repeated SYN before its flow is named', () => {
    const again = { ...syn(1, 9n), at: 6 };
    expect(
      converse(clientCase(steps, v0), { ...client, unasked: [syn(1, 9n), syn(2, 9n), again] }).finished?.verdict,
    ).to.equal('pass');
  });

  it('fails on a further flow that nothing expected', () => {
    const other = { at: 5, path: 2, frame: fromClient(2, 41_000, { flags: TcpFlag.SYN, options: [capable(3n, 0)] }) };
    expect(
      converse(clientCase(steps, v0), { ...client, unasked: [syn(1, 9n), syn(2, 9n), other] }).finished,
    ).to.include({
      verdict: 'fail',
      class: 'unexpected',
    });
  });

  it('is unsupported when control says so', () => {
    expect(converse(clientCase(steps, v0), { control: () => ({ answer: 'unsupported' }) }).finished?.verdict).to.equal(
      'unsupported',
    );
  });

  it('aborts what it opened through control', () => {
    const { trace } = converse(clientCase(steps, v0), client);
    const verbs = trace.flatMap((e) =>
      'action' in e.entry && e.entry.action === 'control' ? [e.entry.command.verb] : [],
    );
    expect(verbs).to.deep.equal(['connect', 'abort']);
  });
});
