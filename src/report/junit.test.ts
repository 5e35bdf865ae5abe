import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { z } from 'zod';
import { skipBecause } from '../net/lab/testing/skip.js';
import { writeJunit } from './junit.js';
import { reportedTests } from './reported-test.js';
import { countsOf, samples, variedReport } from './testing/sample-report.js';

const schema = fileURLToPath(new URL('../../fixtures/junit/junit.xsd', import.meta.url));

/** From libxml2-utils. */
const validator = 'xmllint';

const number = z.string().regex(/^\d+$/).transform(Number);
const testcase = z.looseObject({
  '@name': z.string(),
  failure: z.looseObject({ '@message': z.string(), '@type': z.string() }).optional(),
  error: z.looseObject({ '@message': z.string(), '@type': z.string() }).optional(),
  skipped: z.looseObject({ '@message': z.string() }).optional(),
  rerunFailure: z.array(z.unknown()).optional(),
  rerunError: z.array(z.unknown()).optional(),
  flakyFailure: z.array(z.unknown()).optional(),
  flakyError: z.array(z.unknown()).optional(),
});
const document = z.looseObject({
  testsuites: z.looseObject({
    '@tests': number,
    '@failures': number,
    '@errors': number,
    testsuite: z
      .array(
        z.looseObject({
          '@name': z.string(),
          '@tests': number,
          '@failures': number,
          '@errors': number,
          '@skipped': number,
          testcase: z.array(testcase),
        }),
      )
      .default([]),
  }),
});

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  trimValues: false,
  isArray: (name) =>
    ['testsuite', 'testcase', 'rerunFailure', 'rerunError', 'flakyFailure', 'flakyError'].includes(name),
});
const read = (text: string) => document.parse(parser.parse(text)).testsuites;

describe('JUnit XML', () => {
  for (const [about, sample] of samples) {
    describe(`of a run ${about}`, () => {
      const report = sample();
      const text = writeJunit(report);

      it('says the same totals as the run, in every place', () => {
        const { tests, failed, errored, known, skipped } = countsOf(report);
        const suites = read(text);
        const cases = suites.testsuite.flatMap((each) => each.testcase);
        const sum = (of: '@tests' | '@failures' | '@errors' | '@skipped') =>
          suites.testsuite.reduce((total, each) => total + each[of], 0);
        expect(suites).to.include({ '@tests': tests, '@failures': failed, '@errors': errored });
        expect([sum('@tests'), sum('@failures'), sum('@errors')]).to.deep.equal([tests, failed, errored]);
        expect(sum('@skipped')).to.equal(known + skipped);
        expect(cases.length).to.equal(tests);
        expect(cases.filter((each) => each.failure !== undefined).length).to.equal(failed);
        expect(cases.filter((each) => each.error !== undefined).length).to.equal(errored);
        expect(cases.filter((each) => each.skipped !== undefined).length).to.equal(known + skipped);
      });

      it('keeps names apart', () => {
        const suites = read(text);
        const names = suites.testsuite.flatMap((suite) =>
          suite.testcase.map((each) => `${suite['@name']}\n${each['@name']}`),
        );
        expect(new Set(names).size).to.equal(names.length);
      });

      it('is well-formed', () => expect(XMLValidator.validate(text)).to.equal(true));

      it('is valid against the schema, by xmllint', function () {
        const { error, status, stderr } = spawnSync(validator, ['--noout', '--schema', schema, '-'], {
          input: text,
          encoding: 'utf8',
        });
        if (error !== undefined) skipBecause(this, `needs ${validator} (libxml2-utils)`);
        expect(stderr.trim()).to.equal('- validates');
        expect(status).to.equal(0);
      });
    });
  }

  it('never shows as green what is inconclusive, erroneous, missing or a fault of the baseline', () => {
    const report = variedReport();
    const cases = read(writeJunit(report)).testsuite.flatMap((each) => each.testcase);
    for (const [index, { name, kind, outcome }] of reportedTests(report).entries()) {
      if (outcome === 'passed' || outcome === 'skipped') continue;
      const written = cases.find(
        (each) => each['@name'] === name && [each.failure, each.error, each.skipped].some(Boolean),
      );
      expect(written, `${index} ${name} ${kind}`).to.not.equal(undefined);
    }
    const typeOf = (name: string) => cases.find((each) => each['@name'] === name)?.error?.['@type'];
    expect(typeOf('plain.inconclusive')).to.equal('inconclusive');
    expect(typeOf('plain.error')).to.equal('error');
    expect(typeOf('plain.not-run')).to.equal('missing');
  });

  it('skips a known deviation with its reason, and keeps every attempt', () => {
    const cases = read(writeJunit(variedReport())).testsuite.flatMap((each) => each.testcase);
    const named = (name: string) => cases.find((each) => each['@name'] === name);
    expect(named('known')?.skipped?.['@message']).to.equal(
      'Known: not done yet (#7). Expected one thing, got another at s.',
    );
    expect(named('flaky')?.flakyFailure).to.have.length(2);
    expect(named('flaky')?.flakyError).to.have.length(1);
    expect(named('stable')?.failure?.['@message']).to.match(/^stable \(3\/3\): /);
    expect(named('stable')?.rerunFailure).to.have.length(2);
    expect(named('stable')?.flakyFailure).to.equal(undefined);
  });
});
