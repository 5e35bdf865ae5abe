/** pcapng: what we write is what we, tshark and tcpdump read; what others write is read; what is damaged is reported. */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { fromHex, toHex } from '../../../protocol/bytes/hex.js';
import type { Malformed } from '../../../protocol/bytes/malformed.js';
import { encodeTcpFrame } from '../../../protocol/wire/frame.js';
import { seq } from '../../../protocol/wire/seq.js';
import { skipBecause } from '../../lab/testing/skip.js';
import type { CapturedFrame, CaptureRecord } from '../captured-frame.js';
import { readCapture, readCaptureRecords } from '../read-capture.js';
import { obstacle } from '../testing/missing-tools.js';
import { tsharkFields } from '../testing/tshark.js';
import { type CaptureToWrite, encodePcapng, packetBlock } from './write-pcapng.js';

async function* once(octets: Uint8Array): AsyncGenerator<Uint8Array> {
  yield octets;
}

const records = async (octets: Uint8Array): Promise<{ records: CaptureRecord[]; problems: Malformed[] }> => {
  const all: CaptureRecord[] = [];
  const problems: Malformed[] = [];
  for await (const record of readCaptureRecords(once(octets), (problem) => problems.push(problem))) all.push(record);
  return { records: all, problems };
};

const framesOf = (all: readonly CaptureRecord[]): readonly CapturedFrame[] =>
  all.flatMap((record) => (record.record === 'frame' ? [record.frame] : []));

const frame = (path: number, n: number): Uint8Array =>
  encodeTcpFrame({
    ethernet: { destination: '02:00:00:00:00:01', source: '02:00:00:00:00:02' },
    ip: { source: `10.0.${path}.1`, destination: '10.0.9.1' },
    tcp: {
      sourcePort: 4000 + path,
      destinationPort: 80,
      seq: seq(n),
      flags: 2,
      options: [{ option: 'mp_capable', version: 1, flags: 0x81 }],
      payload: new Uint8Array(n % 5),
    },
  });

const written: CaptureToWrite = {
  application: 'robe-conformance 0.1',
  comments: ['plain-tcp.server.opens: fail', '{"case":"plain-tcp.server.opens","verdict":"fail"}'],
  interfaces: [{ name: 'path-1', description: 'path 1' }, { name: 'path-2' }],
  names: [
    { address: '10.0.1.1', name: 'tester-1' },
    { address: 'fd00::1', name: 'iut' },
  ],
  frames: [
    {
      interfaceIndex: 0,
      at: 1700000000_000000001n,
      octets: frame(1, 1),
      direction: 'outbound',
      comments: ['[1] FAIL ROBE-1', 'expected ä, got b'],
    },
    { interfaceIndex: 1, at: 1700000000_999999999n, octets: frame(2, 2), direction: 'inbound' },
    { interfaceIndex: 0, at: 1700000001_000000000n, octets: frame(1, 3).subarray(0, 60), originalLength: 900 },
  ],
  statistics: [{ interfaceIndex: 1, at: 1700000002_000000000n, received: 7n, dropped: 2n }],
};

describe('pcapng as we write it', () => {
  it('is read back as it was', async () => {
    const { records: all, problems } = await records(encodePcapng(written));
    expect(problems).to.deep.equal([]);
    expect(all.filter(({ record }) => record !== 'frame')).to.deep.equal([
      { record: 'section', comments: written.comments, application: written.application },
      { record: 'interface', interfaceIndex: 0, linkType: 1, name: 'path-1', description: 'path 1' },
      { record: 'interface', interfaceIndex: 1, linkType: 1, name: 'path-2' },
      { record: 'names', names: written.names },
      { record: 'statistics', interfaceIndex: 1, received: 7n, dropped: 2n },
    ]);
    const expected = written.frames.map(({ interfaceIndex, at, octets, originalLength, comments = [], direction }) => ({
      interfaceIndex,
      interfaceName: `path-${interfaceIndex + 1}`,
      linkType: 1,
      at,
      octets: new Uint8Array(octets),
      originalLength: originalLength ?? octets.length,
      comments,
      ...(direction === undefined ? {} : { direction }),
    }));
    expect(framesOf(all)).to.deep.equal(expected);
  });

  it('refuses a frame that no capture can hold', () => {
    expect(() => packetBlock({ interfaceIndex: 0, at: 0n, octets: new Uint8Array(262145) })).to.throw(
      RangeError,
      '262145',
    );
  });

  it('cuts a comment that is too long between characters', async () => {
    const comments = [`${'a'.repeat(65534)}ä`];
    const { records: all, problems } = await records(
      encodePcapng({ ...written, frames: [{ interfaceIndex: 0, at: 0n, octets: frame(1, 1), comments }] }),
    );
    expect(problems).to.deep.equal([]);
    expect(framesOf(all)[0]?.comments).to.deep.equal(['a'.repeat(65534)]);
  });
});

