import { expect } from 'chai';
import type { SessionFacts } from '../iut/contract.js';
import { factsOf, layOutPath } from '../net/lab/layout.js';
import { serverCase } from '../suite/testing/dialogue.js';
import { AllocationError, allocate, type Loan } from './allocation.js';

const facts: SessionFacts = factsOf([1, 2, 3].map(layOutPath));
const testCase = serverCase('- send: {on: 1, segment: SYN}\n- expect: {on: 1, segment: SYN/ACK}');

const lent = (loan: Loan | undefined): Loan => {
  if (loan === undefined) throw new Error('nothing was lent');
  return loan;
};

describe('allocation', () => {
  it('lends hundreds of cases addresses that no other has', () => {
    const allocation = allocate(facts, 'seed');
    const addresses = Array.from(
      { length: 500 },
      (_, n) => lent(allocation.lend({ ...testCase, id: `case-${n}` })).addresses,
    ).flat();
    expect(new Set(addresses).size).to.equal(addresses.length);
    const own = [facts.server.address[4], ...facts.paths.map(({ iutAddress }) => iutAddress[4])];
    for (const address of own) expect(addresses).not.to.include(address);
  });

  it('gives only as many paths as the case has, each with two hosts or as many as it plays', () => {
    const { surroundings } = lent(
      allocate(facts, 'seed').lend({ ...testCase, paths: 2, flows: { '1/third': { host: 3 } } }),
    );
    expect(surroundings.paths.map(({ path, testerAddresses }) => [path, testerAddresses.length])).to.deep.equal([
      [1, 3],
      [2, 3],
    ]);
  });

  it('is another for every moment at a host that may remember', () => {
    const layOut = (moment: string): Loan => lent(allocate(facts, 'seed', moment).lend(testCase));
    expect(layOut('1').surroundings).to.deep.equal(layOut('1').surroundings);
    expect(layOut('1').surroundings.firstPort).not.to.equal(layOut('2').surroundings.firstPort);
    expect(layOut('1').addresses).not.to.have.members([...layOut('2').addresses]);
  });

  it('lays out the other IP version and a second address of the server where flows ask for them', () => {
    const flows = { 2: { ip: 6 as const }, '1/there': { server: 2 as const, port: 'second' as const } };
    const { surroundings, addresses } = lent(allocate(facts, 'seed').lend({ ...testCase, paths: 2, flows }));
    expect(surroundings.server.second).to.deep.equal({ address: '10.200.0.2', port: 443 });
    const { otherVersion } = surroundings;
    expect(otherVersion?.server.address).to.equal(facts.server.address[6]);
    const sixth = otherVersion?.paths.flatMap(({ testerAddresses }) => testerAddresses) ?? [];
    expect(sixth).to.have.length(4);
    for (const address of sixth) expect(addresses).to.include(address);
    expect(sixth.every((address) => address.includes(':'))).to.equal(true);
    expect(lent(allocate(facts, 'seed').lend(testCase)).surroundings.otherVersion).to.equal(undefined);
  });

  it('gives the tester a second address to serve at where the implementation opens a flow there', () => {
    const there = { ...testCase, role: 'client' as const, flows: { '1/there': { server: 2 as const } } };
    const { surroundings, addresses } = lent(allocate(facts, 'seed').lend(there));
    expect(surroundings.testerServer.second).not.to.equal(undefined);
    expect(addresses).to.include(surroundings.testerServer.second);
  });

  it('is the same for the same seed, another for another', () => {
    const layOut = (seed: string): unknown => lent(allocate(facts, seed).lend(testCase)).surroundings;
    expect(layOut('a')).to.deep.equal(layOut('a'));
    expect(layOut('a')).not.to.deep.equal(layOut('b'));
  });

  it('gives 64 ports below 65536', () => {
    const allocation = allocate(facts, 'ports');
    for (let n = 0; n < 300; n += 1) {
      const { firstPort } = lent(allocation.lend({ ...testCase, id: `case-${n}` })).surroundings;
      expect(firstPort % 64).to.equal(0);
      expect(firstPort).to.be.within(10_240, 65_536 - 64);
    }
  });

  describe('in a prefix that holds one case', () => {
    const narrow: SessionFacts = {
      ...facts,
      paths: facts.paths.slice(0, 1).map((path) => ({ ...path, testerPrefix: { 4: '192.0.2.8/29' } })),
      testerServerPrefix: { 4: '192.0.2.8/29' },
    };
    const one = { ...testCase, paths: 1 };

    it('lends the next case nothing until the first gives back, and then other ports', () => {
      const allocation = allocate(narrow, 'seed');
      const first = lent(allocation.lend(one));
      lent(allocation.lend(one));
      expect(allocation.lend(one)).to.equal(undefined);
      first.giveBack();
      const again = lent(allocation.lend(one));
      expect(again.addresses).to.deep.equal(first.addresses);
      expect(again.surroundings.firstPort).not.to.equal(first.surroundings.firstPort);
    });

    it('lends an address hundreds of times without the same ports', () => {
      const allocation = allocate(narrow, 'seed');
      const ports = Array.from({ length: 800 }, () => {
        const loan = lent(allocation.lend(one));
        loan.giveBack();
        return loan.surroundings.firstPort;
      });
      expect(new Set(ports).size).to.equal(ports.length);
    });

    it('says when a case can never be held', () => {
      expect(() => allocate(narrow, 'seed').lend({ ...one, flows: { '1/ninth': { host: 9 } } })).to.throw(
        AllocationError,
        'too small',
      );
      expect(() => allocate(narrow, 'seed').lend({ ...one, ip: 6 })).to.throw(AllocationError, 'IPv6');
      expect(() => allocate(narrow, 'seed').lend({ ...one, paths: 2 })).to.throw(AllocationError, '2 paths');
    });
  });
});
