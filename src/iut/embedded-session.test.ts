/** The embedded reference as a run meets it: sessions, control under virtual time, neighbours told and asked for. */
import { expect } from 'chai';
import { answerNeighbours } from '../net/link/neighbour.js';
import { decodeFrame, encodeTcpFrame } from '../protocol/wire/frame.js';
import { type TcpDraft, TcpFlag, type TcpPacket } from '../protocol/wire/packet.js';
import { seq, seqAdd } from '../protocol/wire/seq.js';
import { establishmentProfiles } from '../reference/contract.js';
import type { ControlAnswer, ControlCommand } from '../suite/scenario/contract.js';
import type { IutSession } from './contract.js';
import { type EmbeddedChoice, embeddedClaims, embeddedFacts, openEmbedded } from './embedded-session.js';

const testerAddress = '10.201.64.1';
const testerServer = '10.210.0.1';

/** A session with what came out of it, and time on request. */
const open = (choice: Partial<EmbeddedChoice> = {}) => {
  const session = openEmbedded({ profile: 'mptcp', seed: 'test', ...choice });
  const came: { readonly path: number; readonly packet: TcpPacket }[] = [];
  session.link.subscribe(({ path, frame }) => {
    const packet = decodeFrame(frame);
    if (packet.kind === 'tcp') came.push({ path, packet });
  });
  return { session, came };
};

const pass = (session: IutSession, nanoseconds: bigint): void => {
  let over = false;
  session.clock.at(session.clock.now() + nanoseconds, () => {
    over = true;
  });
  session.advance?.(() => over);
};

const ask = (session: IutSession, command: ControlCommand): ControlAnswer => {
  let answer: ControlAnswer | undefined;
  session.control?.perform(command, (given) => {
    answer = given;
  });
  expect(answer, 'never answered before perform returned').to.equal(undefined);
  session.advance?.(() => answer !== undefined);
  return answer ?? { answer: 'lost', why: 'no answer' };
};

const send = (session: IutSession, tcp: TcpDraft['tcp'], path = 1): void => {
  const own = embeddedFacts.paths[path - 1];
  session.link.send(
    path,
    encodeTcpFrame({
      ethernet: { destination: own?.iutMac ?? '', source: own?.testerMac ?? '' },
      ip: { source: testerAddress, destination: embeddedFacts.server.address[4] ?? '' },
      tcp,
    }),
  );
};

const ports = { sourcePort: 4000, destinationPort: embeddedFacts.server.port };

