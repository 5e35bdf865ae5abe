/**
 * `npm run mutation -- [FILES…] [--shard 2/8] [--out DIRECTORY] [options of Stryker]`: mutants of the code of the reference's
 * protocol machines, or of those files whose names begin so.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chooseCases } from '../cli/campaign/choose-cases.js';
import { conductCampaign } from '../cli/campaign/conduct-campaign.js';
import { shardOf } from '../cli/gate/shard-options.js';
import { type MutationRequest, mutationCampaign } from '../cli/mutation/mutation-campaign.js';
import { UsageError } from '../conduct/usage-error.js';
import { exitCodes } from '../gate/exit-code.js';
import { strykerRun } from './stryker-run.js';

const machines = ['client', 'election', 'listener', 'mptcp', 'tcp'].map((folder) => `src/reference/${folder}`);

/** Ours, with a value each; the others are Stryker's. */
const own = { '--shard': 'shard', '--out': 'out' } as const;
const isOwn = (word: string): word is keyof typeof own => word in own;

interface Arguments {
  readonly shard?: string;
  readonly out?: string;
  readonly files: readonly string[];
  readonly options: readonly string[];
}

const readArguments = (words: readonly string[]): Arguments => {
  const [word, next, ...rest] = words;
  if (word === undefined) return { files: [], options: [] };
  if (isOwn(word)) {
    if (next === undefined) throw new UsageError([`${word} takes a value`]);
    return { ...readArguments(rest), [own[word]]: next };
  }
  const others = readArguments(words.slice(1));
  return word.startsWith('src/')
    ? { ...others, files: [word, ...others.files] }
    : { ...others, options: [word, ...others.options] };
};

const filesOf = (prefixes: readonly string[]): readonly string[] =>
  machines
    .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)))
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .filter((file) => prefixes.length === 0 || prefixes.some((prefix) => file.startsWith(prefix)));

const requestFor = (prefixes: readonly string[]): MutationRequest => {
  const files = filesOf(prefixes);
  if (files.length === 0)
    throw new UsageError([`no file begins with ${prefixes.join(' or ')}; mutants are in ${machines.join(', ')}`]);
  const texts = files.map((file) => readFileSync(file, 'utf8'));
  return {
    files: Object.fromEntries(files.map((file, at) => [file, texts[at]?.length ?? 0])),
    code: createHash('sha256').update(texts.join('\0')).digest('hex'),
    catalogue: chooseCases([], [], process.cwd()).digest,
  };
};

try {
  const { files, options, out = 'reports/mutation', ...given } = readArguments(process.argv.slice(2));
  const campaign = mutationCampaign(requestFor(files), strykerRun(options));
  process.exitCode = await conductCampaign(campaign, { shard: shardOf(given, process.env), out, json: false });
} catch (cause) {
  if (!(cause instanceof UsageError)) throw cause;
  process.stderr.write(`${cause.message}\n`);
  process.exitCode = exitCodes.usage;
}
