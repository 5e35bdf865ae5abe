/** How this room reads what the system's tools and libraries say. */
import { expect } from 'chai';
import { isCut } from './cut-frame.js';
import { inspectInterface, parseInterfaceCounters, readInterfaceCounters, requireUsable } from './interface.js';
import { explainLoadFailure } from './loader.js';
import { parseOffloads } from './offload.js';

describe('what the loader says', () => {
  const failures: readonly (readonly [message: string, what: RegExp, remedy: RegExp])[] = [
    [
      'libpcap.so.0.8: cannot open shared object file: No such file or directory',
      /libpcap is not installed/,
      /apt-get install libpcap-dev/,
    ],
    ["Cannot find module '../build/Release/cap.node'", /not built/, /robe doctor --mend/],
    ["Cannot find package 'cap' imported from /x/loader.js", /package cap is not installed/, /robe doctor --mend/],
    [
      'was compiled against a different Node.js version using NODE_MODULE_VERSION 115',
      /another version/,
      /robe doctor --mend/,
    ],
    ['something else', /cannot be loaded: something else/, /robe doctor --mend/],
  ];
  for (const [message, what, remedy] of failures) {
    it(`${message.slice(0, 50)} becomes what is missing and the command that mends it`, () => {
      const error = explainLoadFailure(message);
      expect(error.message).to.match(what);
      expect(error.remedy).to.match(remedy);
    });
  }
});

describe('what ethtool says', () => {
  it('becomes offloads that are on, off or fixed', () => {
    const listing = [
      'Features for veth0:',
      'rx-checksumming: on',
      'tx-checksumming: on',
      '\ttx-checksum-ip-generic: on',
      'scatter-gather: off',
      'tcp-segmentation-offload: off',
      '\ttx-tcp-segmentation: off',
      'generic-segmentation-offload: on',
      'generic-receive-offload: off',
      'large-receive-offload: off [fixed]',
    ].join('\n');
    expect(parseOffloads(listing)).to.deep.equal([
      { feature: 'tx', on: true, fixed: false },
      { feature: 'sg', on: false, fixed: false },
      { feature: 'tso', on: false, fixed: false },
      { feature: 'gso', on: true, fixed: false },
      { feature: 'gro', on: false, fixed: false },
      { feature: 'lro', on: false, fixed: true },
    ]);
  });
});

describe('what the kernel says of interfaces', () => {
  it('becomes frames received and dropped, drops of the queue included', () => {
    const text = [
      'Inter-|   Receive                                                |  Transmit',
      ' face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier',
      '    lo:    3193      29    0    0    0     0          0         0     3193      29    0    0    0     0       0',
      'veth0:1455857164397    4397    0    2    3     0          0         0   316830    2719    0    0    0     0     0',
    ].join('\n');
    expect([...parseInterfaceCounters(text)]).to.deep.equal([
      ['lo', { receivedFrames: 29, receiveDrops: 0 }],
      ['veth0', { receivedFrames: 4397, receiveDrops: 5 }],
    ]);
    expect(readInterfaceCounters().has('lo')).to.equal(true);
  });

  it('an interface that does not exist is named, with those that do', async () => {
    const error = await inspectInterface('robe-nowhere0').catch((refused: unknown) => refused);
    expect(String(error)).to.contain('no network interface robe-nowhere0');
  });

  const usable = { name: 'x', mac: '02:00:00:00:00:01', mtu: 1500, up: true, carrier: true, ethernet: true };
  for (const [wrong, what] of [
    [{ up: false }, 'x is down'],
    [{ carrier: false }, 'x has no carrier'],
    [{ ethernet: false }, 'x is not an Ethernet interface'],
  ] as const) {
    it(`refuses when ${what}`, () => {
      expect(() => requireUsable({ ...usable, ...wrong })).to.throw(what);
      expect(() => requireUsable(usable)).not.to.throw();
    });
  }
});

describe('frames that were cut', () => {
  const frame = (etherType: number, length: number, at: number, claimed: number): Uint8Array => {
    const octets = new Uint8Array(length).fill(0xa5);
    const view = new DataView(octets.buffer);
    view.setUint16(12, etherType);
    view.setUint16(at, claimed);
    return octets;
  };
  const table: readonly (readonly [what: string, octets: Uint8Array, cut: boolean])[] = [
    ['IPv4 that fits exactly', frame(0x0800, 74, 16, 60), false],
    ['IPv4 padded to the shortest frame', frame(0x0800, 60, 16, 40), false],
    ['IPv4 that claims an octet more', frame(0x0800, 74, 16, 61), true],
    ['IPv4 of length 0', frame(0x0800, 74, 16, 0), true],
    ['IPv6 that fits exactly', frame(0x86dd, 94, 18, 40), false],
    ['IPv6 that claims an octet more', frame(0x86dd, 94, 18, 41), true],
    ['ARP', frame(0x0806, 60, 16, 0xffff), false],
    ['four octets', new Uint8Array(4), false],
  ];
  for (const [what, octets, cut] of table) {
    it(`${what}: ${cut ? 'cut' : 'whole'}`, () => {
      expect(isCut(octets)).to.equal(cut);
    });
  }
});
