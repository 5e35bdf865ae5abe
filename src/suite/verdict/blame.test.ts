/** Whose sentence a finding breaks, and that every duty is a sentence of the register. */
import { expect } from 'chai';
import { bundledCatalogue } from '../../conduct/testing/bundled-catalogue.js';
import { blame } from './blame.js';
import { dutyOf, dutySentences } from './duties.js';
import { signatureOf, withoutStep } from './signature.js';
import type { Finding } from './verdict.js';

const asked = {
  requirements: ['RFC9293-3.6-01', 'RFC6824-3.2-16'],
  role: 'server',
  mptcp: 0,
  about: { hmac: ['RFC6824-3.2-16'] },
} as const;

const wrong = (subject: string, given: Partial<Finding> = {}): Finding => ({
  facet: 'conformance',
  verdict: 'fail',
  class: 'mismatch',
  step: '4',
  subject,
  sentence: 'It is wrong.',
  ...given,
});

const rule = (observation: number): Finding =>
  wrong('mp-capable-form', { rule: 'mp-capable-form', requirements: ['RFC6824-3.1-02'], observation });

describe('blame', () => {
  const rows: readonly (readonly [string, readonly Finding[], readonly string[] | undefined])[] = [
    ['what the case asks, at a step of its own', [wrong('FIN.flags')], asked.requirements],
    ['what the case says of the field', [wrong('SYN-ACK.mp_join.hmac')], ['RFC6824-3.2-16']],
    ['the duty of a computed field of which the case says nothing', [wrong('DATA.dss.checksum')], ['RFC6824-3.3-04']],
    [
      'the duty of an opening',
      [wrong('SYN-ACK', { class: 'missing', after: 'SYN', setUp: true })],
      ['RFC9293-3.10.7-01'],
    ],
    [
      'the rule that says the same of the segment of an opening',
      [wrong('SYN-ACK.seq', { setUp: true, observation: 3 }), rule(3)],
      ['RFC6824-3.1-02'],
    ],
    [
      'no rule that speaks of another segment',
      [wrong('SYN-ACK.ack', { setUp: true, observation: 3 }), rule(4)],
      ['RFC9293-3.10.7-01'],
    ],
    ['what the step names', [wrong('FIN', { requirements: ['RFC9293-3.6-02'] })], ['RFC9293-3.6-02']],
    ['nothing where evidence is missing', [wrong('sentinel', { verdict: 'inconclusive' })], undefined],
  ];
  for (const [about, findings, requirements] of rows)
    it(`is on ${about}`, () => expect(blame(asked, findings)[0]?.requirements).to.deep.equal(requirements));

  it('finds the sentence of the version', () => {
    expect(dutyOf('mismatch/SYN-ACK.mp_join.hmac', 'server', 0)).to.equal('RFC6824-3.2-04');
    expect(dutyOf('mismatch/SYN-ACK.mp_join.hmac', 'server', 1)).to.equal('RFC8684-3.2-05');
    expect(dutyOf('mismatch/SYN-ACK.never-heard-of', 'server', 1)).to.equal(undefined);
  });

  it('names sentences of the register only', () => {
    const { requirements } = bundledCatalogue();
    expect(dutySentences.filter((id) => !requirements.has(id))).to.deep.equal([]);
  });
});

describe('a signature', () => {
  it('has what went before where a whole segment is wrong, and nothing of it where a field is', () => {
    expect(signatureOf(wrong('SYN-ACK', { class: 'missing', after: 'SYN+mp_join' }))).to.equal(
      'missing/SYN-ACK after SYN+mp_join',
    );
    expect(signatureOf(wrong('SYN-ACK.ack', { after: 'SYN' }))).to.equal('mismatch/SYN-ACK.ack');
    expect(signatureOf(rule(1))).to.equal('rule/mismatch/mp-capable-form');
  });

  it('of before 0.2 loses its step and nothing else', () => {
    expect(withoutStep('step-4/mismatch/SYN-ACK.ack')).to.equal('mismatch/SYN-ACK.ack');
    expect(withoutStep('step-closing/unexpected/RST')).to.equal('unexpected/RST');
    expect(withoutStep('mismatch/SYN-ACK.ack')).to.equal('mismatch/SYN-ACK.ack');
  });
});
