/**
 * Plays the events of a capture to the interpreter: the implementation's segments and recorded events besides frames,
 * merged by time with the interpreter's own timers. A request to control without a record is assumed to have been carried
 * out; if the case needs its answer, the verdict is in doubt.
 */
import type { ControlAnswer, ControlCommand, ScenarioAction, ScenarioEvent } from '../../suite/scenario/contract.js';
import { traceOf } from '../../suite/scenario/history.js';
import { advance, begin } from '../../suite/scenario/interpreter.js';
import type { Plan } from '../../suite/scenario/plan.js';
import type { ScenarioState } from '../../suite/scenario/state.js';
import type { Trace } from '../../suite/trace/trace.js';
import { judge } from '../../suite/verdict/judge.js';
import type { Judgement } from '../../suite/verdict/verdict.js';

export class Playback {
  /** Doubts about the verdict: the first one is reported. */
  readonly doubts: string[] = [];
  readonly #waiting: ScenarioEvent[];
  readonly #presumes: boolean;
  readonly #timers = new Map<string, bigint>();
  readonly #asked = new Set<number>();
  #state: ScenarioState;

  /** `events` in any order; `presumes`: they hold no answers of control, which are then presumed. */
  constructor(plan: Plan, events: readonly ScenarioEvent[], presumes: boolean) {
    this.#state = begin(plan);
    this.#waiting = inOrder(events);
    this.#presumes = presumes;
  }

  get trace(): Trace {
    return traceOf(this.#state.history);
  }

  /** The judgement, if there is one; a timer after `ended`, the end of the capture, is a doubt. */
  play(began: bigint, ended: bigint): Judgement | undefined {
    this.#give({ event: 'started', at: began });
    while (this.#state.finished === undefined) {
      const [due] = [...this.#timers].sort(([, a], [, b]) => (a < b ? -1 : 1));
      const next = this.#takeUntil(due?.[1]);
      if (next !== undefined) this.#give(next);
      else if (due === undefined) break;
      else {
        const [timer, at] = due;
        if (at > ended) {
          if (this.#hasFailed()) return judge(this.#state);
          const step = this.#state.remaining[0]?.title ?? 'closing';
          this.doubts.push(`it ends ${Number(at - ended) / 1e6} ms before it is known what came in step ${step}`);
        }
        this.#timers.delete(timer);
        this.#give({ event: 'timer', at, timer });
      }
    }
    return this.#state.finished;
  }

  /** The next event, unless a timer is due before it. An answer waits for its question, whatever its stamp. */
  #takeUntil(due: bigint | undefined): ScenarioEvent | undefined {
    const index = this.#waiting.findIndex((event) => event.event !== 'control' || this.#asked.has(event.call));
    const next = this.#waiting[index];
    if (next === undefined || (due !== undefined && next.at > due)) return undefined;
    this.#waiting.splice(index, 1);
    return next;
  }

  #give(event: ScenarioEvent): void {
    const advanced = advance(this.#state, event);
    this.#state = advanced.state;
    for (const action of advanced.actions) this.#carryOut(action, event.at);
  }

  #carryOut(action: ScenarioAction, now: bigint): void {
    switch (action.action) {
      case 'arm':
        this.#timers.set(action.timer, action.at);
        break;
      case 'cancel':
        this.#timers.delete(action.timer);
        break;
      case 'control':
        this.#asked.add(action.call);
        if (this.#presumes) this.#presume(action.call, action.command, now);
        break;
      case 'send':
      case 'finished':
        break;
    }
  }

  #presume(call: number, command: ControlCommand, now: bigint): void {
    const answer = presumedAnswer(command);
    if (answer.answer === 'failed' && !this.#hasFailed()) this.doubts.push(answer.why);
    this.#waiting.unshift({ event: 'control', at: now, call, answer });
  }

  /** A failure that was seen stands, whatever is unknown of later events. */
  #hasFailed(): boolean {
    return this.doubts.length === 0 && this.#state.findings.some(({ verdict }) => verdict === 'fail');
  }
}

/** By time; events with equal times keep their order, so that frames precede answers of control. */
const inOrder = (events: readonly ScenarioEvent[]): ScenarioEvent[] =>
  events.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));

/** The presumed answer of control without a record: the wire shows its effects, but not its words. */
const presumedAnswer = ({ verb }: ControlCommand): ControlAnswer => {
  switch (verb) {
    case 'connect':
    case 'send':
    case 'close':
    case 'abort':
    case 'announce':
    case 'withdraw':
    case 'prioritise':
      return { answer: 'ok', result: {} };
    case 'info':
    case 'accepted':
    case 'health':
      return { answer: 'failed', why: `a capture does not tell what the application side answers to \`${verb}\`` };
  }
};
