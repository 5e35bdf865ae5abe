import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { loadCatalogue } from '../suite/catalogue/catalogue.js';
import { pack } from '../suite/catalogue/packed.js';
import { bundledCases, readCatalogueFiles } from './catalogue-files.js';
import { compileCatalogue, compiledCatalogue } from './compiled-catalogue.js';
import { loadSoundCatalogue } from './load-catalogue.js';

const home = dirname(bundledCases);
const file = fileURLToPath(new URL('../catalogue.json', import.meta.url));

describe('the compiled catalogue', () => {
  before(() => {
    expect(compileCatalogue()).to.deep.equal([]);
  });

  it('is the one that its files give', () => {
    const { catalogue } = loadCatalogue(readCatalogueFiles([], home));
    expect(pack(compiledCatalogue(home)) === pack(catalogue)).to.equal(true);
  });

  it('is not used when it was made of something else', () => {
    const directory = mkdtempSync(join(tmpdir(), 'robe-compiled-'));
    const copy = join(directory, 'catalogue.json');
    const text = readFileSync(file, 'utf8');
    writeFileSync(copy, text);
    expect(compiledCatalogue(home, copy)?.cases.length).to.be.greaterThan(3000);
    writeFileSync(
      copy,
      text.replace(/^./, (digit) => (digit === '0' ? '1' : '0')),
    );
    expect(compiledCatalogue(home, copy)).to.equal(undefined);
    expect(compiledCatalogue(home, join(directory, 'nothing'))).to.equal(undefined);
    rmSync(directory, { recursive: true });
  });

  it('calls its files as they are called from where one stands', () => {
    const [first] = compiledCatalogue(bundledCases)?.cases ?? [];
    expect(first?.origin.file).to.match(/^[a-z]/);
    expect(relative(home, join(bundledCases, first?.origin.file ?? ''))).to.match(/^cases/);
    expect(compiledCatalogue(join(tmpdir(), 'nowhere'))?.cases[0]?.origin.file).to.match(/^\//);
  });

  it('lends its requirements and fragments to cases of one’s own', () => {
    const directory = mkdtempSync(join(tmpdir(), 'robe-own-'));
    writeFileSync(
      join(directory, 'own.yaml'),
      '- id: my.server.case\n  title: A case of my own\n  requirements: [RFC9293-3.1-01]\n  role: server\n  profiles: [tcp]\n  ip: 4\n  steps: [{use: plain-established}]\n',
    );
    const { cases, requirements } = loadSoundCatalogue([directory], directory);
    expect(cases.map(({ id, origin }) => [id, origin.file])).to.deep.equal([['my.server.case', 'own.yaml']]);
    expect(requirements.size).to.be.greaterThan(300);
    rmSync(directory, { recursive: true });
  });
});
