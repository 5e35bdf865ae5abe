/**
 * Captures judged again. Ours tell everything that is needed and must give the same verdict. Of a capture that somebody else
 * took, classic pcap as tcpdump writes it, only case and seed are known: the verdict is the same or, where the
 * wire does not tell enough, inconclusive, and never another.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { bundledCases } from '../../conduct/catalogue-files.js';
import { bundledCatalogue } from '../../conduct/testing/bundled-catalogue.js';
import { UsageError } from '../../conduct/usage-error.js';
import { chooseIut } from '../../iut/choose.js';
import type { SimulatedSubject } from '../../iut/subject.js';
import type { CapturedFrame } from '../../net/capture/captured-frame.js';
import { readCaptureRecords } from '../../net/capture/read-capture.js';
import { readRecordingNote } from '../../report/recording-note.js';
import { captureOfTrace } from '../../report/trace-capture.js';
import { inferPlan } from '../../run/recorded/infer-surroundings.js';
import { judgeCapture } from '../../run/recorded/judge-capture.js';
import { resultOf } from '../../run/result.js';
import { simulateCase } from '../../run/simulate.js';
import { applies } from '../../suite/catalogue/applicability.js';
import type { ExpandedCase } from '../../suite/language/case.js';
import { type Plan, planCase } from '../../suite/scenario/plan.js';
import type { Trace } from '../../suite/trace/trace.js';
import { judgeRecording } from './judge-recording.js';

const program = fileURLToPath(new URL('../main.js', import.meta.url));
const seed = '7';

const simulated = (iut: string): readonly SimulatedSubject[] =>
  chooseIut(iut).flatMap((subject) => (subject.time === 'virtual' ? [subject] : []));

/** Classic pcap in microseconds with the frames of a trace, as tcpdump on the tester's side would have written it. */
const classicPcap = (trace: Trace): Uint8Array => {
  const records = trace.flatMap(({ at, entry }) => {
    if (!('frame' in entry)) return [];
    const head = Buffer.alloc(16);
    head.writeUInt32LE(Number(at / 1_000_000_000n), 0);
    head.writeUInt32LE(Number((at % 1_000_000_000n) / 1000n), 4);
    head.writeUInt32LE(entry.frame.length, 8);
    head.writeUInt32LE(entry.frame.length, 12);
    return [head, Buffer.from(entry.frame)];
  });
  return Buffer.concat([Buffer.from('d4c3b2a1020004000000000000000000ffff000001000000', 'hex'), ...records]);
};

const read = async (octets: Uint8Array) => {
  const frames: CapturedFrame[] = [];
  const comments: string[] = [];
  async function* whole() {
    yield octets;
  }
  for await (const each of readCaptureRecords(whole(), ({ why }) => expect.fail(why))) {
    if (each.record === 'frame') frames.push(each.frame);
    if (each.record === 'section') comments.push(...each.comments);
  }
  return { frames, comments };
};

