/**
 * What an exhaustive search finds: the numbers of orders that ladders have, every state once, the same whether states are
 * merged or not, in one piece, in shards or with a pause; and no violation by the reference.
 */
import { inspect } from 'node:util';
import { expect } from 'chai';
import { parsePair, usualWaits } from './end-name.js';
import { countClasses, countLadders } from './ladders.js';
import { Search, wholeSearch } from './search.js';
import { readState, restoreAhead, restoreTally, saveAhead, saveTally } from './state-file.js';
import { Tally } from './tally.js';
import { calm, World } from './world.js';

interface Choice {
  readonly profile: string;
  readonly version?: 0 | 1;
  readonly peer?: string;
  readonly paths?: number;
  readonly losses?: number;
  readonly duplicates?: number;
  readonly expiries?: number;
  readonly dead?: number;
  readonly early?: number;
  readonly talk?: boolean;
  readonly byHistory?: boolean;
}

const worldOf = (choice: Choice): World => {
  const { profile, version, peer, paths = 2, losses = 0, duplicates = 0, expiries = 8 } = choice;
  const { dead = 0, early = 0, talk = false, byHistory = false } = choice;
  const pair = parsePair({ profile, peer, version, paths, seed: '1' });
  const bounds = { ...calm, losses, duplicates, dead, early, talk, expiries, waits: usualWaits(pair) };
  return new World(pair, bounds, { byHistory });
};

const searched = (choice: Choice): Tally => {
  const search = new Search(worldOf(choice));
  search.begin();
  while (search.advance(1000));
  return search.tally;
};

/** Initial flows at client and server, without the rest. */
const electionsOf = ({ outcomes }: Tally): readonly string[] => [
  ...new Set(
    [...outcomes.keys()].map(
      (name) =>
        name
          .match(/\d(?= at)/g)
          ?.slice(0, 2)
          .join('/') ?? '',
    ),
  ),
];

const told = ({ violations }: Tally): readonly string[] =>
  [...violations.values()].map(({ invariant, what, schedule }) => `${invariant} ${what}: ${schedule.join(', ')}`);

