/** A client and a server of the reference, joined by paths under virtual time, in every profile. */
import { expect } from 'chai';
import { type EstablishmentProfile, establishmentProfiles } from './contract.js';
import { clientHost, type HostChoice, serverAddress, serverHost, serverPort } from './testing/hosts.js';
import { Network, type Treatment } from './testing/network.js';

const ms = (n: number): bigint => BigInt(Math.round(n * 1e6));
const hello = Buffer.from('RobE!');

/** 20, 40, 60 ms round trip on paths 1, 2, 3. */
const delay = (path: number): bigint => ms(10 * path);

const network = (client: HostChoice, server: HostChoice = client, treatment?: Treatment): Network =>
  new Network({ client: clientHost(client), server: serverHost(server) }, delay, treatment);

const connect = (net: Network): string =>
  net.act('client', (host, now) => host.connect({ address: serverAddress, port: serverPort }, now)).connection;

const count = (net: Network, side: 'client' | 'server', notice: string): number =>
  net.noticesOf(side).filter((each) => each.notice === notice).length;

const accepts = (net: Network): number => count(net, 'server', 'accepted');

describe('reference host', () => {
  const versionsOf = (profile: EstablishmentProfile): readonly (0 | 1)[] =>
    profile === 'robe-downgrade' || profile === 'robe-bbm' ? [0] : [0, 1];

  for (const profile of establishmentProfiles) {
    for (const version of versionsOf(profile)) {
      it(`${profile} v${version}: connects, echoes over all paths and closes; one accept`, () => {
        const net = network({ profile, versions: [version], paths: 2 });
        const connection = connect(net);
        net.pass(ms(500));
        for (let turn = 0; turn < 4; turn++) {
          net.act('client', (host, now) => host.send(connection, hello, now));
          net.pass(ms(500));
        }
        expect(Buffer.from(net.octetsOf('client')).toString()).to.equal('RobE!'.repeat(4));
        const info = net.act('client', (host) => ({ ...host.wake(net.now), info: host.info(connection) })).info;
        expect(info).to.include({ state: 'established', mptcp: profile !== 'tcp' });
        expect(info?.subflows).to.equal(profile === 'tcp' ? 1 : 2);
        net.act('client', (host, now) => host.close(connection, now));
        net.pass(ms(70_000));
        expect(accepts(net)).to.equal(1);
        expect(count(net, 'client', 'closed')).to.equal(1);
        expect(count(net, 'server', 'closed')).to.equal(1);
      });
    }
  }

  for (const client of establishmentProfiles) {
    for (const server of establishmentProfiles) {
      it(`${client} client, ${server} server: one connection that works, in either version`, () => {
        for (const version of [0, 1] as const) {
          // A server of proposal 2 resets what a client of proposal 1 attached; the client can come back by MP_JOIN.
          const choice = { versions: [version], paths: 2, parameters: { robe: { after_reset: 'join' as const } } };
          const net = network({ ...choice, profile: client }, { ...choice, profile: server });
          const connection = connect(net);
          for (let turn = 0; turn < 4; turn++) {
            net.act('client', (host, now) => host.send(connection, hello, now));
            net.pass(ms(2_000));
          }
          expect(Buffer.from(net.octetsOf('client')).toString()).to.equal('RobE!'.repeat(4));
          expect(accepts(net)).to.equal(1);
          const info = net.act('client', (host) => ({ ...host.wake(net.now), info: host.info(connection) })).info;
          const mptcp = client !== 'tcp' && server !== 'tcp';
          expect(info).to.include({ state: 'established', mptcp, subflows: mptcp ? 2 : 1 });
        }
      });
    }
  }
});
