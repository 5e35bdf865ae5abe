import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { bundledCatalogue } from '../../conduct/testing/bundled-catalogue.js';
import { parameterDefaults } from '../language/parameters.js';
import { measureCoverage } from './coverage.js';
import { jsonSchemas } from './json-schema.js';
import { lintCoverage } from './lint-coverage.js';
import { printProblem } from './problem.js';
import { parseRequirements } from './requirement.js';
import { documents, profiles } from './requirement-schema.js';
import { measureSentences, printSentence } from './sentence-coverage.js';
import { watchingRules } from './watching-rules.js';

const root = new URL('../../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

describe('the committed register', () => {
  const sources = readdirSync(new URL('cases/requirements/', root)).map((file) => ({
    file,
    text: read(`cases/requirements/${file}`),
  }));
  const register = parseRequirements(sources);
  const points = read('docs/interpretations.md');

  it('has its documents explained', () => {
    const explained = read('docs/requirements.md');
    expect(documents.filter((document) => !explained.includes(`\`${document}\``))).to.deep.equal([]);
  });

  it('has its profiles explained', () => {
    const rows = read('docs/iut-file.md').match(/^\| `.*?` \|/gm) ?? [];
    expect(profiles.filter((profile) => !rows.some((row) => row.includes(`\`${profile}\``)))).to.deep.equal([]);
  });

  it('is in order', () => {
    expect(register.problems.map(printProblem)).to.deep.equal([]);
  });

  it('holds each document in files of its own, and ids that name their source', () => {
    const prefixes: [document: string, prefix: RegExp][] = [
      ['RFC 9293', /^RFC9293-/],
      ['RFC 6298', /^RFC6298-/],
      ['RFC 5961', /^RFC5961-/],
      ['RFC 6824', /^RFC6824-/],
      ['RFC 7323', /^RFC7323-/],
      ['RFC 8684', /^RFC8684-/],
      ['RFC 6181', /^RFC6181-/],
      ['RFC 7430', /^RFC7430-/],
      ['RobE paper', /^ROBE-/],
      ['RobE draft', /^DRAFT-/],
      ['derived', /^DERIVED-/],
    ];
    const strangers = [...register.requirements.values()].filter(
      ({ id, source }) => !prefixes.some(([document, prefix]) => source.doc === document && prefix.test(id)),
    );
    expect(strangers.map(({ id }) => id)).to.deep.equal([]);
  });

  // Counted in the texts of the sources, by a script that lists sentences with key words.
  const counted: [document: string, sentences: number][] = [
    ['RFC 6824', 116],
    ['RFC 8684', 151],
    ['RobE paper', 77],
    ['RobE draft', 108],
    ['RFC 9293', 119],
    ['RFC 6298', 19],
    ['RFC 5961', 18],
  ];
  const { bySource, bySentence } = measureSentences(register.sentences, measureCoverage(register, []).byRequirement);

  it('lists as many sentences of each source as were counted in it', () => {
    expect(bySource.map(({ name, sentences }) => [name, sentences])).to.deep.equal(counted);
  });

  it('reads every sentence that is listed', () => {
    const unread = bySentence.filter(({ read }) => !read);
    expect(unread.map(({ sentence }) => printSentence(sentence))).to.deep.equal([]);
  });

  it('is asked or watched as a whole, in every role and version that it binds, or says why not', () => {
    const catalogue = bundledCatalogue();
    const missing = lintCoverage(catalogue, catalogue.cases, { strict: true }, watchingRules);
    expect(missing.map(printProblem)).to.deep.equal([]);
  });

  it('depends only on open points that are written down', () => {
    const cited = [...register.requirements.values()].flatMap((requirement) => requirement.points ?? []);
    expect(cited.filter((point) => !points.includes(`### ${point} `))).to.deep.equal([]);
  });

  it('has every parameter explained with its default', () => {
    const lines = points.split('\n');
    const unexplained = Object.entries(parameterDefaults).filter(
      ([name, value]) => !lines.some((line) => line.startsWith(`- \`${name}\`: **${String(value)}**`)),
    );
    expect(unexplained).to.deep.equal([]);
  });

  it('explains no parameter that does not exist', () => {
    const explained = [...points.matchAll(/^- `([\w.]+)`:/gm)].map(([, name = '']) => name);
    expect(explained.filter((name) => !Object.hasOwn(parameterDefaults, name))).to.deep.equal([]);
  });

  for (const [file, text] of jsonSchemas()) {
    it(`has a fresh cases/schema/${file} (if not: robe schema --write)`, () => {
      expect(read(`cases/schema/${file}`)).to.equal(text);
    });
  }
});
