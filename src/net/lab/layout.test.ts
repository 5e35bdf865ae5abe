import { expect } from 'chai';
import { inPrefix } from './addresses.js';
import { factsOf, layOutPath, serverAddress, testerServerPrefix } from './layout.js';
import { creationBatch, endpointBatch, kernelScript, silentScript } from './setup.js';

const paths = [1, 2, 3, 4].map(layOutPath);
const namespaces = { tb: 'robe-1-2-x-tb', iut: 'robe-1-2-x-iut' };

describe('lab layout', () => {
  for (const version of [4, 6] as const) {
    it(`gives each path prefixes of its own that hold none of the fixed addresses, IPv${version}`, () => {
      for (const { path, subnet, testerPrefix, iutAddress, gateway } of paths) {
        expect(inPrefix(subnet[version], iutAddress[version])).to.equal(true);
        expect(inPrefix(subnet[version], gateway[version])).to.equal(true);
        expect(inPrefix(subnet[version], testerPrefix[version].replace(/\/.*/, ''))).to.equal(true);
        for (const fixed of [iutAddress, gateway, serverAddress]) {
          expect(inPrefix(testerPrefix[version], fixed[version]), `path ${path}`).to.equal(false);
          expect(inPrefix(testerServerPrefix[version], fixed[version]), `path ${path}`).to.equal(false);
        }
        const others = paths.filter((other) => other.path !== path);
        for (const other of others) expect(inPrefix(subnet[version], other.iutAddress[version])).to.equal(false);
      }
    });
  }

  it('gives every interface another MAC address, none of them a group', () => {
    const macs = paths.flatMap(({ tester, iut }) => [tester.mac, iut.mac]);
    expect(new Set(macs).size).to.equal(macs.length);
    for (const mac of macs) expect(Number.parseInt(mac.slice(0, 2), 16) & 1).to.equal(0);
  });

  it('is the same for every lab', () => {
    expect(factsOf(paths)).to.deep.equal(factsOf([1, 2, 3, 4].map(layOutPath)));
  });

  it('knows no path but 1 to 4', () => {
    for (const path of [0, 5, 1.5]) expect(() => layOutPath(path)).to.throw(RangeError, `no path ${path}`);
  });

  it("gives the tester's kernel no address", () => {
    expect(silentScript(['tester1', 'tester2'])).not.to.match(/addr add/);
    expect(silentScript(['tester1'])).to.contain('ethtool -K tester1 tx off');
  });

  it('makes one veth pair a path', () => {
    const batch = creationBatch(namespaces, paths.slice(0, 2));
    expect(batch.match(/^link add/gm)).to.have.length(2);
    expect(batch).to.contain('netns add robe-1-2-x-iut');
  });

  it('offers the client no further subflow from path 1', () => {
    expect(endpointBatch(paths)).not.to.contain(paths[0]?.iutAddress[4]);
    expect(endpointBatch(paths)).to.contain(paths[1]?.iutAddress[4]);
    expect(kernelScript(paths)).not.to.contain('endpoint add');
  });
});
