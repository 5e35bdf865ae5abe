/** Counts of what was accepted start anew where an address was used before, and are left as they are elsewhere. */
import { expect } from 'chai';
import type { Control } from '../../iut/contract.js';
import type { ControlAnswer, ControlCommand } from '../../suite/scenario/contract.js';
import type { Loan } from '../allocation.js';
import { controlFor } from './counting-anew.js';

/** A host that counts for ever, by address. */
class CountingHost implements Pick<Control, 'perform'> {
  readonly counts = new Map<string, { count: number; closed: number }>();
  asked = 0;

  accept(address: string, closed = 0): void {
    const before = this.counts.get(address) ?? { count: 0, closed: 0 };
    this.counts.set(address, { count: before.count + 1, closed: before.closed + closed });
  }

  perform(command: ControlCommand, answered: (answer: ControlAnswer) => void): void {
    this.asked += 1;
    if (command.verb !== 'accepted') {
      answered({ answer: 'ok', result: { state: 'established', received: 5 } });
      return;
    }
    const sum = { count: 0, closed: 0 };
    for (const address of command.from) {
      sum.count += this.counts.get(address)?.count ?? 0;
      sum.closed += this.counts.get(address)?.closed ?? 0;
    }
    answered({ answer: 'ok', result: sum });
  }
}

const answerOf = (control: Pick<Control, 'perform'> | undefined, command: ControlCommand): ControlAnswer => {
  let heard: ControlAnswer = { answer: 'unsupported' };
  control?.perform(command, (answer) => {
    heard = answer;
  });
  return heard;
};

const loanOf = (addresses: readonly string[], lentBefore: boolean): Loan =>
  ({ addresses, lentBefore, giveBack: () => {} }) as unknown as Loan;

const [one, other] = ['192.0.2.1', '192.0.2.2'];
const reset = {
  reach: 'everybody',
  begin: async (): Promise<ControlAnswer> => ({ answer: 'ok', result: {} }),
} as const;

describe('counts of what was accepted', () => {
  it('leave out what earlier cases had from the same addresses', async () => {
    const host = new CountingHost();
    for (const closed of [1, 1, 0]) host.accept(one, closed);
    host.accept(other);
    const control = await controlFor(
      { control: host as unknown as Control, freshStart: reset },
      loanOf([one, other], true),
    );
    const from = [one, other, one];
    expect(answerOf(control, { verb: 'accepted', from })).to.deep.equal({
      answer: 'ok',
      result: { count: 0, closed: 0 },
    });
    host.accept(one, 1);
    expect(answerOf(control, { verb: 'accepted', from: [one] })).to.deep.equal({
      answer: 'ok',
      result: { count: 1, closed: 1 },
    });
  });

  it('leave out what earlier runs had, where control has no reset', async () => {
    const host = new CountingHost();
    host.accept(one);
    const control = await controlFor({ control: host as unknown as Control }, loanOf([one], false));
    expect(answerOf(control, { verb: 'accepted', from: [one] })).to.deep.equal({
      answer: 'ok',
      result: { count: 0, closed: 0 },
    });
    expect(answerOf(control, { verb: 'info', connection: 'c' })).to.deep.equal({
      answer: 'ok',
      result: { state: 'established', received: 5 },
    });
  });

  it('are not asked for where the addresses are new to the host', async () => {
    const host = new CountingHost();
    expect(await controlFor({ control: host as unknown as Control, freshStart: reset }, loanOf([one], false))).to.equal(
      host,
    );
    expect(host.asked).to.equal(0);
  });
});
