/** The window of an application that reads at its own pace, as dialogues (RFC 9293 section 3.8.6, RFC 8684 section 3.3.4). */
import { expect } from 'chai';
import type { StreamHost } from '../contract.js';
import { Bench, Peer } from '../testing/bench.js';
import { serverHost } from '../testing/hosts.js';
import { map } from '../testing/options.js';
import { open } from '../testing/served.js';

const receiveBuffer = 70_000;
const choice = { receiveBuffer, service: 'application' } as const;
/** Of the host, RFC 7323 section 2.2. */
const scale = 2;

/** A connection whose application does not read; every segment of `length` octets tells the right edge after it. */
const edges = (length: number, count: number): readonly number[] => {
  const bench = new Bench('server', serverHost({ profile: 'tcp', ...choice }));
  const peer = new Peer(bench);
  peer.syn({ option: 'window_scale', shift: 0 });
  peer.acks();
  return Array.from({ length: count }, (_, index) => {
    peer.data('x'.repeat(length));
    return (index + 1) * length + (peer.last?.tcp.window ?? 0) * scale;
  });
};

describe('the receive window', () => {
  for (const length of [1, 100, 128, 1000]) {
    it(`closes without moving its right edge back, by segments of ${length} octets`, () => {
      const told = edges(length, 69);
      for (const [index, edge] of told.entries()) expect(edge).to.be.at.least(told[index - 1] ?? receiveBuffer - scale);
      expect(told.at(-1)).to.be.at.most(receiveBuffer + 69 * scale);
    });
  }

  it('opens when the application has read', () => {
    const bench = new Bench('server', serverHost({ profile: 'tcp', ...choice }));
    const peer = new Peer(bench);
    peer.syn({ option: 'window_scale', shift: 0 });
    peer.acks();
    for (let count = 0; count < 69; count += 1) peer.data('x'.repeat(1000));
    bench.act((host, now) => (host as StreamHost).consume('accepted:1', 69_000, now));
    expect(bench.told()).to.deep.equal(['1 < .']);
    expect((bench.log.at(-1)?.packet.tcp.window ?? 0) * scale).to.be.within(receiveBuffer - scale, receiveBuffer);
  });

  it('is one for all flows and counts from the Data ACK', () => {
    const { peer, toServer } = open(1, choice);
    expect(peer.data('x'.repeat(1000), map(toServer, 1, 'x'.repeat(1000)))).to.deep.equal(['1 < . dss']);
    expect(peer.last?.tcp.window).to.equal(65_535);
  });
});
