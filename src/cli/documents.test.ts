/**
 * The documents say what is there: links lead somewhere, every command line can be typed as it stands, every script and
 * file that is named exists, so does every case, requirement and mutant, and the README names every command.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { bundledCatalogue } from '../conduct/testing/bundled-catalogue.js';
import { mutantSubjects } from '../iut/mutant-subject.js';
import { meansId } from '../suite/catalogue/selection.js';
import { commandLine } from './command-line.js';
import { helpOf } from './testing/help-of.js';

const home = fileURLToPath(new URL('../../', import.meta.url));

interface Document {
  /** Relative to the project. */
  readonly file: string;
  readonly text: string;
}

const readDocuments = (): readonly Document[] =>
  ['README.md', 'CONTRIBUTING.md', ...readdirSync(join(home, 'docs')).map((name) => `docs/${name}`)]
    .filter((file) => file.endsWith('.md'))
    .map((file) => ({ file, text: readFileSync(join(home, file), 'utf8') }));

const fencedBlock = /^```.*\n([\s\S]*?)^```$/gm;
const codeSpan = /`([^`\n]+)`/g;

const fencedLines = (text: string): readonly string[] =>
  [...text.matchAll(fencedBlock)].flatMap(([, block = '']) => block.split('\n'));
const prose = (text: string): string => text.replaceAll(fencedBlock, '');
const spans = (text: string): readonly string[] => [...prose(text).matchAll(codeSpan)].map(([, code = '']) => code);

/** What a heading is called after `#`, as web front ends of git make it. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(/\s/g, '-');

const anchorsOf = (text: string): readonly string[] =>
  [...prose(text).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));

/** Links of a document that lead nowhere. */
const deadLinks = ({ file, text }: Document): readonly string[] =>
  [...prose(text).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)]
    .map(([, link = '']) => link)
    .filter((link) => {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? join(home, file) : join(home, dirname(file), path);
      if (!existsSync(target)) return true;
      return anchor !== undefined && !anchorsOf(readFileSync(target, 'utf8')).includes(anchor);
    })
    .map((link) => `${file}: ${link}`);

