/** The shim's end of robe-ctl/1 for the reference: every request answered once, honest about what it cannot do. */
import { expect } from 'chai';
import { VirtualClock } from '../net/clock/virtual.js';
import { createMemoryLink } from '../net/link/memory.js';
import { defaultDraftSubtypes } from '../protocol/mptcp/option.js';
import { createHost } from '../reference/host.js';
import { answer as answerSchema, helloResult } from './control/messages.js';
import { IsolatedHosts } from './isolated-hosts.js';
import { answerLine } from './reference-control.js';

const own = '10.201.0.1';

const controlled = () => {
  const clock = new VirtualClock();
  const [, end] = createMemoryLink({ clock, paths: [1] });
  const create = (seed: string) =>
    createHost({
      paths: [{ path: 1, mac: '02:00:00:00:00:01', addresses: [own] }],
      sharedAddresses: [],
      profile: 'mptcp',
      versions: [1, 0],
      subtypes: defaultDraftSubtypes,
      seed,
    });
  return { host: new IsolatedHosts(create, end, clock), version: '1.2.3', addresses: new Map([[1, [own]]]) };
};

const ask = (request: object) => {
  const answered = answerLine(controlled(), JSON.stringify({ id: 7, ...request }));
  expect(answerSchema.safeParse(answered).success).to.equal(true);
  return answered;
};

describe('control of the reference', () => {
  it('greets as the protocol says', () => {
    const hello = ask({ verb: 'hello', protocol: 'robe-ctl/1' });
    expect(hello?.answer).to.equal('ok');
    expect(helloResult.safeParse(hello?.answer === 'ok' ? hello.result : undefined).success).to.equal(true);
  });

  it('says unsupported to an unknown verb or profile, failed to what is malformed or cannot be done', () => {
    expect(ask({ verb: 'no-such-verb' })).to.deep.equal({ id: 7, answer: 'unsupported' });
    const connect = { verb: 'connect', connection: 'c', to: { address: '10.201.64.1', port: 80 }, paths: [1] };
    expect(ask({ ...connect, profile: 'robe-unknown' })).to.deep.equal({ id: 7, answer: 'unsupported' });
    expect(ask({ verb: 'listen', port: 'high', service: 'echo' })).to.include({ id: 7, answer: 'failed' });
    expect(ask({ verb: 'info', connection: 'nobody' })).to.include({ id: 7, answer: 'failed' });
    expect(ask({ verb: 'configure', paths: [{ path: 1, address: { 4: '10.9.9.9' } }] })).to.include({
      answer: 'failed',
    });
  });

  it('does what it is told, and ignores members that it does not know', () => {
    expect(ask({ verb: 'configure', paths: [{ path: 1, address: { 4: own } }], colour: 'red' })).to.include({
      answer: 'ok',
    });
    for (const verb of ['health', 'reset']) expect(ask({ verb })).to.include({ id: 7, answer: 'ok' });
    const one = controlled();
    const tell = (request: object) => answerLine(one, JSON.stringify({ id: 1, ...request }));
    const connect = { verb: 'connect', connection: 'c', to: { address: '10.201.64.1', port: 80 }, paths: [1] };
    expect(tell(connect)).to.include({ answer: 'ok' });
    expect(tell(connect)).to.include({ answer: 'failed' });
    expect(tell({ verb: 'info', connection: 'c' })).to.deep.equal({
      id: 1,
      answer: 'ok',
      result: { state: 'connecting', mptcp: false, subflows: 0, received: 0 },
    });
    expect(tell({ verb: 'announce', connection: 'c', address: own, port: 0 })).to.include({ answer: 'failed' });
    for (const signal of ['announce', 'withdraw', 'prioritise'])
      expect(tell({ verb: signal, connection: 'c', address: own, backup: true })).to.deep.equal({
        id: 1,
        answer: 'failed',
        why: `connection c has nothing to say of ${own}`,
      });
    expect(tell({ verb: 'close', connection: 'c' })).to.include({ answer: 'ok' });
    expect(tell({ verb: 'accepted', from: ['10.201.64.1'] })).to.deep.include({ result: { count: 0, closed: 0 } });
  });

  it('cannot answer what has no id', () => {
    for (const line of ['', 'nonsense', '[]', '{"verb":"health"}', '{"id":0,"verb":"health"}']) {
      expect(answerLine(controlled(), line)).to.equal(undefined);
    }
  });
});
