import { expect } from 'chai';
import type { CaseResult } from '../suite/verdict/results.js';
import { emptyBaseline } from './baseline-edit.js';
import { pruneBaseline, updateBaseline, usuallySettled } from './baseline-update.js';
import { gateOf, strictly } from './gate.js';
import { baselineFrom, failing, sampleCase, sampleResults } from './testing/sample-results.js';
import type { UpdateRules } from './update-pen.js';

const today = '2026-06-01';
const rules: UpdateRules = { today, level: 'must', only: usuallySettled };

/** Written by people: comments, quotes, an order and a layout of their own. */
const written = `# What our stack gets wrong.
format: 1
iut: stack   # the nightly build
catalogue: "0.1.*"
entries:
  # Key-B is computed too early.
  - case: keys.same
    expect: fail
    signature: mismatch/SYN-ACK.mp_capable.key
    reason: 'the listener draws a key per SYN' # see the design note
    issue: https://bugs.example/7

  # Nobody asked for it yet.
  - glob: "ips.*"
    count: 2
    expect: unsupported
    reason: >-
      IPS is not implemented,
      and will not be soon
    when: {kernel: <7}

  - {case: rst.late, expect: inconclusive, signature: inconclusive/sentinel, reason: slow machine}
`;

const keys = failing('keys.same', 'mismatch/SYN-ACK.mp_capable.key');
const ips = ['ips.1', 'ips.2'].map((id) => sampleCase(id, { verdict: 'unsupported' }));
const late = sampleCase('rst.late', { verdict: 'inconclusive', signature: 'inconclusive/sentinel' });
const asWritten = [keys, ...ips, late];

const update = (cases: readonly CaseResult[], given: Partial<UpdateRules> = {}, text = written) =>
  updateBaseline(text, baselineFrom(text), sampleResults(cases), { ...rules, ...given });

/** The lines that differ; a line that occurs elsewhere too does not show. */
const diff = (before: string, after: string): readonly string[] => {
  const [old, fresh] = [before.split('\n'), after.split('\n')];
  return [
    ...old.filter((line) => !fresh.includes(line)).map((line) => `-${line}`),
    ...fresh.filter((line) => !old.includes(line)).map((line) => `+${line}`),
  ];
};

