import { expect } from 'chai';
import { serverCase } from '../testing/dialogue.js';
import { stepsFor } from './declaration.js';

const dialogue = (offer: string, flags: string, sent: string, awaited: string): string => `
- send: {on: 1, segment: SYN, mp_capable: {key: A, a: ${offer}}}
- one-of:
    - outcome: pass
      observation: answered
      expect: {on: 1, segment: SYN/ACK, mp_capable: {key: B, flags: ${flags}}}
      next:
        - send: {on: 1, segment: DATA, data: ping, dss: {dsn: idsn(A) + 1, ssn: 1${sent}}}
        - any-order: [{on: 1, segment: DATA, data: ping, dss: {dsn: idsn(B) + 1${awaited}}}]
`;
const v0 = '  mptcp: 0\n';
const asked = dialogue('1', '129', ', checksum: auto', ', checksum: auto');

describe('what is asked of who refuses checksums', () => {
  it('has flag A clear and no checksum where the right one would be', () => {
    const refused = { 'mpc.refuse_checksum': true };
    const plain = dialogue('0', '1', '', ', checksum: absent');
    expect(stepsFor(serverCase(asked, v0), refused)).to.deep.equal(stepsFor(serverCase(plain, v0), {}));
  });

  it('is what the case says where the case says for whom it is, and where nothing is declared', () => {
    const own = `${v0}  parameters: {mpc.refuse_checksum: true}\n`;
    const { steps } = serverCase(asked, own);
    expect(stepsFor(serverCase(asked, own), { 'mpc.refuse_checksum': true })).to.deep.equal(steps);
    expect(stepsFor(serverCase(asked, v0), {})).to.deep.equal(serverCase(asked, v0).steps);
  });
});
