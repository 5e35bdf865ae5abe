/** A stack with several defects: as many causes on the console, and each requirement blamed only where it is broken. */
import { expect } from 'chai';
import { bundledCatalogue } from '../conduct/testing/bundled-catalogue.js';
import { gateOf, strictly } from '../gate/gate.js';
import { standRequirements } from '../gate/requirement-standing.js';
import { sampleResults } from '../gate/testing/sample-results.js';
import { mutantSubject } from '../iut/mutant-subject.js';
import { overheardReference } from '../iut/overheard-subject.js';
import { allMutants } from '../mutants/index.js';
import type { Mutant } from '../mutants/mutant.js';
import { resultOf } from '../run/result.js';
import { simulateCase } from '../run/simulate.js';
import { applies } from '../suite/catalogue/applicability.js';
import { withLikely } from './computation/likely.js';
import { conclude } from './console.js';
import { reportedCauses } from './reported-cause.js';

const catalogue = bundledCatalogue();

/** One stack with the defects of several mutants of one profile. */
const together = (ids: readonly string[]): Mutant => {
  const chosen = ids.map((id) => {
    const found = allMutants.find((each) => each.id === id);
    if (found === undefined) throw new Error(`there is no mutant ${id}`);
    return found;
  });
  const [first] = chosen;
  if (first === undefined) throw new Error('no mutants');
  return {
    ...first,
    id: ids.join('+'),
    defect: {
      decides: Object.assign({}, ...chosen.map(({ defect }) => defect.decides)),
      behaves: Object.assign({}, ...chosen.map(({ defect }) => defect.behaves)),
      wire: chosen.flatMap(({ defect }) => defect.wire ?? []),
    },
  };
};

interface Stack {
  readonly role: 'server' | 'client';
  readonly defects: readonly string[];
  /** So many are told at most; a defect may show in two ways. */
  readonly causes: number;
  /** So many sentences are broken at most. */
  readonly broken: number;
}

const stacks: readonly Stack[] = [
  {
    role: 'server',
    defects: [
      'hmac-b-keys-swapped',
      'mapping-checksum-without-pseudo-header',
      'reset-draws-a-reset',
      'unknown-token-ignored',
      'join-reserved-bits-sent',
    ],
    causes: 5,
    broken: 13,
  },
  {
    role: 'client',
    defects: ['same-key-b-reset', 'attaches-after-fallback.robe-downgrade-client'],
    causes: 2,
    broken: 7,
  },
  {
    role: 'server',
    defects: [
      'keep-alive-unanswered',
      'closed-window-never-probed',
      'repeated-syn-ack-with-other-number',
      'mirrors-mptcp-options',
      'options-behind-nop-unread',
    ],
    causes: 5,
    broken: 12,
  },
];

const runOf = ({ role, defects }: Stack) => {
  const stack = together(defects);
  const { mutant } = mutantSubject(stack, overheardReference(stack));
  const results = catalogue.cases
    .filter((each) => each.role === role && each.ip === 4 && applies(each, mutant.claims).applies)
    .map((each) => {
      const { driven, plan } = simulateCase(mutant, each, 'five');
      return withLikely(resultOf(mutant.name, each, driven), plan, driven.trace);
    });
  const run = sampleResults(results);
  return { results: run, gate: gateOf(run, strictly('2026-01-01')), register: catalogue.requirements };
};

describe('a stack with several defects', function () {
  this.timeout(120_000);
  for (const stack of stacks) {
    const { role, defects, causes: wanted, broken: most } = stack;
    describe(`${role}: ${defects.join(', ')}`, () => {
      let report: ReturnType<typeof runOf>;
      before(() => {
        report = runOf(stack);
      });

      it('has a cause for each, not for each red case', () => {
        const causes = reportedCauses(report.gate.cases, catalogue.requirements);
        const told = causes.map(
          ({ cause }) => `${cause.results.length} ${cause.signature}: ${cause.requirements.join(' ')}`,
        );
        expect(causes.length, told.join('\n')).to.be.within(defects.length, wanted);
      });

      it('breaks the sentence of each, and few others', () => {
        const standings = standRequirements(report.results.cases);
        const broken = [...standings.values()].filter(({ standing }) => standing === 'broken').map(({ id }) => id);
        const own = defects.map((id) => allMutants.find((each) => each.id === id)?.requirement ?? id);
        expect(broken).to.include.members(own);
        expect(broken.length, broken.join(' ')).to.be.at.most(most);
        const blocked = [...standings.values()].filter(({ standing }) => standing === 'not-reached');
        expect(blocked.length).to.be.above(0);
      });

      it('is told on the console, cause by cause', () => {
        const lines = conclude(report, 'reports/five', false).split('\n');
        expect(lines[0]).to.match(/^FAIL \[\S.*\] (MUST|SHOULD) \S/);
        expect(lines.filter((line) => /^(FAIL|NONSTRICT) /.test(line)).length).to.be.within(defects.length, wanted);
        expect(lines.join('\n')).to.match(/MUST +requirements: \d+ broken, \d+ not reached, \d+ kept/);
        if (defects.includes('mapping-checksum-without-pseudo-header'))
          expect(lines.join('\n')).to.match(/likely +.*pseudo-header/);
      });
    });
  }
});
