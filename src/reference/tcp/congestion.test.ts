/**
 * What a client that has much to send puts on the wire, acknowledgment by acknowledgment, under virtual time (RFC 5681,
 * RFC 6582). Octets count from the first one sent, segments have 1,000 of them, windows are those of one flow.
 */
import { expect } from 'chai';
import { TcpFlag } from '../../protocol/wire/packet.js';
import { seqAdd, seqDiff } from '../../protocol/wire/seq.js';
import { Bench, Peer } from '../testing/bench.js';
import { clientHost, serverAddress, serverPort } from '../testing/hosts.js';

/** Ten segments (RFC 6928). */
const initialWindow = 10_000;

/** A connection with 120,000 octets to send, of which the first window has left. */
const sending = () => {
  const bench = new Bench('client', clientHost({ profile: 'tcp' }));
  const { connection } = bench.act((host, now) => host.connect({ address: serverAddress, port: serverPort }, now));
  const [syn] = bench.take();
  if (syn === undefined) throw new Error('no SYN');
  const peer = Peer.facing(bench, syn);
  const first = seqAdd(syn.packet.tcp.seq, 1);
  peer.synAck({ option: 'mss', value: 1000 });
  let seen = bench.log.length;
  /** First octets of the segments that left since the last question, and how many octets that were. */
  const left = () => {
    const segments = bench.log.slice(seen).map(({ packet }) => packet.tcp);
    seen = bench.log.length;
    return {
      from: segments.map(({ seq }) => seqDiff(seq, first)),
      octets: segments.reduce((sum, { payload }) => sum + payload.length, 0),
    };
  };
  const acks = (octets: number) => {
    peer.send({ flags: TcpFlag.ACK, ack: seqAdd(first, octets) });
    return left();
  };
  bench.act((host, now) => host.send(connection, new Uint8Array(120_000), now));
  return { bench, acks, left };
};

describe('congestion control', () => {
  it('begins with the initial window and grows by a segment for each acknowledged (slow start)', () => {
    const { acks, left } = sending();
    expect(left().octets).to.equal(initialWindow);
    expect(acks(1000).octets).to.equal(2000);
    expect(acks(2000).octets).to.equal(2000);
    // One acknowledgment of five segments counts as one.
    expect(acks(7000).octets).to.equal(6000);
  });

  it('sends the first segment again at the third duplicate acknowledgment, and no sooner', () => {
    const { acks, left } = sending();
    left();
    expect(acks(0).from).to.deep.equal([]);
    expect(acks(0).from).to.deep.equal([]);
    expect(acks(0).from).to.deep.equal([0]);
  });

  it('halves its window then, goes on as segments leave the network, and begins small when all is acknowledged', () => {
    const { acks, left } = sending();
    left();
    for (let count = 0; count < 3; count += 1) acks(0);
    // Half of 10,000 and three segments: three more have to leave before another may go.
    for (let count = 0; count < 2; count += 1) expect(acks(0).octets).to.equal(0);
    expect(acks(0).octets).to.equal(1000);
    // RFC 6582 section 3.2 step 3, first option: nothing is under way, so no burst of half a window.
    expect(acks(11_000).octets).to.equal(2000);
  });

  it('sends the next segment again when part of what was under way is acknowledged (NewReno)', () => {
    const { acks, left } = sending();
    left();
    for (let count = 0; count < 3; count += 1) acks(0);
    expect(acks(4000).from[0]).to.equal(4000);
    expect(acks(9000).from[0]).to.equal(9000);
  });

  it('doubles up to half of what was under way, then grows by a segment for each window (congestion avoidance)', () => {
    const { acks, left } = sending();
    left();
    for (let count = 0; count < 3; count += 1) acks(0);
    let acknowledged = initialWindow;
    let sent = acknowledged + acks(acknowledged).octets;
    const windows: number[] = [];
    for (let round = 0; round < 7; round += 1) {
      const end = sent;
      while (acknowledged < end) {
        acknowledged = Math.min(acknowledged + 1000, end);
        sent += acks(acknowledged).octets;
      }
      windows.push(sent - acknowledged);
    }
    expect(windows[0]).to.equal(4000);
    windows.slice(2).forEach((window, round) => {
      expect(window - (windows[round + 1] ?? 0)).to.be.within(900, 1000);
    });
  });

  it('begins anew with one segment when the timer fires', () => {
    const { bench, acks, left } = sending();
    left();
    bench.pass(1_000_000_000n);
    expect(left()).to.deep.equal({ from: [0], octets: 1000 });
    // What was under way then does not begin a fast retransmit.
    for (let count = 0; count < 4; count += 1) expect(acks(0).from).to.deep.equal([]);
    expect(acks(1000).from).to.deep.equal([1000]);
  });
});
