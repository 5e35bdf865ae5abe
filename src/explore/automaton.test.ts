/**
 * States that are merged because their texts are the same: hosts that came there by different ways answer whatever comes next
 * alike. Ways and continuations are drawn at random from what the network has seen.
 */
import { expect } from 'chai';
import { Automaton } from './automaton.js';
import { parsePair } from './end-name.js';
import { Endpoint } from './endpoint.js';
import type { Frame } from './frame-table.js';
import { expiry, type HostState, utterance } from './host-automaton.js';
import { prepareEnd, type Side } from './pair.js';
import { StateCode } from './state-code.js';
import { calm, World, type WorldState } from './world.js';

const states = new StateCode();

/** A fixed row of numbers that look random. */
const dice = (seed: number) => {
  let state = seed >>> 0;
  return (sides: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
};

const give = (endpoint: Endpoint, input: Frame | number) => {
  if (typeof input !== 'number') return endpoint.give(input);
  return endpoint.give(input === expiry ? 'expire' : 'say');
};

/** Histories of one end on random schedules, as inputs after its first one, with the state that each led to. */
const historiesOf = (
  world: World,
  side: Side,
  walks: number,
): ReadonlyMap<HostState, readonly (readonly (Frame | number)[])[]> => {
  const found = new Map<HostState, (readonly (Frame | number)[])[]>();
  for (let walk = 0; walk < walks; walk++) {
    const roll = dice(walk);
    let state: WorldState | undefined = world.begin()[0]?.state;
    const inputs: (Frame | number)[] = [];
    while (state !== undefined) {
      const known = found.get(state[side].host) ?? [];
      const names = (row: readonly (Frame | number)[]) =>
        row.map((each) => (typeof each === 'number' ? each : each.index)).join();
      if (!known.some((row) => names(row) === names(inputs))) found.set(state[side].host, [...known, [...inputs]]);
      const turns = world.turns(state);
      const turn = turns[roll(turns.length)];
      if (turn === undefined) break;
      const successors = world.take(state, turn);
      state = successors[roll(successors.length)]?.state;
      if (turn.side === side) inputs.push(turn.frame ?? expiry);
    }
  }
  return found;
};

describe('merged states of a host', function () {
  this.timeout(20_000);
  for (const [profile, side] of [
    ['robe-downgrade', 'client'],
    ['robe-downgrade', 'server'],
    ['robe-bbm', 'client'],
    ['robe-esim', 'server'],
    ['robe-sim', 'client'],
  ] as const) {
    it(`${side} of ${profile}: the same answers to everything, however they came about`, () => {
      const pair = parsePair({ profile, paths: 2, seed: '1' });
      const bounds = { ...calm, losses: 1, duplicates: 2, dead: 1, expiries: 4, early: 1 };
      const world = new World(pair, bounds);
      const merged = [...historiesOf(world, side, 60)].filter(([, ways]) => ways.length > 1);
      expect(merged.length, 'states with several ways').to.be.greaterThan(3);
      const everything: (Frame | number)[] = [expiry, utterance];
      for (let index = 0; ; index++) {
        try {
          const frame = world.frames.at(index);
          if (frame.to === side) everything.push(frame);
        } catch {
          break;
        }
      }
      for (const [state, [one, other]] of merged.slice(0, 25)) {
        const ends = [one, other].map((inputs) => {
          const endpoint = new Endpoint(prepareEnd(pair, side), world.frames);
          endpoint.give('begin');
          for (const input of inputs ?? []) give(endpoint, input);
          return endpoint;
        });
        const roll = dice(state.id);
        for (let step = 0; step < 25; step++) {
          const input = everything[roll(everything.length)] ?? expiry;
          const answers = ends.map((endpoint) => give(endpoint, input).sent.map(({ content }) => content));
          expect(answers[0], `answer ${step} in state ${state.id}`).to.deep.equal(answers[1]);
        }
        expect(states.of(ends[0]?.describe())).to.equal(states.of(ends[1]?.describe()));
      }
    });
  }

  it('a mutant that remembers is known by its history alone', () => {
    const pair = parsePair({ profile: 'mutant:crashes-on-second-flow', paths: 2, seed: '1' });
    expect(new Endpoint(prepareEnd(pair, 'server'), new World(pair, calm).frames).describe()).to.equal(undefined);
  });

  it('a host is taken back to a state by its history', () => {
    const pair = parsePair({ profile: 'robe-downgrade', paths: 2, seed: '1' });
    const world = new World(pair, calm);
    const automaton = new Automaton(pair, 'client', world.frames);
    const { to } = automaton.begin();
    const [one, other] = [1, 2].map(() => automaton.hosts.materialise(to.host).describe());
    expect(states.of(one)).to.equal(states.of(other));
    expect(automaton.step(to, expiry).sent.map(({ letters }) => letters)).to.deep.equal(['S1', 'S2']);
    expect(automaton.step(to, utterance).sent).to.deep.equal([]);
    expect(automaton.step(to, expiry).to).to.not.equal(to);
  });
});