describe('every order of arrival', function () {
  this.timeout(20_000);
  const table: readonly (readonly [
    Choice,
    ladders: number,
    elections: readonly string[],
    segments: string,
    resets: string,
  ])[] = [
    [{ profile: 'tcp' }, 1, ['1/1'], '3-3', '0-0'],
    [{ profile: 'mptcp', version: 0 }, 1, ['1/1'], '3-3', '0-0'],
    [{ profile: 'robe-downgrade' }, 20, ['1/1', '1/2', '2/1', '2/2'], '6-6', '0-0'],
    [{ profile: 'robe-bbm' }, 44, ['1/1', '1/2', '2/1', '2/2'], '5-8', '1-2'],
    [{ profile: 'robe-timer', version: 0 }, 31, ['1/1', '2/2'], '3-6', '0-1'],
    [{ profile: 'robe-timer', peer: 'mptcp' }, 31, ['1/1', '2/2'], '3-6', '0-1'],
    [{ profile: 'robe-sim', version: 0 }, 20, ['1/1', '2/2'], '6-6', '1-1'],
    [{ profile: 'robe-sim', peer: 'mptcp' }, 20, ['1/1', '2/2'], '6-6', '1-1'],
    [{ profile: 'robe-sim+sim.rst=immediate' }, 62, ['1/1', '2/2'], '7-7', '2-2'],
    [{ profile: 'robe-esim', version: 0 }, 20, ['1/1', '2/2'], '7-7', '0-0'],
    [{ profile: 'robe-esim' }, 20, ['1/1', '2/2'], '7-7', '0-0'],
    [{ profile: 'robe-ips' }, 1, ['1/1'], '3-3', '0-0'],
  ];
  for (const [choice, ladders, elections, segments, resets] of table) {
    const name = [choice.profile, `v${choice.version ?? 'usual'}`, choice.peer ?? ''].join(' ');
    it(`two paths, ${name}: ${ladders}`, () => {
      const tally = searched(choice);
      expect(told(tally)).to.deep.equal([]);
      expect(countLadders(worldOf(choice))).to.equal(BigInt(ladders));
      expect([...electionsOf(tally)].sort()).to.deep.equal(elections);
      expect(`${tally.segments?.least}-${tally.segments?.most}`).to.equal(segments);
      expect(`${tally.resets?.least}-${tally.resets?.most}`).to.equal(resets);
    });
  }

  it('three paths of proposal 1: 1680 orders and every pair of elections', () => {
    const tally = searched({ profile: 'robe-downgrade', paths: 3 });
    expect(tally.orders).to.equal(1680n);
    expect(electionsOf(tally)).to.have.length(9);
  });

  it('a loss and a duplicate of proposal 1 change nothing about the elections', () => {
    const tally = searched({ profile: 'robe-downgrade', losses: 1, duplicates: 1 });
    expect(told(tally)).to.deep.equal([]);
    expect([...electionsOf(tally)].sort()).to.deep.equal(['1/1', '1/2', '2/1', '2/2']);
  });

  for (const profile of ['robe-bbm', 'robe-timer', 'robe-sim', 'robe-esim']) {
    it(`one loss of ${profile}: no violation`, () => {
      expect(told(searched({ profile, losses: 1 }))).to.deep.equal([]);
    });
  }

  const deadPaths: readonly (readonly [Choice, orders: bigint | undefined, elections: readonly string[]])[] = [
    // One more for each path that is left alone.
    [{ profile: 'robe-downgrade' }, 22n, ['1/1', '1/2', '2/1', '2/2']],
    [{ profile: 'robe-bbm' }, 64n, ['1/1', '1/2', '2/1', '2/2']],
    [{ profile: 'robe-sim' }, 22n, ['1/1', '2/2']],
    [{ profile: 'robe-esim' }, 28n, ['1/1', '2/2']],
    [{ profile: 'robe-timer' }, 37n, ['1/1', '2/2']],
    [{ profile: 'robe-sim', peer: 'mptcp' }, 22n, ['1/1', '2/2']],
    [{ profile: 'robe-timer', paths: 3, dead: 2 }, undefined, ['1/1', '2/2', '3/3']],
  ];
  for (const [choice, orders, elections] of deadPaths) {
    it(`a dead path of ${choice.profile} or ${choice.dead === 2 ? 'two' : 'none'}: a connection by another, in time`, () => {
      const tally = searched({ dead: 1, ...choice });
      expect(told(tally)).to.deep.equal([]);
      expect(tally.unjudged).to.equal(0n);
      if (orders !== undefined) expect(tally.orders).to.equal(orders);
      expect([...electionsOf(tally)].sort()).to.deep.equal(elections);
    });
  }

  it('both ends wait for an answer that was lost: either timer expires first, or both before anything arrives', () => {
    const tally = searched({ profile: 'robe-downgrade', losses: 1 });
    expect(told(tally)).to.deep.equal([]);
    expect(tally.orders).to.equal(98n);
  });

  it('timers of both ends expire early', () => {
    const tally = searched({ profile: 'mptcp', early: 1 });
    expect(told(tally)).to.deep.equal([]);
    expect(tally.orders > 1n).to.equal(true);
    expect(told(searched({ profile: 'robe-downgrade', early: 1 }))).to.deep.equal([]);
  });

  it('data in every order while the second path is still opening', () => {
    expect(told(searched({ profile: 'robe-downgrade', talk: true }))).to.deep.equal([]);
  });

  it("a flow that is over is nobody's initial one when an old SYN begins it anew", () => {
    const tally = searched({ profile: 'robe-downgrade', duplicates: 1, talk: true });
    expect(told(tally)).to.deep.equal([]);
    expect(tally.unjudged).to.equal(0n);
  });

  const cutShort: readonly (readonly [what: string, choice: Choice])[] = [
    ['whose timers would have gone on', { profile: 'mptcp', losses: 1, expiries: 0 }],
    ['with as many losses as a host sends a segment', { profile: 'mptcp', paths: 1, losses: 9 }],
  ];
  for (const [what, choice] of cutShort) {
    it(`schedules ${what} are counted and nobody is blamed for them`, () => {
      const tally = searched(choice);
      expect(told(tally)).to.deep.equal([]);
      expect(tally.unjudged > 0n).to.equal(true);
    });
  }
});

