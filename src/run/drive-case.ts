/**
 * Drives one case: gives the interpreter the events of its world, merged by time, and carries out the actions. The same
 * code serves virtual and real time.
 *
 * Guarantees about order: a timer due at T is delivered before a frame stamped later than T and after every frame stamped
 * earlier, whenever their callbacks ran. A frame with a stamp older than a delivered timer is announced by a `disturbed`
 * event. If this process was delayed and sends a segment later than the event it answers, this is announced by `held-up`,
 * which widens the error of times measured from it, or by `disturbed` if the delay is too large.
 *
 * `finished` is called exactly once. An exception in the interpreter, a frame that the link refuses and a case that
 * neither ends nor waits for anything all become verdict `error` of this case alone.
 */
import type { Alarm, Time } from '../net/clock/clock.js';
import type { Arrival } from '../net/link/link.js';
import { printable } from '../protocol/bytes/printable.js';
import type { ScenarioAction, ScenarioEvent } from '../suite/scenario/contract.js';
import { traceOf } from '../suite/scenario/history.js';
import { advance, begin, giveUp } from '../suite/scenario/interpreter.js';
import type { Plan } from '../suite/scenario/plan.js';
import type { Trace } from '../suite/trace/trace.js';
import type { Judgement } from '../suite/verdict/verdict.js';
import { erroneous } from './erroneous.js';
import { patience } from './patience.js';
import type { World } from './world.js';

export interface Driven {
  readonly judgement: Judgement;
  /** Computed on request; most cases do not need it. */
  readonly trace: Trace;
  readonly began: Time;
  readonly ended: Time;
}

export interface Drive {
  /** Reports to the case an event that makes its evidence unreliable. */
  disturb(why: string): void;
  /** Ends the case with verdict `error` now, if it has not finished; closes its connections. */
  abandon(why: string): void;
}

/** A send that is later than this disturbs the case; a shorter lag widens the error of times measured from it. */
const tolerableLag: Time = 1_000_000_000n;
/** Time for a frame to arrive and be processed before the application side is asked about its effect. */
const travel: Time = 5_000_000n;
/**
 * Most frames for one case; the longest cases of the catalogue get some hundred. A flood must not exhaust the memory of
 * the run.
 */
const mostFrames = 20_000;
/** Lags below this are within the error bar of every time that a case may ask for. */
const notableLag: Time = 2_000_000n;

export const driveCase = (plan: Plan, world: World, finished: (driven: Driven) => void): Drive => {
  const drive = new CaseDrive(plan, world, finished);
  drive.start();
  return drive;
};

const reachesImplementation = ({ action }: ScenarioAction): boolean => action === 'send' || action === 'control';

class CaseDrive implements Drive {
  #state: ReturnType<typeof begin>;
  #done = false;
  #frames = 0;
  /** Timers that the interpreter armed and that were not delivered yet. */
  readonly #timers = new Map<string, { readonly at: Time; readonly alarm: Alarm }>();
  /** Frames that wait for a timer due before them. */
  readonly #waiting: Arrival[] = [];
  /** Due time of the latest delivered timer. */
  #timeGiven: Time | undefined;
  #lastSend: Time | undefined;
  #unsubscribe: () => void = () => {};
  #watchdog: Alarm | undefined;
  readonly #began: Time;

  constructor(
    private readonly plan: Plan,
    private readonly world: World,
    private readonly finished: (driven: Driven) => void,
  ) {
    this.#state = begin(plan);
    this.#began = world.clock.now();
  }

