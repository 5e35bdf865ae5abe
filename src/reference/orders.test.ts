/**
 * Every order of arrivals over two paths, end to end between a client and a server of the reference: each segment of the order
 * exists when its turn comes, nothing else is sent, one connection is accepted, and it works.
 */
import { expect } from 'chai';
import type { EstablishmentProfile } from './contract.js';
import { clientAddress, clientHost, serverAddress, serverHost, serverPort } from './testing/hosts.js';
import { OrderedWire } from './testing/ordered-wire.js';
import {
  breakBeforeMakeOrders,
  downgradeOrders,
  enhancedOrders,
  type Order,
  simultaneousOrders,
  timerOrders,
} from './testing/orders.js';

interface Table {
  readonly profile: EstablishmentProfile;
  /** What the server is; a server that knows nothing of the scheme where that is enough. */
  readonly server: EstablishmentProfile;
  readonly versions: readonly (0 | 1)[];
  readonly orders: readonly Order[];
  /** Flows of the connection once the order is through. */
  readonly flows: 1 | 2;
  readonly sameReceiverKey: boolean;
}

const tables: readonly Table[] = [
  {
    profile: 'robe-downgrade',
    server: 'robe-downgrade',
    versions: [0],
    orders: downgradeOrders,
    flows: 2,
    sameReceiverKey: true,
  },
  {
    profile: 'robe-bbm',
    server: 'robe-bbm',
    versions: [0],
    orders: breakBeforeMakeOrders,
    flows: 1,
    sameReceiverKey: true,
  },
  { profile: 'robe-timer', server: 'mptcp', versions: [0, 1], orders: timerOrders, flows: 1, sameReceiverKey: false },
  {
    profile: 'robe-sim',
    server: 'mptcp',
    versions: [0, 1],
    orders: simultaneousOrders,
    flows: 1,
    sameReceiverKey: false,
  },
  {
    profile: 'robe-esim',
    server: 'robe-esim',
    versions: [0, 1],
    orders: enhancedOrders,
    flows: 2,
    sameReceiverKey: false,
  },
];

const run = (table: Table, version: 0 | 1, order: Order): void => {
  const choice = { versions: [version], paths: 2, seed: order.name };
  const wire = new OrderedWire({
    client: clientHost({ ...choice, profile: table.profile }),
    server: serverHost({ ...choice, profile: table.server }),
  });
  const { connection } = wire.act('client', (host, now) =>
    host.connect({ address: serverAddress, port: serverPort }, now),
  );
  const arrivals = order.arrivals.split(' ');
  for (const [index, label] of arrivals.entries()) {
    if (label === 'T2') wire.fireClientTimer();
    else expect(wire.deliver(label), `${label} (${index + 1}) was sent`).to.equal(true);
  }
  expect(wire.pending(), 'nothing but the order').to.deep.equal([]);

  const segments = arrivals.filter((label) => label !== 'T2');
  expect([...wire.sent].sort(), 'exactly these segments').to.deep.equal([...segments].sort());
  // In proposal 2 the client takes no flow for the initial one before the resets came.
  if (table.profile !== 'robe-bbm') {
    expect(
      wire.sent.find((label) => label.startsWith('A')),
      'initial at the client',
    ).to.equal(`A${order.client}`);
  }
  const accepted = wire.notices.server.filter(({ notice }) => notice === 'accepted');
  expect(accepted.length, 'accepted connections').to.equal(1);
  const [first] = accepted;
  const peer = first?.notice === 'accepted' ? first.peer : '';
  // An election by MP_JOIN_CAP names the initial flow whichever third segment came first.
  expect(peer, 'initial at the server').to.equal(clientAddress(order.server));

  const keys = new Set(wire.receiverKeys.values());
  if (wire.receiverKeys.size === 2) expect(keys.size).to.equal(table.sameReceiverKey ? 1 : 2);
  const server = first?.notice === 'accepted' ? first.connection : '';
  for (const [side, id] of [
    ['client', connection],
    ['server', server],
  ] as const) {
    const { info } = wire.act(side, (host, now) => ({ ...host.wake(now), info: host.info(id) }));
    expect(info, side).to.include({ state: 'established', mptcp: true, subflows: table.flows });
  }

  wire.flush();
  for (let turn = 0; turn < 3; turn++) {
    wire.act('client', (host, now) => host.send(connection, Buffer.from('RobE!'), now));
    wire.flush();
  }
  const echoed = wire.notices.client.flatMap((notice) => (notice.notice === 'data' ? [...notice.octets] : []));
  expect(Buffer.from(echoed).toString()).to.equal('RobE!RobE!RobE!');
  expect(wire.notices.server.filter(({ notice }) => notice === 'accepted').length).to.equal(1);
};

describe('orders of arrival over two paths', () => {
  for (const table of tables) {
    for (const version of table.versions) {
      describe(`${table.profile} v${version}`, () => {
        for (const order of table.orders) {
          it(`${order.name}: ${order.arrivals}`, () => run(table, version, order));
        }
      });
    }
  }
});
