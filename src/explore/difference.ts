/**
 * The shortest schedule in which a mutant sends something other than a right host: the mutant runs beside a world of
 * right ends and gets the inputs of the end that it replaces, until its answer differs. At the end of a schedule the
 * client sends three sentences and closes, and segments arrive in the order in which they were sent; or nothing arrives
 * any more after octets or a FIN of the replaced end, whose timers expire.
 *
 * Up to the difference both hosts have sent the same, so nothing else in the world depends on which of them is there. If
 * a mutant keeps state outside of its host, one history is followed for each state of the world.
 */
import type { LocalState } from './automaton.js';
import type { Input } from './endpoint.js';
import type { Frame } from './frame-table.js';
import { expiry, farewell, HostAutomaton, type HostState, opening, utterance } from './host-automaton.js';
import { type Pair, prepareEnd, rightPair, type Side } from './pair.js';
import type { Deed } from './script/deed.js';
import { type Bounds, keyOf, type Successor, World, type WorldState } from './world.js';

export interface Difference {
  /** The end that the mutant replaces. */
  readonly guilty: Side;
  /** Moves by name; the mutant's answer to the last one differs. */
  readonly schedule: readonly string[];
  /** The inputs of the guilty end and the answers of a right one; the mutant's answer to the last one differs. */
  readonly deeds: readonly Deed[];
  /** The mutant's answer to the last one. */
  readonly wrongly: Pick<Deed, 'sent' | 'now'>;
}

/** One move with its result at the guilty end, if it was a move of that end. */
interface Trail {
  readonly name: string;
  readonly deed: Deed | undefined;
  readonly wrong: HostState;
  /** Of the last one of a trail. */
  readonly wrongly?: Pick<Deed, 'sent' | 'now'>;
  readonly parent: Trail | undefined;
  readonly length: number;
}

interface Node {
  readonly state: WorldState;
  readonly trail: Trail;
}

const sentences = 3;
/** Expiries after the client closed. */
const lateExpiries = 4;
/** The most arrivals of one conversation. */
const mostArrivals = 200;

/** The first difference within the bounds; undefined if there is none, or if `mostStates` were visited. */
export const findDifference = (pair: Pair, guilty: Side, bounds: Bounds, mostStates: number): Difference | undefined =>
  new DifferenceSearch(pair, guilty, bounds).search(mostStates);

class DifferenceSearch {
  readonly #guilty: Side;
  readonly #world: World;
  readonly #hosts: HostAutomaton;
  /** Pairs of ends whose conversation was held. */
  readonly #held = new Set<string>();
  #best: Trail | undefined;

  constructor(pair: Pair, guilty: Side, bounds: Bounds) {
    this.#guilty = guilty;
    this.#world = new World(rightPair(pair, guilty), bounds);
    this.#hosts = new HostAutomaton(prepareEnd(pair, guilty), this.#world.frames, false);
  }

