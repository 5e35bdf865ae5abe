import { expect } from 'chai';
import { bundledCatalogue } from '../conduct/testing/bundled-catalogue.js';
import { allRules } from './book.js';
import { requirementsOf } from './rule.js';

describe('the book of rules', () => {
  it('gives each rule a name of its own', () => {
    expect(new Set(allRules.map(({ name }) => name)).size).to.equal(allRules.length);
  });

  for (const rule of allRules)
    it(`${rule.name} stands on requirements of the register, and is as strict as they are`, () => {
      for (const id of requirementsOf(rule)) {
        const requirement = bundledCatalogue().requirements.get(id);
        expect(requirement, id).to.not.equal(undefined);
        const strict = requirement?.level === 'MUST';
        expect(strict ? 'MUST' : 'SHOULD', `${id} is ${requirement?.level}`).to.equal(rule.level);
      }
    });
});
