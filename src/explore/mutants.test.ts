/** Explorations that find what is broken: by which invariant, at which end, and with a shortest schedule. */
import { expect } from 'chai';
import { overlook } from '../mutants/fault.js';
import type { Mutant } from '../mutants/mutant.js';
import { isSynAck } from '../mutants/segment.js';
import { correlate } from '../reference/listener/correlation.js';
import { losersOf } from '../reference/listener/losers.js';
import { parseEnd, parsePair } from './end-name.js';
import { boundsOf, Exploration, pairOf } from './exploration.js';
import type { Pair, Side } from './pair.js';
import { replay, violationsOf } from './replay.js';
import { Search } from './search.js';
import type { ExploreRequest } from './state-file.js';
import { type Bounds, calm, World } from './world.js';

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

type Row = readonly [
  mutant: string,
  invariant: string,
  end: Side | undefined,
  schedule: string,
  more?: Partial<ExploreRequest>,
];

/** Mutants that break a rule of TCP or MPTCP, or any of them at once. */
const general: readonly Row[] = [
  ['syn-ack-acknowledges-an-octet-too-many', 'INV-8', 'client', 'connect, S1, Y1, cR1'],
  ['options-behind-nop-unread', 'INV-15', 'server', 'connect, S1, Y1, cK1'],
  ['data-sent-twice-with-shift', 'INV-10', 'server', 'connect, S1, Y1, cK1'],
  ['v1-first-octet-at-idsn', 'INV-4', 'server', 'connect, S1, Y1, A1'],
  ['subflow-number-from-zero', 'INV-4', 'server', 'connect, S1, Y1, A1'],
  ['option-kind-29', 'INV-5', 'server', 'connect, S1'],
  ['third-keys-swapped', 'INV-6', 'client', 'connect, S1, Y1'],
  ['silent-to-mptcp', 'INV-13', 'server', 'connect, S1'],
  ['syn-ack-twice', 'INV-7', 'server', 'connect, S1'],
  ['plain-syn-ack-is-mptcp', 'INV-9', 'client', 'connect, S1, Y1', { peer: 'tcp' }],
  ['options-kept-after-plain-syn-ack', 'INV-9', 'client', 'connect, S1, Y1, cK1', { peer: 'tcp' }],
  ['repeated-syn-resets-half-open-flow', 'INV-2', 'server', 'connect, S1 ~Y1, expire client, S1, sR1', { losses: 1 }],
  [
    'repeated-data-delivered',
    'INV-10',
    undefined,
    'connect, S1, Y1, cD1+, cD1',
    { paths: 1, duplicates: 1, talk: true },
  ],
  [
    'repeated-data-delivered.tcp-client',
    'INV-10',
    undefined,
    'connect, S1, Y1, cD1, sD1+, sD1',
    { paths: 1, duplicates: 1, talk: true },
  ],
  ['further-flow-without-data', 'INV-10', undefined, 'connect, S1, Y1, cD1, A1', { paths: 1, talk: true }],
];

