/** The relay under virtual time, between two hosts of the reference on wires in memory. */
import { expect } from 'chai';
import { AttachedHost } from '../../../iut/attached-host.js';
import { milliseconds } from '../../../net/clock/clock.js';
import { VirtualClock } from '../../../net/clock/virtual.js';
import { seededChance } from '../../../net/link/chance.js';
import { createMemoryLink } from '../../../net/link/memory.js';
import { parsePair } from '../../end-name.js';
import { prepareEnd, serverAddress, serverPort } from '../../pair.js';
import { joinByRelay, type Sighting } from './relay.js';

/** What is seen of one connection over two paths of 20 ms, the first of which loses so much towards the server. */
const connect = (profile: string, loss: number): readonly Sighting[] => {
  const clock = new VirtualClock();
  const pair = parsePair({ profile, paths: 2, seed: '1' });
  const paths = [1, 2];
  const [clientEnd, clientSide] = createMemoryLink({ clock, paths });
  const [serverEnd, serverSide] = createMemoryLink({ clock, paths });
  const client = new AttachedHost(prepareEnd(pair, 'client').make(), clientEnd, clock);
  const server = new AttachedHost(prepareEnd(pair, 'server').make(), serverEnd, clock);
  const seen: Sighting[] = [];
  const relay = joinByRelay({
    client: clientSide,
    server: serverSide,
    // The hosts know each other's addresses; the relay has those of the other one on each side.
    neighbours: new Map(
      paths.map((path) => {
        const [ofClient, ofServer] = [`02:00:00:00:00:0${path}`, `06:00:00:00:00:0${path}`];
        return [path, { client: { own: ofServer, host: ofClient }, server: { own: ofClient, host: ofServer } }];
      }),
    ),
    clock,
    chance: seededChance('1'),
    saw: (sighting) => seen.push(sighting),
  });
  const delay = milliseconds(10);
  const both = (first: number) => new Map(paths.map((path) => [path, { delay, loss: path === 1 ? first : 0 }]));
  relay.impair(both(loss), both(0));
  server.listen(serverPort, 'discard');
  client.perform({ verb: 'connect', connection: 'c', to: { address: serverAddress, port: serverPort }, paths });
  clock.advanceTo(milliseconds(200));
  return seen;
};

const brief = (seen: readonly Sighting[]) => seen.map(({ saw, path, at }) => `${saw} ${path} at ${Number(at) / 1e6}`);

describe('the relay of live experiments', () => {
  it('tells when SYNs enter and when third segments leave', () => {
    expect(brief(connect('robe-esim', 0))).to.deep.equal([
      'syn 1 at 0',
      'syn 2 at 0',
      'third 1 at 30',
      'third 2 at 30',
    ]);
  });

  it('loses what it was told to', () => {
    expect(brief(connect('robe-esim', 1))).to.deep.equal(['syn 1 at 0', 'syn 2 at 0', 'third 2 at 30']);
    expect(brief(connect('mptcp', 1))).to.deep.equal(['syn 1 at 0']);
  });
});
