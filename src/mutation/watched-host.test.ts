/** What becomes of a host whose code breaks. */
import { expect } from 'chai';
import type { HostOutput, ReferenceHost } from '../reference/contract.js';
import { serverHost } from '../reference/testing/hosts.js';
import { EndlessLoopError } from './step-counter.js';
import { FrameDigest, WatchedHost } from './watched-host.js';

const frame = Uint8Array.of(1, 2, 3);
const talks: HostOutput = { frames: [{ path: 1, frame }], notices: [] };

/** A host that does `receive` as told, once for each that is given. */
const hostDoing = (...receive: readonly (() => HostOutput)[]): ReferenceHost => {
  const left = [...receive];
  const host = serverHost({ profile: 'tcp' });
  host.receive = () => (left.shift() ?? (() => talks))();
  return host;
};

const breaks = (cause: Error) => (): HostOutput => {
  throw cause;
};

const table = [
  { what: 'a host that answers is alive', does: [() => talks], life: 'alive', frames: 1 },
  { what: 'code that throws ends it', does: [() => talks, breaks(new Error('oh'))], life: 'crashed', frames: 0 },
  {
    what: 'before its first frame nobody can tell why it is silent',
    does: [breaks(new Error('oh'))],
    life: 'hung',
    frames: 0,
  },
  {
    what: 'code that goes round in circles hangs',
    does: [() => talks, breaks(new EndlessLoopError())],
    life: 'hung',
    frames: 0,
  },
] as const;

describe('a watched host', () => {
  for (const { what, does, life, frames } of table) {
    it(what, () => {
      const host = new WatchedHost(() => hostDoing(...does), new FrameDigest());
      const outputs = does.map((_, index) => host.receive(1, frame, BigInt(index)));
      expect(host.life).to.equal(life);
      expect(outputs.at(-1)?.frames.length).to.equal(frames);
    });
  }

  it('stays silent until it is restarted', () => {
    const host = new WatchedHost(() => hostDoing(breaks(new Error('oh'))), new FrameDigest());
    host.receive(1, frame, 0n);
    expect(host.receive(1, frame, 1n).frames).to.deep.equal([]);
    host.reset();
    expect(host.receive(1, frame, 2n).frames.length).to.equal(1);
  });

  it('that cannot be made answers nothing', () => {
    const host = new WatchedHost(() => {
      throw new Error('oh');
    }, new FrameDigest());
    expect(host.connect({ address: '10.0.0.1', port: 1 }, 0n).frames).to.deep.equal([]);
    expect(host.life).to.equal('hung');
  });
});

describe('a digest of frames', () => {
  const digestOf = (...sent: readonly (readonly [number, readonly number[]])[]) => {
    const digest = new FrameDigest();
    for (const [path, octets] of sent) digest.add(path, Uint8Array.from(octets));
    return digest.value();
  };
  const base = digestOf([1, [1, 2]], [2, [3]]);
  it('is the same for the same frames', () => {
    expect(digestOf([1, [1, 2]], [2, [3]])).to.equal(base);
  });
  for (const [what, other] of [
    ['an octet', digestOf([1, [1, 3]], [2, [3]])],
    ['a path', digestOf([2, [1, 2]], [2, [3]])],
    ['the order', digestOf([2, [3]], [1, [1, 2]])],
    ['a frame more', digestOf([1, [1, 2]], [2, [3]], [2, [3]])],
    ['a boundary', digestOf([1, [1]], [2, [2, 3]])],
  ] as const) {
    it(`differs by ${what}`, () => {
      expect(other).not.to.equal(base);
    });
  }
});