/** Mutants that break what RobE is for. */
const robe: readonly Row[] = [
  // Proposal 1.
  ['one-syn-at-a-time', 'INV-17', 'client', 'connect'],
  ['new-key-b-for-known-key-a', 'INV-17', 'server', 'connect, S1, S2'],
  ['late-syn-gets-a-new-key', 'INV-17', 'server', 'connect, S1, Y1, A1, S2'],
  ['only-first-path-elects', 'INV-13', 'client', 'connect, S2, Y2'],
  ['same-key-b-reset', 'INV-12', 'client', 'connect, S1, S2, Y1, Y2'],
  ['second-syn-ack-confirmed-by-swapped-keys', 'INV-6', 'client', 'connect, S1, S2, Y1, Y2'],
  ['second-syn-ack-confirmed-without-keys', 'INV-6', 'client', 'connect, S1, S2, Y1, Y2'],
  ['second-flow-reset', 'INV-12', 'server', 'connect, S1, S2, Y1, Y2, A1, A2'],
  ['first-third-segment-does-not-count', 'INV-12', 'server', 'connect, S1, S2, Y1, Y2, A1, A2'],
  ['second-flow-a-connection-of-its-own', 'INV-1', 'server', 'connect, S1, S2, Y1, Y2, A1, A2'],
  ['crashes-on-second-flow', 'INV-13', 'server', 'connect, S1, S2'],
  ['every-third-segment-acknowledged', 'INV-19', 'server', 'connect, S1, S2, Y1, Y2, A1, A2, sK1, sK1, sK2, sK2'],
  [
    'unanswered-syn-not-repeated',
    'INV-12',
    'client',
    'connect ~S2, S1, Y1, A1, expire client, expire client',
    { losses: 1 },
  ],
  ['abandoned-flow-not-reset', 'INV-13', 'client', 'connect, S1, S2, Y1, Y2', { peer: 'mptcp' }],
  // Proposal 2.
  ['losers-not-reset', 'INV-14', 'server', 'connect, S1, S2, Y1, A1'],
  ['only-one-loser-reset', 'INV-14', 'server', 'connect, S1, S2, S3, Y1, A1', { paths: 3 }],
  ['loser-revived-by-late-ack', 'INV-13', 'server', 'connect, S1, S2, Y1, Y2, A1, A2'],
  ['loser-reset-without-acknowledgment', 'INV-8', 'server', 'connect, S1, S2, Y1, A1, sR2'],
  ['loser-reset-at-wrong-number', 'INV-8', 'server', 'connect, S1, S2, Y1, Y2, A1, sR2'],
  ['winner-reset-as-well', 'INV-3', 'server', 'connect, S1, S2, Y1, A1'],
  ['bbm-client-chooses', 'INV-14', 'client', 'connect, S1, S2, Y1, Y2'],
  ['bbm-parallel-join-stays', 'INV-18', 'client', 'connect, S1, Y1, A1, S2, sR2'],
  ['bbm-data-on-one-flow', 'INV-20', 'client', 'connect, S1, S2, Y1, Y2', { talk: 'late' }],
  ['bbm-redundancy-never-ends', 'INV-19', 'client', 'connect, S1, Y1, A1, S2, sR2'],
  // Proposal 3 and RobE_TIMER.
  ['timer-never-changes-path', 'INV-11', 'client', 'connect !1, expire client', { dead: 1 }],
  [
    'timer-stops-at-second-path',
    'INV-11',
    'client',
    'connect !1 !2, expire client, expire client',
    { paths: 3, dead: 2 },
  ],
  ['timer-tries-each-path-once', 'INV-15', 'client', 'connect ~S1, expire client ~S2, expire client', { losses: 2 }],
  ['timer-expires-late', 'INV-17', 'client', 'connect, expire client'],
  ['timer-joins-before-dss', 'INV-17', 'client', 'connect, S1, Y1'],
  ['timer-late-syn-ack-attached', 'INV-1', 'client', 'connect, S1, expire client, Y1, S2, Y2'],
  ['timer-second-attempt-accepted-as-well', 'INV-1', 'server', 'connect, S1, expire client, Y1, S2, A1'],
  // RobE_SIM.
  ['sim-one-path-first', 'INV-11', 'client', 'connect !1', { dead: 1 }],
  ['sim-losers-completed', 'INV-1', 'client', 'connect, S1, S2, Y1, Y2'],
  ['sim-losers-not-reset', 'INV-13', 'client', 'connect, S1, S2, Y1, Y2'],
  ['sim-loser-reset-unacceptable', 'INV-8', 'client', 'connect, S1, S2, Y1, Y2, cR2'],
  ['sim-losers-never-joined', 'INV-18', 'client', 'connect, S1, S2, Y1, Y2, A1, cR2'],
  ['sim-repeated-winner-without-keys', 'INV-7', 'client', 'connect, S1, Y1+, Y1', { duplicates: 1 }],
  // RobE_eSIM.
  ['esim-third-path-unused', 'INV-11', 'client', 'connect !1 !2', { paths: 3, dead: 2 }],
  ['esim-key-per-client', 'INV-17', 'server', 'connect, S1, S2'],
  ['esim-other-crc', 'INV-6', 'client', 'connect, S1, S2, Y1, Y2'],
  ['esim-second-flow-by-mp-capable', 'INV-1', 'client', 'connect, S1, S2, Y1, Y2'],
  ['esim-late-ack-of-initial-flow-resets', 'INV-3', 'server', 'connect, S1, S2, Y1, Y2, J2, A1'],
  ['esim-joins-unconfirmed', 'INV-1', 'client', 'connect, S1, S2, Y1, Y2', { peer: 'mptcp' }],
];

