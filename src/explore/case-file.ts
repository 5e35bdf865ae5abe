/**
 * A schedule as a case for one of the ends: what arrived there becomes `send` steps, and what a right end answers to it
 * `expect` steps; at the end of a server's case data goes both ways and its application must have been handed one connection. A
 * case needs nothing of the exploration: it can be run against any implementation. The language has no step for a part of
 * what an exploration does (joins and data of a client on flows that it chooses by itself), so some schedules are no case;
 * whether a case shows what the exploration found, only running it tells.
 */
import type { Frame } from './frame-table.js';
import { flowName, type Invariant } from './ledger.js';
import type { Pair, Side } from './pair.js';
import type { Successor, World, WorldState } from './world.js';

export interface CaseDraft {
  readonly id: string;
  readonly text: string;
}

/** What a case of an invariant cites when no mutant tells which requirement it breaks. */
const requirementOf: Readonly<Record<Invariant, string>> = {
  'INV-1': 'DERIVED-ACC-01',
  'INV-2': 'ROBE-GEN-01',
  'INV-3': 'DERIVED-RST-02',
  'INV-4': 'RFC6824-3.3-05',
  'INV-5': 'RFC6824-3-01',
  'INV-6': 'DERIVED-KEY-02',
  'INV-7': 'DERIVED-KEY-01',
  'INV-8': 'DERIVED-RST-01',
  'INV-9': 'RFC6824-3.6-08',
  'INV-10': 'RFC6824-3.3-07',
  'INV-11': 'ROBE-GEN-01',
  'INV-12': 'ROBE-LAW-07',
  'INV-13': 'RFC9293-3.10.7-01',
  'INV-14': 'ROBE-P2-S-03',
  'INV-15': 'ROBE-LAW-02',
  'INV-16': 'DRAFT-SIM-C-02',
  'INV-17': 'ROBE-GEN-02',
  'INV-18': 'ROBE-GEN-02',
  'INV-19': 'ROBE-GEN-04',
};

export interface Wanted {
  /** The end that the case judges. */
  readonly guilty: Side;
  readonly invariant: Invariant;
  readonly what: string;
  readonly schedule: readonly string[];
  /** What a mutant breaks. */
  readonly requirement?: string | undefined;
  /** Tells cases of one exploration apart. */
  readonly number: number;
}

/** The pair in which the guilty end does right. */
export const rightPair = (pair: Pair, guilty: Side): Pair => {
  const { profile, parameters } = pair[guilty];
  return { ...pair, [guilty]: { name: profile, profile, parameters } };
};

/** The case; undefined where the language has no words for it. `world` is one of the right pair. */
export const draftCase = (world: World, wanted: Wanted): CaseDraft | undefined => {
  const script = new Script(world, wanted.guilty);
  let at: Successor | undefined;
  for (const name of wanted.schedule) {
    const next = followAlike(world, at?.state, name);
    if (next === undefined) continue;
    script.take(at?.state, next);
    at = next;
  }
  for (let turn = at && world.turns(at.state)[0]; at !== undefined && turn !== undefined; ) {
    const [next]: readonly Successor[] = world.take(at.state, turn);
    if (next === undefined) break;
    script.take(at.state, next);
    at = next;
    turn = world.turns(at.state)[0];
  }
  if (at === undefined) return undefined;
  if (wanted.guilty === 'server') script.converse(at.state);
  if (script.wordless) return undefined;
  const { pair } = world;
  const { profile } = pair[wanted.guilty];
  const role = wanted.guilty;
  const kind = wanted.invariant.toLowerCase();
  const id = `${profile}.${role}.explored-${kind}-${wanted.number}`;
  return {
    id,
    text: [
      `- id: ${id}`,
      `  title: ${JSON.stringify(`Found by exploration: ${wanted.invariant}`)}`,
      `  why: ${JSON.stringify(`${wanted.what}; after ${wanted.schedule.join(', ')}.`)}`,
      `  requirements: [${wanted.requirement ?? requirementOf[wanted.invariant]}]`,
      `  role: ${role}`,
      `  profiles: [${profile === 'mptcp' ? `mptcp-v${pair.version}` : profile}]`,
      ...(profile === 'tcp' ? [] : [`  mptcp: ${pair.version}`]),
      '  ip: 4',
      `  paths: ${pair.paths}`,
      `  control: ${role === 'server' ? 2 : 1}`,
      '  steps:',
      ...script.lines.map((line) => `    - ${line}`),
      '',
    ].join('\n'),
  };
};

