/**
 * Dialogues of the reference with itself, in every scheme and under several impairments. They give no verdict: they show
 * whether a change of the code changes packets in situations that no case of the catalogue covers.
 */
import { deriveOctets } from '../protocol/keys/derive-octets.js';
import type { EstablishmentProfile } from '../reference/contract.js';
import { clientHost, serverAddress, serverHost, serverPort } from '../reference/testing/hosts.js';
import { Network } from '../reference/testing/network.js';
import { inWeather } from '../reference/testing/weather.js';
import { FrameDigest, WatchedHost } from './watched-host.js';

export interface Dialogue {
  readonly name: string;
  /** Plays it and returns the digest of all frames. */
  hold(): string;
}

const ms = (n: number): bigint => BigInt(n) * 1_000_000n;

const schemes: readonly (readonly [EstablishmentProfile, version: 0 | 1, paths: number])[] = [
  ['tcp', 1, 1],
  ['mptcp', 0, 2],
  ['mptcp', 1, 3],
  ['robe-downgrade', 0, 3],
  ['robe-downgrade', 1, 2],
  ['robe-bbm', 0, 3],
  ['robe-bbm', 1, 2],
  ['robe-timer', 1, 2],
  ['robe-sim', 0, 3],
  ['robe-sim', 1, 2],
  ['robe-esim', 0, 2],
  ['robe-esim', 1, 3],
  ['robe-ips', 1, 2],
];

const weathers = [
  { name: 'fair', loss: 0, duplication: 0, jitter: 0 },
  { name: 'wet', loss: 30, duplication: 10, jitter: 20 },
  { name: 'foul', loss: 60, duplication: 60, jitter: 90 },
] as const;

const sizes: readonly number[] = [1, 4000, 300, 9000];

const hold = (profile: EstablishmentProfile, version: 0 | 1, paths: number, weather: (typeof weathers)[number]) => {
  const digest = new FrameDigest();
  const name = `${profile}/${version}/${weather.name}`;
  const choice = { profile, versions: [version], paths, seed: name };
  const net = new Network(
    {
      client: new WatchedHost(() => clientHost(choice), digest),
      server: new WatchedHost(() => serverHost(choice), digest),
    },
    (path) => ms(10 * path),
    inWeather({ ...weather, seed: paths }),
  );
  const { connection } = net.act('client', (host, now) =>
    host.connect({ address: serverAddress, port: serverPort }, now),
  );
  for (const [index, size] of sizes.entries()) {
    net.act('client', (host, now) => host.send(connection, deriveOctets(name, `stream/${index}`, size), now));
    net.pass(ms(200));
  }
  net.pass(ms(120_000));
  net.act('client', (host, now) => host.close(connection, now));
  net.pass(ms(120_000));
  return digest.value();
};

export const dialogues: readonly Dialogue[] = schemes.flatMap(([profile, version, paths]) =>
  weathers.map((weather) => ({
    name: `dialogue: ${profile} v${version} over ${paths} in ${weather.name} weather`,
    hold: () => hold(profile, version, paths, weather),
  })),
);
