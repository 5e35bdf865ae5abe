/** Octets in cases: one notation wherever they stand, quoted or not, and none is lost or changed on the way. */
import { expect } from 'chai';
import { loadCatalogue } from './catalogue.js';

/** The segment of the one step of a case, with these fields. */
const segmentWith = (fields: string) => {
  const text = `- id: test.server.case
  title: A case made for a test
  requirements: [TEST-X-01]
  role: server
  profiles: [tcp]
  ip: 4
  steps:
    - send: {on: 1, segment: SYN, ${fields}}
    - expect: {on: 1, segment: SYN/ACK}
`;
  const { catalogue, problems } = loadCatalogue([{ file: 'a.yaml', text }]);
  const told = problems.filter(({ message }) => !/TEST-X-01/.test(message)).map(({ message }) => message);
  const step = catalogue.cases[0]?.steps[0];
  return { told, segment: step?.step === 'send' ? step.segment : undefined };
};

const hexOf = (octets: unknown): string | undefined =>
  octets instanceof Uint8Array ? Buffer.from(octets).toString('hex') : undefined;

const forms: readonly (readonly [written: string, octets: string])[] = [
  ['01020304', '01020304'],
  ["'01020304'", '01020304'],
  ['00000000', '00000000'],
  ["'00000000'", '00000000'],
  ['0x0102', '0102'],
  ["'0x0102'", '0102'],
  ['12345678', '12345678'],
  ['1e04', '1e04'],
  ['11223344556677889900112233445566', '11223344556677889900112233445566'],
  ["'00 ff 01'", '00ff01'],
  ['{hex: 00ff}', '00ff'],
  ["{hex: '00ff'}", '00ff'],
  ['{hex: 01}', '01'],
];

describe('octets in cases', () => {
  for (const [written, octets] of forms) {
    it(`in an option: ${written}`, () => {
      const { told, segment } = segmentWith(`unknown: {kind: 254, data: ${written}}`);
      expect(told).to.deep.equal([]);
      const [option] = segment?.options ?? [];
      const data = option?.pattern.presence === 'present' ? option.pattern.fields['data'] : undefined;
      expect(data?.is === 'value' && data.value.op === 'literal' ? hexOf(data.value.value) : undefined).to.equal(
        octets,
      );
    });

    if (!written.includes('0x'))
      it(`as they are: ${written}`, () => {
        const { told, segment } = segmentWith(`raw: ${written}, raw_before: ${written}`);
        expect(told).to.deep.equal([]);
        expect(segment?.rawOptions.map(hexOf)).to.deep.equal([octets]);
        expect(segment?.rawBefore.map(hexOf)).to.deep.equal([octets]);
      });

    if (written.startsWith('{'))
      it(`as payload: ${written}`, () => {
        const { segment } = segmentWith(`data: ${written}`);
        expect(segment?.payload?.is === 'octets' ? hexOf(segment.payload.octets) : undefined).to.equal(octets);
      });
  }

  it('are no numbers: a key of many digits stays one', () => {
    const { told, segment } = segmentWith('mp_capable: {key: 0x0102030405060708}');
    expect(told).to.deep.equal([]);
    const [option] = segment?.options ?? [];
    const key = option?.pattern.presence === 'present' ? option.pattern.fields['key'] : undefined;
    expect(key?.is === 'value' && key.value.op === 'literal' ? key.value.value : undefined).to.equal(
      0x0102030405060708n,
    );
  });
});
