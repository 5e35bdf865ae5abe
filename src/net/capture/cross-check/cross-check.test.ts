/** The comparison with tshark: what agrees, what cannot be compared, and that a disagreement is found and told. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { chooser, mutate } from '../../../protocol/fuzz/mutations.js';
import { seedFrames } from '../../../protocol/fuzz/seeds.js';
import { decodeFrame, encodeTcpFrame } from '../../../protocol/wire/frame.js';
import { seq } from '../../../protocol/wire/seq.js';
import type { TcpOption } from '../../../protocol/wire/tcp-option.js';
import { skipBecause } from '../../lab/testing/skip.js';
import type { CapturedFrame } from '../captured-frame.js';
import { LinkType } from '../link/link-type.js';
import { readCapture } from '../read-capture.js';
import { obstacle } from '../testing/missing-tools.js';
import { agrees, comparison, question } from './comparison.js';
import { crossCheck, type NamedCapture } from './cross-check.js';
import { TsharkMissing, type TsharkRow } from './tshark.js';

const segment = (options: readonly TcpOption[]): Uint8Array =>
  encodeTcpFrame({
    ethernet: { destination: '02:00:00:00:00:01', source: '02:00:00:00:00:02' },
    ip: { source: '::ffff:10.0.0.1', destination: 'fd00::2' },
    tcp: { sourcePort: 1, destinationPort: 2, seq: seq(3), flags: 2, options },
  });

const capture = (name: string, all: readonly Uint8Array[], linkType: number = LinkType.ethernet): NamedCapture => ({
  name,
  frames: (async function* () {
    for (const octets of all) yield frameOf(octets, linkType);
  })(),
});

const frameOf = (octets: Uint8Array, linkType: number): CapturedFrame => ({
  ...{ interfaceIndex: 0, linkType, at: 5n, octets, originalLength: octets.length, comments: [] },
});

const mss: TcpOption = { option: 'mss', value: 1460 };
const prio: TcpOption = { option: 'raw', octets: Uint8Array.of(30, 3, 0x51) };
const damaged: TcpOption = { option: 'raw', octets: Uint8Array.of(30, 4, 0, 0x81) };
const eol = (padding: readonly number[]): TcpOption => ({ option: 'eol', padding: Uint8Array.from(padding) });

/** A row in which tshark has no more to say than this. */
const row = (said: Readonly<Record<string, readonly string[]>>): TsharkRow<string> => ({
  ...Object.fromEntries(question.map((field) => [field, []])),
  ...said,
});

describe('a frame as both read it', () => {
  const options = (list: readonly TcpOption[], said: Readonly<Record<string, readonly string[]>>) => {
    const { fields, leftOut } = comparison({ unwrapped: [], packet: decodeFrame(segment(list)) }, row(said));
    const ofOptions = fields.filter(({ field }) => field.startsWith('tcp.option'));
    return [ofOptions.filter((each) => !agrees(each)).map(({ field }) => field), leftOut];
  };

  const table: readonly (readonly [string, ReturnType<typeof options>, ReturnType<typeof options>])[] = [
    [
      'agrees',
      options([mss, prio], {
        ...{ 'tcp.option_kind': ['2', '30', '0'], 'tcp.options.mss_val': ['1460'] },
        'tcp.options.mptcp.subtype': ['0x5'],
      }),
      [[], undefined],
    ],
    [
      'differs in a value',
      options([mss], { 'tcp.option_kind': ['2'], 'tcp.options.mss_val': ['1461'] }),
      [['tcp.options.mss_val'], undefined],
    ],
    [
      'has a value too many',
      options([mss], { 'tcp.option_kind': ['2'], 'tcp.options.mss_val': ['1460'], 'tcp.options.mptcp.addrid': ['1'] }),
      [['tcp.options.mptcp.addrid'], undefined],
    ],
    ['lacks values', options([mss], {}), [['tcp.option_kind', 'tcp.options.mss_val'], undefined]],
    [
      'has words where a number belongs',
      options([mss], { 'tcp.option_kind': ['2'], 'tcp.options.mss_val': ['<script>'] }),
      [['tcp.options.mss_val'], undefined],
    ],
    [
      'is compared until its malformed option',
      options([mss, damaged], { 'tcp.option_kind': ['3', '30', '7'], 'tcp.options.mss_val': ['1460'] }),
      [['tcp.option_kind'], 'options from a malformed one on'],
    ],
    [
      'has something after the end of its options',
      options([mss, eol([0, 2, 0])], { 'tcp.option_kind': ['2', '0', '0', '2'], 'tcp.options.mss_val': ['1460'] }),
      [[], 'octets after the end of the options'],
    ],
    [
      'is compared until tshark gives up',
      options([prio, mss], { 'tcp.option_kind': ['29'], '_ws.malformed': ['MPTCP'] }),
      [['tcp.option_kind'], 'what follows where tshark gives up'],
    ],
  ];
  for (const [what, found, expected] of table)
    it(what, () => {
      expect(found).to.deep.equal(expected);
    });
});

