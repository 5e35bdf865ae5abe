/**
 * `robe inspect` as a user starts it, against `tshark -T fields` and `tcpdump -v` on the same files, and how much
 * memory it takes on large ones. One file is what a busy MPTCP v1 connection leaves: full segments with mappings and DSS checksums on
 * two subflows, and Data ACKs; the others are nothing but small connections. Every DSS checksum and HMAC in them is verified by
 * the inspection, by neither of the others.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dssChecksum } from '../protocol/keys/dss-checksum.js';
import { joinHmac64, joinHmac160 } from '../protocol/keys/join-hmac.js';
import { initialDsn, token } from '../protocol/keys/key-digest.js';
import { DssFlag, MpCapableFlag } from '../protocol/mptcp/option.js';
import { encodeTcpFrame } from '../protocol/wire/frame.js';
import { TcpFlag } from '../protocol/wire/packet.js';
import { seq } from '../protocol/wire/seq.js';
import type { TcpOption } from '../protocol/wire/tcp-option.js';
import { timed } from './stopwatch.js';

const program = fileURLToPath(new URL('../cli/main.js', import.meta.url));
const keyA = 0x0102030405060708n;
const keyB = 0x1112131415161718n;
const flags = MpCapableFlag.A | MpCapableFlag.H;
const payload = new Uint8Array(1400).map((_, index) => index % 251);
const { SYN, ACK, RST } = TcpFlag;
const isn = 1000;

interface Side {
  readonly address: string;
  readonly port: number;
}

const server: Side = { address: '10.0.9.1', port: 80 };
const clients: readonly Side[] = [
  { address: '10.0.1.1', port: 4001 },
  { address: '10.0.2.1', port: 4002 },
];

const segment = (
  from: Side,
  to: Side,
  tcpFlags: number,
  at: number,
  ack: number,
  options: readonly TcpOption[],
  data?: Uint8Array,
): Uint8Array =>
  encodeTcpFrame({
    ethernet: { source: '02:00:00:00:00:01', destination: '02:00:00:00:00:02' },
    ip: { source: from.address, destination: to.address },
    tcp: {
      sourcePort: from.port,
      destinationPort: to.port,
      flags: tcpFlags,
      seq: seq(at),
      ack: seq(ack),
      options,
      ...(data === undefined ? {} : { payload: data }),
    },
  });

const capable = { option: 'mp_capable', version: 1, flags } as const;
const dataAck = (value: bigint): TcpOption => ({ option: 'dss', flags: DssFlag.A | DssFlag.a, ack: value });

/**
 * Small connections, one after the other, without end: handshake, a request of 200 octets, its Data ACK, and a reset if they
 * end; if not, every one of them has to be remembered as long as there is room.
 */
function* smallConnections(theyEnd: boolean): Generator<Uint8Array> {
  const request = payload.subarray(0, 200);
  for (let number = 0; ; number++) {
    const client = { address: `10.1.${(number >>> 14) & 0xff}.1`, port: 40_000 + (number & 0x3fff) };
    const ours = keyA + BigInt(number);
    const theirs = keyB + BigInt(number);
    const idsn = initialDsn(1, ours);
    const first = BigInt.asUintN(64, idsn + 1n);
    const mapping = { dsn: first, ssn: 1, dataLength: request.length };
    const confirm = { ...capable, key: ours, peerKey: theirs } as const;
    yield segment(client, server, SYN, isn, 0, [capable]);
    yield segment(server, client, SYN | ACK, isn, isn + 1, [{ ...capable, key: theirs }]);
    yield segment(client, server, ACK, isn + 1, isn + 1, [confirm]);
    const mapped = { ...confirm, dataLength: request.length, checksum: dssChecksum(mapping, request) };
    yield segment(client, server, ACK, isn + 1, isn + 1, [mapped], request);
    const until = BigInt.asUintN(64, first + BigInt(request.length));
    yield segment(server, client, ACK, isn + 1, isn + 1 + request.length, [dataAck(until)]);
    if (theyEnd) yield segment(client, server, RST | ACK, isn + 1 + request.length, isn + 1, []);
  }
}

