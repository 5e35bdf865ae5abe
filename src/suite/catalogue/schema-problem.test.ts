import { expect } from 'chai';
import { z } from 'zod';
import { printProblem } from './problem.js';
import { problemsOf } from './schema-problem.js';
import { openYaml } from './yaml-source.js';

const segment = z.strictObject({ on: z.int().min(1), segment: z.enum(['SYN', 'ACK', 'RST']) });
const step = z.union([
  z.strictObject({ send: segment }),
  z.strictObject({ expect: segment, within: z.string().optional() }),
  z.strictObject({ wait: z.string() }),
]);
const schema = z.strictObject({
  id: z.string().regex(/^[a-z]+$/, 'a word of small letters'),
  role: z.enum(['client', 'server']).optional(),
  ip: z.union([z.literal(4), z.literal(6), z.array(z.number())]).optional(),
  names: z.array(z.string()).min(1).optional(),
  steps: z.array(step).optional(),
  extra: z.record(z.string(), z.number()).optional(),
  form: z
    .discriminatedUnion('kind', [z.strictObject({ kind: z.literal('a') }), z.strictObject({ kind: z.literal('b') })])
    .optional(),
});

const judge = (text: string): string[] => {
  const source = openYaml({ file: 'f.yaml', text });
  const parsed = schema.safeParse(source.value);
  return (parsed.success ? [] : problemsOf(parsed.error, schema, source)).map(printProblem);
};

describe('a schema problem', () => {
  const table: [text: string, ...messages: string[]][] = [
    ['id: x'],
    ['id: X9', 'f.yaml:1:5: id: expected a word of small letters, got the text "X9"'],
    ['role: client', 'f.yaml:1:1: id is missing: expected text'],
    ['id: 7', 'f.yaml:1:5: id: expected text, got the number 7'],
    ['id:', 'f.yaml:1:4: id: expected text, got an empty value'],
    [
      'id: x\nrole: sever',
      'f.yaml:2:7: role: expected one of client, server, got the text "sever", did you mean "server"?',
    ],
    ['id: x\nrole: [a]', 'f.yaml:2:7: role: expected one of client, server, got a list'],
    ['id: x\nrolle: client', 'f.yaml:2:1: unknown key "rolle", did you mean "role"?'],
    ['id: x\nzebra: 1', 'f.yaml:2:1: unknown key "zebra"; known here: extra, form, id, ip, names, role, steps'],
    ['id: x\nip: 5', 'f.yaml:2:5: ip: expected 4 or 6 or a list, got the number 5'],
    ['id: x\nip: [4, six]', 'f.yaml:2:9: ip[1]: expected a number, got the text "six"'],
    ['id: x\nnames: []', 'f.yaml:2:8: names: expected a list that is not empty, got an empty list'],
    ['id: x\nextra: {one: two}', 'f.yaml:2:14: extra.one: expected a number, got the text "two"'],
    ['id: x\nform: {kind: c}', 'f.yaml:2:14: form.kind: expected one of a, b, got the text "c"'],
    ['id: x\nform: {kind: a, kin: b}', 'f.yaml:2:17: form: unknown key "kin", did you mean "kind"?'],
    [
      'id: x\nsteps:\n  - sned: {on: 1, segment: SYN}',
      'f.yaml:3:5: steps[0]: unknown key "sned", did you mean "send"?',
    ],
    [
      'id: x\nsteps:\n  - send: {on: 1, segmnt: SYN}',
      'f.yaml:3:11: steps[0].send.segment is missing: expected one of SYN, ACK, RST',
      'f.yaml:3:19: steps[0].send: unknown key "segmnt", did you mean "segment"?',
    ],
    [
      'id: x\nsteps:\n  - expect: {on: 0, segment: SYN}\n    within: 1 s',
      'f.yaml:3:18: steps[0].expect.on: expected a number of at least 1, got the number 0',
    ],
    ['id: x\nsteps:\n  - send', 'f.yaml:3:5: steps[0]: expected a map, got the text "send"'],
    ['- id', 'f.yaml:1:1: expected a map, got a list'],
    ['', 'f.yaml:1:1: expected a map, got an empty value'],
  ];
  for (const [text, ...messages] of table) {
    it(`${JSON.stringify(text)} ${messages.length === 0 ? 'is in order' : `says ${messages[0]}`}`, () => {
      expect(judge(text)).to.deep.equal(messages);
    });
  }
});