  start(): void {
    this.#unsubscribe = this.world.subscribe((arrival) => this.#frameArrived(arrival));
    const longest = patience(this.plan);
    this.#watchdog = this.world.clock.at(this.#began + longest, () =>
      this.abandon(`the case did not end within ${longest / 1_000_000_000n} s, the longest it could have taken`),
    );
    this.#give({ event: 'started', at: this.#began });
  }

  disturb(why: string): void {
    this.#give({ event: 'disturbed', at: this.world.clock.now(), why });
  }

  abandon(why: string): void {
    if (this.#done) return;
    for (const action of giveUp(this.#state)) {
      if (action.action === 'send') this.#send(action.path, action.frame, this.world.clock.now());
      else if (action.action === 'control') this.world.control?.perform(action.command, () => {});
    }
    this.#finish(erroneous(why));
  }

  #frameArrived(arrival: Arrival): void {
    if (this.#done) return;
    this.#frames += 1;
    if (this.#frames > mostFrames) {
      this.abandon(`the implementation sent more than ${mostFrames} frames in this case`);
      return;
    }
    this.#waiting.push(arrival);
    this.#deliver();
  }

  /** Delivers the waiting frames that no timer precedes. The others follow that timer, which is already due. */
  #deliver(): void {
    while (this.#waiting.length > 0) {
      const earliest = this.#earliestTimer();
      const ready = this.#waiting.findIndex(({ at }) => earliest === undefined || at <= earliest);
      const [first] = ready < 0 ? [] : this.#waiting.splice(ready, 1);
      if (first === undefined) return;
      this.#giveFrame(first);
    }
  }

  #giveFrame({ at, error, path, frame }: Arrival): void {
    if (this.#timeGiven !== undefined && at < this.#timeGiven) {
      this.#give({
        event: 'disturbed',
        at: this.#timeGiven,
        why: `a frame came in after a timer ${(this.#timeGiven - at) / 1000n} us younger had been acted upon`,
      });
    }
    this.#give({ event: 'frame', at, error, path, frame });
  }

  #earliestTimer(): Time | undefined {
    let earliest: Time | undefined;
    for (const { at } of this.#timers.values()) if (earliest === undefined || at < earliest) earliest = at;
    return earliest;
  }

  /** A timer has settled: all frames up to it have arrived. Older frames and older timers are delivered first. */
  #timerSettled(): void {
    const now = this.world.clock.now();
    for (;;) {
      if (this.#done) return;
      this.#deliver();
      const due = [...this.#timers].filter(([, { at }]) => at <= now).sort(([, a], [, b]) => (a.at < b.at ? -1 : 1))[0];
      if (due === undefined) return;
      const [timer, { at, alarm }] = due;
      alarm.cancel();
      this.#timers.delete(timer);
      this.#timeGiven = at;
      this.#give({ event: 'timer', at, timer });
    }
  }

  #give(event: ScenarioEvent): void {
    if (this.#done) return;
    let actions: readonly ScenarioAction[];
    try {
      const advanced = advance(this.#state, event);
      this.#state = advanced.state;
      actions = advanced.actions;
    } catch (cause) {
      this.#finish(erroneous(`the interpreter failed: ${describeCause(cause)}`));
      return;
    }
    // Actions for which the implementation waits come first, in order; timers do not concern it.
    for (const action of actions) if (reachesImplementation(action)) this.#carryOut(action, event.at);
    for (const action of actions) if (!reachesImplementation(action)) this.#carryOut(action, event.at);
  }

  #carryOut(action: ScenarioAction, moment: Time): void {
    if (this.#done) return;
    switch (action.action) {
      case 'send':
        this.#send(action.path, action.frame, moment);
        break;
      case 'arm': {
        this.#timers.get(action.timer)?.alarm.cancel();
        const alarm = this.world.settle(action.at, () => this.#timerSettled());
        this.#timers.set(action.timer, { at: action.at, alarm });
        break;
      }
      case 'cancel':
        this.#timers.get(action.timer)?.alarm.cancel();
        this.#timers.delete(action.timer);
        break;
      case 'control':
        this.#command(action.call, action.command);
        break;
      case 'finished':
        if (this.#state.finished === undefined) this.#finish(erroneous('the interpreter ended without a judgement'));
        else this.#finish(this.#state.finished);
        break;
    }
  }

  #send(path: number, frame: Uint8Array, moment: Time): void {
    try {
      this.world.send(path, frame);
    } catch (cause) {
      this.#finish(erroneous(`a frame could not be sent: ${describeCause(cause)}`));
      return;
    }
    const at = this.world.clock.now();
    this.#lastSend = at;
    const lag = at - moment;
    if (lag > tolerableLag) this.disturb(`a segment left ${lag / 1_000_000n} ms late: this machine was held up`);
    else if (lag > notableLag) this.#give({ event: 'held-up', at, lag });
  }

  #command(call: number, command: Extract<ScenarioAction, { action: 'control' }>['command']): void {
    const answered = (answer: Extract<ScenarioEvent, { event: 'control' }>['answer']): void => {
      // Frames that the implementation sent before its answer are delivered first.
      const at = this.world.clock.now();
      this.world.settle(at, () => {
        this.#timerSettled();
        this.#give({ event: 'control', at, call, answer });
      });
    };
    const { control, clock } = this.world;
    if (control === undefined) {
      answered({ answer: 'unsupported' });
      return;
    }
    const perform = (): void => {
      if (!this.#done) control.perform(command, answered);
    };
    // Control uses another channel than the frames: it must not overtake frames sent before it.
    const due = this.#lastSend === undefined ? undefined : this.#lastSend + travel;
    if (due === undefined || due <= clock.now()) perform();
    else clock.at(due, perform);
  }

  #finish(judgement: Judgement): void {
    if (this.#done) return;
    this.#done = true;
    this.#unsubscribe();
    this.#watchdog?.cancel();
    for (const { alarm } of this.#timers.values()) alarm.cancel();
    this.#timers.clear();
    this.#waiting.length = 0;
    const { history } = this.#state;
    let trace: Trace | undefined;
    this.finished({
      judgement,
      get trace() {
        trace ??= traceOf(history);
        return trace;
      },
      began: this.#began,
      ended: this.world.clock.now(),
    });
  }
}

const describeCause = (cause: unknown): string =>
  printable(cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause), 500);