/** Segments of one busy connection, one after the other, without end. */
function* busyConnection(): Generator<Uint8Array> {
  const [first, second] = clients;
  if (first === undefined || second === undefined) return;
  const idsn = initialDsn(1, keyA);
  yield segment(first, server, SYN, isn, 0, [capable]);
  yield segment(server, first, SYN | ACK, isn, isn + 1, [{ ...capable, key: keyB }]);
  yield segment(first, server, ACK, isn + 1, isn + 1, [{ ...capable, key: keyA, peerKey: keyB }]);
  yield segment(server, first, ACK, isn + 1, isn + 1, [dataAck(idsn + 1n)]);
  const nonces = { a: 7, b: 9 };
  const fromA = { localKey: keyA, remoteKey: keyB, localNonce: nonces.a, remoteNonce: nonces.b };
  const fromB = { localKey: keyB, remoteKey: keyA, localNonce: nonces.b, remoteNonce: nonces.a };
  const join = { option: 'mp_join', backup: false, reserved: 0, addressId: 1 } as const;
  yield segment(second, server, SYN, isn, 0, [{ ...join, form: 'syn', token: token(1, keyB), nonce: nonces.a }]);
  const answer = { ...join, form: 'syn/ack', addressId: 0, hmac: joinHmac64(1, fromB), nonce: nonces.b } as const;
  yield segment(server, second, SYN | ACK, isn, isn + 1, [answer]);
  yield segment(second, server, ACK, isn + 1, isn + 1, [
    { option: 'mp_join', form: 'ack', reserved: 0, hmac: joinHmac160(1, fromA) },
  ]);
  for (let number = 0; ; number++) {
    const from = number % 2 === 0 ? first : second;
    const ssn = 1 + Math.floor(number / 2) * payload.length;
    const dsn = BigInt.asUintN(64, idsn + 1n + BigInt(number * payload.length));
    const mapping = { dsn, ssn: ssn >>> 0, dataLength: payload.length };
    const map: TcpOption = {
      option: 'dss',
      flags: DssFlag.M | DssFlag.m | DssFlag.A,
      ack: 1n,
      ...mapping,
      checksum: dssChecksum(mapping, payload),
    };
    yield segment(from, server, ACK, isn + ssn, isn + 1, [map], payload);
    const end = BigInt.asUintN(64, dsn + BigInt(payload.length));
    if (number % 4 === 3) yield segment(server, from, ACK, isn + 1, isn + ssn + payload.length, [dataAck(end)]);
  }
}

/** Writes a classic pcap file of about so many octets and returns the number of segments in it. */
const writeCapture = (file: string, size: number, segments: Generator<Uint8Array>): number => {
  const out = openSync(file, 'w');
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(262144, 16);
  header.writeUInt32LE(1, 20);
  writeSync(out, header);
  let written = 0;
  let count = 0;
  let batch: Uint8Array[] = [];
  for (const frame of segments) {
    const record = Buffer.alloc(16);
    record.writeUInt32LE(1_700_000_000 + Math.floor(count / 100_000), 0);
    record.writeUInt32LE((count % 100_000) * 10, 4);
    record.writeUInt32LE(frame.length, 8);
    record.writeUInt32LE(frame.length, 12);
    batch.push(record, frame);
    count += 1;
    written += record.length + frame.length;
    if (batch.length < 512 && written < size) continue;
    writeSync(out, Buffer.concat(batch));
    batch = [];
    if (written >= size) break;
  }
  closeSync(out);
  return count;
};

interface Spent {
  readonly seconds: number;
  readonly peak: number;
}

/** Runs a program to its end and watches the most memory it held at a time, in megabytes. */
const run = async (command: string, args: readonly string[]): Promise<Spent> => {
  let peak = 0;
  const seconds = await timed(async () => {
    const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'ignore'] });
    const watch = setInterval(() => {
      peak = Math.max(peak, residentMegabytes(child.pid ?? 0));
    }, 20);
    const [code] = (await once(child, 'exit')) as [number | null];
    clearInterval(watch);
    if (code !== 0) throw new Error(`${command} ended with ${code}`);
  });
  return { seconds, peak };
};

