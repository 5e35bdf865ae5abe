import { expect } from 'chai';
import fc from 'fast-check';
import { characterWidth, type Ladder, layOut } from './ladder.js';
import { type LadderEvent, tellStory } from './ladder-events.js';
import { valueNames } from './ladder-label.js';
import type { Wait } from './ladder-waits.js';
import { simulatedRun } from './testing/simulated-report.js';

/** The story of a case that is red on an implementation. */
const storyOf = (iut: string, id: string) => {
  const run = simulatedRun(iut, [id]);
  const result = run.results.cases.find(({ evidence }) => evidence !== undefined);
  const evidence = run.evidenceOf(result?.evidence ?? '');
  if (result === undefined || evidence === undefined) throw new Error(`${id} is green on ${iut}`);
  return { result, story: tellStory(evidence.plan, evidence.trace, result, valueNames(evidence.plan, evidence.trace)) };
};

const anyEvent = (paths: number): fc.Arbitrary<LadderEvent> =>
  fc.record({
    kind: fc.constant('segment' as const),
    entry: fc.nat(),
    at: fc.bigInt({ min: 0n, max: 5_000_000_000n }),
    path: fc.integer({ min: 1, max: paths }),
    from: fc.constantFrom('tester' as const, 'implementation' as const),
    mark: fc.constantFrom('sent' as const, 'matched' as const, 'mismatched' as const, 'ignored' as const),
    label: fc.string({ maxLength: 120 }),
    step: fc.constant('1'),
  });

const anyWait = (paths: number): fc.Arbitrary<Wait> =>
  fc
    .tuple(fc.bigInt({ min: 0n, max: 5_000_000_000n }), fc.bigInt({ min: 0n, max: 5_000_000_000n }))
    .chain(([from, length]) =>
      fc.record({
        kind: fc.constantFrom('silence' as const, 'missing' as const, 'timer' as const),
        from: fc.constant(from),
        to: fc.constant(from + length),
        fromEntry: fc.nat(40),
        toEntry: fc.nat(40),
        paths: fc.constant(Array.from({ length: paths }, (_, index) => index + 1)),
        label: fc.string({ maxLength: 30 }),
      }),
    );

const byTime = (a: LadderEvent, b: LadderEvent): number => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0);

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const size = 11;
const text = (x: number, y: number, characters: number): Box => ({
  left: x,
  right: x + characters * characterWidth,
  top: y - size,
  bottom: y + 2,
});

/** Where text will stand: labels of rows, steps, labels of brackets. */
const boxesOf = (ladder: Ladder): readonly Box[] => [
  ...ladder.rows.map(({ event, y }) => text(ladder.labelX, y - 5, Math.min(event.label.length, ladder.labelLength))),
  ...ladder.rows.map(({ y }) => text(ladder.stepX, y + 4, 'retransmission'.length)),
  ...ladder.brackets.map(({ labelY }) => text(ladder.bracketX + 4, labelY, 20)),
  ...ladder.folds.map(({ y }) => text(0, y + 4, 8)),
  ...ladder.rows.map(({ y }) => text(0, y + 4, 8)),
];

const meet = (a: Box, b: Box): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom - 1 && b.top < a.bottom - 1;

describe('a ladder', function () {
  this.timeout(180_000);

  it('lets no label meet another, whatever happens when', () => {
    fc.assert(
      fc.property(
        fc
          .integer({ min: 1, max: 4 })
          .chain((paths) =>
            fc.tuple(
              fc.constant(paths),
              fc.array(anyEvent(paths), { maxLength: 40 }),
              fc.array(anyWait(paths), { maxLength: 5 }),
            ),
          ),
        ([paths, events, waits]) => {
          const lifelines = Array.from({ length: paths }, (_, index) => index + 1);
          const ladder = layOut({ events: [...events].sort(byTime), waits }, lifelines);
          const boxes = boxesOf(ladder);
          for (const [index, box] of boxes.entries())
            for (const other of boxes.slice(index + 1))
              expect(meet(box, other), JSON.stringify([box, other])).to.equal(false);
          for (const { bottom } of boxes) expect(bottom).to.be.at.most(ladder.height);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('keeps the order of time, and marks where time was cut', () => {
    const at = (ms: number): LadderEvent => ({
      kind: 'note',
      entry: ms,
      at: BigInt(ms) * 1_000_000n,
      about: 'control',
      label: '',
    });
    const { rows, folds } = layOut({ events: [at(0), at(1), at(2000), at(2001)], waits: [] }, [1]);
    expect(rows.map(({ y }) => y)).to.deep.equal([...rows.map(({ y }) => y)].sort((a, b) => a - b));
    expect(folds.map(({ label }) => label)).to.deep.equal(['1.999 s']);
  });

  it('draws what did not come as a ghost at the end of the time it had', () => {
    const { story } = storyOf('null:silent:robe-downgrade', 'robe-downgrade.server.random-key');
    const ghost = story.events.find(({ kind }) => kind === 'ghost');
    const wait = story.waits.find(({ kind }) => kind === 'missing');
    expect(ghost).to.include({ path: 1 });
    expect(ghost?.label).to.match(/^expected SYN\/ACK {2}mp_capable/);
    expect(wait?.to).to.equal(ghost?.at);
    expect(wait?.paths).to.deep.equal([1]);
  });

  it('marks the segment that a finding is about, and calls values by the names of the case', () => {
    const { story, result } = storyOf('mutant:new-key-b-for-known-key-a', 'robe-downgrade.server');
    const guilty = story.events.filter((event) => event.kind === 'segment' && event.guilty !== undefined);
    expect(guilty, result.sentence).to.have.length.above(0);
    expect(story.events.map(({ label }) => label).join('\n')).to.match(/mp_capable version 0 flags \w+ key A/);
  });
});
