/**
 * Every variant before the catalogue: whoever uses a freedom of the sources otherwise stays green. Each variant meets every
 * case that applies to it with one member of its matrix, another variant with another member; `robe variants` tries all.
 */
import { expect } from 'chai';
import { bundledCatalogue } from '../../conduct/testing/bundled-catalogue.js';
import { variantSubjectNamed } from '../../iut/variant-subject.js';
import { tryTogether, type VariantRow } from '../../run/matrix/variant-matrix.js';
import { Comparison } from '../../run/matrix/variant-trial.js';
import { allVariants } from '../../variants/index.js';
import type { Variant } from '../../variants/variant.js';
import { membersInTurn } from './members-in-turn.js';

const fewest = 100;
const { cases } = bundledCatalogue();
describe('variants', function () {
  this.timeout(60_000);
  const comparison = new Comparison('variants');
  const rowOf = (variant: Variant, turn: number): Promise<VariantRow> =>
    tryTogether([variant], membersInTurn(cases, turn), async (subject, own) => comparison.try(subject, own));

  it('are many, each with a name of its own and a sentence', () => {
    expect(allVariants.length).to.be.at.least(fewest);
    expect(new Set(allVariants.map(({ id }) => id)).size, 'distinct names').to.equal(allVariants.length);
    for (const { id, sentence } of allVariants) {
      expect(sentence.section, id).to.match(/^(\d+(\.\d+)*|I-\d+)$/);
      expect(sentence.says, id).to.match(/^[A-Z].*[.:]?/);
    }
  });

  it('can be called by name', () => {
    const [one, other] = allVariants;
    const name = `variant:${one?.id}+${other?.id}@tcp`;
    expect(variantSubjectNamed(name)?.name).to.equal(name);
    expect(variantSubjectNamed('variant:no-such-freedom@tcp')).to.equal(undefined);
  });

  for (const [turn, variant] of allVariants.entries()) {
    it(`${variant.id}: every case is content`, async () => {
      const { red, nonstrict } = await rowOf(variant, turn);
      const found = [...red, ...nonstrict].map(({ id, verdict, sentence }) => `${verdict} ${id}: ${sentence}`);
      expect(found).to.deep.equal([]);
    });
  }
});