const residentMegabytes = (pid: number): number => {
  try {
    const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kilobytes ?? 0) / 1024;
  } catch {
    return 0;
  }
};

const megabyte = 1024 * 1024;

interface Other {
  readonly program: string;
  readonly says: string;
  readonly args: readonly string[];
}

const ask = (fields: readonly string[]): readonly string[] => [
  '-n',
  '-T',
  'fields',
  ...fields.flatMap((field) => ['-e', field]),
];

/** What a script would ask for that only names MPTCP segments. */
const names = ['frame.number', 'ip.src', 'tcp.srcport', 'tcp.options.mptcp.subtype'];

/** What the judgement itself stands on, but for the payload, whose DSS checksums tshark does not verify. */
const grounds = [
  ...['frame.number', 'ip.src', 'ip.dst', 'ipv6.src', 'ipv6.dst', 'tcp.srcport', 'tcp.dstport'],
  ...['tcp.seq_raw', 'tcp.ack_raw', 'tcp.flags', 'tcp.len', 'tcp.checksum.status'],
  ...['subtype', 'version', 'flags', 'sendkey', 'recvkey', 'recvtok', 'sendrand', 'sendtrunchmac', 'sendhmac'].map(
    (field) => `tcp.options.mptcp.${field}`,
  ),
  ...['addrid', 'addaddrtrunchmac', 'rawdataack', 'rawdataseqno', 'subflowseqno', 'datalvllen', 'checksum'].map(
    (field) => `tcp.options.mptcp.${field}`,
  ),
];

const tsharkNames: Other = { program: 'tshark', says: `tshark, ${names.length} fields`, args: ask(names) };
const tsharkGrounds: Other = {
  program: 'tshark',
  says: `tshark, ${grounds.length} fields and TCP checksums`,
  args: ['-o', 'tcp.check_checksum:TRUE', ...ask(grounds)],
};
const tcpdump: Other = { program: 'tcpdump', says: 'tcpdump -n -v', args: ['-n', '-v'] };

interface Measured {
  readonly name: string;
  /** In megabytes. */
  readonly size: number;
  readonly segments: () => Generator<Uint8Array>;
  /** Who reads it too. */
  readonly others: readonly Other[];
}

/** Large enough that the programs' starts weigh little; the last ones show what memory depends on. */
const files: readonly Measured[] = [
  { name: 'one busy connection', size: 256, segments: busyConnection, others: [tsharkNames, tsharkGrounds, tcpdump] },
  { name: 'small connections', size: 192, segments: () => smallConnections(true), others: [tsharkNames, tcpdump] },
  { name: 'small connections that never end', size: 128, segments: () => smallConnections(false), others: [] },
  { name: 'one busy connection', size: 1024, segments: busyConnection, others: [] },
];

export const benchInspect = async (print: (line: string) => void): Promise<void> => {
  const directory = mkdtempSync(join(tmpdir(), 'robe-bench-'));
  try {
    for (const file of files) await benchFile(file, join(directory, 'capture.pcap'), print);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};

const benchFile = async (
  { name, size, segments, others }: Measured,
  path: string,
  print: (line: string) => void,
): Promise<void> => {
  const count = writeCapture(path, size * megabyte, segments());
  const octets = statSync(path).size;
  const ours = await run(process.execPath, [program, 'inspect', path]);
  const rateOf = ({ seconds }: Spent): string =>
    `${Math.round(count / seconds).toLocaleString('en')} segments/s, ${Math.round(octets / megabyte / seconds)} MB/s`;
  print(
    `${name}, ${size} MB, ${count} segments: robe inspect ${rateOf(ours)}, at most ${Math.round(ours.peak)} MB of memory`,
  );
  for (const { program: other, says, args } of others) {
    if (spawnSync(other, ['--version']).status !== 0) {
      print(`${other} is not installed: no comparison with it`);
      continue;
    }
    const theirs = await run(other, [...args, '-r', path]);
    print(`  ${says}: ${rateOf(theirs)}; ratio ${(theirs.seconds / ours.seconds).toFixed(1)} times`);
  }
};
