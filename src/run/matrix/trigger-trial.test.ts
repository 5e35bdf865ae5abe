/** Mutants with triggers before a few cases: which have an occasion there, which are noticed, and that no occasion changes nothing. */
import { expect } from 'chai';
import { bundledCatalogue } from '../../conduct/testing/bundled-catalogue.js';
import { confinableMutant } from '../../iut/mutant-subject.js';
import { Judging } from './outcome.js';
import { sumUpTriggers, type TriggerRow, tryTriggers } from './trigger-trial.js';

const judging = new Judging('triggers');
const { cases } = bundledCatalogue();

const rowsOf = (id: string, topic: RegExp): ReadonlyMap<string, TriggerRow> => {
  const mutant = confinableMutant(id);
  if (mutant === undefined) throw new RangeError(`there is no mutant ${id}`);
  const rows = tryTriggers(
    mutant,
    cases.filter((each) => topic.test(each.id)),
    judging,
  );
  return new Map(rows.map((row) => [row.trigger, row]));
};

describe('mutants with triggers', () => {
  const joined = rowsOf('hmac-b-nonces-swapped', /^mptcp\.server\.join\./);

  it('show on the occasions of the trigger only', () => {
    expect(joined.get('over-ipv6')?.citedBy).to.match(/\.ip6$/);
    expect(joined.get('version-0')?.citedBy).to.match(/\.v0\./);
    expect(joined.get('version-1')?.citedBy).to.match(/\.v1\./);
  });

  it('are told apart from those that no dialogue gives an occasion to', () => {
    expect(joined.get('past-2-32')).to.deep.equal({
      mutant: 'hmac-b-nonces-swapped',
      trigger: 'past-2-32',
      fires: false,
    });
  });

  it('are counted by trigger', () => {
    const figures = sumUpTriggers([...joined.values()]);
    expect(figures.find(({ trigger }) => trigger === 'over-ipv6')).to.deep.equal({
      trigger: 'over-ipv6',
      mutants: 1,
      neverFired: 0,
      noticed: 1,
      noticedByCiting: 1,
    });
  });

  it('are the reference, to the octet, where the trigger never holds', () => {
    const mutant = confinableMutant('hmac-b-nonces-swapped');
    const never = mutant?.confinedTo({ id: 'never', says: 'never', holds: () => false });
    for (const each of cases.filter(({ id }) => id.startsWith('mptcp.server.join.'))) {
      const { utterances } = judging.hear(never?.usual ?? expect.fail(), each);
      expect(never?.saysTheSame(`triggers/${each.id}`, utterances), each.id).to.equal(true);
    }
  });
});