/** The move of that name, or one of the same letters without losses where there is none of the name. */
const followAlike = (world: World, before: WorldState | undefined, name: string): Successor | undefined => {
  const exact = world.follow(before, name);
  if (exact !== undefined || before === undefined) return exact ?? world.begin()[0];
  const letters = name.replace(/[#+ ].*$/, '');
  return world.successors(before).find(({ move }) => move.frame?.letters === letters);
};

class Script {
  readonly lines: string[] = [];
  /** Something had no words. */
  wordless = false;
  readonly #world: World;
  readonly #guilty: Side;
  readonly #keys = new Map<bigint, string>();
  /** What was said already, by flow and letters: repetitions are not awaited. */
  readonly #said = new Set<string>();
  #now = 0n;
  #latest: WorldState | undefined;

  constructor(world: World, guilty: Side) {
    this.#world = world;
    this.#guilty = guilty;
  }

  take(before: WorldState | undefined, { move, state }: Successor): void {
    const { frame, side } = move;
    this.#latest = state;
    const sent = this.#world.sentBy(before, move);
    if (before === undefined) {
      if (this.#guilty !== 'client') return;
      const paths = Array.from({ length: this.#world.pair.paths }, (_, index) => index + 1);
      this.lines.push(`control: {verb: connect, paths: [${paths.join(', ')}]}`);
      this.#expectTogether(sent);
      return;
    }
    if (side !== this.#guilty) return;
    if (frame === undefined) this.#wait(before);
    else this.#send(frame);
    for (const answer of sent) this.#expect(answer);
  }

  #wait(before: WorldState): void {
    const until = before[this.#guilty].host.wakeAt ?? this.#now;
    this.lines.push(`wait: ${Number(until - this.#now) / 1e6 + 100}ms`);
    this.#now = until;
  }

  #send(frame: Frame): void {
    const again = this.#repeats(frame);
    const numbers = again && frame.letters.startsWith('S') ? ', seq: isn' : '';
    const segment = this.#segmentOf(frame, 'sent');
    if (segment !== undefined) this.lines.push(`send: {on: ${frame.path}, ${segment}${numbers}}`);
  }

  #expect(frame: Frame): void {
    if (!frame.drawn) return;
    const reset = /^.R/.test(frame.letters);
    if (this.#repeats(frame) && !reset) return;
    const segment = this.#segmentOf(frame, 'awaited');
    if (segment !== undefined) this.lines.push(`expect: {on: ${frame.path}, ${segment}}`);
  }

  #expectTogether(frames: readonly Frame[]): void {
    const segments = frames.flatMap((frame) => {
      this.#repeats(frame);
      const segment = this.#segmentOf(frame, 'awaited');
      return segment === undefined ? [] : [`{on: ${frame.path}, ${segment}}`];
    });
    if (segments.length === 1) this.lines.push(`expect: ${segments[0]}`);
    else this.lines.push(`any-order: [${segments.join(', ')}]`);
  }

  #repeats({ letters }: Frame): boolean {
    const again = this.#said.has(letters);
    this.#said.add(letters);
    return again;
  }

  #keyName(key: bigint, whose: 'A' | 'B', path: number): string {
    const known = this.#keys.get(key);
    if (known !== undefined) return known;
    const taken = [...this.#keys.values()];
    const name = taken.includes(whose) ? `${whose}${path}` : whose;
    this.#keys.set(key, name);
    return name;
  }

  /** The segment in words, without its flow. */
  #segmentOf(frame: Frame, way: 'sent' | 'awaited'): string | undefined {
    const { letters, path, packet } = frame;
    const capable = packet.tcp.options.find((option) => option.option === 'mp_capable');
    const join = packet.tcp.options.find((option) => option.option === 'mp_join_cap');
    const enhanced = packet.tcp.options.some(({ option }) => option === 'robe_esim_en') ? ', robe_esim_en: {}' : '';
    const checksum = way === 'sent' ? ['a: 1'] : [];
    const fromClient = frame.to === 'server';
    const own = capable?.key && this.#keyName(capable.key, fromClient ? 'A' : 'B', path);
    switch (letters.replace(/\d+$/, '')) {
      case 'S':
      case 'Y': {
        const segment = `segment: ${letters.startsWith('S') ? 'SYN' : 'SYN/ACK'}`;
        if (capable === undefined) return segment;
        const fields = [...(own === undefined ? [] : [`key: ${own}`]), ...checksum];
        return `${segment}, mp_capable: {${fields.join(', ')}}${enhanced}`;
      }
      case 'A': {
        const peer = capable?.peerKey === undefined ? 'any' : this.#keyName(capable.peerKey, 'B', path);
        return `segment: ACK, mp_capable: {${[`key: ${own}`, `peer_key: ${peer}`, ...checksum].join(', ')}}`;
      }
      case 'J': {
        if (join === undefined) return undefined;
        const named = this.#joinKeys(path, join.key);
        if (named === undefined) break;
        const { keyA, keyB, keyB2 } = named;
        const id = way === 'sent' ? `address_id: ${join.addressId}, ` : '';
        return `segment: ACK, mp_join_cap: {${id}key: ${keyA}, mac: 'cap_mac(${keyA}, ${keyB}, ${keyB2})'}`;
      }
      case 'cR':
      case 'sR':
        if (way === 'awaited') {
          const zero = packet.tcp.seq === 0;
          return `segment: RST, seq: ${zero ? '0' : fromClient || this.#guilty === 'server' ? 'peer_isn + 1' : 'any'}, ack: any`;
        }
        return (packet.tcp.flags & 0x10) === 0 ? 'segment: RST' : 'segment: RST/ACK';
      case 'cK':
      case 'sK':
        return way === 'sent' ? 'segment: ACK' : undefined;
      default:
        break;
    }
    this.wordless = true;
    return undefined;
  }

  /** Names of the keys of a join: Key-A and Key-B of the initial flow, and this flow's Key-B. */
  #joinKeys(path: number, key: bigint) {
    const ledger = this.#latest?.client.ledger;
    const initial = ledger?.flows.find((flow) => flowName(flow) === ledger.initial);
    const joining = ledger?.flows.find((flow) => flow.path === path && flow.peer?.key !== undefined);
    if (initial?.peer?.key === undefined || joining?.peer?.key === undefined) return undefined;
    return {
      keyA: this.#keyName(key, 'A', initial.path),
      keyB: this.#keyName(initial.peer.key, 'B', initial.path),
      keyB2: this.#keyName(joining.peer.key, 'B', path),
    };
  }

  /** Data over the initial flow and the others that are open, and the number of connections. */
  converse(state: WorldState): void {
    const { ledger } = state.server;
    const initial = ledger.flows.find((flow) => flowName(flow) === ledger.initial);
    if (initial === undefined) return;
    const others = ledger.flows.filter((flow) => flow !== initial && flow.third !== undefined && !flow.over);
    const keyB = initial.own?.key && this.#keyName(initial.own.key, 'B', initial.path);
    const keyA = initial.third?.key && this.#keyName(initial.third.key, 'A', initial.path);
    [initial, ...others].forEach(({ path }, nth) => {
      const at = nth * 5;
      const [sent, echoed, acked] =
        keyA === undefined || keyB === undefined || keyA === 0n || keyB === 0n
          ? ['', '', '']
          : [
              `, dss: {ack: idsn(${keyB}) + ${at + 1}, dsn: idsn(${keyA}) + ${at + 1}, ssn: 1, checksum: auto}`,
              `, dss: {ack: idsn(${keyA}) + ${at + 6}, dsn: idsn(${keyB}) + ${at + 1}, ssn: 1, data_length: 5, checksum: auto}`,
              `, dss: {ack: idsn(${keyB}) + ${at + 6}}`,
            ];
      this.lines.push(`send: {on: ${path}, segment: DATA, data: "RobE!"${sent}}`);
      this.lines.push(`expect: {on: ${path}, segment: DATA, data: "RobE!"${echoed}}`);
      this.lines.push(`send: {on: ${path}, segment: ACK${acked}}`);
    });
    this.lines.push('control: {verb: accepted, answer: {count: 1}}');
  }
}
