/** Each invariant fails for a broken host, and leaves a schedule that repeats it and a case that a right host passes. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { boundsOf, Exploration, pairOf } from '../../explore/exploration.js';
import { replay, violationsOf } from '../../explore/replay.js';
import { type ExploreRequest, scheduleShape } from '../../explore/state-file.js';
import { World } from '../../explore/world.js';
import { keepViolation } from './kept-violations.js';

/** Of the table in docs/exploration.md those whose schedule alone shows the fault to a tester. */
const rows: readonly (readonly [invariant: string, mutant: string, more?: Partial<ExploreRequest>])[] = [
  ['INV-1', 'second-flow-a-connection-of-its-own'],
  ['INV-2', 'repeated-syn-resets-half-open-flow', { losses: 1 }],
  ['INV-3', 'winner-reset-as-well'],
  ['INV-4', 'subflow-number-from-zero'],
  ['INV-5', 'option-kind-29'],
  ['INV-6', 'third-keys-swapped'],
  ['INV-7', 'syn-ack-twice'],
  ['INV-8', 'loser-reset-at-wrong-number'],
  ['INV-9', 'plain-syn-ack-is-mptcp', { peer: 'tcp' }],
  ['INV-10', 'data-sent-twice-with-shift'],
  ['INV-11', 'timer-never-changes-path', { dead: 1 }],
  ['INV-12', 'same-key-b-reset'],
  ['INV-13', 'silent-to-mptcp'],
  ['INV-14', 'losers-not-reset'],
  ['INV-17', 'new-key-b-for-known-key-a'],
];

describe('violations that are kept', function () {
  this.timeout(60_000);
  const directory = mkdtempSync(join(tmpdir(), 'kept-violations-'));
  after(() => rmSync(directory, { recursive: true }));

  for (const [invariant, mutant, more] of rows) {
    it(`${invariant}: ${mutant} leaves a schedule and a case`, () => {
      const request: ExploreRequest = {
        profile: `mutant:${mutant}`,
        paths: 2,
        losses: 0,
        duplicates: 0,
        expiries: 8,
        talk: false,
        seed: '1',
        ...more,
      };
      const exploration = new Exploration(request);
      while (exploration.violated === 0 && exploration.advance(10));
      const [found] = exploration.report().violations;
      if (found === undefined) throw new Error('nothing was found');
      expect(found.invariant).to.equal(invariant);

      const out = mkdtempSync(join(directory, 'row-'));
      keepViolation(out, request, found, 1);
      expect(readdirSync(out)).to.have.members(['violation-1.json', 'violation-1.yaml']);
      const kept = scheduleShape.parse(JSON.parse(readFileSync(join(out, 'violation-1.json'), 'utf8')));
      const repeated = replay(new World(pairOf(kept.request), boundsOf(kept.request)), kept.schedule);
      expect(violationsOf(repeated).map((each) => each.invariant)).to.include(invariant);
    });
  }
});
