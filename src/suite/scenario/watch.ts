/**
 * The book of rules in a case: every segment of the implementation is judged by every rule, whatever the subject of the
 * case. The tester is the peer, so it knows every segment sent and received, with its time. Suspended rules are left out.
 *
 * The watch reads what happened in a case that is over, so it is a function of that alone, and a recording gives the same
 * findings.
 */

import { isMalformed } from '../../protocol/bytes/malformed.js';
import { ethernetPayload } from '../../protocol/wire/ethernet.js';
import { SegmentView } from '../../protocol/wire/segment-view.js';
import type { Note, Notes } from '../../rules/notes.js';
import { Observer } from '../../rules/observer.js';
import { type Rule, requirementIn } from '../../rules/rule.js';
import { tcpRules } from '../../rules/tcp-header.js';
import { parameterDefaults } from '../language/parameters.js';
import type { Step } from '../language/step.js';
import type { Finding, RankedVerdict } from '../verdict/verdict.js';
import { type Bare, entriesOf, type History, stepOf } from './history.js';
import type { Plan } from './plan.js';

/** Number of flows to keep: a case has far fewer. */
const flowsOfCase = 256;

/** The findings of the rules in a trace, in the order of the guilty segments. */
export const watch = (plan: Plan, history: History): readonly Finding[] => {
  const entries = entriesOf(history);
  const findings = new Findings(plan, entries, (entry) => stepOf(history, entry) ?? 'none');
  const observer = new Observer({
    vantage: 'peer',
    notes: findings,
    flows: flowsOfCase,
    downgrading: claims(plan, 'robe-downgrade') && matchesEverywhere(plan),
    echoes: echoes(plan),
    keysShared: sharesKeys(plan),
  });
  const view = new SegmentView(plan.subtypes);
  for (const [index, entry] of entries.entries()) {
    const octets = frameOf(entry);
    if (octets === undefined) continue;
    findings.turnTo(index);
    const network = ethernetPayload(octets, 0, octets.length);
    if (isMalformed(network)) continue;
    if (view.look(octets, network.start, octets.length, network.etherType) !== 'tcp') continue;
    const subflow = observer.flowOf(view);
    const { checksumState } = view;
    const flawed = checksumState === 'invalid' || checksumState === 'partial';
    if (flawed) {
      const outcome = checksumState === 'invalid' ? 'violated' : 'damaged';
      const sentence =
        checksumState === 'invalid'
          ? () =>
              `the TCP checksum is 0x${view.checksum.toString(16)}, expected 0x${view.expectedChecksum.toString(16)}`
          : () => "the TCP checksum is unfinished: turn checksum offload off on the implementation's interface";
      findings.note({ outcome, rule: tcpRules.checksum, version: 1, flow: subflow, frames: [], sentence });
    }
    // A receiver drops a segment with a wrong checksum.
    if (checksumState !== 'invalid') observer.take(subflow, view, findings.frame, entry.at);
  }
  return findings.found;
};

const frameOf = ({ entry }: Bare): Uint8Array | undefined =>
  ('event' in entry && entry.event === 'frame') || ('action' in entry && entry.action === 'send')
    ? entry.frame
    : undefined;

/** A server's application echoes, unless the case makes it send other data. */
const echoes = ({ case: { role, steps } }: Plan): boolean => role === 'server' && !steps.some(sends);

const sends = (step: Step): boolean =>
  step.step === 'control'
    ? step.verb === 'send'
    : step.step === 'declared'
      ? [...step.steps, ...step.otherwise].some(sends)
      : step.step === 'one-of' && step.alternatives.some(({ next }) => next.some(sends));

/** Proposal 1 as in the paper: any SYN with a Key-A in use counts, from any host (open points I-01 and I-06). */
const matchesEverywhere = ({ declared = {} }: Plan): boolean =>
  (declared['p1.match_states'] ?? 'half+est') === 'half+est' &&
  !['newkey', 'rst'].includes(String(declared['p1.foreign_host']));

/** Whether the case applies only to implementations that claim one of these profiles. */
const claims = ({ case: { profiles } }: Plan, profile: string): boolean =>
  profiles.length > 0 && profiles.every((each) => each === profile);

/** Proposals 1 and 2 send one Key-A on all paths, and RobE_TIMER if declared so (open point I-30). */
const sharesKeys = ({ case: { profiles }, declared = {} }: Plan): boolean =>
  profiles.some((profile) => profile === 'robe-downgrade' || profile === 'robe-bbm') ||
  ['same', 'any'].includes(String(declared['timer.key']));

const isRobe = ({ case: { profiles } }: Plan): boolean => profiles.every((profile) => profile.startsWith('robe-'));

/** Collects findings about the implementation; findings about the tester's own segments are left to the case. */
class Findings implements Notes {
  readonly found: Finding[] = [];
  readonly #plan: Plan;
  readonly #happened: readonly Bare[];
  readonly #stepOf: (entry: number) => string;
  /** Entries of the trace by number of the frame, from 1. */
  readonly #entries: number[] = [];
  readonly #said = new Set<string>();

  constructor(plan: Plan, happened: readonly Bare[], stepOfEntry: (entry: number) => string) {
    this.#plan = plan;
    this.#happened = happened;
    this.#stepOf = stepOfEntry;
  }

  /** Number of the present frame. */
  get frame(): number {
    return this.#entries.length;
  }

  turnTo(entry: number): void {
    this.#entries.push(entry);
  }

  kept(): void {}

  note({ outcome, rule, version, sentence }: Note): void {
    const at = this.#entries.at(-1);
    const entry = at === undefined ? undefined : this.#happened[at];
    if (at === undefined || entry === undefined || !('event' in entry.entry)) return;
    if (outcome === 'unknown' || this.#isMoot(rule)) return;
    // A rule gives one finding, however often it is broken.
    if (this.#said.has(rule.name)) return;
    this.#said.add(rule.name);
    this.found.push({
      facet: rule.of === 'tcp' ? 'hygiene' : 'conformance',
      verdict: outcome === 'damaged' ? 'inconclusive' : verdictOf(rule, this.#plan),
      ...(outcome === 'damaged' ? {} : { class: 'mismatch' }),
      step: this.#stepOf(at),
      rule: rule.name,
      subject: rule.name,
      sentence: `${rule.says} Here ${sentence()}.`,
      observation: at,
      requirements: [requirementIn(rule, version), ...(rule.also ?? [])],
    });
  }

  #isMoot(rule: Rule): boolean {
    const { case: subject } = this.#plan;
    if (forceOf(rule, this.#plan) === 'none') return true;
    return rule.name in subject.suspended || (rule.robe === true && !isRobe(this.#plan));
  }
}

/** Whether a rule binds a host by its declaration, does not, or is left open. */
const forceOf = ({ declared }: Rule, plan: Plan): 'binds' | 'open' | 'none' => {
  if (declared === undefined) return 'binds';
  const { point, binds, leavesOpen = [] } = declared;
  const value = String(plan.declared?.[point] ?? parameterDefaults[point]);
  return binds.includes(value) ? 'binds' : leavesOpen.includes(value) ? 'open' : 'none';
};

/** A requirement derived for RobE binds only RobE hosts: a classic host that deviates misses a recommendation. */
const verdictOf = (rule: Rule, plan: Plan): RankedVerdict => {
  if (forceOf(rule, plan) === 'open') return 'info';
  const derived = typeof rule.requirement === 'string' && rule.requirement.startsWith('DERIVED-');
  return rule.level === 'SHOULD' || (derived && !isRobe(plan)) ? 'nonstrict' : 'fail';
};
