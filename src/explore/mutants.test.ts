/** Explorations that find what is broken, by which invariant, and shortest schedules that show it. */
import { expect } from 'chai';
import { boundsOf, Exploration, pairOf } from './exploration.js';
import { replay, violationsOf } from './replay.js';
import type { ExploreRequest } from './state-file.js';
import { World } from './world.js';

const requestFor = (profile: string, more: Partial<ExploreRequest> = {}): ExploreRequest => ({
  profile,
  paths: 2,
  losses: 0,
  duplicates: 0,
  expiries: 4,
  talk: false,
  seed: '1',
  ...more,
});

/** Mutant, what it violates, the moves to it, and what else the network has to do. */
const table: readonly (readonly [
  mutant: string,
  invariant: string,
  schedule: string,
  more?: Partial<ExploreRequest>,
])[] = [
  ['syn-ack-acknowledges-an-octet-too-many', 'INV-8', 'connect, S1, Y1, cR1'],
  ['options-behind-nop-unread', 'INV-1', ''],
  ['data-sent-twice-with-shift', 'INV-10', 'connect, S1, Y1, cK1'],
  ['v1-first-octet-at-idsn', 'INV-4', 'connect, S1, Y1, A1'],
  ['subflow-number-from-zero', 'INV-4', 'connect, S1, Y1, A1'],
  ['option-kind-29', 'INV-5', 'connect, S1'],
  ['third-keys-swapped', 'INV-6', 'connect, S1, Y1'],
  ['silent-to-mptcp', 'INV-2', ''],
  ['second-flow-reset', 'INV-3', 'connect, S1, S2, Y1, Y2, A2, A1'],
  ['second-flow-a-connection-of-its-own', 'INV-1', 'connect, S1, S2, Y1, Y2, A1, A2'],
  ['second-syn-ack-confirmed-by-swapped-keys', 'INV-6', 'connect, S1, S2, Y1, Y2'],
  ['crashes-on-second-flow', 'INV-10', 'connect, S1, Y1, A1, S2'],
  ['loser-reset-without-acknowledgment', 'INV-8', 'connect, S1, S2, Y1, A1, sR2'],
  ['loser-reset-at-wrong-number', 'INV-8', 'connect, S1, S2, Y1, Y2, A1, sR2'],
  ['winner-reset-as-well', 'INV-3', 'connect, S1, S2, Y1, A1'],
  ['timer-late-syn-ack-attached', 'INV-1', 'connect, S1, expire client, Y1, S2, A1, Y2, A2'],
  ['timer-second-attempt-accepted-as-well', 'INV-1', 'connect, S1, expire client, Y1, S2, A1'],
  ['sim-losers-completed', 'INV-1', 'connect, S1, S2, Y1, Y2, A1, A2'],
  ['sim-loser-reset-unacceptable', 'INV-8', 'connect, S1, S2, Y1, Y2, cR2'],
  ['esim-late-ack-of-initial-flow-resets', 'INV-3', 'connect, S1, S2, Y1, Y2, J2, A1'],
  ['esim-second-flow-by-mp-capable', 'INV-1', 'connect, S1, S2, Y1, Y2, A1, A2'],
  ['syn-ack-twice', 'INV-7', 'connect, S1'],
  ['plain-syn-ack-is-mptcp', 'INV-9', 'connect, S1, Y1', { peer: 'tcp' }],
  ['options-kept-after-plain-syn-ack', 'INV-9', 'connect, S1, Y1, cK1', { peer: 'tcp' }],
  ['repeated-data-delivered', 'INV-10', 'connect, S1, Y1, cD1+, cD1', { paths: 1, duplicates: 1, talk: true }],
  [
    'repeated-data-delivered.tcp-client',
    'INV-10',
    'connect, S1, Y1, cD1, sD1+, sD1',
    { paths: 1, duplicates: 1, talk: true },
  ],
  ['further-flow-without-data', 'INV-10', 'connect, S1, Y1, cD1, A1', { paths: 1, talk: true }],
];

describe('exploration of mutants', function () {
  this.timeout(180_000);

  it('finds each invariant violated by somebody', () => {
    const every = Array.from({ length: 10 }, (_, index) => `INV-${index + 1}`);
    expect([...new Set(table.map(([, invariant]) => invariant))]).to.have.members(every);
  });

  for (const [mutant, invariant, schedule, more] of table) {
    it(`${mutant}: ${invariant}`, () => {
      const request = requestFor(`mutant:${mutant}`, more);
      const exploration = new Exploration(request);
      while (exploration.violated === 0 && exploration.advance(10));
      const [found] = exploration.report().violations;
      expect(found?.invariant).to.equal(invariant);
      if (schedule !== '') expect(found?.schedule.join(', ')).to.equal(schedule);
      const repeated = replay(new World(pairOf(request), boundsOf(request)), found?.schedule ?? []);
      expect(violationsOf(repeated).map((each) => each.invariant)).to.include(invariant);
    });
  }
});

describe('mutants that say more than fits beside what a join says', () => {
  for (const mutant of ['mp-capable-unasked', 'key-beside-a-join']) {
    it(`${mutant} is explored to the end`, () => {
      const exploration = new Exploration(requestFor(`mutant:${mutant}`));
      while (exploration.advance(100));
      expect(exploration.report().orders).to.equal(1);
    });
  }
});

describe('random schedules', function () {
  this.timeout(180_000);
  const request = requestFor('robe-downgrade', { losses: 3, duplicates: 3, random: 30, expiries: 10 });
  const walked = (wanted: ExploreRequest) => {
    const exploration = new Exploration(wanted);
    while (exploration.advance(200));
    return exploration.report();
  };

  it('are the same for the same seed and find no fault in the reference', () => {
    const one = walked(request);
    expect(one.violations).to.deep.equal([]);
    expect(one.orders).to.equal(30);
    expect(walked(request)).to.deep.equal(one);
    expect(walked({ ...request, seed: '2' }).arrivals).to.not.equal(one.arrivals);
  });

  it('go on where they stopped, and shards share them', () => {
    const whole = walked(request);
    const first = new Exploration(request);
    first.advance(100);
    const second = new Exploration(request, JSON.parse(JSON.stringify(first.save())));
    while (second.advance(200));
    expect(second.report()).to.deep.equal(whole);
    const shards = [1, 2].map((index) => walked({ ...request, shard: { index, of: 2 } }));
    expect(shards.map(({ orders }) => orders)).to.deep.equal([15, 15]);
    expect(shards.reduce((sum, { arrivals }) => sum + arrivals, 0)).to.equal(whole.arrivals);
  });

  it('that show a fault are shortened to what shows it', () => {
    const report = walked(
      requestFor('mutant:second-flow-a-connection-of-its-own', { losses: 2, duplicates: 2, random: 20 }),
    );
    const [found] = report.violations;
    expect(found?.invariant).to.equal('INV-1');
    expect(found?.schedule.length).to.be.at.most(9);
  });
});
