/** What lint says of cases that could be read but not run, or would apply to nobody. */
import { expect } from 'chai';
import { bundledCatalogue } from '../../conduct/testing/bundled-catalogue.js';
import { settingsOf } from '../../iut/settings.js';
import { uncomposable } from '../../run/uncomposable.js';
import { loadCatalogue } from '../../suite/catalogue/catalogue.js';
import { purposeless } from '../../suite/catalogue/lint-purpose.js';
import { parameterDefaults } from '../../suite/language/parameters.js';
import { mayBe, readOpenPoints } from '../explain/open-points.js';
import { strangeParameterValues } from './parameter-values.js';

const casesOf = (fields: string, head = '') =>
  loadCatalogue([
    {
      file: 'a.yaml',
      text: `- id: test.server.case
  title: A case made for a test
  requirements: [TEST-X-01]
  role: server
  profiles: [tcp]
${head}  steps:
    - send: {on: 1, segment: SYN, ${fields}}
    - expect: {on: 1, segment: SYN/ACK}
`,
    },
  ]).catalogue.cases;

const settings = { ...settingsOf({}), seed: 'test' };
const told = (fields: string): readonly string[] =>
  uncomposable(casesOf(fields), settings).map(({ line, column, message }) => `${line}:${column} ${message}`);

describe('lint', () => {
  it('names options that no header has room for', () => {
    expect(told(`raw: ['${'01'.repeat(40)}']`)).to.deep.equal([
      '7:7 test.server.case: options take 44 octets, 40 are possible; give `data_offset` to write them all the same',
    ]);
    expect(told(`raw: ['${'01'.repeat(36)}']`)).to.deep.equal([]);
  });

  it('names fields that an option needs', () => {
    expect(told('mp_join: {token: 1}')).to.deep.equal(['7:7 test.server.case: mp_join needs `nonce` when it is sent']);
  });

  it('finds every bundled case sendable, and with values that its parameters have', () => {
    const { cases } = bundledCatalogue();
    expect(uncomposable(cases, settings)).to.deep.equal([]);
    expect(strangeParameterValues(cases)).to.deep.equal([]);
  });

  it('names cases in which nothing is expected', () => {
    const [asking] = casesOf('seq: 1');
    if (asking === undefined) throw new Error('the case cannot be read');
    expect(purposeless([asking])).to.deep.equal([]);
    expect(purposeless([{ ...asking, steps: asking.steps.slice(0, 1) }]).map(({ message }) => message)).to.deep.equal([
      'test.server.case: nothing is expected in this case, so no implementation can fail it',
    ]);
    expect(purposeless(bundledCatalogue().cases)).to.deep.equal([]);
  });

  it('names a value that a parameter never has', () => {
    const cases = casesOf('seq: 1', '  parameters: {p1.flag_mismatch: nokey}\n');
    expect(strangeParameterValues(cases).map(({ message }) => message)).to.deep.equal([
      'test.server.case: p1.flag_mismatch is never "nokey", did you mean "newkey"?; its values: newkey, rst, attach',
    ]);
  });

  it('knows every parameter and its default from the document of the open points', () => {
    const known = readOpenPoints().flatMap(({ parameters }) => parameters);
    expect(known.map(({ name }) => name).sort()).to.deep.equal(Object.keys(parameterDefaults).sort());
    const strange = known.filter((parameter) => !mayBe(parameter, parameterDefaults[parameter.name] ?? ''));
    expect(strange.map(({ name }) => name)).to.deep.equal([]);
  });
});
