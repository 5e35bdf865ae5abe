/**
 * An exploration from request to report: all schedules, or random ones, in portions; between two of them it can stop and
 * be saved.
 */
import { parsePair, usualWaits } from './end-name.js';
import { countClasses, countLadders } from './ladders.js';
import type { Invariant } from './ledger.js';
import type { Pair, Side } from './pair.js';
import { RandomWalks } from './random-walks.js';
import { shorten } from './replay.js';
import { Search, wholeSearch } from './search.js';
import {
  type ExploreRequest,
  restoreAhead,
  restoreTally,
  type SavedState,
  saveAhead,
  saveTally,
} from './state-file.js';
import { Tally } from './tally.js';
import { type Bounds, calm, World } from './world.js';

/** A number as far as JSON readers keep it exact, else its digits. */
export type Count = number | string;

export interface ExploreReport {
  readonly format: 'robe-explore-report/1';
  readonly request: ExploreRequest;
  readonly client: string;
  readonly server: string;
  readonly version: 0 | 1;
  /** Everything within the bounds was visited, or every random walk was taken. */
  readonly complete: boolean;
  /** Distinct ones; passed ones, the same again and again, when schedules are random. */
  readonly states: number;
  /** Arrivals of segments in those states. */
  readonly arrivals: number;
  /** Schedules that came to their end without a violation; distinct ones unless they are random. */
  readonly orders: Count;
  /** Schedules that the bounds ended before a connection can be required. */
  readonly unjudged: Count;
  /** The same as ladders draw them, and up to events that neither end can tell apart; where they were counted. */
  readonly ladders?: Count;
  readonly classes?: Count;
  readonly segments?: { readonly least: number; readonly most: number };
  readonly resets?: { readonly least: number; readonly most: number };
  readonly outcomes: readonly {
    readonly outcome: string;
    readonly schedules: Count;
    readonly example: readonly string[];
  }[];
  readonly violations: readonly {
    readonly invariant: Invariant;
    readonly what: string;
    /** The guilty end, if the schedule shows it. */
    readonly end?: Side;
    readonly schedules: Count;
    readonly schedule: readonly string[];
  }[];
  /** Schedules with violations of further kinds, when there are too many kinds to list. */
  readonly unlisted: Count;
}

const count = (value: bigint): Count => (value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : String(value));

export const pairOf = (request: ExploreRequest): Pair => parsePair(request);

export const boundsOf = (request: ExploreRequest): Bounds => ({
  ...calm,
  losses: request.losses,
  duplicates: request.duplicates,
  dead: request.dead ?? 0,
  expiries: request.expiries,
  waits: request.waits ?? usualWaits(pairOf(request)),
  early: request.early ?? 0,
  talk: request.talk,
});

export class Exploration {
  /** What was asked for, and how many waits were taken for usual. */
  readonly request: ExploreRequest;
  readonly pair: Pair;
  readonly #bounds: Bounds;
  readonly #tally: Tally;
  readonly #search: Search | undefined;
  readonly #walks: RandomWalks | undefined;
  #finished = false;

  /** Throws UnknownEnd for unknown names, RangeError for a state that does not fit them. */
  constructor(request: ExploreRequest, saved?: SavedState) {
    this.pair = pairOf(request);
    this.#bounds = boundsOf(request);
    this.request = { ...request, waits: this.#bounds.waits };
    this.#tally = saved === undefined ? new Tally() : restoreTally(saved.tally);
    const part = request.shard ?? wholeSearch;
    if (request.random === undefined) {
      const world = new World(this.pair, this.#bounds);
      this.#search = new Search(world, part, this.#tally);
      if (saved?.ahead === undefined) this.#search.begin();
      else this.#search.resume(restoreAhead(world, saved.ahead));
    } else this.#walks = new RandomWalks(this.pair, this.#bounds, part, this.#tally, saved?.walk);
  }

  /** Visits so many states, or takes so many walks; false if none is left. */
  advance(most: number): boolean {
    const { random } = this.request;
    const more =
      this.#search?.advance(most) ??
      (random !== undefined && this.#walks?.advance(Math.ceil(most / 20), random)) ??
      false;
    this.#finished = !more;
    return more;
  }

  get finished(): boolean {
    return this.#finished;
  }

  get states(): number {
    return this.#tally.states;
  }

  /** Its progress: moves made from the connect, and known states that are still to be visited; or walks taken. */
  get progress(): { readonly depth: number; readonly ahead: number } | { readonly walks: number } {
    if (this.#search === undefined) return { walks: this.#walks?.next ?? 0 };
    const { level, next } = this.#search.sizes;
    return { depth: this.#search.depth, ahead: level + next };
  }

  get violated(): number {
    return this.#tally.violations.size;
  }

  save(): SavedState {
    return {
      format: 'robe-explore/1',
      request: this.request,
      tally: saveTally(this.#tally),
      ...(this.#walks && { walk: this.#walks.next }),
      ...(this.#search && { ahead: saveAhead(this.#search.ahead, (node) => this.#search?.scheduleOf(node) ?? []) }),
    };
  }

  report(): ExploreReport {
    const tally = this.#tally;
    const { losses, duplicates, dead = 0, early = 0, shard } = this.request;
    const disturbances = losses + duplicates + dead + early + tally.violations.size;
    const small = this.#finished && shard === undefined && disturbances === 0;
    // Answers of the hosts during the search are reused.
    const world = small ? this.#search?.world : undefined;
    const ladders = world && countLadders(world);
    const classes = world && countClasses(world);
    return {
      format: 'robe-explore-report/1',
      request: this.request,
      client: this.pair.client.name,
      server: this.pair.server.name,
      version: this.pair.version,
      complete: this.#finished,
      states: tally.states,
      arrivals: tally.arrivals,
      orders: count(tally.orders),
      unjudged: count(tally.unjudged),
      ...(ladders === undefined ? {} : { ladders: count(ladders) }),
      ...(classes === undefined ? {} : { classes: count(classes) }),
      ...(tally.segments && { segments: tally.segments }),
      ...(tally.resets && { resets: tally.resets }),
      outcomes: [...tally.outcomes]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([outcome, { schedules, example }]) => ({ outcome, schedules: count(schedules), example })),
      violations: [...tally.violations.values()].map((blame) => ({
        invariant: blame.invariant,
        what: blame.what,
        ...(blame.end && { end: blame.end }),
        schedules: count(blame.schedules),
        // A search finds shortest ones by itself.
        schedule:
          this.#search === undefined
            ? shorten(new World(this.pair, this.#bounds), blame.schedule, blame)
            : blame.schedule,
      })),
      unlisted: count(tally.unlisted),
    };
  }
}
