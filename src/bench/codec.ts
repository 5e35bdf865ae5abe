/**
 * The codec against what people use today, in one run on the same segments: building and dissecting against scapy, reading a
 * capture against `tcpdump -v`. A program that is not installed is named and left out.
 *
 * What is compared: building includes both checksums on both sides. Our dissection verifies the TCP checksum and reads
 * every MPTCP field; scapy does neither (it has no MPTCP options and keeps them as octets).
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeCaptured } from '../net/capture/decode-captured.js';
import { encodePcapng } from '../net/capture/pcapng/write-pcapng.js';
import { readCapture } from '../net/capture/read-capture.js';
import { toHex } from '../protocol/bytes/hex.js';
import { seedSegments } from '../protocol/fuzz/seeds.js';
import { decodeFrame, encodeTcpFrame } from '../protocol/wire/frame.js';
import type { TcpDraft } from '../protocol/wire/packet.js';
import { encodeOption } from '../protocol/wire/tcp-options.js';
import { type Rate, rate, repeated, timed } from './stopwatch.js';

export interface CodecFigures {
  readonly encode: Rate;
  readonly decode: Rate;
  readonly scapy?: { readonly encode: Rate; readonly decode: Rate };
  readonly capture?: { readonly ours: Rate; readonly tcpdump: Rate };
}

/** Measures, prints a line for each comparison, and returns the figures. */
export const benchCodec = async (print: (line: string) => void = console.log): Promise<CodecFigures> => {
  const drafts = seedSegments;
  const frames = drafts.map((draft) => encodeTcpFrame(draft));
  const encode = await repeated(drafts.length, () => {
    for (const draft of drafts) encodeTcpFrame(draft);
  });
  const decode = await repeated(frames.length, () => {
    for (const frame of frames) decodeFrame(frame);
  });
  print(`codec: ${perSecond(encode)} segments built, ${perSecond(decode)} decoded and verified`);
  const scapy = measureScapy(drafts, frames, print);
  if (scapy !== undefined) {
    print(`scapy: ${perSecond(scapy.encode)} segments built, ${perSecond(scapy.decode)} dissected`);
    print(`ratio: building ${times(encode, scapy.encode)}, decoding ${times(decode, scapy.decode)}`);
  }
  const capture = await measureCapture(frames, print);
  if (capture !== undefined)
    print(
      `capture of ${capture.ours.count} frames: ${perSecond(capture.ours)} read and decoded, ` +
        `tcpdump -v ${perSecond(capture.tcpdump)}, ratio ${times(capture.ours, capture.tcpdump)}`,
    );
  return { encode, decode, ...(scapy === undefined ? {} : { scapy }), ...(capture === undefined ? {} : { capture }) };
};

const perSecond = (measured: Rate): string => `${Math.round(measured.perSecond).toLocaleString('en')}/s`;
const times = (ours: Rate, theirs: Rate): string => `${(ours.perSecond / theirs.perSecond).toFixed(1)} times`;

/** Builds and dissects what it reads as JSON, for two seconds each, and says how often; and the octets, for comparison. */
const scapyProgram = `
import json, sys, time
from scapy.all import Ether, IP, IPv6, TCP, Raw
given = json.load(sys.stdin)
def build(d):
    ip = IPv6(src=d['source'], dst=d['destination']) if ':' in d['source'] else IP(src=d['source'], dst=d['destination'], id=0, flags='DF')
    options = [(o['kind'], bytes.fromhex(o['data'])) if o['data'] is not None else ('NOP', None) for o in d['options']]
    tcp = TCP(sport=d['sport'], dport=d['dport'], seq=d['seq'], ack=d['ack'], flags=d['flags'], window=65535, options=options)
    return bytes(Ether(dst=d['to'], src=d['from'])/ip/tcp/Raw(bytes.fromhex(d['payload'])))
def measure(work, things):
    for t in things[:10]: work(t)
    count, started = 0, time.perf_counter()
    while time.perf_counter() - started < 2:
        for t in things: work(t)
        count += len(things)
    return [count, time.perf_counter() - started]
frames = [bytes.fromhex(f) for f in given['frames']]
json.dump({'built': [build(d).hex() for d in given['drafts']], 'encode': measure(build, given['drafts']),
           'decode': measure(lambda f: Ether(f)[TCP].options, frames)}, sys.stdout)
`;

interface ScapyAnswer {
  readonly built: readonly string[];
  readonly encode: readonly [number, number];
  readonly decode: readonly [number, number];
}

const measureScapy = (
  drafts: readonly TcpDraft[],
  frames: readonly Uint8Array[],
  print: (line: string) => void,
): CodecFigures['scapy'] => {
  const python = ['python3', '/usr/bin/python3'].find(
    (program) => spawnSync(program, ['-c', 'import scapy']).status === 0,
  );
  if (python === undefined) {
    print('scapy is not installed: no comparison with it');
    return undefined;
  }
  const input = JSON.stringify({ drafts: drafts.map(forScapy), frames: frames.map(toHex) });
  const output = execFileSync(python, ['-c', scapyProgram], {
    input,
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const answer = JSON.parse(output) as ScapyAnswer;
  const same = frames.filter((frame, i) => toHex(frame) === answer.built[i]).length;
  print(`scapy builds the same octets for ${same} of ${frames.length} segments`);
  return { encode: rate(...answer.encode), decode: rate(...answer.decode) };
};

/** Options are given to scapy as kind and octets: it has no words for MPTCP's. */
const forScapy = ({ ethernet, ip, tcp }: TcpDraft): object => {
  const options = (tcp.options ?? []).map((option) => {
    const octets = encodeOption(option);
    return { kind: octets[0], data: option.option === 'nop' ? null : toHex(octets.subarray(2)) };
  });
  return {
    to: ethernet.destination,
    from: ethernet.source,
    source: ip.source,
    destination: ip.destination,
    sport: tcp.sourcePort,
    dport: tcp.destinationPort,
    seq: tcp.seq,
    ack: tcp.ack ?? 0,
    flags: tcp.flags,
    options,
    payload: toHex(tcp.payload ?? new Uint8Array(0)),
  };
};

const captureFrames = 120_000;

const measureCapture = async (
  frames: readonly Uint8Array[],
  print: (line: string) => void,
): Promise<CodecFigures['capture']> => {
  if (spawnSync('tcpdump', ['--version']).status !== 0) {
    print('tcpdump is not installed: no comparison with it');
    return undefined;
  }
  const directory = mkdtempSync(join(tmpdir(), 'robe-bench-'));
  try {
    const file = join(directory, 'bench.pcapng');
    const repeatedFrames = Array.from({ length: captureFrames }, (_, i) => ({
      interfaceIndex: 0,
      at: BigInt(i) * 1000n,
      octets: frames[i % frames.length] ?? new Uint8Array(0),
    }));
    const capture = { application: 'robe bench', interfaces: [{ name: 'bench' }], frames: repeatedFrames };
    writeFileSync(file, encodePcapng(capture));
    let count = 0;
    const ours = await timed(async () => {
      for await (const frame of readCapture(file, ({ why }) => print(`bench capture: ${why}`)))
        if (decodeCaptured(frame.linkType, frame.octets).packet.kind === 'tcp') count++;
    });
    const theirs = await timed(() => {
      execFileSync('tcpdump', ['-nv', '-r', file], { stdio: ['ignore', 'ignore', 'ignore'] });
    });
    return { ours: rate(count, ours), tcpdump: rate(captureFrames, theirs) };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};
