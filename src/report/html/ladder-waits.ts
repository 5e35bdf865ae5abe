/**
 * How long the steps of a case waited, drawn beside the segments: silences, missing segments, and times that the case
 * bounds, with the measured values. Times are nanoseconds since the case began.
 */
import { durationText } from '../../suite/language/duration.js';
import { flowsNamed } from '../../suite/language/flow-names.js';
import type { Step, Window } from '../../suite/language/step.js';
import type { Trace, TraceEntry } from '../../suite/trace/trace.js';

/**
 * How long a step waited: `silence` no segment may come, `missing` the expected segment did not come, `timer` a bound of
 * the case.
 */
export interface Wait {
  readonly kind: 'silence' | 'missing' | 'timer';
  readonly from: bigint;
  readonly to: bigint;
  /** Indices into the trace: where the wait began, and what ended it. Much may happen at one moment. */
  readonly fromEntry: number;
  readonly toEntry: number;
  readonly paths: readonly number[];
  readonly label: string;
}

/** The time for which a step armed its timer, and when it stopped waiting. */
export interface StepWindow {
  readonly step: string;
  readonly from: bigint;
  readonly until: bigint;
  readonly ended: bigint;
  readonly fromEntry: number;
  readonly toEntry: number;
  /** Whether the timer ran out before the step ended. */
  readonly ranOut: boolean;
}

export const windowsOf = (trace: Trace): readonly StepWindow[] =>
  trace.flatMap(({ at, entry, note }, index) => {
    if (!('action' in entry) || entry.action !== 'arm' || note?.taken !== 'awaited') return [];
    const isEnd = ({ entry: other }: TraceEntry, at: number): boolean =>
      at > index && 'action' in other && other.action === 'cancel' && other.timer === entry.timer;
    const found = trace.findIndex(isEnd);
    const end = found < 0 ? trace.length - 1 : found;
    const toEntry = trace.slice(0, end + 1).findLastIndex((each) => 'event' in each.entry);
    const ended = trace[end]?.at ?? entry.at;
    const fromEntry = index;
    return [{ step: note.step, from: at, until: entry.at, ended, fromEntry, toEntry, ranOut: ended >= entry.at }];
  });

export const waitOf = (
  window: StepWindow,
  step: Step | undefined,
  start: bigint,
  ghosts: readonly { readonly step: string; readonly path: number }[],
): readonly Wait[] => {
  if (step === undefined) return [];
  const from = window.from - start;
  const ended = window.ended - start;
  const { fromEntry, toEntry } = window;
  const wait = (kind: Wait['kind'], to: bigint, flows: readonly { readonly path: number }[], label: string): Wait => ({
    kind,
    from,
    to,
    fromEntry,
    toEntry,
    paths: [...new Set(flows.map(({ path }) => path))],
    label,
  });
  const missing = ghosts.filter((ghost) => ghost.step === window.step);
  if (missing.length > 0) {
    const to = window.until - start;
    return [wait('missing', to, missing, `${durationText(to - from)} for an answer`)];
  }
  const bounded = (bounds: Window): readonly Wait[] => {
    const label = boundLabel(bounds, ended - from);
    return label === undefined ? [] : [wait('timer', ended, [], label)];
  };
  switch (step.step) {
    case 'silence': {
      const end = window.ranOut ? 'then a sentinel' : 'broken';
      return [
        wait(
          'silence',
          ended,
          step.on.flatMap(flowsNamed),
          `silence for ${durationText(step.for ?? window.until - window.from)}, ${end}`,
        ),
      ];
    }
    case 'one-of': {
      const flows = step.alternatives.flatMap(({ expectation }) =>
        expectation === undefined ? [] : flowsNamed(expectation.on),
      );
      const silent = step.alternatives.some(({ expectation }) => expectation === undefined) && window.ranOut;
      const label = `silence for ${durationText(window.until - window.from)}, then a sentinel`;
      return silent ? [wait('silence', ended, flows, label)] : bounded(step.window);
    }
    case 'expect':
    case 'any-order':
      return bounded(step.window);
    case 'wait':
      return [wait('timer', ended, [], `wait ${durationText(step.for)}`)];
    default:
      return [];
  }
};

/** The bounds and the measured value; undefined without bounds. */
const boundLabel = ({ after, within, since }: Window, took: bigint): string | undefined => {
  if (after === undefined && within === undefined) return undefined;
  const allowed =
    within === undefined
      ? `at least ${durationText(after ?? 0n)}`
      : `${durationText(after ?? 0n)} to ${durationText(within)}`;
  return `${allowed}${since === undefined ? `, took ${durationText(took)}` : ` since ${since}`}`;
};
