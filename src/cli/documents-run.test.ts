/**
 * What the documents and help tell to type is typed: in a directory where the files of their examples are there, one command
 * after the other. What needs a lab, an implementation of the reader's own, another program, or the whole catalogue is named
 * with its reason, and run by other tests; everything else has to end as it says and to show what stands beside it.
 */
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { UsageError } from '../conduct/usage-error.js';
import { commandLine } from './command-line.js';
import { helpOf } from './testing/help-of.js';

const home = fileURLToPath(new URL('../../', import.meta.url));

/** Why a command is not typed here. */
const elsewhere: readonly (readonly [reason: string, means: RegExp])[] = [
  ['needs namespaces or a virtual machine', /\blab\b|lab:|vm:|reports\/6\.1|^run --iut mock:EVIDENCE$/],
  ['needs an implementation of the reader', /my-stack|iut\.yaml|mine\.yaml|vm\.yaml|my\.yaml|^init$|--name it/],
  ['stays until it is stopped', /--watch|^(serve|mock|haap|connect-proxy)\b/],
  [
    'judges the whole catalogue',
    /^(start|run|run --iut embedded|run --iut embedded:\S+|nulls.*|lint|coverage --strict)$/,
  ],
  ['judges a whole topic', /^run '?(tcp|robe-downgrade)\.server/],
  ['judges the whole catalogue many times', /^(mutants|variants)(?! --list)/],
  ['tries for long; a test of its own tries a batch of each', /^fuzz(?! --at)/],
  [
    'searches or measures for long',
    /^explore (?!robe-downgrade)|^experiment (page-load|.*--live)|^experiment robustness --/,
  ],
  ['asks another program', /^kernels|--cross-check|\/dev\/stdin|^doctor|--mocha/],
  ['needs what another command printed', /--experiments|^merge|--resume|--replay|dump\.pcap|path-1\.pcap/],
];

/** Those that end with another code than 0: what they tell of is red. */
const red = /^(judge|replay|report|compare|inspect|explore .*mutant|run .*evidence)/;

/** What stands beside a command, as what it shows. */
const shows: readonly (readonly [call: RegExp, shown: RegExp])[] = [
  [/^explain tcp\.server\.connection/, /asks|stands on|steps/i],
  [/^explain join-hmac/, /RFC8684-3\.2-05/],
  [/^explain ROBE-P1-S-02/, /robe-downgrade\.server/],
  [/^list --requirement ROBE-P1-S-02/, /robe-downgrade\.server/],
  [/^list --of fragments/, /established/],
  [/^show evidence/, /├─.*SYN[\s\S]*fail/],
  [/^inspect/, /RFC8684-3\.2-05 MUST: violated/],
  [/^judge evidence/, /fail: /],
  [/^replay .* --iut embedded:robe-esim/, /pass|mp_join/],
  [/^report .*--tap/, /./],
  [/^decode/, /mp_join/],
  [/^explore robe-downgrade$/, /20/],
  [/^experiment laws$/, /1/],
  [/^variants --list$/, /ack-delayed-450ms/],
];

const id = 'mptcp.server.join.v1.ip4';
const mutant = 'mutant:hmac-b-keys-swapped';

const fencedLines = (text: string): readonly string[] =>
  [...text.matchAll(/^```.*\n([\s\S]*?)^```$/gm)].flatMap(([, block = '']) => block.split('\n'));

/** Calls as they stand in the documents, what stands after `#` or a pipe left out, and names of the examples filled in. */
const callIn = (line: string): string | undefined => {
  const call = line.match(/^\s*robe (.+?)(?:\s+#(?= ).*|\s+\|.*|\s*)$/)?.[1];
  return call
    ?.replaceAll(/<case>|\bCASE\b/g, id)
    .replaceAll(/\bEVIDENCE\b/g, `evidence/${id}`)
    .replaceAll(/reports\/mine\/evidence\/[\w.*-]+/g, `evidence/${id}`);
};

const wordsOf = (call: string): readonly string[] =>
  [...call.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, single, double, word]) => single ?? double ?? word ?? '');

const documented = (): readonly string[] =>
  ['README.md', ...readdirSync(join(home, 'docs')).map((name) => `docs/${name}`)]
    .filter((file) => file.endsWith('.md'))
    .flatMap((file) => fencedLines(readFileSync(join(home, file), 'utf8')))
    .flatMap((line) => callIn(line) ?? []);

const exampled = async (): Promise<readonly string[]> => {
  const names = [...(await helpOf(['--help'])).matchAll(/^ {2}robe (\w[\w-]*)/gm)].map(([, name = '']) => name);
  const calls: string[] = [];
  for (const name of names.filter((each) => each !== 'completion')) {
    const examples = (await helpOf([name, '--help'])).split('Examples:\n')[1] ?? '';
    for (const [, call = ''] of examples.matchAll(/^ {2}(\S.*?)(?: {2,}.*)?$/gm)) {
      const filled = callIn(call);
      if (filled !== undefined) calls.push(filled);
    }
  }
  return calls;
};

interface Typed {
  readonly code: unknown;
  readonly said: string;
}

/** Does what the program does with these words, in this process, which spares each command its start. */
const type = async (words: readonly string[]): Promise<Typed> => {
  const { stdout, stderr } = process;
  const [out, err] = [stdout.write, stderr.write];
  let said = '';
  const take = (text: string | Uint8Array, ...rest: readonly unknown[]): boolean => {
    said += typeof text === 'string' ? text : Buffer.from(text).toString('utf8');
    const done = rest.at(-1);
    if (typeof done === 'function') done();
    return true;
  };
  process.exitCode = undefined;
  stdout.write = take as typeof stdout.write;
  stderr.write = take as typeof stderr.write;
  try {
    await (await commandLine(words)).parseAsync();
  } catch (cause) {
    process.exitCode = cause instanceof UsageError ? 2 : 3;
    said += cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
  } finally {
    stdout.write = out;
    stderr.write = err;
  }
  const code = process.exitCode ?? 0;
  process.exitCode = undefined;
  return { code, said };
};

describe('the commands of documents and help', () => {
  const workingDirectory = process.cwd();
  let directory: string;
  let calls: readonly string[] = [];

  before(async () => {
    directory = mkdtempSync(join(tmpdir(), 'robe-documents-'));
    process.chdir(directory);
    calls = [...new Set([...documented(), ...(await exampled())])];
    await type(['run', id, 'tcp.server.connection', '--iut', mutant, '--keep-evidence', '--out', 'reports/mine']);
    for (const name of ['main', 'branch', 'linux']) cpSync('reports/mine', `reports/${name}`, { recursive: true });
    cpSync('reports/mine/evidence', 'evidence', { recursive: true });
    for (const name of ['trace.pcapng', 'capture.pcapng']) cpSync(`evidence/${id}/trace.pcapng`, name);
    cpSync(join(home, 'cases/tcp/server/handshake.yaml'), 'my-cases/mine.yaml');
    await type(['baseline', 'update', 'baseline.yaml', '--from', 'reports/mine', '--reason', 'known']);
  });
  after(() => {
    process.chdir(workingDirectory);
    rmSync(directory, { recursive: true, force: true });
  });

  it('are right as they stand', async () => {
    expect(existsSync(`evidence/${id}/verdict.json`)).to.equal(true);
    const wrong: string[] = [];
    const typed: string[] = [];
    for (const call of calls) {
      if (elsewhere.some(([, means]) => means.test(call)) || /…|HOST|OWNER|0x…|\\$/.test(call)) continue;
      const { code, said } = await type(wordsOf(call));
      typed.push(call);
      if (code !== 0 && !(code === 1 && red.test(call)))
        wrong.push(`robe ${call} ended with ${code}\n${said.slice(0, 600)}`);
      const shown = shows.find(([means]) => means.test(call))?.[1];
      if (shown !== undefined && !shown.test(said))
        wrong.push(`robe ${call} does not show ${shown}\n${said.slice(0, 600)}`);
      const written = call.match(/--out (\S+\.\w+)/)?.[1];
      if (written !== undefined ? !existsSync(written) : said.trim() === '') wrong.push(`robe ${call} gives nothing`);
    }
    expect(wrong).to.deep.equal([]);
    expect(typed.length).to.be.above(35);
  });

  it('are all typed, but those that have a reason', () => {
    const idle = elsewhere.filter(([, means]) => !calls.some((call) => means.test(call))).map(([reason]) => reason);
    expect(idle).to.deep.equal([]);
  });
});
