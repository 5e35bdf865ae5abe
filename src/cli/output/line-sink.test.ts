import { Writable } from 'node:stream';
import { expect } from 'chai';
import { lineSink } from './line-sink.js';

/** A stream that takes so many chunks and then fails. */
const failing = (after: number, code: string): { readonly stream: Writable; readonly written: string[] } => {
  const written: string[] = [];
  const stream = new Writable({
    decodeStrings: false,
    write(chunk: string, _, done) {
      if (written.length >= after) return done(Object.assign(new Error(code), { code }));
      written.push(chunk);
      done();
    },
  });
  return { stream, written };
};

const line = 'x'.repeat(20_000);
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('lines to a stream', () => {
  it('are collected and written at the end', async () => {
    const { stream, written } = failing(9, 'EPIPE');
    const sink = lineSink(stream);
    expect([await sink.write('a'), await sink.write('b')]).to.deep.equal([true, true]);
    await sink.end();
    expect(written).to.deep.equal(['a\nb\n']);
  });

  it('end quietly when nobody reads any more', async () => {
    const sink = lineSink(failing(1, 'EPIPE').stream);
    expect(await sink.write(line)).to.equal(true);
    await sink.write(line);
    await settle();
    expect(await sink.write(line)).to.equal(false);
    await sink.end();
  });

  it('watch a stream once, however many there are', () => {
    const { stream } = failing(9, 'EPIPE');
    const before = stream.listenerCount('error');
    for (let count = 0; count < 20; count += 1) lineSink(stream);
    expect(stream.listenerCount('error')).to.equal(before + 1);
  });

  it('throw when writing fails for another reason', async () => {
    const sink = lineSink(failing(0, 'ENOSPC').stream);
    const failure = await sink
      .write(line)
      .then(settle)
      .then(() => sink.write(line))
      .catch((error: unknown) => error);
    expect(failure).to.have.property('code', 'ENOSPC');
  });
});
