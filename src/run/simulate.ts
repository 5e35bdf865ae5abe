/**
 * The simulated driver: each case in a session of its own under virtual time, one after the other. Nothing waits in real
 * time, and the same seed gives the same run octet by octet.
 */
import type { SimulatedSubject } from '../iut/subject.js';
import type { ExpandedCase } from '../suite/language/case.js';
import type { Surroundings } from '../suite/scenario/contract.js';
import { type Plan, planCase } from '../suite/scenario/plan.js';
import { allocate, type Loan } from './allocation.js';
import { dispatchFrames } from './dispatch.js';
import { type Driven, driveCase } from './drive-case.js';
import { testerAddresses } from './tester-addresses.js';
import { settleVirtual } from './world.js';

export interface Simulated {
  readonly plan: Plan;
  readonly driven: Driven;
}

/** Most events in one case; beyond that tester and implementation are assumed to loop. */
const mostEvents = 1_000_000;

const held = (surroundings: Surroundings): Pick<Loan, 'surroundings' | 'addresses'> => ({
  surroundings,
  addresses: testerAddresses(surroundings),
});

export const simulateCase = (subject: SimulatedSubject, each: ExpandedCase, seed: string): Simulated => {
  const session = subject.open(`${seed}/${each.id}`);
  const loan =
    session.surroundings === undefined ? allocate(session.facts, seed).lend(each) : held(session.surroundings);
  if (loan === undefined) throw new Error(`the embedded session has no addresses for ${each.id}`);
  const plan = planCase(each, loan.surroundings, { ...subject.settings, seed });
  const dispatch = dispatchFrames(session.link);
  const { clock, link, control } = session;
  let driven: Driven | undefined;
  const drive = driveCase(
    plan,
    {
      clock,
      send: (path, frame) => link.send(path, frame),
      subscribe: (listener) => dispatch.claim(loan.addresses, listener),
      settle: settleVirtual(clock),
      ...(control === undefined ? {} : { control }),
    },
    (ended) => {
      driven = ended;
    },
  );
  let events = 0;
  session.advance?.(() => {
    events += 1;
    return driven !== undefined || events > mostEvents;
  });
  drive.abandon(events > mostEvents ? `more than ${mostEvents} events happened` : 'nothing more happens in it');
  void session.close();
  if (driven === undefined) throw new Error(`${each.id} was abandoned without an outcome`);
  return { plan, driven };
};
