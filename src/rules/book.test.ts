import { expect } from 'chai';
import { bundledCatalogue } from '../conduct/testing/bundled-catalogue.js';
import { parameterDefaults } from '../suite/language/parameters.js';
import { allRules } from './book.js';
import { requirementsOf } from './rule.js';

/** Rules of a duty that binds some hosts only, which of them no peer can see; each says so at its place. */
const gradedLower: readonly string[] = ['push-on-the-last-of-the-echo'];

describe('the book of rules', () => {
  it('gives each rule a name of its own', () => {
    expect(new Set(allRules.map(({ name }) => name)).size).to.equal(allRules.length);
  });

  it('goes by open points that can be declared', () => {
    const points = allRules.flatMap(({ declared }) => declared ?? []);
    expect(points.length).to.be.above(0);
    for (const { point } of points) expect(Object.keys(parameterDefaults)).to.include(point);
  });

  for (const rule of allRules)
    it(`${rule.name} stands on requirements of the register, and is as strict as they are`, () => {
      for (const id of requirementsOf(rule)) {
        const requirement = bundledCatalogue().requirements.get(id);
        expect(requirement, id).to.not.equal(undefined);
        const strict = requirement?.level === 'MUST' && !gradedLower.includes(rule.name);
        expect(strict ? 'MUST' : 'SHOULD', `${id} is ${requirement?.level}`).to.equal(rule.level);
      }
    });
});
