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

const scenarios: readonly {
  readonly profile: EstablishmentProfile;
  readonly version: 0 | 1;
  readonly paths: number;
}[] = [
  { profile: 'tcp', version: 1, paths: 1 },
  { profile: 'mptcp', version: 0, paths: 2 },
  { profile: 'mptcp', version: 1, paths: 3 },
  { profile: 'robe-downgrade', version: 0, paths: 3 },
  { profile: 'robe-bbm', version: 0, paths: 3 },
  { profile: 'robe-timer', version: 1, paths: 2 },
  { profile: 'robe-sim', version: 0, paths: 3 },
  { profile: 'robe-esim', version: 0, paths: 2 },
  { profile: 'robe-esim', version: 1, paths: 3 },
  { profile: 'robe-ips', version: 1, paths: 2 },
];

const weather = fc.record({
  seed: fc.nat(),
  loss: fc.nat(40),
  duplication: fc.nat(40),
  jitter: fc.nat(60),
});

describe('byte stream over bad paths', function () {
  this.timeout(60_000);
  for (const { profile, version, paths } of scenarios) {
    it(`${profile} v${version} over ${paths} path${paths > 1 ? 's' : ''}`, () => {
      fc.assert(
        fc.property(
          weather,
          fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 8 }),
          (given, sizes) => {
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
            for (const [index, size] of sizes.entries()) {
              const octets = deriveOctets(String(given.seed), `stream/${index}`, size);
              sent.push(...octets);
              net.act('client', (host, now) => host.send(connection, octets, now));
              net.pass(ms(150));
            }
            net.pass(ms(600_000));
            expect(Buffer.from(net.octetsOf('server')).equals(Buffer.from(sent)), 'to the server').to.equal(true);
            expect(Buffer.from(net.octetsOf('client')).equals(Buffer.from(sent)), 'and back').to.equal(true);
            net.act('client', (host, now) => host.close(connection, now));
            net.pass(ms(300_000));
            const accepted = net.noticesOf('server').filter(({ notice }) => notice === 'accepted');
            expect(accepted.length, 'accepted').to.equal(1);
          },
        ),
        { numRuns: 40 },
      );
    });
  }
});