describe('a baseline update', () => {
  it('leaves a baseline that holds as it is, octet for octet', () => {
    expect(update(asWritten)).to.deep.equal({ text: written, done: [], refused: [] });
  });

  const rows: readonly {
    readonly about: string;
    readonly cases: readonly CaseResult[];
    readonly given?: Partial<UpdateRules>;
    readonly changed: readonly string[];
    readonly refused?: readonly string[];
  }[] = [
    {
      about: 'follows a changed signature and keeps the reason',
      cases: [failing('keys.same', 'missing/SYN-ACK'), ...ips, late],
      changed: ['-    signature: mismatch/SYN-ACK.mp_capable.key', '+    signature: missing/SYN-ACK'],
    },
    {
      about: 'changes only what was asked for',
      cases: [failing('keys.same', 'missing/SYN-ACK'), ...ips, late],
      given: { only: ['fixed'] },
      changed: [],
    },
    {
      about: 'removes what is fixed, with its comment',
      cases: [sampleCase('keys.same'), ...ips, late],
      changed: [
        '-  # Key-B is computed too early.',
        '-  - case: keys.same',
        '-    expect: fail',
        '-    signature: mismatch/SYN-ACK.mp_capable.key',
        "-    reason: 'the listener draws a key per SYN' # see the design note",
        '-    issue: https://bugs.example/7',
      ],
    },
    {
      about: 'adds nothing without a reason',
      cases: [...asWritten, failing('new', 's')],
      changed: [],
      refused: ['fail s (1); an entry needs --reason: why is this known?'],
    },
    {
      about: 'adds with one',
      cases: [...asWritten, failing('new', 's')],
      given: { reason: 'known since: yesterday', issue: '#9' },
      changed: ['+  - cause: s', '+    count: 1', '+    reason: "known since: yesterday"', '+    issue: "#9"'],
    },
    {
      about: 'leaves a glob that holds in part to a person',
      cases: [keys, sampleCase('ips.1', { verdict: 'unsupported' }), sampleCase('ips.2'), late],
      changed: [],
      refused: ['line 14, ips.*: no longer holds for 1 of 2 cases (ips.2); split it by hand'],
    },
    {
      about: 'never excuses an error or a missing result',
      cases: [...asWritten, sampleCase('e', { verdict: 'error' }), sampleCase('m', { verdict: 'not-run' })],
      given: { reason: 'r', only: [...usuallySettled, 'inconclusive'] },
      changed: [],
      refused: ['e: error; this is no verdict', 'm: missing; this is no verdict'],
    },
    {
      about: 'excuses missing evidence only when told to',
      cases: [...asWritten, sampleCase('i', { verdict: 'inconclusive', signature: 's' })],
      given: { reason: 'r' },
      changed: [],
    },
    {
      about: 'says that an entry is dead and keeps it',
      cases: [...ips, late],
      changed: [],
      refused: ['line 7: keys.same means no case of the catalogue; baseline prune removes it'],
    },
  ];
  for (const { about, cases, given, changed, refused = [] } of rows) {
    it(about, () => {
      const updated = update(cases, given);
      expect(diff(written, updated.text)).to.deep.equal(changed);
      expect(updated.refused).to.deep.equal(refused);
    });
  }

  const fixedAndChanged: readonly (readonly [string, readonly CaseResult[], string, string])[] = [
    [
      'takes the last entry away',
      [sampleCase('a')],
      'entries:\n  - case: a\n    expect: unsupported\n    reason: r',
      'entries: []\n',
    ],
    [
      'keeps the comment of the next entry',
      [sampleCase('a'), sampleCase('b', { verdict: 'unsupported' })],
      'entries:\n# one\n- case: a\n  expect: unsupported\n  reason: r\n# two\n- case: b\n  expect: unsupported\n  reason: r\n',
      'entries:\n# two\n- case: b\n  expect: unsupported\n  reason: r\n',
    ],
    [
      'puts a signature after what it belongs to',
      [failing('a', 'missing/ACK')],
      'entries:\n- reason: r\n  expect: unsupported # so far\n  case: a\n',
      'entries:\n- reason: r\n  expect: fail # so far\n  signature: missing/ACK\n  case: a\n',
    ],
    [
      'takes a signature away',
      [sampleCase('a', { verdict: 'unsupported' })],
      'entries:\n- signature: s # why\n  case: a\n  expect: fail\n  reason: r\n',
      'entries:\n- case: a\n  expect: unsupported\n  reason: r\n',
    ],
    [
      'edits a flow map',
      [sampleCase('a', { verdict: 'info', observation: 'rst' }), failing('b', 't: u')],
      'entries:\n- {case: a, expect: info, observation: ignore, reason: r}\n- {case: b, expect: fail, signature: [s, t], reason: r}\n',
      'entries:\n- {case: a, expect: info, observation: rst, reason: r}\n- {case: b, expect: fail, signature: "t: u", reason: r}\n',
    ],
    [
      'turns one kind of flow map into another',
      [sampleCase('a', { verdict: 'unsupported' })],
      'entries:\n- {case: a, reason: r, expect: fail, signature: s}\n',
      'entries:\n- {case: a, reason: r, expect: unsupported}\n',
    ],
  ];
  const head = 'format: 1\niut: stack\ncatalogue: 0.1.*\n';
  for (const [about, cases, before, after] of fixedAndChanged) {
    it(about, () => {
      const updated = updateBaseline(head + before, baselineFrom(head + before), sampleResults(cases), rules);
      expect(updated.text).to.equal(head + after);
      expect(baselineFrom(updated.text).entries).to.have.length(after.split('case:').length - 1);
    });
  }

  it('leaves entries in brackets to a person', () => {
    const text = `${head}entries: [{case: a, expect: unsupported, reason: r}]\n`;
    expect(updateBaseline(text, baselineFrom(text), sampleResults([sampleCase('a')]), rules)).to.deep.equal({
      text,
      done: [],
      refused: ['the entries stand in brackets; write each on lines of its own, or edit them by hand'],
    });
  });

  it('makes the gate hold', () => {
    const results = sampleResults([failing('keys.same', 'other'), ...ips, late, failing('new', 's')]);
    const { text } = updateBaseline(written, baselineFrom(written), results, { ...rules, reason: 'r' });
    const rulesAfter = { ...strictly(today), baselines: [baselineFrom(text)] };
    expect(gateOf(results, rulesAfter).exit).to.equal(0);
  });

  describe('of causes', () => {
    const hmac = 'mismatch/SYN-ACK.mp_join.hmac';
    const head = 'format: 1\niut: stack\ncatalogue: 0.1.*\nentries:\n';
    const old = (id: string, step: number, reason = 'r') =>
      `  - case: ${id}\n    expect: fail\n    signature: step-${step}/${hmac}\n    reason: ${reason}\n`;
    const cause = (count: number, reason = 'r') =>
      `  - cause: ${hmac}\n    count: ${count}\n    expect: fail\n    reason: ${reason}\n`;
    const three = ['a', 'b', 'c'].map((id) => failing(id, hmac));
    const rows: readonly (readonly [string, string, readonly CaseResult[], Partial<UpdateRules>, string, number])[] = [
      ['takes over an entry for each case as one', old('a', 4) + old('b', 7) + old('c', 9), three, {}, cause(3), 0],
      [
        'leaves what two people explained in two ways',
        old('a', 4) + old('b', 7, 'another'),
        three.slice(0, 2),
        {},
        old('a', 4) + old('b', 7, 'another'),
        2,
      ],
      [
        'counts what is left of it',
        cause(3),
        [...three.slice(0, 1), sampleCase('b'), sampleCase('c')],
        {},
        cause(1),
        0,
      ],
      ['takes out what is gone', cause(2) + cause(1).replace(hmac, 'other'), three.slice(0, 2), {}, cause(2), 0],
      ['excuses no further case without a reason', cause(2), three, {}, cause(2), 1],
      ['counts further cases with one', cause(2), three, { reason: 'why' }, cause(3), 0],
      [
        'excuses many new cases as one',
        cause(1).replace(hmac, 's'),
        [failing('s', 's'), ...three],
        { reason: 'q' },
        cause(1).replace(hmac, 's') + cause(3, 'q'),
        0,
      ],
    ];
    for (const [about, before, cases, given, after, left] of rows)
      it(about, () => {
        const updated = update(cases, given, head + before);
        expect(updated.text).to.equal(head + after);
        expect(updated.refused).to.have.length(left);
      });

    it('holds afterwards, and is red where the cause shows once more or once less', () => {
      const baselines = [baselineFrom(head + cause(2))];
      const exitOf = (cases: readonly CaseResult[]) =>
        gateOf(sampleResults(cases), { ...strictly(today), baselines }).exit;
      expect(exitOf([...three.slice(0, 2), sampleCase('c')])).to.equal(0);
      expect(exitOf(three)).to.equal(1);
      expect(exitOf([...three.slice(0, 1), sampleCase('b'), sampleCase('c')])).to.equal(1);
    });
  });

  it('begins a new file', () => {
    const text = emptyBaseline('stack', '0.1.0');
    const first = update([failing('new', 's'), sampleCase('b')], { reason: 'r' }, text);
    expect(diff(text, first.text)).to.deep.equal([
      '-entries: []',
      '+entries:',
      '+  - cause: s',
      '+    count: 1',
      '+    expect: fail',
      '+    reason: r',
    ]);
  });

  it('prunes entries that mean nothing', () => {
    const pruned = pruneBaseline(written, baselineFrom(written), sampleResults([...ips, late]), rules);
    expect(baselineFrom(pruned.text).entries.map(({ case: id, glob }) => id ?? glob)).to.deep.equal([
      'ips.*',
      'rst.late',
    ]);
    expect(pruned.done).to.deep.equal(['removed line 7: keys.same means no case of the catalogue']);
  });
});