describe('a search', function () {
  this.timeout(20_000);
  const summary = (tally: Tally) => ({
    orders: tally.orders,
    outcomes: [...tally.outcomes].map(([name, { schedules }]) => [name, schedules]).sort(),
    segments: tally.segments,
  });

  for (const choice of [
    { profile: 'robe-downgrade', losses: 1 },
    { profile: 'robe-esim', losses: 1 },
    { profile: 'robe-timer', losses: 1 },
  ]) {
    it(`finds the same of ${choice.profile} when states are told apart by their history`, () => {
      const merged = searched(choice);
      const apart = searched({ ...choice, byHistory: true });
      expect(summary(merged)).to.deep.equal(summary(apart));
      expect(merged.states).to.be.at.most(apart.states);
    });
  }

  const choice = { profile: 'robe-sim', losses: 1, duplicates: 1 };

  it('in three shards finds together what it finds in one piece', () => {
    const seen = new Map<string, number>();
    const visit = (of: Map<string, number>) => (state: Parameters<World['turns']>[0]) => {
      const { client, server, flight, lost, doubled, expired } = state;
      const name = inspect(
        [client, server].map(({ host, ledger }) => [host.standing, host.wakeAt, ledger]),
        {
          depth: 9,
          maxArrayLength: null,
          maxStringLength: null,
        },
      ).concat(` ${flight.length} ${lost} ${doubled} ${expired}`);
      of.set(name, (of.get(name) ?? 0) + 1);
    };
    const whole = new Search(worldOf(choice), wholeSearch, new Tally(), visit(seen));
    whole.begin();
    while (whole.advance(1000));
    const parts = [1, 2, 3].map((index) => {
      const reached = new Map<string, number>();
      const part = new Search(worldOf(choice), { index, of: 3 }, new Tally(), visit(reached));
      part.begin();
      while (part.advance(1000));
      return { tally: part.tally, reached };
    });
    expect(parts.reduce((sum, { tally }) => sum + tally.orders, 0n)).to.equal(whole.tally.orders);
    expect(new Set(parts.flatMap(({ reached }) => [...reached.keys()]))).to.deep.equal(new Set(seen.keys()));
    const outcomes = new Set(parts.flatMap(({ tally }) => [...tally.outcomes.keys()]));
    expect(outcomes).to.deep.equal(new Set(whole.tally.outcomes.keys()));
    expect(parts.every(({ tally }) => tally.orders > 0n)).to.equal(true);
  });

  it('goes on where it was written down, to the same end', () => {
    const whole = searched(choice);
    const first = new Search(worldOf(choice));
    first.begin();
    first.advance(333);
    const saved = readState(
      JSON.stringify({
        format: 'robe-explore/1',
        request: { profile: 'robe-sim', paths: 2, losses: 1, duplicates: 1, expiries: 8, talk: false, seed: '1' },
        tally: saveTally(first.tally),
        ahead: saveAhead(first.ahead, (node) => first.scheduleOf(node)),
      }),
    );
    const world = worldOf(choice);
    const second = new Search(world, wholeSearch, restoreTally(saved.tally));
    if (saved.ahead === undefined) throw new Error('nothing is ahead');
    second.resume(restoreAhead(world, saved.ahead));
    while (second.advance(1000));
    expect(summary(second.tally)).to.deep.equal(summary(whole));
    expect(second.tally.states).to.equal(whole.states);
    expect(second.tally.arrivals).to.equal(whole.arrivals);
  });

  it('refuses a state that is none', () => {
    expect(() => readState('{')).to.throw(SyntaxError, /no JSON/);
    expect(() => readState('{"format":"robe-explore/1"}')).to.throw(SyntaxError, /no state of a search: request/);
    const world = worldOf({ profile: 'robe-downgrade' });
    const ahead = { depth: 1, dealt: true, level: [{ moves: ['connect', 'S3'], schedules: '1' }], next: [] };
    expect(() => restoreAhead(world, ahead)).to.throw(RangeError, /"S3" is not possible where it stands/);
  });

  it('counts the classes of schedules that no end can tell apart', () => {
    for (const profile of ['robe-downgrade', 'robe-bbm', 'robe-esim']) {
      const world = worldOf({ profile });
      const classes = new Set<string>();
      // Every schedule is walked, and only what each end sees of it is kept.
      const walk = (state: Parameters<World['turns']>[0], client: string, server: string): void => {
        const successors = world.successors(state);
        if (successors.length === 0) classes.add(`${client}|${server}`);
        for (const { move, state: next } of successors) {
          const seen = ` ${move.frame?.index}`;
          if (move.side === 'client') walk(next, client + seen, server);
          else walk(next, client, server + seen);
        }
      };
      for (const { state } of world.begin()) walk(state, '', '');
      expect(countClasses(worldOf({ profile })), profile).to.equal(BigInt(classes.size));
    }
  });

  it('gives up counting beyond its limit', () => {
    expect(countLadders(worldOf({ profile: 'robe-downgrade' }), 5)).to.equal(undefined);
    expect(countClasses(worldOf({ profile: 'robe-downgrade' }), 5)).to.equal(undefined);
  });
});
