/**
 * A byte stream over lossy, reordering, duplicating paths, in every scheme: whatever happens to segments, no octet is lost,
 * doubled or moved, and one connection is accepted.
 */
import { expect } from 'chai';
import fc from 'fast-check';
import { deriveOctets } from '../protocol/keys/derive-octets.js';
import type { EstablishmentProfile } from './contract.js';
import { clientHost, serverAddress, serverHost, serverPort } from './testing/hosts.js';
import { Network } from './testing/network.js';
import { inWeather } from './testing/weather.js';

const ms = (n: number): bigint => BigInt(Math.round(n * 1e6));

const scenarios: readonly { readonly profile: EstablishmentProfile; readonly version: 0 | 1 }[] = [
  { profile: 'tcp', version: 1 },
  { profile: 'mptcp', version: 0 },
  { profile: 'mptcp', version: 1 },
  { profile: 'robe-downgrade', version: 0 },
  { profile: 'robe-bbm', version: 0 },
  { profile: 'robe-timer', version: 0 },
  { profile: 'robe-timer', version: 1 },
  { profile: 'robe-sim', version: 0 },
  { profile: 'robe-sim', version: 1 },
  { profile: 'robe-esim', version: 0 },
  { profile: 'robe-esim', version: 1 },
  { profile: 'robe-ips', version: 0 },
  { profile: 'robe-ips', version: 1 },
];

const weather = fc.record({
  seed: fc.nat(),
  loss: fc.nat(40),
  duplication: fc.nat(40),
  jitter: fc.nat(60),
});

const sizes = fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 8 });

describe('byte stream over bad paths', function () {
  this.timeout(60_000);
  for (const { profile, version } of scenarios) {
    const most = profile === 'tcp' ? 1 : 4;
    it(`${profile}${profile === 'tcp' ? '' : ` v${version} over two to four paths`}`, () => {
      fc.assert(
        fc.property(
          weather,
          sizes,
          fc.integer({ min: Math.min(2, most), max: most }),
          fc.constantFrom('client', 'server'),
          (given, writes, paths, closing) => {
            const choice = { profile, versions: [version], paths, seed: String(given.seed) };
            const net = new Network(
              { client: clientHost(choice), server: serverHost(choice) },
              (path) => ms(10 * path),
              inWeather(given),
            );
            const { connection } = net.act('client', (host, now) =>
              host.connect({ address: serverAddress, port: serverPort }, now),
            );
            const sent: number[] = [];
            for (const [index, size] of writes.entries()) {
              const octets = deriveOctets(String(given.seed), `stream/${index}`, size);
              sent.push(...octets);
              net.act('client', (host, now) => host.send(connection, octets, now));
              net.pass(ms(150));
            }
            net.pass(ms(600_000));
            expect(Buffer.from(net.octetsOf('server')).equals(Buffer.from(sent)), 'to the server').to.equal(true);
            expect(Buffer.from(net.octetsOf('client')).equals(Buffer.from(sent)), 'and back').to.equal(true);
            const accepted = net.noticesOf('server').flatMap((each) => (each.notice === 'accepted' ? [each] : []));
            expect(accepted.length, 'accepted').to.equal(1);
            const ends = { client: connection, server: accepted[0]?.connection ?? '' };
            net.act(closing, (host, now) => host.close(ends[closing], now));
            net.pass(ms(1_000));
            // The service closes when its peer has; a client's application is told.
            if (closing === 'server') net.act('client', (host, now) => host.close(ends.client, now));
            net.pass(ms(300_000));
            for (const end of ['client', 'server'] as const) {
              const closed = net.noticesOf(end).flatMap((each) => (each.notice === 'closed' ? [each] : []));
              expect(
                closed.map((each) => each.connection),
                `the end of the ${end}`,
              ).to.deep.equal([ends[end]]);
              // When each ACK of the last FIN is lost, TIME-WAIT may be over before it is sent again: then it draws a reset.
              expect(closed[0]?.how).to.be.oneOf(end === closing ? ['fin'] : ['fin', 'reset']);
            }
          },
        ),
        { numRuns: 25 },
      );
    });
  }
});
