import { expect } from 'chai';
import { gateSentence } from '../gate/sentence.js';
import { failing, sampleResults } from '../gate/testing/sample-results.js';
import { writeAnnotations, writeStepSummary } from './github.js';
import { groupTests, needsAttention, reportedTests } from './reported-test.js';
import { reportOf, samples } from './testing/sample-report.js';

interface Annotation {
  readonly level: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

/** As the runner of GitHub Actions reads a line. */
const readLine = (line: string): Annotation => {
  const [, level, properties, message] = /^::(notice|warning|error) ([^:]*)::(.*)$/.exec(line) ?? [];
  if (level === undefined || properties === undefined || message === undefined)
    throw new Error(`not a command: ${line}`);
  const unescaped = (text: string) =>
    text
      .replaceAll('%3A', ':')
      .replaceAll('%2C', ',')
      .replaceAll('%0A', '\n')
      .replaceAll('%0D', '\r')
      .replaceAll('%25', '%');
  const pairs = properties.split(',').map((pair) => pair.split('='));
  return {
    level,
    properties: Object.fromEntries(pairs.map(([name, ...value]) => [name ?? '', unescaped(value.join('='))])),
    message: unescaped(message),
  };
};
const read = (text: string): readonly Annotation[] => text.trimEnd().split('\n').map(readLine);

describe('GitHub annotations', () => {
  for (const [about, sample] of samples) {
    it(`of a run ${about} fit in a step and count every red test`, () => {
      const report = sample();
      const annotations = read(writeAnnotations(report));
      expect(annotations.length).to.be.at.most(10);
      expect(annotations[0]?.message).to.equal(gateSentence(report.gate));
      const counted = annotations
        .slice(1)
        .reduce((sum, { message }) => sum + Number(/^(\d+) /.exec(message)?.[1] ?? 1), 0);
      expect(counted).to.equal(reportedTests(report).filter(needsAttention).length);
      expect(annotations.slice(1).every(({ level }) => level === 'error')).to.equal(true);
    });
  }

  it('put the largest group first and say how many are left', () => {
    const cases = Array.from({ length: 40 }, (_, index) => failing(`case-${index}`, `s-${index < 20 ? 0 : index}`));
    const annotations = read(writeAnnotations(reportOf(sampleResults(cases))));
    expect(annotations[1]?.properties['title']).to.equal('new-failure: s-0');
    expect(annotations[1]?.message).to.match(/^20 cases, the first: .*\ncase-0 \(stack\)\n(.*\n){4}and 15 more$/);
    expect(annotations.at(-1)?.message).to.match(/^13 more in 13 groups/);
  });

  it('name the line of a baseline that is at fault', () => {
    const report = reportOf(sampleResults([failing('a', 's')]), ['case: b\nexpect: unsupported\nreason: r']);
    expect(read(writeAnnotations(report))[1]?.properties).to.deep.equal({
      file: 'baseline.yaml',
      line: '5',
      col: '5',
      title: 'dead',
    });
  });
});

describe('a GitHub step summary', () => {
  it('stays below the limit, says that it was cut, and ends with a whole line', () => {
    const cases = Array.from({ length: 6000 }, (_, index) =>
      failing(`case-${index}`, `signature-${index}`, { sentence: 'é'.repeat(300) }),
    );
    const report = reportOf(sampleResults(cases));
    const text = writeStepSummary(report);
    expect(Buffer.byteLength(text)).to.be.within(890 * 1024, 900 * 1024);
    const [, left] = /\*\*Cut here: (\d+) more lines do not fit; results.json has everything.\*\*\n$/.exec(text) ?? [];
    const rows = text.split('\n').filter((line) => /^\| <code>/.test(line)).length;
    expect(groupTests(reportedTests(report)).length).to.equal(6000);
    // A row a group, then the heads of the next table (five lines) and a row a case.
    expect(rows + Number(left)).to.equal(6000 + 5 + 6000);
  });
});
