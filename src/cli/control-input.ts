/**
 * Control over a program of ours that another program started: requests on standard input, a line each, until the input ends
 * or a signal asks this program to end.
 */
import { LineReader, type LineSink } from '../iut/control/line-reader.js';
import { longestLine } from '../iut/control/messages.js';
import { untilSignal } from './signals.js';

/** Passes every line to `sink`; returns at the end of the input. */
export const obeyInput = (sink: LineSink): Promise<void> =>
  new Promise((ended) => {
    const reader = new LineReader(sink, longestLine);
    process.stdin.on('data', (chunk: Buffer) => reader.take(chunk));
    process.stdin.on('end', () => {
      reader.end();
      ended();
    });
    process.stdin.on('error', () => ended());
    void untilSignal().then(ended);
  });