/** A command line as words, up to what a shell keeps to itself: a comment, a pipe, another command. */
const wordsOf = (line: string): readonly string[] => {
  const words: string[] = [];
  for (const [, quoted, double, word] of line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)) {
    if (word !== undefined && /^(#|\||>|&|;)/.test(word)) break;
    // By itself it stands for whatever else may be said, after an option for its value.
    if (word !== '…' || words.at(-1)?.startsWith('--')) words.push(quoted ?? double ?? word ?? '');
  }
  return words;
};

/** The arguments of `robe` in a line, if it is called there. */
const callIn = (line: string): readonly string[] | undefined => {
  const at = line.match(/(?:^|\| )\s*(?:sudo )?robe (.+)$/);
  const words = at?.[1] === undefined ? [] : wordsOf(at[1]);
  return words.length === 0 ? undefined : words;
};

/** Calls of `robe` in a document. */
const callsIn = ({ text }: Document): readonly (readonly string[])[] =>
  [...fencedLines(text).map(callIn), ...spans(text).map(callIn)].filter((call) => call !== undefined);

const caseId = /\b(?:tcp|mptcp|mptcp-v[01]|robe-[a-z]+)\.(?:server|client)\.[a-z0-9][a-z0-9.*-]*[a-z0-9*]/g;
const requirementId = /\b(?:RFC\d+|ROBE|DRAFT|DERIVED)(?:-[A-Za-z0-9.]+)+-\d\d\b/g;
const mutantId = /\bmutant:([a-z0-9][a-z0-9.-]*[a-z0-9])/g;

/** Cases, requirements and mutants that a text names and that are not there. */
const strangersIn = (text: string): readonly string[] => {
  const { cases, requirements } = bundledCatalogue();
  const mutants = new Set(mutantSubjects().map(({ id }) => id));
  const found = (pattern: RegExp): readonly string[] => [...text.matchAll(pattern)].map(([all, part]) => part ?? all);
  return [
    ...found(caseId).filter((id) => !cases.some((each) => meansId(id, each.id))),
    ...found(requirementId).filter((id) => !requirements.has(id)),
    ...found(mutantId).filter((id) => !mutants.has(id)),
  ];
};

class Understood extends Error {}

const fewestExamples = 40;

/** The calls that help gives as examples, without what stands beside them. */
const examplesIn = (help: string): readonly string[] =>
  [...(help.split('Examples:\n')[1] ?? '').matchAll(/^ {2}(\S.*?)(?: {2,}|$)/gm)].map(([, call = '']) => call);

/** Every command, as help lists them. */
const commandNames = async (): Promise<readonly string[]> => {
  const help = await helpOf(['--help']);
  return [...help.matchAll(/^ {2}robe (\w[\w-]*)/gm)].map(([, name = '']) => name);
};

/** Why the program would refuse a call; it stops before anything is done. The name of a command alone is only a name. */
const refusal = async (call: readonly string[]): Promise<string | undefined> => {
  const [name = ''] = call;
  if (call.length === 1) return (await commandNames()).includes(name) ? undefined : `${name} is no command`;
  try {
    const watched = (await commandLine(call)).middleware(() => {
      throw new Understood();
    });
    await watched.parseAsync([...call], {}, () => {});
    return 'it would do nothing';
  } catch (error) {
    return error instanceof Understood ? undefined : error instanceof Error ? error.message : String(error);
  }
};

describe('the documents', () => {
  const documents = readDocuments();

  it('link to what is there', () => {
    expect(documents.flatMap(deadLinks)).to.deep.equal([]);
  });

  it('every document is linked from the README or from one that is', () => {
    const linked = documents.flatMap(({ file, text }) =>
      [...text.matchAll(/\]\(([^)#\s]+\.md)[^)]*\)/g)].map(([, link = '']) => join(dirname(file), link)),
    );
    const lost = documents.map(({ file }) => file).filter((file) => file !== 'README.md' && !linked.includes(file));
    expect(lost).to.deep.equal([]);
  });

  for (const document of documents) {
    const calls = callsIn(document);
    if (calls.length === 0) continue;
    it(`${document.file}: every command line is understood`, async () => {
      const refused: string[] = [];
      for (const call of calls) {
        const why = await refusal(call);
        if (why !== undefined) refused.push(`robe ${call.join(' ')}: ${why}`);
      }
      expect(refused).to.deep.equal([]);
    });
  }

  it('the examples of help are understood, and name what exists', async function () {
    this.timeout(60_000);
    const wrong: string[] = [];
    let seen = 0;
    for (const name of (await commandNames()).filter((each) => each !== 'completion')) {
      const examples = examplesIn(await helpOf([name, '--help']));
      seen += examples.length;
      const text = ['```sh', ...examples, '```'].join('\n');
      for (const call of callsIn({ file: name, text })) {
        const why = await refusal(call);
        if (why !== undefined) wrong.push(`robe ${call.join(' ')}: ${why}`);
      }
      const named = examples.flatMap((example) => example.split(/[\s/]+/)).map((word) => `\`${word}\``);
      wrong.push(...strangersIn(named.join(' ')).map((id) => `robe ${name} --help: ${id}`));
    }
    expect(wrong).to.deep.equal([]);
    expect(seen).to.be.above(fewestExamples);
  });

  it('name scripts that exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
    const named = documents.flatMap(({ file, text }) =>
      [...text.matchAll(/`?npm run ([\w-]+)/g)].map(([, script = '']) => ({ file, script })),
    );
    expect(named).to.not.be.empty;
    expect(named.filter(({ script }) => !Object.hasOwn(scripts, script))).to.deep.equal([]);
  });

  it('name files that exist', () => {
    const lost = documents.flatMap(({ file, text }) =>
      spans(text)
        .filter((span) => /^(src|cases|fixtures|docs)\/[\w./-]+$/.test(span) && !existsSync(join(home, span)))
        .map((span) => `${file}: ${span}`),
    );
    expect(lost).to.deep.equal([]);
  });

  it('name cases, requirements and mutants that exist', () => {
    expect(documents.flatMap(({ file, text }) => strangersIn(text).map((id) => `${file}: ${id}`))).to.deep.equal([]);
  });

  it('that the program refers to exist', () => {
    const lost = readdirSync(join(home, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(ts|mjs)$/.test(name))
      .flatMap((name) =>
        [...readFileSync(join(home, 'src', name), 'utf8').matchAll(/\bdocs\/[\w-]+\.md/g)]
          .filter(([document]) => !existsSync(join(home, document)))
          .map(([document]) => `src/${name}: ${document}`),
      );
    expect(lost).to.deep.equal([]);
  });

  it('the README names every command', async () => {
    const known = await commandNames();
    expect(known).to.include('run');
    const named = documents.flatMap(({ file, text }) =>
      file === 'README.md' ? [...text.matchAll(/^\| `robe (\w[\w-]*)/gm)].map(([, name]) => name) : [],
    );
    expect(named).to.have.members(known);
  });
});

describe('the check of the documents', () => {
  it('finds dead links and anchors', () => {
    const text = '# A b, c\n[x](nowhere.md) [y](README.md) [z](#a-b-c) [w](#d) [v](https://example.org/)\n';
    expect(deadLinks({ file: 'README.md', text })).to.deep.equal([
      'README.md: nowhere.md',
      'README.md: #a-b-c',
      'README.md: #d',
    ]);
  });

  it('finds commands and options that are not there, and does nothing', async () => {
    expect(await refusal(['frobnicate'])).to.match(/frobnicate/);
    expect(await refusal(['run', '--frob'])).to.match(/frob/);
    expect(await refusal(['judge', '--json'])).to.be.a('string');
    expect(await refusal(['judge'])).to.equal(undefined);
    expect(await refusal(['lab', 'up'])).to.equal(undefined);
    expect(await refusal(['run', '--iut', 'embedded', 'tcp.server'])).to.equal(undefined);
  });

  it('finds cases, requirements and mutants that are not there', () => {
    const there = 'robe-downgrade.server.orders, `tcp.server.*`, ROBE-P1-S-02, `--iut mutant:silent-to-mptcp`.';
    const strange = ['tcp.server.no-such-case.ip4', 'ROBE-P1-S-99', 'mutant:no-such-mutant'];
    expect(strangersIn(`${there} ${strange.join(' ')}`)).to.deep.equal([
      'tcp.server.no-such-case.ip4',
      'ROBE-P1-S-99',
      'no-such-mutant',
    ]);
  });

  it('reads calls as a shell would', () => {
    const text =
      "```sh\nrobe run 'a b' --seed 1   # why\ntcpdump -w - | robe inspect /dev/stdin > x\n```\n`robe judge`, `robe keys …`\n";
    expect(callsIn({ file: 'x.md', text })).to.deep.equal([
      ['run', 'a b', '--seed', '1'],
      ['inspect', '/dev/stdin'],
      ['judge'],
      ['keys'],
    ]);
  });
});