describe('captures, judged again', function () {
  this.timeout(240_000);
  const { cases } = bundledCatalogue();
  const some = (nth: number) => cases.filter((_, index) => index % nth === 3);

  /** Runs what applies of these cases and gives each with the two captures of it. */
  const recorded = async (
    subjects: readonly SimulatedSubject[],
    selected: readonly ExpandedCase[],
    judge: (own: {
      each: ExpandedCase;
      plan: Plan;
      verdict: string;
      same: unknown;
      ours: Uint8Array;
      classic: Uint8Array;
    }) => Promise<void>,
  ) => {
    for (const each of selected) {
      const subject = subjects.find(({ claims }) => applies(each, claims).applies);
      if (subject === undefined) continue;
      const { plan, driven } = simulateCase(subject, each, seed);
      const ours = captureOfTrace(plan, driven.trace, resultOf(subject.name, each, driven), 'robe-conformance');
      if (ours === undefined) continue;
      const { verdict, signature } = driven.judgement;
      await judge({ each, plan, verdict, same: { verdict, signature }, ours, classic: classicPcap(driven.trace) });
    }
  };
  const outcome = ({ judgement: { verdict, signature } }: ReturnType<typeof judgeCapture>) => ({ verdict, signature });

  for (const iut of ['embedded', 'null:silent', 'null:echo', 'null:reset-all', 'mutant:esim-mac-split-otherwise'])
    it(`of ${iut}: ours alone gives the same verdict, a foreign one the same or none`, async () => {
      let known = 0;
      let unknown = 0;
      await recorded(
        simulated(iut),
        some(iut === 'embedded' ? 29 : 61),
        async ({ each, plan, same, ours, classic }) => {
          const { frames, comments } = await read(ours);
          const note = readRecordingNote(comments);
          if (note === undefined) throw new Error(`${each.id} has no note`);
          const plan_ = planCase(each, note.surroundings, note.settings);
          expect(outcome(judgeCapture({ plan: plan_, frames, ...note })), each.id).to.deep.equal(same);
          const { subtypes, joinCap, timing } = plan;
          const foreign = await read(classic);
          const inferred = inferPlan(each, { seed, subtypes, joinCap, timing }, foreign.frames);
          if ('unknown' in inferred) return;
          const judged = outcome(judgeCapture({ ...inferred, frames: foreign.frames }));
          if (judged.verdict === 'inconclusive') unknown += 1;
          else {
            known += 1;
            expect(judged, each.id).to.deep.equal(same);
          }
        },
      );
      expect(known).to.be.greaterThan(unknown);
    });

  it('gives no verdict on what another tester sent, nor on a capture that ends too early', async () => {
    // In that case only the sentinels before what looks wrong tell that the tester was another.
    const told = cases.filter(({ id }) => id.startsWith('robe-downgrade.client.refused-on-one-path.'));
    await recorded(simulated('embedded'), [...some(97), ...told], async ({ each, plan, verdict, classic }) => {
      if (verdict !== 'pass') return;
      const { frames } = await read(classic);
      const { subtypes, joinCap, timing } = plan;
      expect(inferPlan(each, { seed: 'other', subtypes, joinCap, timing }, frames), each.id).to.have.property(
        'unknown',
      );
      const other = judgeCapture({ plan: { ...plan, seed: 'other' }, frames });
      expect(other.judgement.verdict, each.id).to.equal('inconclusive');
      for (let length = 1; length < Math.min(frames.length - 2, 6); length += 1) {
        const { judgement } = judgeCapture({ plan, frames: frames.slice(0, length) });
        expect(judgement.verdict, `${each.id}, ${length} frames`).to.equal('inconclusive');
      }
    });
  });

  describe('as a user gives them', () => {
    let folder = '';
    after(() => rmSync(folder, { recursive: true }));
    const robe = (...words: readonly string[]) => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [program, 'judge', ...words], {
        cwd: folder,
        encoding: 'utf8',
      });
      return { status, stdout, stderr };
    };
    const id = 'robe-esim.client.confirmed-on-one-of-three.v0.ip4';
    before(async () => {
      folder = mkdtempSync(join(tmpdir(), 'robe-judge-'));
      const one = cases.filter((each) => each.id === id);
      await recorded(simulated('mutant:esim-mac-split-otherwise'), one, async ({ ours, classic }) => {
        writeFileSync(join(folder, 'ours.pcapng'), ours);
        writeFileSync(join(folder, 'foreign.pcap'), classic);
        writeFileSync(join(folder, 'cut.pcap'), classic.subarray(0, 400));
      });
    });

    it('judges our capture without any other file', () => {
      const { status, stdout } = robe('ours.pcapng', '--json');
      expect(status).to.equal(0);
      expect(JSON.parse(stdout)).to.include({ case: id, verdict: 'fail', same: true });
    });

    /** By the part of the catalogue that has the case: the whole is read by the program above. */
    const judge = (file: string, options: { readonly case?: string; readonly seed?: string } = {}) =>
      judgeRecording({ place: join(folder, file), catalogue: [join(bundledCases, 'robe-esim/client')], ...options });
    const verdictOf = async (...given: Parameters<typeof judge>) => {
      const { judgement } = (await judge(...given)).judged;
      return `${judgement.verdict}: ${judgement.sentence}`;
    };
    const refusal = (...given: Parameters<typeof judge>) =>
      judge(...given).then(
        () => 'none',
        (cause: unknown) => (cause instanceof UsageError ? cause.message : cause),
      );

    it('judges a foreign capture by case and seed', async () => {
      expect(await verdictOf('foreign.pcap', { case: id, seed })).to.match(
        /^fail: Wrong ACK on 3: mp_join_cap\.mac expected/,
      );
      expect(await verdictOf('foreign.pcap', { case: id, seed: '8' })).to.match(
        /^inconclusive: .*none of its \d+ frames is a segment that a tester with seed 8 sends/,
      );
    });

    it('says what is missing and what is wrong', async () => {
      expect(await refusal('foreign.pcap')).to.match(/--case ID.*--seed/);
      expect(await refusal('foreign.pcap', { case: 'robe-esim.client', seed })).to.match(
        /names \d+ cases, a recording is of one/,
      );
      expect(await refusal('nowhere')).to.match(/does not exist/);
      expect(await verdictOf('cut.pcap', { case: id, seed })).to.match(
        /^inconclusive: The capture does not suffice for a verdict: /,
      );
      expect((await judge('cut.pcap', { case: id, seed })).remarks.join()).to.match(/the file ends inside a record/);
    });
  });
});