  search(mostStates: number): Difference | undefined {
    let level = this.#begin();
    for (let looked = 0; level.length > 0; ) {
      const next = new Map<string, Node>();
      for (const node of level) {
        if (this.#best !== undefined && node.trail.length + 1 >= this.#best.length) return this.#found();
        if (looked++ >= mostStates) return this.#found();
        for (const each of this.#look(node)) {
          const key = keyOf(each.state);
          if (!next.has(key)) next.set(key, each);
        }
      }
      level = [...next.values()];
    }
    return this.#found();
  }

  #found(): Difference | undefined {
    if (this.#best?.wrongly === undefined) return undefined;
    const trails: Trail[] = [];
    for (let each: Trail | undefined = this.#best; each !== undefined; each = each.parent) trails.unshift(each);
    return {
      guilty: this.#guilty,
      schedule: trails.map(({ name }) => name),
      deeds: trails.flatMap(({ deed }) => (deed === undefined ? [] : [deed])),
      wrongly: this.#best.wrongly,
    };
  }

  #begin(): readonly Node[] {
    const nodes: Node[] = [];
    const rightly = this.#world[this.#guilty].begin();
    const { to, sent } = this.#hosts.step(this.#hosts.start, opening);
    for (const { move, state } of this.#world.begin()) {
      const name = this.#world.nameMove(undefined, { move, state });
      const deed: Deed = { input: 'begin', sent: rightly.sent, now: state[this.#guilty].host.now };
      const trail: Trail = { name, deed, wrong: to, parent: undefined, length: 1 };
      if (isSame(rightly.sent, sent)) nodes.push({ state, trail });
      else this.#keep({ ...trail, wrongly: { sent, now: to.now } });
    }
    return nodes;
  }

  #keep(trail: Trail): void {
    if (this.#best === undefined || trail.length < this.#best.length) this.#best = trail;
  }

  #look({ state, trail }: Node): readonly Node[] {
    const world = this.#world;
    const turns = world.turns(state);
    if (turns.length === 0) this.#converse(state, trail);
    return turns.flatMap((turn) =>
      world.take(state, turn).flatMap((successor) => this.#follow(state, trail, successor)),
    );
  }

  /** The mutant makes a move that the right end made. */
  #follow(before: WorldState, trail: Trail, successor: Successor): readonly Node[] {
    const { move, state } = successor;
    const name = this.#world.nameMove(before, successor);
    const length = trail.length + 1;
    if (move.side !== this.#guilty) {
      return [{ state, trail: { name, deed: undefined, wrong: trail.wrong, parent: trail, length } }];
    }
    const input = move.frame?.index ?? expiry;
    const speaks = this.#guilty === 'client' && this.#world.speaks(before.client.ledger, state.client.ledger);
    const inputs = speaks ? [input, utterance] : [input];
    const made = this.#compare(before[this.#guilty], inputs, trail, name);
    return made.wrongly === undefined ? [{ state, trail: made }] : [];
  }

  /** The trail after inputs to both hosts; one that differs is kept. */
  #compare(from: LocalState, inputs: readonly number[], parent: Trail, name: string): Trail {
    let [right, { wrong }] = [from, parent];
    let trail = parent;
    for (const input of inputs) {
      const rightly = this.#world[this.#guilty].step(right, input);
      const wrongly = this.#hosts.step(wrong, input);
      right = rightly.to;
      wrong = wrongly.to;
      const deed: Deed = { input: this.#inputOf(input), sent: rightly.sent, now: right.host.now };
      const called = inputs.length > 1 && input === utterance ? 'say' : name;
      trail = { name: called, deed, wrong, parent: trail, length: parent.length + 1 };
      const late = rightly.sent.length > 0 && right.host.now !== wrong.now;
      if (isSame(rightly.sent, wrongly.sent) && !late) continue;
      const different = { ...trail, wrongly: { sent: wrongly.sent, now: wrong.now } };
      this.#keep(different);
      return different;
    }
    return trail;
  }

  #inputOf(input: number): Input {
    switch (input) {
      case expiry:
        return 'expire';
      case utterance:
        return 'say';
      case farewell:
        return 'close';
      default:
        return this.#world.frames.at(input);
    }
  }

  /** After a schedule: sentences, the close, and timers. */
  #converse(state: WorldState, trail: Trail): void {
    const key = `${state.client.host.id} ${state.server.host.id} ${state.dead.join()}`;
    if (this.#held.has(key)) return;
    this.#held.add(key);
    const talk = new Talk(state, trail);
    const give = (side: Side, input: number, name: string): boolean => {
      const before = talk.ends[side];
      const { to, sent } = this.#world[side].step(before, input);
      talk.trail =
        side === this.#guilty
          ? this.#compare(before, [input], talk.trail, name)
          : { name, deed: undefined, wrong: talk.trail.wrong, parent: talk.trail, length: talk.trail.length + 1 };
      if (talk.trail.wrongly !== undefined) return false;
      talk.ends[side] = to;
      if (side === this.#guilty && sent.some(awaitsAnswer)) this.#hearNothing(to, talk.trail);
      talk.queue.push(...sent.filter(({ path }) => !state.dead.includes(path)));
      for (let frame = talk.queue.shift(); frame !== undefined; frame = talk.queue.shift()) {
        if (talk.arrivals++ > mostArrivals) return false;
        if (!give(frame.to, frame.index, frame.letters)) return false;
      }
      return true;
    };
    for (let turn = 0; turn < sentences; turn++) if (!give('client', utterance, 'say')) return;
    if (!give('client', farewell, 'close')) return;
    for (let turn = 0; turn < lateExpiries; turn++) {
      const side = talk.nextToExpire();
      if (side === undefined || !give(side, expiry, `expire ${side}`)) break;
    }
    if (talk.trail.wrongly === undefined) this.#expireAlone(talk);
  }

  /** Nothing arrives at the guilty end any more. */
  #hearNothing(from: LocalState, trail: Trail): void {
    let [at, last] = [from, trail];
    for (let turn = 0; turn < lateExpiries && at.host.wakeAt !== undefined; turn++) {
      const { to } = this.#world[this.#guilty].step(at, expiry);
      last = this.#compare(at, [expiry], last, `expire ${this.#guilty}, and nothing arrives`);
      if (last.wrongly !== undefined) return;
      at = to;
    }
  }

  /** A timer of the mutant alone. */
  #expireAlone({ ends, trail }: Talk): void {
    const { host } = ends[this.#guilty];
    if (host.wakeAt !== undefined || trail.wrong.wakeAt === undefined) return;
    const { to, sent } = this.#hosts.step(trail.wrong, expiry);
    if (sent.length === 0) return;
    const deed: Deed = { input: 'expire', sent: [], now: to.now };
    const name = `expire ${this.#guilty}`;
    this.#keep({ name, deed, wrong: to, wrongly: { sent, now: to.now }, parent: trail, length: trail.length + 1 });
  }
}

/** Both ends in conversation, and what is under way. */
class Talk {
  readonly ends: Record<Side, LocalState>;
  readonly queue: Frame[] = [];
  trail: Trail;
  arrivals = 0;

  constructor({ client, server }: WorldState, trail: Trail) {
    this.ends = { client, server };
    this.trail = trail;
  }

  nextToExpire(): Side | undefined {
    const armed = (['client', 'server'] as const).filter((side) => this.ends[side].host.wakeAt !== undefined);
    return armed.sort((a, b) => Number((this.ends[a].host.wakeAt ?? 0n) - (this.ends[b].host.wakeAt ?? 0n)))[0];
  }
}

/** Octets or a FIN, which are sent again where nothing comes. */
const awaitsAnswer = ({ letters }: Frame): boolean => /^.[DF]\d/.test(letters);

const isSame = (one: readonly Frame[], another: readonly Frame[]): boolean =>
  one.length === another.length && one.every((frame, at) => frame === another[at]);