describe('embedded IUT', () => {
  it('accepts a plain connection and counts it once, for the address it came from', () => {
    const { session, came } = open();
    send(session, { ...ports, seq: seq(1000), flags: TcpFlag.SYN });
    pass(session, 1_000_000n);
    const synAck = came[0]?.packet.tcp;
    expect(synAck).to.include({ flags: TcpFlag.SYN | TcpFlag.ACK, ack: 1001 });
    send(session, {
      ...ports,
      seq: seq(1001),
      ack: seqAdd(synAck?.seq ?? seq(0), 1),
      flags: TcpFlag.ACK,
      payload: Buffer.from('hi'),
    });
    pass(session, 1_000_000n);
    expect(Buffer.from(came[1]?.packet.tcp.payload ?? []).toString()).to.equal('hi');
    expect(ask(session, { verb: 'accepted', from: [testerAddress, '10.201.64.2'] })).to.deep.equal({
      answer: 'ok',
      result: { count: 1, closed: 0 },
    });
    expect(ask(session, { verb: 'info', connection: `accepted:${testerAddress}` })).to.deep.equal({
      answer: 'ok',
      result: { state: 'established', mptcp: false, subflows: 1, received: 2 },
    });
    expect(ask(session, { verb: 'abort', connection: `accepted:${testerAddress}` })).to.include({ answer: 'ok' });
    pass(session, 1_000_000n);
    expect(came.at(-1)?.packet.tcp.flags).to.equal(TcpFlag.RST | TcpFlag.ACK);
    expect(ask(session, { verb: 'accepted', from: [testerAddress] })).to.deep.equal({
      answer: 'ok',
      result: { count: 1, closed: 1 },
    });
  });

  it('connects as it is told: paths, version, profile', () => {
    const { session, came } = open();
    const to = { address: testerServer, port: 80 };
    expect(
      ask(session, { verb: 'connect', connection: 'c', to, paths: [2, 3], version: 0, profile: 'robe-sim' }),
    ).to.include({ answer: 'ok' });
    pass(session, 1_000_000n);
    expect(came.map(({ path }) => path)).to.deep.equal([2, 3]);
    for (const { packet } of came) {
      expect(packet.tcp.options.find(({ option }) => option === 'mp_capable')).to.include({ version: 0 });
    }
    expect(ask(session, { verb: 'info', connection: 'c' })).to.deep.include({ answer: 'ok' });
    expect(ask(session, { verb: 'connect', connection: 'd', to, paths: [1], profile: 'no-such' })).to.deep.equal({
      answer: 'unsupported',
    });
    expect(ask(session, { verb: 'close', connection: 'nobody' })).to.include({ answer: 'failed' });
    expect(ask(session, { verb: 'health' })).to.include({ answer: 'ok' });
  });

  it('asks for link-layer addresses when it is not told them', () => {
    const { session, came } = open({ neighbours: 'resolve' });
    const mac = embeddedFacts.paths[0]?.testerMac ?? '';
    answerNeighbours(
      session.link,
      session.clock,
      new Map([[1, { mac, owns: (address) => address.includes('d2:') || address === testerServer }]]),
    );
    for (const address of [testerServer, 'fd52:6f62:6500:d2::9']) {
      ask(session, { verb: 'connect', connection: address, to: { address, port: 80 }, paths: [1] });
      pass(session, 1_000_000n);
      expect(came.at(-1)?.packet).to.deep.include({ kind: 'tcp' });
      expect(came.at(-1)?.packet.ip.destination).to.equal(address);
      expect(came.at(-1)?.packet.ethernet.destination).to.equal(mac);
    }
  });

  it('answers for its own addresses and for no others', () => {
    const { session } = open();
    const mac = embeddedFacts.paths[0]?.testerMac ?? '';
    const link = answerNeighbours(session.link, session.clock, new Map([[1, { mac, owns: () => false }]]));
    const heard: string[] = [];
    link.subscribe(({ frame }) => {
      const packet = decodeFrame(frame);
      if (packet.kind === 'arp') heard.push(`${packet.arp.senderIp} is at ${packet.arp.senderMac}`);
      if (packet.kind === 'nd') heard.push(`${packet.nd.target} is at ${packet.nd.linkLayer ?? 'nowhere'}`);
    });
    const iutMac = embeddedFacts.paths[0]?.iutMac ?? '';
    const own = ['10.201.0.1', '10.200.0.1', 'fd52:6f62:6500:1::1', 'fd52:6f62:6500::1'];
    for (const address of [...own, '10.202.0.1', '10.201.0.9', 'fd52:6f62:6500:2::1']) {
      const from = address.includes(':') ? 'fd52:6f62:6500:1:1::1' : testerAddress;
      void link.resolve(1, address, from).catch(() => undefined);
      pass(session, 1_000_000n);
    }
    expect(heard).to.deep.equal(own.map((address) => `${address} is at ${iutMac}`));
  });

  it('gives the same octets for the same seed, others for another', () => {
    const first = (seed: string): string => {
      const { session, came } = open({ seed });
      send(session, { ...ports, seq: seq(1), flags: TcpFlag.SYN });
      pass(session, 1_000_000n);
      return String(came[0]?.packet.tcp.seq);
    };
    expect(first('a')).to.equal(first('a'));
    expect(first('a')).to.not.equal(first('b'));
  });

  it('claims what its profile implies', () => {
    for (const profile of establishmentProfiles) {
      const claims = embeddedClaims(profile);
      expect(claims.profiles).to.include(profile === 'mptcp' ? 'mptcp-v1' : profile);
      expect(claims.parameters['esim.crc']).to.equal('arc');
      expect(claims.parameters['p1.match_window']).to.equal('inf');
    }
  });
});
