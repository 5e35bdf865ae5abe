/** `robe decode`: lines for people and for programs, and what is said when the file is not what it should be. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { encodePcapng } from '../../net/capture/pcapng/write-pcapng.js';
import { obstacle } from '../../net/capture/testing/missing-tools.js';
import { skipBecause } from '../../net/lab/testing/skip.js';
import { defaultDraftSubtypes } from '../../protocol/mptcp/option.js';
import { encodeTcpFrame } from '../../protocol/wire/frame.js';
import { seq } from '../../protocol/wire/seq.js';
import { decodeFile } from './decode-file.js';

const vectors = fileURLToPath(new URL('../../../fixtures/vectors/vectors-v1.pcap', import.meta.url));
const program = fileURLToPath(new URL('../main.js', import.meta.url));

const decode = async (file: string, json = false, most = Number.POSITIVE_INFINITY) => {
  const lines: string[] = [];
  const sink = {
    write: (line: string) => Promise.resolve(lines.push(line) < most),
    end: () => Promise.resolve(),
  };
  const problems = await decodeFile({ file, json, subtypes: defaultDraftSubtypes }, sink);
  return { lines, problems };
};

describe('robe decode', () => {
  let directory = '';
  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'robe-decode-'));
  });
  after(() => rmSync(directory, { recursive: true, force: true }));
  const write = (name: string, octets: Uint8Array | string): string => {
    const file = join(directory, name);
    writeFileSync(file, octets);
    return file;
  };

  it('prints a line a frame', async () => {
    const { lines, problems } = await decode(vectors);
    expect(problems).to.deep.equal([]);
    expect(lines.length).to.equal(13);
    expect(lines[5]).to.equal(
      '6 0.050000000 10.0.2.1:4002 > 10.0.9.1:80 SYN seq 2000 win 65535 len 0 [mss value 1460, sack_permitted, ' +
        'timestamps value 100 echo 0, window_scale shift 7, mp_join syn address_id 2 token 0xccad45ac nonce 0x0a0b0c0d]',
    );
  });

  it('shows escapes of a terminal in names and comments as text', async () => {
    const frame = {
      interfaceIndex: 0,
      at: 0n,
      octets: new Uint8Array(14),
      comments: ['\u001b]0;x\u0007', 'a\rb\u202e'],
    };
    const file = write(
      'hostile.pcapng',
      encodePcapng({ application: 'test', interfaces: [{ name: 'p\u001b[31m' }], frames: [frame] }),
    );
    expect((await decode(file)).lines).to.deep.equal([
      '1 0.000000000 p\\x1b[31m not read: EtherType 0x0000 ; \\x1b]0;x\\x07 ; a\\rb\\u{202e}',
    ]);
  });

  it('prints an object a frame, with every option as octets and as value', async () => {
    const { lines } = await decode(vectors, true);
    const frame = JSON.parse(lines[3] ?? '') as Record<string, unknown>;
    expect(frame).to.include({ number: 4, time: '1700000000.030000000', kind: 'tcp' });
    expect(frame).not.to.have.property('ethernet');
    expect(frame).to.have.nested.property('ip.source', '10.0.1.1');
    expect(frame).to.have.nested.property('tcp.flagNames', 'PSH/ACK');
    expect(frame).to.have.nested.property('tcp.payload', '526f624521');
    expect(frame['options']).to.deep.include({
      kind: 30,
      name: 'mp_capable',
      hex: '1e180181010203040506070811121314151617180005f0be',
      value: {
        version: 1,
        flags: 0x81,
        key: '0x0102030405060708',
        peerKey: '0x1112131415161718',
        dataLength: 5,
        checksum: 0xf0be,
      },
    });
  });

  it('shows interfaces, directions and comments of a pcapng, and malformed options', async () => {
    const octets = encodeTcpFrame({
      ethernet: { destination: '02:00:00:00:00:01', source: '02:00:00:00:00:02' },
      ip: { source: 'fd00::1', destination: 'fd00::2' },
      tcp: {
        sourcePort: 1,
        destinationPort: 2,
        seq: seq(3),
        flags: 2,
        options: [{ option: 'raw', octets: Uint8Array.of(30, 4, 0, 0x81) }],
      },
    });
    const frame = { interfaceIndex: 0, at: 5n, octets, direction: 'inbound', comments: ['one', 'two\nlines'] } as const;
    const file = write(
      'one.pcapng',
      encodePcapng({ application: 'test', interfaces: [{ name: 'path-1' }], frames: [frame] }),
    );
    expect((await decode(file)).lines).to.deep.equal([
      '1 0.000000000 path-1 < [fd00::1]:1 > [fd00::2]:2 SYN seq 3 win 65535 len 0 [malformed kind 30 1e040081 ' +
        '(tcp/options/0/mp_capable_v0/length: length 4, 12 or 20 possible)] ; one ; two lines',
    ]);
    const json = JSON.parse((await decode(file, true)).lines[0] ?? '') as Record<string, unknown>;
    expect(json).to.deep.include({ interface: 'path-1', direction: 'inbound', comments: ['one', 'two\nlines'] });
    expect(json['options']).to.deep.equal([
      {
        kind: 30,
        name: 'malformed',
        hex: '1e040081',
        malformed: { path: 'tcp/options/0/mp_capable_v0/length', offset: 74, why: 'length 4, 12 or 20 possible' },
      },
    ]);
  });

  it('prints nothing that a terminal obeys, whatever a capture says', async () => {
    const frame = { interfaceIndex: 0, at: 0n, octets: Uint8Array.of(0), comments: ['\u001b[2J\u007f\u009b1A'] };
    const interfaces = [{ name: 'wire\u007f' }];
    const file = write('hostile.pcapng', encodePcapng({ application: 'test', interfaces, frames: [frame] }));
    for (const json of [false, true]) {
      const { lines } = await decode(file, json);
      expect(lines).to.have.length(1);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that none is left is the point
      expect(lines[0]).not.to.match(/[\u0000-\u001f\u007f-\u009f]/);
    }
  });

  it('stops when nobody reads on', async () => {
    expect((await decode(vectors, false, 2)).lines.length).to.equal(2);
  });

  it('says what is wrong with a file', async () => {
    const cut = write('cut.pcap', readFileSync(vectors).subarray(0, 500));
    const text = write('text', 'hello');
    const empty = write('empty', '');
    const missing = join(directory, 'missing');
    const wrong = await Promise.all(
      [cut, text, empty, missing, directory].map(async (file) => (await decode(file)).problems),
    );
    expect(wrong).to.deep.equal([
      [`${cut}: octet 457, pcap/record/octets: the file ends inside a record: 43 octets left, 88 needed`],
      [`${text}: octet 0, file: not a capture: it starts with 68656c6c, neither pcap nor pcapng does`],
      [`${empty}: octet 0, file: the file is empty`],
      [`${missing}: there is no such file`],
      [`${directory}: a directory, a capture file was expected`],
    ]);
    expect((await decode(cut)).lines.length).to.equal(5);
  });

  it('ends with 2 for a file that cannot be read, and with 0 otherwise', function () {
    this.timeout(180_000);
    const run = (file: string) => spawnSync(process.execPath, [program, 'decode', file], { encoding: 'utf8' });
    expect(run(vectors).status).to.equal(0);
    const failed = run(join(directory, 'missing'));
    expect(failed.status).to.equal(2);
    expect(failed.stderr).to.contain('there is no such file');
  });

  describe('with --cross-check', function () {
    this.timeout(180_000);
    const check = (path: string | undefined, ...words: readonly string[]) => {
      const env = { ...process.env, PATH: path, TMPDIR: directory };
      return spawnSync(process.execPath, [program, 'decode', '--cross-check', ...words], { encoding: 'utf8', env });
    };

    it('ends with 0 when tshark reads the same', function () {
      const why = obstacle(['tshark']);
      if (why !== undefined) skipBecause(this, why);
      const { status, stdout } = check(process.env['PATH'], vectors);
      expect(stdout).to.match(/^13 of 13 frames compared with tshark [\d.]+ in \d{3} fields: no disagreement\n/);
      expect(status).to.equal(0);
      const asJson = check(process.env['PATH'], vectors, '--json');
      expect(JSON.parse(asJson.stdout)).to.include({ captures: 1, frames: 13, compared: 13, disagreeing: 0 });
      const damaged = check(process.env['PATH'], write('short.pcap', readFileSync(vectors).subarray(0, 500)));
      expect(damaged.stdout).to.include('5 of 5 frames compared');
      expect([damaged.status, damaged.stderr.split('\n').length]).to.deep.equal([2, 2]);
    });

    it('ends with 1 when it disagrees, and tells the first 20 of all that differs', () => {
      const rows = Array.from({ length: 13 }, (_, i) => `${i + 1}\n`).join('');
      const file = write(
        'tshark',
        `#!/bin/sh\n[ "$1" = --version ] && echo 'TShark 9.8.7' && exit\nprintf '${rows}'\n`,
      );
      chmodSync(file, 0o755);
      const { status, stdout } = check(`${directory}:/bin:/usr/bin`, vectors);
      const lines = stdout.split('\n');
      expect(lines[0]).to.match(/ compared with tshark 9\.8\.7 in (\d+) fields: \1 disagreements$/);
      expect(lines[1]).to.equal(`  ${vectors}, frame 1, ip.src: 10.0.1.1 here, nothing in tshark`);
      expect(lines.at(-2)).to.match(/^ {2}and \d+ more$/);
      expect([status, lines.length]).to.deep.equal([1, 23]);
      rmSync(file);
    });

    it('ends with 130 when it is interrupted, at once, and leaves nothing behind', () => {
      const file = write(
        'tshark',
        `#!/bin/sh\n[ "$1" = --version ] && echo 'TShark 9.8.7' && exit\nkill -INT $PPID\nexec sleep 600\n`,
      );
      chmodSync(file, 0o755);
      const { status, stdout, stderr } = check(`${directory}:/bin:/usr/bin`, vectors);
      expect([status, stdout, stderr]).to.deep.equal([130, '', 'robe decode: interrupted\n']);
      expect(readdirSync(directory).filter((name) => name.startsWith('robe-cross-check-'))).to.deep.equal([]);
      rmSync(file);
    });

    it('ends with 3 when there is no tshark, and says what installs it', () => {
      const { status, stderr } = check(directory, vectors);
      expect(stderr).to.equal('robe decode: tshark cannot be started: it is not installed: apt-get install tshark\n');
      expect(status).to.equal(3);
    });
  });

  it('ends quietly when its output is closed', function () {
    this.timeout(180_000);
    const frame = { interfaceIndex: 0, at: 0n, octets: new Uint8Array(60) };
    const frames = Array.from({ length: 50_000 }, () => frame);
    const file = write('many.pcapng', encodePcapng({ application: 'test', interfaces: [{ name: 'a' }], frames }));
    const command = `"${process.execPath}" "${program}" decode "${file}" | head -n 1; echo "\${PIPESTATUS[0]}"`;
    // In a locale that is not installed the shell has complaints of its own.
    const env = { ...process.env, LC_ALL: 'C' };
    const { stdout, stderr } = spawnSync('bash', ['-c', command], { encoding: 'utf8', env });
    expect([stdout, stderr]).to.deep.equal(['1 0.000000000 a not read: EtherType 0x0000\n0\n', '']);
  });
});
