/** The answers of a shim, through the tester's end of robe-ctl/1: every call completes exactly once, for any input. */
import { PassThrough } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { ShimControl } from '../iut/control/shim-control.js';
import { VirtualClock } from '../net/clock/virtual.js';
import { damageText } from './damage-text.js';
import type { Reader } from './reader.js';

const lines: readonly string[] = [
  '{"id":1,"answer":"ok","result":{"state":"established","mptcp":true,"subflows":2,"received":12}}',
  '{"id":2,"answer":"failed","why":"no such connection"}',
  '{"id":3,"answer":"unsupported"}',
  '{"id":4,"answer":"ok"}',
];
const calls = lines.length;
const deadline = 1_000_000_000n;
/** Octets of a piece in which the answers come. */
const piece = 11;

const text = (chosen: readonly string[]): Uint8Array => new TextEncoder().encode(`${chosen.join('\n')}\n`);

const read = async (input: Uint8Array): Promise<string | undefined> => {
  const [requests, answers] = [new PassThrough(), new PassThrough()];
  requests.resume();
  let end = (_: string): void => {};
  const gone = new Promise<string>((resolve) => {
    end = resolve;
  });
  const clock = new VirtualClock();
  const control = new ShimControl({ input: requests, output: answers, gone, close: async () => {} }, clock, deadline);
  const answered = Array.from({ length: calls }, () => 0);
  for (let call = 0; call < calls; call++)
    control.perform({ verb: 'info', connection: `c${call}` }, () => {
      answered[call] = (answered[call] ?? 0) + 1;
    });
  for (let at = 0; at < input.length && !answers.destroyed; at += piece) answers.write(input.subarray(at, at + piece));
  if (!answers.destroyed) answers.end();
  await turn();
  end('it ended');
  await turn();
  await turn();
  clock.advance(() => false);
  await turn();
  const wrong = answered.findIndex((times) => times !== 1);
  return wrong < 0 ? undefined : `call ${wrong + 1} was answered ${answered[wrong]} times`;
};

export const answers: Reader = {
  name: 'answers',
  promises: 'each call to a shim is answered exactly once',
  batch: 2000,
  originals: () => [text(lines), text(lines.toReversed()), text(lines.slice(0, 2)), text(lines.slice(2))],
  damage: damageText,
  read,
};
