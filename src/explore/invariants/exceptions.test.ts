/** Exceptions of the schemes: each one is needed, for without it the reference violates the invariant; and none hides one. */
import { expect } from 'chai';
import { parsePair } from '../end-name.js';
import type { Invariant } from '../ledger.js';
import { Search } from '../search.js';
import { calm, World } from '../world.js';
import { exceptions } from './exceptions.js';
import { type SchemeName, schemeOf } from './scheme.js';

const profiles: Readonly<Record<SchemeName, string>> = {
  tcp: 'tcp',
  classic: 'mptcp',
  downgrade: 'robe-downgrade',
  bbm: 'robe-bbm',
  timer: 'robe-timer',
  sim: 'robe-sim',
  esim: 'robe-esim',
  ips: 'robe-ips',
};

/** The invariants that a scheme violates with one path dead at most. */
const violated = (scheme: SchemeName, elsewhere: boolean, strict: readonly Invariant[]): ReadonlySet<Invariant> => {
  const pair = parsePair({
    profile: profiles[scheme],
    ...(elsewhere && { peer: 'mptcp' }),
    paths: 2,
    seed: '1',
  });
  expect(schemeOf(pair)).to.include({ name: scheme });
  const search = new Search(new World({ ...pair, strict }, { ...calm, dead: 1, expiries: 2 }));
  search.begin();
  while (search.advance(100));
  return new Set([...search.tally.violations.values()].map(({ invariant }) => invariant));
};

describe('exceptions of the schemes', function () {
  this.timeout(20_000);
  for (const { invariant, schemes, elsewhere = false, source } of exceptions) {
    for (const scheme of schemes) {
      it(`${scheme}${elsewhere ? ' elsewhere' : ''} needs that of ${invariant} (${source})`, () => {
        expect(violated(scheme, elsewhere, [invariant])).to.include(invariant);
        expect([...violated(scheme, elsewhere, [])]).to.deep.equal([]);
      });
    }
  }

  it('are all of one form', () => {
    for (const { sentence, source } of exceptions) {
      expect(sentence).to.match(/^\S.{20,}\S$/);
      expect(source).to.match(/^(paper|draft)/);
    }
  });
});