/** Defects that show in some orders alone, in hosts that no mutant that ships is. */
const ordering: readonly (readonly [
  what: string,
  host: Pick<Mutant, 'profile' | 'role' | 'defect'>,
  invariant: string,
  schedule: string,
  more?: Partial<Bounds> & { readonly paths?: number },
])[] = [
  [
    'a SYN/ACK of a lower path than one that answered is dropped',
    {
      profile: 'robe-downgrade',
      role: 'client',
      defect: {
        wire: [
          overlook((tcp, { path, flows }) => isSynAck(tcp) && flows.some((each) => each.path > path && each.synAcked)),
        ],
      },
    },
    'INV-13',
    'connect, S1, S2, Y2, Y1',
  ],
  [
    'the key entry goes with the last half-open flow',
    {
      profile: 'robe-downgrade',
      role: 'server',
      defect: {
        decides: {
          listener: {
            correlate: (requests, syn, parameters) =>
              correlate(
                requests.filter(({ halfOpen }) => halfOpen.size > 0),
                syn,
                parameters,
              ),
          },
        },
      },
    },
    'INV-17',
    'connect, S1, Y1, A1, S2',
  ],
  [
    'losers of lower paths alone are reset',
    {
      profile: 'robe-bbm',
      role: 'server',
      defect: {
        decides: {
          listener: {
            losersOf: (request, winner) => losersOf(request, winner).filter(({ path }) => path < winner.path),
          },
        },
      },
    },
    'INV-14',
    'connect, S1, S2, Y1, A1',
  ],
  [
    'no MP_JOIN_CAP ever succeeds',
    { profile: 'robe-esim', role: 'server', defect: { decides: { joinCap: { verifies: () => false } } } },
    'INV-12',
    'connect, S1, S2, Y1, Y2, J2',
  ],
  [
    'the second expiry of RobE_TIMER asks the first path again',
    {
      profile: 'robe-timer',
      role: 'client',
      defect: { decides: { client: { nextPath: ({ paths, syns }) => paths[syns % 2] ?? 1 } } },
    },
    'INV-11',
    'connect !1 !2, expire client, expire client',
    { paths: 3, dead: 2 },
  ],
];

const pairWith = ({ profile, role, defect }: Pick<Mutant, 'profile' | 'role' | 'defect'>, paths: number): Pair => {
  const side = role === 'client' ? 'client' : 'server';
  const mutant: Mutant = { id: 'made here', requirement: '', breaks: '', profile, role, defect };
  return { ...parsePair({ profile, paths, seed: '1' }), [side]: { ...parseEnd(profile), mutant } };
};

describe('exploration of mutants', function () {
  this.timeout(180_000);

  it('finds each invariant violated by somebody', () => {
    // INV-16 is seen violated by who is excepted from it (exceptions.test.ts): INV-1 or INV-3 tell earlier of those who are not.
    const every = Array.from({ length: 20 }, (_, index) => `INV-${index + 1}`).filter((each) => each !== 'INV-16');
    expect([...new Set([...general, ...robe].map(([, invariant]) => invariant))]).to.have.members(every);
  });

  for (const [mutant, invariant, end, schedule, more] of [...general, ...robe]) {
    it(`${mutant}: ${invariant}, ${schedule}`, () => {
      const request = requestFor(`mutant:${mutant}`, more);
      const exploration = new Exploration(request);
      while (exploration.violated === 0 && exploration.advance(10));
      const [found] = exploration.report().violations;
      expect(found).to.include({ invariant });
      expect(found?.end).to.equal(end);
      expect(found?.schedule.join(', ')).to.equal(schedule);
      const repeated = replay(new World(pairOf(request), boundsOf(request)), found?.schedule ?? []);
      expect(violationsOf(repeated).map((each) => each.invariant)).to.include(invariant);
    });
  }

  for (const [what, host, invariant, schedule, { paths = 2, ...more } = {}] of ordering) {
    it(`${what}: ${invariant}, ${schedule}`, () => {
      const search = new Search(new World(pairWith(host, paths), { ...calm, expiries: 4, ...more }));
      search.begin();
      while (search.tally.violations.size === 0 && search.advance(10));
      const [found] = search.tally.violations.values();
      expect(found).to.include({ invariant, end: host.role });
      expect(found?.schedule.join(', ')).to.equal(schedule);
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