describe('the cross-check', function () {
  this.timeout(60_000);

  describe('with tshark', () => {
    before(function () {
      const why = obstacle(['tshark']);
      if (why !== undefined) skipBecause(this, why);
    });

    it('agrees on both vector captures, whose options of the draft are named by their subtypes', async () => {
      const files = ['vectors-v0.pcap', 'vectors-v1.pcap'].map((name) =>
        fileURLToPath(new URL(`../../../../fixtures/vectors/${name}`, import.meta.url)),
      );
      const { fields, tshark, leftOut, ...figures } = await crossCheck(
        files.map((name) => ({ name, frames: readCapture(name, (problem) => expect.fail(problem.why)) })),
      );
      expect(tshark).to.match(/^\d+\.\d+/);
      expect(fields).to.be.greaterThan(500);
      expect(leftOut.filter(({ reason }) => reason !== 'what follows where tshark gives up')).to.deep.equal([]);
      expect(figures).to.deep.equal({ captures: 2, frames: 26, compared: 26, disagreeing: 0, disagreements: [] });
    });

    it('agrees on damaged frames', async () => {
      const choose = chooser(1);
      const pick = (): Uint8Array => seedFrames[choose(seedFrames.length)] ?? new Uint8Array(0);
      const frames = Array.from({ length: 2000 }, () => mutate(pick(), choose, pick()));
      const { compared, disagreements, stopped } = await crossCheck([capture('damaged', frames)]);
      expect(disagreements).to.deep.equal([]);
      expect(stopped).to.equal(undefined);
      expect(compared).to.be.greaterThan(800);
    });

    it('reads several link types, empty captures and none', async () => {
      const whole = segment([mss]);
      const { captures, frames, compared, disagreements } = await crossCheck([
        capture('empty', []),
        capture('ethernet', [whole]),
        capture('raw', [whole.subarray(14)], LinkType.raw),
        capture('unknown', [whole], 147),
      ]);
      expect({ captures, frames, compared, disagreements }).to.deep.equal({
        ...{ captures: 4, frames: 3, compared: 2, disagreements: [] },
      });
      expect((await crossCheck([])).frames).to.equal(0);
    });
  });

  describe('with something else of that name', () => {
    const path = process.env['PATH'];
    let folder = '';
    before(() => {
      folder = mkdtempSync(join(tmpdir(), 'robe-no-tshark-'));
    });
    afterEach(() => {
      process.env['PATH'] = path;
    });
    after(() => rmSync(folder, { recursive: true }));

    /** A shell script that stands for tshark; `whole` leaves no other program in reach. */
    const pretend = (script: string): void => {
      const file = join(folder, 'tshark');
      writeFileSync(file, `#!/bin/sh\n[ "$1" = --version ] && echo 'TShark (Wireshark) 9.8.7.' && exit\n${script}\n`);
      chmodSync(file, 0o755);
      process.env['PATH'] = `${folder}${delimiter}${path}`;
    };
    const frames = [segment([mss]), segment([mss])];

    it('finds and counts every disagreement, tells the first', async () => {
      pretend(`printf '1\\n2\\n3\\n'`);
      const captures = () => [capture('a', frames.slice(1)), capture('b', frames)];
      const { disagreements, disagreeing, fields } = await crossCheck(captures(), { keep: 1000 });
      expect([disagreements.length, disagreeing]).to.deep.equal([fields, fields]);
      const ports = disagreements.filter(({ field }) => field === 'tcp.dstport');
      const port = { field: 'tcp.dstport', ours: '2', theirs: '' };
      expect(ports).to.deep.equal([
        { capture: 'a', frame: 1, ...port },
        { capture: 'b', frame: 1, ...port },
        { capture: 'b', frame: 2, ...port },
      ]);
      const first = await crossCheck(captures(), { keep: 1 });
      expect([first.disagreements, first.disagreeing]).to.deep.equal([disagreements.slice(0, 1), fields]);
    });

    it('says when it ends early, with what was compared until then', async () => {
      pretend(`printf '1\\n'; echo 'out of memory' >&2; exit 7`);
      const { frames: seen, stopped } = await crossCheck([capture('a', frames)]);
      expect(seen).to.equal(1);
      expect(stopped).to.equal('tshark ended with 7: out of memory (after frame 1)');
    });

    it('says when it misses frames or counts otherwise', async () => {
      pretend(`printf '1\\n'`);
      expect((await crossCheck([capture('a', frames)])).stopped).to.equal(
        'tshark did not see the last frames (after frame 1)',
      );
      pretend(`printf '1\\n3\\n'`);
      expect((await crossCheck([capture('a', frames)])).stopped).to.equal(
        'tshark lost count of the frames (after frame 1)',
      );
    });

    it('ends it when it says nothing', async () => {
      pretend('exec sleep 60');
      expect((await crossCheck([capture('a', frames)], { patience: 100 })).stopped).to.equal(
        'tshark said nothing for 0.1 s and was ended (after frame 0)',
      );
    });

    it('names the command that installs it when it is missing', async () => {
      process.env['PATH'] = join(folder, 'nothing');
      const failure = await crossCheck([]).catch((error: unknown) => error);
      expect(failure).to.be.instanceOf(TsharkMissing);
      expect(failure).to.include({ remedy: 'apt-get install tshark' });
    });
  });
});
