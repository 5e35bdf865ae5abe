/** Who gets which case, among the implementations that the reference offers. */
import { expect } from 'chai';
import { bundledCatalogue } from '../conduct/testing/bundled-catalogue.js';
import { chooseIut } from '../iut/choose.js';
import { applies } from '../suite/catalogue/applicability.js';
import { connectionsOf } from '../suite/language/flow-names.js';
import { assign } from './assignment.js';

describe('assigning cases to several implementations', () => {
  const { cases } = bundledCatalogue();
  const subjects = chooseIut('embedded');

  it('gives each case to the first that it applies to, and to no other', () => {
    const { assignments } = assign(subjects, cases);
    const given = assignments.flatMap(({ subject, cases: own }) => own.map(({ id }) => [id, subject.name] as const));
    expect(new Set(given.map(([id]) => id)).size).to.equal(given.length);
    const first = new Map(
      cases.map((each) => [each.id, subjects.find(({ claims }) => applies(each, claims).applies)?.name]),
    );
    for (const [id, name] of given) expect(name, id).to.equal(first.get(id));
  });

  it('gives every profile that the reference claims cases of its own', () => {
    const { assignments } = assign(subjects, cases);
    expect(assignments.map(({ subject }) => subject.name)).to.deep.equal(subjects.map(({ name }) => name));
  });

  it('gives a small host what it can hold at once, and says why it is not given the rest', () => {
    const small = subjects
      .slice(0, 1)
      .map((subject) => ({ ...subject, claims: { ...subject.claims, connections: 4 } }));
    const { assignments, notApplicable } = assign(small, cases);
    const own = assignments.flatMap(({ cases: given }) => given);
    expect(own.length).to.be.above(100);
    expect(own.every((each) => connectionsOf(each) < 4)).to.equal(true);
    const larger = notApplicable.filter(({ sentence }) =>
      sentence.includes('4 connections at once are needed, there is room for 3'),
    );
    expect(larger.length).to.be.above(0);
  });

  it('exhaustively gives each case to all that it applies to', () => {
    const { assignments } = assign(subjects, cases, true);
    for (const { subject, cases: own } of assignments)
      expect(own.length, subject.name).to.equal(cases.filter((each) => applies(each, subject.claims).applies).length);
  });
});
