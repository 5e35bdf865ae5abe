/** Evidence that somebody changed: whatever was put where, it is told, and never a stack trace or half a page. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { embeddedSubjects } from '../iut/embedded-subject.js';
import { rejudge } from '../run/recorded/recorded.js';
import { resultOf } from '../run/result.js';
import { simulateCase } from '../run/simulate.js';
import { serverCase } from '../suite/testing/dialogue.js';
import { evidenceFiles } from './evidence.js';
import { casePictures } from './html/case-pictures.js';
import { writeLossless } from './lossless-json.js';
import { EvidenceError, withEvidence } from './read-evidence.js';

const handshake = '- send: {on: 1, segment: SYN}\n- expect: {on: 1, segment: SYN/ACK, window: 1}\n';
const planted: readonly unknown[] = [null, 65_536, 'x', [], { $bigint: 65_536 }, { $bigint: 'x' }, { $octets: 'zz' }];

/** Every place in a value, as a path of members. */
const placesIn = (value: unknown, path: readonly string[] = []): readonly (readonly string[])[] =>
  typeof value !== 'object' || value === null
    ? [path]
    : [path, ...Object.entries(value).flatMap(([name, inner]) => placesIn(inner, [...path, name]))];

const planting = (value: unknown, [name, ...rest]: readonly string[], what: unknown): unknown => {
  if (name === undefined) return what;
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<string, unknown>;
  copy[name] = planting(copy[name], rest, what);
  return copy;
};

describe('evidence that was changed', function () {
  this.timeout(60_000);
  let directory: string;
  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'robe-damaged-'));
  });
  after(() => rmSync(directory, { recursive: true, force: true }));

  it('is drawn, judged, or told to be damaged, whatever is planted where', () => {
    const subject = embeddedSubjects().find(({ name }) => name === 'embedded:tcp');
    if (subject === undefined) throw new Error('there is no embedded:tcp');
    const { plan, driven } = simulateCase(subject, serverCase(handshake), 'damaged');
    const file = (name: string): string => join(directory, name);
    const whole = { plan: writeLossless(plan), trace: writeLossless(driven.trace) };
    writeFileSync(file(evidenceFiles.verdict), JSON.stringify(resultOf(subject.name, plan.case, driven)));
    let told = 0;
    for (const part of ['plan', 'trace'] as const) {
      const other = part === 'plan' ? 'trace' : 'plan';
      writeFileSync(file(evidenceFiles[other]), whole[other]);
      const value: unknown = JSON.parse(whole[part]);
      const places = placesIn(value);
      // Each place once, with another thing than its neighbour.
      for (const [index, place] of places.entries()) {
        const damaged = planting(value, place, planted[index % planted.length]);
        writeFileSync(file(evidenceFiles[part]), JSON.stringify(damaged));
        try {
          withEvidence(directory, (evidence) => {
            rejudge(evidence.plan, evidence.trace);
            casePictures({ result: evidence.result, evidence: { ...evidence, repeat: '' }, anchor: 'x' });
          });
        } catch (cause) {
          if (!(cause instanceof EvidenceError)) throw new Error(`${part} ${place.join('.')}`, { cause });
          told += 1;
        }
      }
    }
    expect(told).to.be.above(20);
    expect(readFileSync(file(evidenceFiles.trace), 'utf8')).not.to.equal(whole.trace);
  });
});
