/**
 * Proof that the catalogue can fail: its cases before broken implementations (mutants) and before implementations that do
 * nothing right (nulls). What is missing is listed by id; `robe mutants`, `robe mutants --idle` and `robe nulls` show more.
 *
 * A mutant of a requirement that no case of its profile and role cites yet is not asked for here: that the case is missing
 * is for `robe coverage` to tell.
 */
import { expect } from 'chai';
import { bundledCatalogue } from '../../conduct/testing/bundled-catalogue.js';
import { embeddedSubjects } from '../../iut/embedded-subject.js';
import { mutantSubjects } from '../../iut/mutant-subject.js';
import { describeNull, nullNames, nullSubjects } from '../../iut/null/null-subject.js';
import { type KillMatrix, makeKillMatrix, type Suspect } from '../../run/matrix/kill-matrix.js';
import { catalogueDigest, compareReview, measureVector } from '../../run/matrix/null-vector.js';
import { type Judge, Judging } from '../../run/matrix/outcome.js';
import { applies } from '../../suite/catalogue/applicability.js';
import { watchingRules } from '../../suite/catalogue/watching-rules.js';
import { readReviewedVector } from './reviewed-vectors.js';

const catalogue = bundledCatalogue();
const suspects = mutantSubjects();
const fewestMutants = 120;

/** A rule stands on what the mutant breaks, or some case that applies to it cites that. */
const isAskedFor = ({ requirement, roles, reference }: Suspect): boolean =>
  watchingRules.some(({ requirements }) => requirements.includes(requirement)) ||
  catalogue.cases.some(
    (each) =>
      each.requirements.includes(requirement) && roles.includes(each.role) && applies(each, reference.claims).applies,
  );

describe('proof that the catalogue can fail', function () {
  this.timeout(900_000);
  const judging = new Judging('proof');
  const judge: Judge = (subject, cases) => Promise.resolve(judging.judge(subject, cases));

  describe('mutants', () => {
    let matrix: KillMatrix;

    before(async () => {
      const references = embeddedSubjects();
      const plan = { suspects, references, cases: catalogue.cases, rules: watchingRules, thorough: false };
      matrix = await makeKillMatrix(plan, judge);
    });

    it('are many, each with a name of its own and a requirement of the register', () => {
      expect(suspects.length).to.be.at.least(fewestMutants);
      expect(new Set(suspects.map(({ id }) => id)).size, 'distinct names').to.equal(suspects.length);
      const unknown = suspects.filter(({ requirement }) => !catalogue.requirements.has(requirement));
      expect(
        unknown.map(({ id, requirement }) => `${id}: ${requirement}`),
        'requirements that do not exist',
      ).to.deep.equal([]);
    });

    it('differ from the reference of each profile, with which every case is content', () => {
      const names = new Set(embeddedSubjects().map(({ name }) => name));
      const red = matrix.references
        .filter(({ subject }) => names.has(subject))
        .flatMap((reference) => reference.red.map(({ id, verdict }) => `${reference.subject}: ${verdict} ${id}`));
      expect(red).to.deep.equal([]);
    });

    it('are each killed by a case that cites the requirement, once there is one', () => {
      const asked = new Set(suspects.filter(isAskedFor).map(({ id }) => id));
      const unnoticed = matrix.mutants.filter(({ id, citedBy }) => asked.has(id) && citedBy.length === 0);
      expect(unnoticed.map(({ id, requirement, breaks }) => `${id} (${requirement}): ${breaks}`)).to.deep.equal([]);
    });

    it('are enough for every case to kill one, and one that breaks what the case cites', () => {
      expect(matrix.idleCases).to.deep.equal([]);
      expect(matrix.unprovenCases).to.deep.equal([]);
    });

    it('are enough for every rule of the book to notice one that breaks what the rule stands on', () => {
      expect(matrix.unprovenRules).to.deep.equal([]);
    });

    it('break every duty that some case cites', () => {
      const broken = new Set(suspects.map(({ requirement }) => requirement));
      const cited = new Set(catalogue.cases.flatMap(({ requirements }) => requirements));
      const whole = [...catalogue.requirements.values()].filter(({ id, level }) => level === 'MUST' && cited.has(id));
      expect(whole.flatMap(({ id }) => (broken.has(id) ? [] : [id]))).to.deep.equal([]);
    });
  });

  describe('null implementations', () => {
    for (const name of nullNames) {
      it(`${name}: ${describeNull(name)}`, async () => {
        const reviewed = readReviewedVector(name);
        const vector = await measureVector(nullSubjects(name), catalogue.cases, judge);
        expect(reviewed.says).to.equal(describeNull(name));
        const { unexplained, obsolete } = compareReview(vector.content, reviewed.passes);
        expect(unexplained, 'cases that are content with it without a reviewed reason').to.deep.equal([]);
        expect(obsolete, 'patterns of the review that mean no case any more').to.deep.equal([]);
        // Counts belong to one state of the catalogue; `robe nulls --write` renews them.
        if (reviewed.catalogue === catalogueDigest(catalogue.cases)) {
          expect(vector.counts).to.deep.equal(reviewed.counts);
        }
      });
    }
  });
});
