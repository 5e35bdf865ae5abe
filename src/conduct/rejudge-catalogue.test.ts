/** Every case of the catalogue: what was recorded of it, judged again, gives the same verdict, also through its files. */
import { expect } from 'chai';
import { chooseIut } from '../iut/choose.js';
import { readLossless, writeLossless } from '../report/lossless-json.js';
import { rejudge } from '../run/recorded/recorded.js';
import { simulateCase } from '../run/simulate.js';
import { applies } from '../suite/catalogue/applicability.js';
import type { ExpandedCase } from '../suite/language/case.js';
import type { Plan } from '../suite/scenario/plan.js';
import type { Trace } from '../suite/trace/trace.js';
import { bundledCatalogue } from './testing/bundled-catalogue.js';

describe('the catalogue, recorded and judged again', function () {
  this.timeout(180_000);
  const { cases } = bundledCatalogue();
  const subjects = chooseIut('embedded').flatMap((subject) => (subject.time === 'virtual' ? [subject] : []));
  const runnable = (each: ExpandedCase) => subjects.find(({ claims }) => applies(each, claims).applies);

  it('comes to the same judgement for every case', () => {
    let judged = 0;
    for (const each of cases) {
      const subject = runnable(each);
      if (subject === undefined) continue;
      const { plan, driven } = simulateCase(subject, each, 'rejudge');
      const again = rejudge(plan, driven.trace);
      expect(again.judgement, each.id).to.deep.equal(driven.judgement);
      judged += 1;
    }
    expect(judged).to.be.greaterThan(0);
  });

  it('also when plan and trace went through files', () => {
    const authored = new Map(cases.map((each) => [each.authoredId, each]));
    for (const each of authored.values()) {
      const subject = runnable(each);
      if (subject === undefined) continue;
      const { plan, driven } = simulateCase(subject, each, 'files');
      const kept = readLossless(writeLossless(plan)) as Plan;
      const trace = readLossless(writeLossless(driven.trace)) as Trace;
      expect(rejudge(kept, trace).judgement, each.id).to.deep.equal(driven.judgement);
    }
  });

  it('gives the same verdicts whatever the seed', () => {
    for (const each of cases.filter((_, index) => index % 7 === 0)) {
      const subject = runnable(each);
      if (subject === undefined) continue;
      const verdicts = ['one', 'two'].map((seed) => simulateCase(subject, each, seed).driven.judgement.verdict);
      expect(verdicts[0], each.id).to.equal(verdicts[1]);
    }
  });
});
