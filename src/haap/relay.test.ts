import { expect } from 'chai';
import { relay } from './relay.js';
import { ScriptedStream } from './testing/scripted-stream.js';

const join = () => {
  const a = new ScriptedStream();
  const b = new ScriptedStream();
  const over: string[] = [];
  relay(a, b, (how) => over.push(how));
  return { a, b, over };
};

describe('a relay', () => {
  it('hands octets on and takes as many again', () => {
    const { a, b } = join();
    a.events.data(Buffer.from('abc'));
    expect(b.look()).to.deep.equal(['write abc']);
    expect(a.look()).to.deep.equal(['consume 3']);
    b.events.data(Buffer.from('de'));
    expect(a.look()).to.deep.equal(['write de']);
    expect(b.look()).to.deep.equal(['consume 2']);
  });

  it('takes no more from a side while the other has no room', () => {
    const { a, b } = join();
    b.hasRoom = false;
    a.events.data(Buffer.from('abc'));
    a.events.data(Buffer.from('de'));
    expect(a.look()).to.deep.equal([]);
    b.events.roomMade();
    expect(a.look()).to.deep.equal(['consume 5']);
    b.events.roomMade();
    expect(a.look()).to.deep.equal([]);
  });

  it('keeps the two directions apart', () => {
    const { a, b } = join();
    a.hasRoom = false;
    b.events.data(Buffer.from('slow'));
    a.events.data(Buffer.from('fast'));
    expect(a.look()).to.deep.equal(['write slow', 'consume 4']);
    expect(b.look()).to.deep.equal(['write fast']);
  });

  it('ends one direction and goes on with the other', () => {
    const { a, b, over } = join();
    a.events.ended();
    expect(b.look()).to.deep.equal(['end']);
    b.events.data(Buffer.from('answer'));
    expect(a.look()).to.deep.equal(['write answer']);
    expect(over).to.deep.equal([]);
    b.events.ended();
    expect(a.look()).to.deep.equal(['end']);
    expect(over).to.deep.equal(['ended']);
  });

  it('resets the other side when one breaks, once', () => {
    const { a, b, over } = join();
    a.events.broken();
    b.events.broken();
    expect(b.look()).to.deep.equal(['reset']);
    expect(a.look()).to.deep.equal([]);
    b.events.data(Buffer.from('late'));
    expect(a.look()).to.deep.equal([]);
    expect(over).to.deep.equal(['broken']);
  });

  it('tells a break after one end, too', () => {
    const { a, b, over } = join();
    a.events.ended();
    b.events.broken();
    expect(a.look()).to.deep.equal(['reset']);
    expect(over).to.deep.equal(['broken']);
  });
});
