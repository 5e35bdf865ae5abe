/** What the terminal can do, from the process and its environment. */
import type { Terminal } from '../report/console.js';

/**
 * Drawn progress needs a terminal and no CI; colours also need that NO_COLOR is not set (no-color.org). FORCE_COLOR
 * enables them everywhere.
 */
export const describeTerminal = (
  stream: NodeJS.WriteStream,
  environment: Readonly<Record<string, string | undefined>>,
): Terminal => {
  const set = (name: string): boolean => (environment[name] ?? '') !== '';
  const terminal = stream.isTTY === true && environment['TERM'] !== 'dumb';
  return {
    stream,
    interactive: terminal && !set('CI'),
    colours: !set('NO_COLOR') && (terminal || set('FORCE_COLOR')),
    columns: stream.columns ?? 80,
  };
};
