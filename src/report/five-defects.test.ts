/** A stack with five defects: five causes on the console, and each requirement blamed only where it is broken. */
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

describe('a stack with five defects', function () {
  this.timeout(120_000);
  const ids = [
    'hmac-b-keys-swapped',
    'mapping-checksum-without-pseudo-header',
    'reset-draws-a-reset',
    'unknown-token-ignored',
    'join-reserved-bits-sent',
  ];
  const stack = together(ids);
  const { mutant } = mutantSubject(stack, overheardReference(stack));
  const results = catalogue.cases
    .filter((each) => each.role === 'server' && each.ip === 4 && applies(each, mutant.claims).applies)
    .map((each) => {
      const { driven, plan } = simulateCase(mutant, each, 'five');
      return withLikely(resultOf(mutant.name, each, driven), plan, driven.trace);
    });
  const run = sampleResults(results);
  const report = { results: run, gate: gateOf(run, strictly('2026-01-01')), register: catalogue.requirements };

  it('has five causes, not a cause for each red case', () => {
    const causes = reportedCauses(report.gate.cases, catalogue.requirements);
    const failed = results.filter(({ verdict }) => verdict === 'fail');
    expect(failed.length).to.be.above(50);
    const told = causes.map(
      ({ cause }) => `${cause.results.length} ${cause.signature}: ${cause.requirements.join(' ')}`,
    );
    expect(causes, told.join('\n')).to.have.length(5);
  });

  it('breaks the sentence of each defect, and few others', () => {
    const standings = standRequirements(results);
    const broken = [...standings.values()].filter(({ standing }) => standing === 'broken').map(({ id }) => id);
    const wanted = ids.map((id) => allMutants.find((each) => each.id === id)?.requirement);
    expect(broken).to.include.members(wanted);
    expect(broken.length, broken.join(' ')).to.be.below(14);
    const blocked = [...standings.values()].filter(({ standing }) => standing === 'not-reached');
    expect(blocked.length).to.be.above(0);
  });

  it('says on the console whose sentence is broken, and what to look at', () => {
    const lines = conclude(report, 'reports/five', false).split('\n');
    expect(lines[0]).to.match(/^FAIL \S.* MUST RFC/);
    expect(lines.filter((line) => /^(FAIL|NONSTRICT) /.test(line))).to.have.length(5);
    expect(lines.join('\n')).to.match(/likely +.*pseudo-header/);
    expect(lines.join('\n')).to.match(/MUST +requirements: \d+ broken, \d+ not reached, \d+ kept/);
  });
});