describe('pcapng and other programs', function () {
  this.timeout(180_000);
  let directory = '';
  before(function () {
    const why = obstacle(['tshark', 'tcpdump', 'editcap']);
    if (why !== undefined) skipBecause(this, why);
    directory = mkdtempSync(join(tmpdir(), 'robe-pcapng-'));
    writeFileSync(join(directory, 'ours.pcapng'), encodePcapng(written));
  });
  after(() => {
    if (directory !== '') rmSync(directory, { recursive: true, force: true });
  });

  it('tshark reads ours frame by frame', () => {
    const rows = tsharkFields(join(directory, 'ours.pcapng'), [
      'frame.number',
      'frame.time_epoch',
      'frame.interface_name',
      'frame.interface_description',
      'frame.comment',
      'frame.cap_len',
      'frame.len',
      'frame.packet_flags_direction',
      'tcp.seq_raw',
    ]);
    expect(rows).to.deep.equal([
      {
        'frame.number': ['1'],
        'frame.time_epoch': ['1700000000.000000001'],
        'frame.interface_name': ['path-1'],
        'frame.interface_description': ['path 1'],
        'frame.comment': ['[1] FAIL ROBE-1', 'expected ä, got b'],
        'frame.cap_len': [String(frame(1, 1).length)],
        'frame.len': [String(frame(1, 1).length)],
        'frame.packet_flags_direction': ['0x00000002'],
        'tcp.seq_raw': ['1'],
      },
      {
        'frame.number': ['2'],
        'frame.time_epoch': ['1700000000.999999999'],
        'frame.interface_name': ['path-2'],
        'frame.interface_description': [],
        'frame.comment': [],
        'frame.cap_len': [String(frame(2, 2).length)],
        'frame.len': [String(frame(2, 2).length)],
        'frame.packet_flags_direction': ['0x00000001'],
        'tcp.seq_raw': ['2'],
      },
      {
        'frame.number': ['3'],
        'frame.time_epoch': ['1700000001.000000000'],
        'frame.interface_name': ['path-1'],
        'frame.interface_description': ['path 1'],
        'frame.comment': [],
        'frame.cap_len': ['60'],
        'frame.len': ['900'],
        'frame.packet_flags_direction': [],
        'tcp.seq_raw': ['3'],
      },
    ]);
  });

  it('tshark shows our names', () => {
    const text = execFileSync('tshark', ['-r', join(directory, 'ours.pcapng'), '-N', 'n'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    expect(text).to.contain('tester-1');
  });

  it('tcpdump reads ours frame by frame', () => {
    const text = execFileSync('tcpdump', ['-nr', join(directory, 'ours.pcapng')], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const lines = text.trim().split('\n');
    expect(lines.length).to.equal(3);
    expect(lines[1]).to.contain('10.0.2.1.4002 > 10.0.9.1.80: Flags [S]');
  });

  it("editcap's copy is read with comments, names of interfaces and nanoseconds", async () => {
    const copy = join(directory, 'copy.pcapng');
    execFileSync('editcap', [join(directory, 'ours.pcapng'), copy]);
    const problems: Malformed[] = [];
    const frames: CapturedFrame[] = [];
    for await (const read of readCapture(copy, (problem) => problems.push(problem))) frames.push(read);
    expect(problems).to.deep.equal([]);
    expect(frames.map(({ at, comments, interfaceName }) => [at, comments, interfaceName])).to.deep.equal(
      written.frames.map(({ at, comments = [], interfaceIndex }) => [at, comments, `path-${interfaceIndex + 1}`]),
    );
    expect(frames.map(({ octets }) => toHex(octets))).to.deep.equal(written.frames.map(({ octets }) => toHex(octets)));
  });

  it("editcap's conversion to nanosecond pcap is read, too", async () => {
    const copy = join(directory, 'copy.pcap');
    execFileSync('editcap', ['-F', 'nsecpcap', join(directory, 'ours.pcapng'), copy]);
    const frames: CapturedFrame[] = [];
    for await (const read of readCapture(copy, (problem) => expect.fail(problem.why))) frames.push(read);
    expect(frames.map(({ at }) => at)).to.deep.equal(written.frames.map(({ at }) => at));
  });
});

/** Blocks put together by hand, in either byte order. */
function byHand(littleEndian: boolean): {
  readonly block: (type: number, ...parts: (number | string)[]) => string;
  readonly word: (value: number) => string;
  readonly half: (value: number) => string;
} {
  const order = (hex: string): string => (littleEndian ? (hex.match(/../g) ?? []).reverse().join('') : hex);
  const word = (value: number): string => order(value.toString(16).padStart(8, '0'));
  const half = (value: number): string => order(value.toString(16).padStart(4, '0'));
  const block = (type: number, ...parts: (number | string)[]): string => {
    const body = parts.map((part) => (typeof part === 'number' ? word(part) : part)).join('');
    const length = word(12 + body.length / 2);
    return word(type) + length + body + length;
  };
  return { block, word, half };
}

for (const littleEndian of [true, false])
  describe(`pcapng by hand, ${littleEndian ? 'little' : 'big'} endian`, () => {
    const { block, half } = byHand(littleEndian);
    const section = block(0x0a0d0d0a, 0x1a2b3c4d, half(1) + half(0), 0xffffffff, 0xffffffff);
    const described = (...options: string[]): string => block(1, half(1) + half(0), 4, ...options);
    const resolution = (octet: string): string => `${half(9) + half(1) + octet}000000${half(0)}${half(0)}`;
    const packet = (id: number, high: number, low: number): string => block(6, id, high, low, 2, 3, 'abcd0000');
    const read = async (hex: string) => records(fromHex(hex));

    it('counts microseconds when nothing else is said', async () => {
      const { records: all, problems } = await read(section + described() + packet(0, 1, 5));
      expect(problems).to.deep.equal([]);
      expect(framesOf(all)).to.deep.equal([
        {
          interfaceIndex: 0,
          linkType: 1,
          at: 4294967301_000n,
          octets: fromHex('abcd'),
          originalLength: 3,
          comments: [],
        },
      ]);
    });

    it('counts in powers of ten or two and from an offset', async () => {
      const offset = half(14) + half(8) + (littleEndian ? '0200000000000000' : '0000000000000002');
      const files = [described(resolution('03')), described(resolution('8a')), described(offset, resolution('09'))];
      const times = await Promise.all(
        files.map(async (idb) => framesOf((await read(section + idb + packet(0, 0, 1024))).records)[0]?.at),
      );
      expect(times).to.deep.equal([1024_000_000n, 1_000_000_000n, 2_000_001_024n]);
    });

    it('reads simple packets up to the snap length, and skips blocks it does not know', async () => {
      const hex = section + described() + block(0xbad, 0) + block(3, 2, 'abcd0000') + block(3, 9, 'abcdef01');
      const { records: all, problems } = await read(hex);
      expect(problems).to.deep.equal([]);
      expect(framesOf(all).map(({ octets, originalLength, at }) => [toHex(octets), originalLength, at])).to.deep.equal([
        ['abcd', 2, 0n],
        ['abcdef01', 9, 0n],
      ]);
    });

    it('counts interfaces on through sections', async () => {
      const { records: all } = await read(
        section + described() + packet(0, 0, 0) + section + described() + packet(0, 0, 0),
      );
      expect(framesOf(all).map(({ interfaceIndex }) => interfaceIndex)).to.deep.equal([0, 1]);
    });

    /** What is damaged, path, offset and how many frames there are all the same. */
    const damaged: readonly [string, string, string, number, number][] = [
      [
        'an interface that was not described',
        section + packet(3, 0, 0) + described() + packet(0, 0, 0),
        'pcapng/packet/interface',
        36,
        1,
      ],
      [
        'a captured length beyond the block',
        section + described() + block(6, 0, 0, 0, 99, 99, 'abcd0000') + packet(0, 0, 0),
        'pcapng/packet/captured_length',
        68,
        1,
      ],
      [
        'an option beyond the block',
        section + described(half(2) + half(99)) + packet(0, 0, 0),
        'pcapng/option/2',
        44,
        1,
      ],
      ['a block too short for its type', section + described() + block(6, 0) + packet(0, 0, 0), 'pcapng/block', 56, 1],
      [
        'a block length that is no multiple of four',
        `${section}${byHand(littleEndian).word(1)}${byHand(littleEndian).word(21)}${'00'.repeat(20)}`,
        'pcapng/block/length',
        32,
        0,
      ],
      [
        'two lengths that differ',
        `${section + described().slice(0, -8)}00000000${packet(0, 0, 0)}`,
        'pcapng/block/trailer',
        44,
        0,
      ],
      ['a cut', (section + described() + packet(0, 0, 0)).slice(0, -2), 'pcapng/block', 48, 0],
    ];
    for (const [name, hex, path, offset, count] of damaged)
      it(`reports ${name}`, async () => {
        const { records: all, problems } = await read(hex);
        expect(problems.map((problem) => [problem.path, problem.offset])).to.deep.equal([[path, offset]]);
        expect(framesOf(all).length).to.equal(count);
      });

    it('reports a section without byte order', async () => {
      const { problems } = await read(`0a0d0d0a${'00'.repeat(24)}`);
      expect(problems[0]).to.include({ path: 'pcapng/section/magic', offset: 8 });
    });
  });
