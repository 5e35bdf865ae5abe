/** A trace as a ladder of lines: time since the start, direction, what it was and how it was taken. */
import { printable } from '../../protocol/bytes/printable.js';
import type { Trace, TraceEntry } from '../../suite/trace/trace.js';

export const tellTrace = (trace: Trace): readonly string[] => {
  const start = trace[0]?.at ?? 0n;
  return trace.flatMap((entry) => {
    const told = tellEntry(entry);
    return told === undefined ? [] : [`${milliseconds(entry.at - start)}  ${told}`];
  });
};

const milliseconds = (time: bigint): string => `${(Number(time) / 1e6).toFixed(3).padStart(10)} ms`;

const tellEntry = ({ entry, note }: TraceEntry): string | undefined => {
  const remark =
    note === undefined
      ? ''
      : ` ${printable(note.text)} (step ${note.step}, ${note.taken}${note.rule === undefined ? '' : `: ${note.rule}`})`;
  if ('event' in entry) {
    switch (entry.event) {
      case 'frame':
        return `path ${entry.path} <-${remark}`;
      case 'control':
        return `control <- ${entry.answer.answer}${entry.answer.answer === 'ok' ? tellResult(entry.answer.result) : ''}`;
      case 'disturbed':
        return `disturbed: ${printable(entry.why)}`;
      case 'held-up':
        return `the tester was ${(Number(entry.lag) / 1e6).toFixed(3)} ms late`;
      case 'started':
      case 'timer':
        return undefined;
    }
  }
  switch (entry.action) {
    case 'send':
      return `path ${entry.path} ->${remark}`;
    case 'control':
      return `control -> ${entry.command.verb}${'connection' in entry.command ? ` ${entry.command.connection}` : ''}`;
    case 'arm':
    case 'cancel':
    case 'finished':
      return undefined;
  }
};

const tellResult = (result: Readonly<Record<string, string | number | boolean>>): string => {
  const members = Object.entries(result).map(([name, value]) => `${name} ${printable(String(value))}`);
  return members.length === 0 ? '' : ` (${members.join(', ')})`;
};
