/**
 * `node dist/protocol/fuzz/mutate.js [--frames N] [--seed S]`: damages real frames N times (a million when nothing is said)
 * and checks that the decoder neither throws nor hangs nor loses an octet. Prints what was done; exits 1 at the first frame
 * that breaks a rule, with its octets.
 */
import { parseArgs } from 'node:util';
import { toHex } from '../bytes/hex.js';
import { capturedFrames } from './captured-frames.js';
import { checkFrame } from './check-frame.js';
import { chooser, mutate } from './mutations.js';
import { seedFrames } from './seeds.js';

const { values } = parseArgs({
  options: { frames: { type: 'string', default: '1000000' }, seed: { type: 'string', default: '1' } },
});
const count = Number(values.frames);
const seed = Number(values.seed);
if (!Number.isSafeInteger(count) || count < 1 || !Number.isSafeInteger(seed))
  throw new RangeError(`--frames and --seed take whole numbers, not ${values.frames} and ${values.seed}`);

const choose = chooser(seed);
const frames = [...seedFrames, ...capturedFrames];
const pick = (): Uint8Array => frames[choose(frames.length)] ?? new Uint8Array(0);

/** What is wrong with a frame, a thrown error included. */
function verdict(frame: Uint8Array): ReturnType<typeof checkFrame> {
  try {
    return checkFrame(frame);
  } catch (error) {
    return { kind: 'malformed', broken: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

const kinds = new Map<string, number>();
let slowest = 0;
const started = process.hrtime.bigint();
for (let n = 0; n < count; n++) {
  const frame = mutate(pick(), choose, pick());
  const before = process.hrtime.bigint();
  const { kind, broken } = verdict(frame);
  slowest = Math.max(slowest, Number(process.hrtime.bigint() - before));
  kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  if (broken !== undefined) {
    process.stdout.write(`frame ${n + 1} with seed ${seed}: ${broken}\n${toHex(frame)}\n`);
    process.exit(1);
  }
}
const seconds = Number(process.hrtime.bigint() - started) / 1e9;
const shares = [...kinds].map(([kind, number]) => `${number} ${kind}`).join(', ');
process.stdout.write(
  `${count} mutated frames with seed ${seed} in ${seconds.toFixed(1)} s: ${shares}; none threw, hung or lost an octet; ` +
    `the slowest took ${(slowest / 1e6).toFixed(1)} ms\n`,
);
