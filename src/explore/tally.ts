/** What a search or many random schedules found: counts, outcomes with an example each, and violations, the shortest kept. */
import type { Ledger, Violation } from './ledger.js';
import type { WorldState } from './world.js';

export interface Outcome {
  schedules: bigint;
  readonly example: readonly string[];
}

export interface Blame extends Violation {
  schedules: bigint;
  /** A shortest schedule that leads to it. */
  schedule: readonly string[];
}

interface Range {
  readonly least: number;
  readonly most: number;
}

const widened = (range: Range | undefined, value: number): Range =>
  range === undefined
    ? { least: value, most: value }
    : { least: Math.min(range.least, value), most: Math.max(range.most, value) };

/** Violations of different kinds that are kept. */
const mostBlames = 50;

const pathOf = (initial: string | undefined): string => initial?.split(':')[0] ?? '-';

/** Which flow each end takes for the initial one, and what their connection is, as control would tell. */
const outcomeOf = ({ client, server }: Pick<WorldState, 'client' | 'server'>): string => {
  const flows = (standing: string | undefined): string => standing?.split(' ').slice(1).join(' ') ?? 'nothing';
  return (
    `initial ${pathOf(client.ledger.initial)} at the client, ${pathOf(server.ledger.initial)} at the server; ` +
    `${flows(client.host.standing)} at the client, ${flows(server.host.standing)} at the server`
  );
};

const sum = (client: Ledger, server: Ledger, what: 'sent' | 'resets'): number => client[what] + server[what];

export class Tally {
  states = 0;
  /** Arrivals of segments that were looked at: one for each state and segment, however many schedules they are in. */
  arrivals = 0;
  /** Schedules that came to their end without a violation. */
  orders = 0n;
  /** Schedules of which the bounds do not let it be asked whether there is a connection. */
  unjudged = 0n;
  /** Schedules with violations of kinds beyond those that are kept. */
  unlisted = 0n;
  segments: Range | undefined;
  resets: Range | undefined;
  readonly outcomes = new Map<string, Outcome>();
  readonly violations = new Map<string, Blame>();

  end(state: WorldState, schedules: bigint, example: () => readonly string[]): void {
    const { ledger: client } = state.client;
    const { ledger: server } = state.server;
    this.orders += schedules;
    this.segments = widened(this.segments, sum(client, server, 'sent'));
    this.resets = widened(this.resets, sum(client, server, 'resets'));
    const name = outcomeOf(state);
    const known = this.outcomes.get(name);
    if (known === undefined) this.outcomes.set(name, { schedules, example: example() });
    else known.schedules += schedules;
  }

  blame({ invariant, what, end }: Violation, schedules: bigint, example: () => readonly string[]): void {
    const known = this.violations.get(kindOf({ invariant, what }));
    if (known !== undefined) {
      known.schedules += schedules;
      return;
    }
    this.keepBlame({ invariant, what, ...(end && { end }), schedules, schedule: example() });
  }

  keepBlame(blame: Blame): void {
    if (this.violations.size < mostBlames) this.violations.set(kindOf(blame), blame);
    else this.unlisted += blame.schedules;
  }
}

/** Violations that differ in numbers alone are one. */
export const kindOf = ({ invariant, what }: Violation): string =>
  `${invariant} ${what.replaceAll(/\b(0x)?[0-9a-f]{8,}\b/g, 'x').replaceAll(/\b\d{2,}\b/g, '0')}`;
