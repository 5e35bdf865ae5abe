import { expect } from 'chai';
import { embeddedSubjects } from '../iut/embedded-subject.js';
import { mutantSubjects } from '../iut/mutant-subject.js';
import { serverCase } from '../suite/testing/dialogue.js';
import { needlessSuspensions } from './suspensions.js';

const reason = 'the reason stands here';
const handshake = '- send:   {on: 1, segment: SYN}\n- expect: {on: 1, segment: SYN/ACK}\n';
const suspending = (rule: string) => {
  const subject = serverCase(handshake);
  return { ...subject, suspended: { [rule]: reason } };
};

describe('suspensions', () => {
  it('are refused where nothing in the case breaks the rule', () => {
    const [problem, ...others] = needlessSuspensions([suspending('tcp-reserved-bits')], embeddedSubjects());
    expect(problem?.message).to.include('suspends the rule tcp-reserved-bits, but nothing in it breaks that rule');
    expect(others).to.deep.equal([]);
  });

  it('are right where the implementation breaks the rule', () => {
    const broken = mutantSubjects().filter(({ id }) => id === 'reserved-bits-sent');
    const subjects = broken.map(({ mutant }) => mutant);
    expect(subjects).to.have.length(1);
    expect(needlessSuspensions([suspending('tcp-reserved-bits')], subjects)).to.deep.equal([]);
  });

  it('are none of the business of a case without any', () => {
    expect(needlessSuspensions([{ ...suspending('tcp-checksum'), suspended: {} }], embeddedSubjects())).to.deep.equal(
      [],
    );
  });
});
