/** The short way to the register against the long one: for every requirement both say the same. */
import { join } from 'node:path';
import { expect } from 'chai';
import { bundledCases, readCatalogueFiles } from '../../conduct/catalogue-files.js';
import { loadCatalogue } from '../../suite/catalogue/catalogue.js';
import { requirementTexts } from './requirement-texts.js';

describe('texts of requirements', () => {
  it('are those of the register', () => {
    const { catalogue } = loadCatalogue(readCatalogueFiles([join(bundledCases, 'requirements')], process.cwd()));
    const register = [...catalogue.requirements.values()].map(({ id, level, statement }) => [id, { level, statement }]);
    const texts = requirementTexts([...catalogue.requirements.keys()]);
    expect([...texts].sort()).to.deep.equal(register.sort());
    expect(texts.size).to.be.greaterThan(300);
  });

  it('are read only of those asked for, and only where there are some', () => {
    expect([...requirementTexts(['RFC8684-3.1-14', 'RFC8684-0.0-00']).keys()]).to.deep.equal(['RFC8684-3.1-14']);
    expect(requirementTexts([]).size).to.equal(0);
  });
});
