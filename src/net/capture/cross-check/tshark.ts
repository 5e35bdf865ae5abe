/**
 * tshark, an oracle that shares no code with our codec. It is started without a shell, and independently of the user's
 * preferences: addresses as numbers, checksums verified, no reassembly.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { printable } from '../../../protocol/bytes/printable.js';

/** tshark cannot be started; `remedy` is the command that installs it. */
export class TsharkMissing extends Error {
  override readonly name = 'TsharkMissing';
  readonly remedy = 'apt-get install tshark';
}

/** tshark was started and stopped early: a crash, or no output for too long. Its output until then is used. */
export class TsharkStopped extends Error {
  override readonly name = 'TsharkStopped';
}

/** A version of tshark as it names itself, `4.0.17`. */
export const tsharkVersion = async (): Promise<string> => {
  try {
    const { stdout } = await promisify(execFile)('tshark', ['--version']);
    const [line = ''] = stdout.split('\n');
    return /\b\d+(\.\d+)+\b/.exec(line)?.[0] ?? printable(line, 80);
  } catch (error) {
    throw new TsharkMissing(`tshark cannot be started: ${isMissing(error) ? 'it is not installed' : String(error)}`);
  }
};

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

const preferences = [
  'ip.check_checksum:TRUE',
  'ip.defragment:FALSE',
  'ipv6.defragment:FALSE',
  'tcp.check_checksum:TRUE',
  'tcp.desegment_tcp_streams:FALSE',
  'tcp.relative_sequence_numbers:FALSE',
];

const separator = '\t';
const aggregator = ';';

/** Arguments with which tshark prints one line per frame: the values of each field, in order of appearance. */
export const fieldArguments = (fields: readonly string[]): readonly string[] => [
  '-n',
  ...preferences.flatMap((preference) => ['-o', preference]),
  ...['-T', 'fields', '-E', 'occurrence=a', '-E', `aggregator=${aggregator}`, '-E', `separator=${separator}`],
  ...fields.flatMap((field) => ['-e', field]),
];

/** For each field its values; an absent field has none. */
export type TsharkRow<F extends string> = Readonly<Record<F, readonly string[]>>;

export const tsharkRow = <F extends string>(line: string, fields: readonly F[]): TsharkRow<F> => {
  const columns = line.split(separator);
  const values = fields.map((field, i): [F, readonly string[]] => {
    const column = columns[i] ?? '';
    return [field, column === '' ? [] : column.split(aggregator)];
  });
  return Object.fromEntries(values) as TsharkRow<F>;
};

/**
 * The fields that tshark decodes in a capture file, one row per frame. tshark is killed after `patience` milliseconds
 * without a row, and by `signal`. Throws TsharkStopped after the last row if tshark stopped early.
 */
export async function* tsharkRows<F extends string>(
  file: string,
  fields: readonly F[],
  patience: number,
  signal?: AbortSignal,
): AsyncGenerator<TsharkRow<F>> {
  const child = spawn('tshark', ['-r', file, ...fieldArguments(fields)], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  const end = (): void => void child.kill('SIGKILL');
  let impatient = false;
  const watch = setTimeout(() => {
    impatient = true;
    end();
  }, patience);
  signal?.addEventListener('abort', end);
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(-complaintLength);
  });
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      watch.refresh();
      yield tsharkRow(line, fields);
    }
    const [code, killed] = await ended;
    if (impatient) throw new TsharkStopped(`tshark said nothing for ${patience / 1000} s and was ended`);
    if (code !== 0) throw new TsharkStopped(`tshark ended with ${killed ?? code}: ${lastLine(complaint)}`);
  } finally {
    clearTimeout(watch);
    signal?.removeEventListener('abort', end);
    end();
  }
}

const complaintLength = 2000;

const lastLine = (text: string): string => printable(text.trimEnd().split('\n').at(-1) ?? '', 200);
