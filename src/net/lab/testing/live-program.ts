/**
 * The program that the live tests of this room run inside a lab's namespaces: `node live-program.js TASK JSON`. Each task
 * opens a libpcap link there, prints `ready`, does one thing and prints its observations as one line of JSON. A program
 * of its own, because a process lives in one network namespace and a capture may take its process down with it.
 */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeFrame, encodeTcpFrame } from '../../../protocol/wire/frame.js';
import { TcpFlag, type TcpPacket } from '../../../protocol/wire/packet.js';
import { seq } from '../../../protocol/wire/seq.js';
import { realClock } from '../../clock/real.js';
import { type LibpcapLink, openLibpcapLink } from '../../link/libpcap.js';
import type { Arrival, Link } from '../../link/link.js';
import { answerNeighbours } from '../../link/neighbour.js';
import { preflight } from '../../preflight/preflight.js';
import { inPrefix } from '../addresses.js';
import type { LabFacts, LabPath } from '../layout.js';

export interface LiveTask {
  readonly paths: readonly LabPath[];
  readonly facts: LabFacts;
  readonly side: 'tester' | 'iut';
  readonly frames?: number;
  readonly stimuli?: readonly Stimulus[];
}

/** A SYN with nothing in it. */
export interface Stimulus {
  readonly path: number;
  readonly from: string;
  readonly to: string;
  readonly port: number;
}

export interface Answered extends Stimulus {
  /** Absent when nothing came. */
  readonly flags?: number;
  readonly byPath?: number;
  readonly checksum?: string;
  readonly nanoseconds?: number;
  readonly error?: number;
}

const clock = realClock();
/** The EtherType for local experiments next to the one that the capture-ready barrier uses. */
const floodType = [0x88, 0xb6] as const;
const floodOctets = 128;
const burst = 500;
const firstPort = 20_000;
const answerWithinNanoseconds = 1_000_000_000n;

const open = async (task: LiveTask): Promise<LibpcapLink> => {
  const link = await openLibpcapLink({
    clock,
    paths: task.paths.map((path) => ({ path: path.path, device: path[task.side].device })),
  });
  process.stdout.write('ready\n');
  return link;
};

/** Every address on the wire but the IUT's is the tester's. */
const withNeighbours = (link: LibpcapLink, { paths }: LiveTask): Link =>
  answerNeighbours(
    link,
    clock,
    new Map(
      paths.map(({ path, tester, subnet, iutAddress }) => [
        path,
        {
          mac: tester.mac,
          owns: (address: string) =>
            ([4, 6] as const).some((ip) => inPrefix(subnet[ip], address) && address !== iutAddress[ip]),
        },
      ]),
    ),
  );

/** Sends each SYN when the one before was answered, and tells what came. */
const exchange = async (task: LiveTask) => {
  const opened = await open(task);
  const link = withNeighbours(opened, task);
  const answers: Answered[] = [];
  for (const [index, stimulus] of (task.stimuli ?? []).entries()) {
    answers.push(await askOnce(link, task.facts, stimulus, firstPort + index));
  }
  const counters = await opened.settle();
  await opened.close();
  return { answers, counters };
};

const askOnce = (link: Link, facts: LabFacts, stimulus: Stimulus, sourcePort: number): Promise<Answered> =>
  new Promise((resolve) => {
    const ends = facts.paths.find(({ path }) => path === stimulus.path);
    if (ends === undefined) throw new RangeError(`no path ${stimulus.path}`);
    const sentAt = clock.now();
    const deadline = clock.at(sentAt + answerWithinNanoseconds, () => finish({}));
    const unsubscribe = link.subscribe((arrival) => {
      const packet = answerIn(arrival, stimulus, sourcePort);
      if (packet === undefined) return;
      finish({
        flags: packet.tcp.flags,
        byPath: arrival.path,
        checksum: packet.tcp.checksumState,
        nanoseconds: Number(arrival.at - sentAt),
        error: Number(arrival.error),
      });
    });
    const finish = (seen: Omit<Answered, keyof Stimulus>): void => {
      deadline.cancel();
      unsubscribe();
      resolve({ ...stimulus, ...seen });
    };
    const tcp = { sourcePort, destinationPort: stimulus.port, seq: seq(1), flags: TcpFlag.SYN, window: 65_535 };
    link.send(
      stimulus.path,
      encodeTcpFrame({
        ethernet: { destination: ends.iutMac, source: ends.testerMac },
        ip: { source: stimulus.from, destination: stimulus.to },
        tcp,
      }),
    );
  });

const answerIn = ({ frame }: Arrival, stimulus: Stimulus, port: number): TcpPacket | undefined => {
  const packet = decodeFrame(frame);
  if (packet.kind !== 'tcp' || packet.ip.source !== stimulus.to || packet.ip.destination !== stimulus.from) return;
  return packet.tcp.sourcePort === stimulus.port && packet.tcp.destinationPort === port ? packet : undefined;
};

/** Sends numbered frames in bursts that the kernel's queue between the two ends (1,000 frames) has room for. */
const flood = async (task: LiveTask) => {
  const link = await open(task);
  await once(process.stdin, 'data');
  for (const { path, tester, iut } of task.paths) {
    const from = task.side === 'tester' ? tester : iut;
    const frame = new Uint8Array(floodOctets);
    frame.fill(0xff, 0, 6);
    frame.set(
      from.mac.split(':').map((octet) => Number.parseInt(octet, 16)),
      6,
    );
    frame.set(floodType, 12);
    const view = new DataView(frame.buffer);
    for (let number = 0; number < (task.frames ?? 0); number += 1) {
      view.setUint32(14, number);
      link.send(path, frame);
      if (number % burst === burst - 1) await sleep(1);
    }
  }
  const counters = link.counters();
  await link.close();
  return { counters };
};

/** Counts what arrives, and what of it is out of order, until told to stop. */
const count = async (task: LiveTask) => {
  const link = await open(task);
  const next = new Map<number, number>();
  let counted = 0;
  let outOfOrder = 0;
  let worstError = 0n;
  link.subscribe(({ path, frame, error }) => {
    if (frame[12] !== floodType[0] || frame[13] !== floodType[1]) return;
    counted += 1;
    const number = new DataView(frame.buffer).getUint32(14);
    if (number !== (next.get(path) ?? 0)) outOfOrder += 1;
    next.set(path, number + 1);
    if (error > worstError) worstError = error;
  });
  await once(process.stdin, 'data');
  const counters = await link.settle();
  await link.close();
  return { counters, counted, outOfOrder, flooded: [...next.values()], worstError: Number(worstError) };
};

const check = async (task: LiveTask) => {
  const opened = await open(task);
  const link = withNeighbours(opened, task);
  const record = await preflight({ clock, opened, link, target: { ...task.facts, serves: false } });
  await opened.close();
  return record;
};

const tasks = { exchange, flood, count, check };

const [name, json = '{}'] = process.argv.slice(2);
const task = Object.entries(tasks).find(([known]) => known === name)?.[1];
if (task === undefined) throw new RangeError(`no task ${name}`);
try {
  process.stdout.write(`${JSON.stringify(await task(JSON.parse(json) as LiveTask))}\n`);
} catch (error) {
  process.stdout.write(`${JSON.stringify({ failed: String(error), remedy: (error as { remedy?: string }).remedy })}\n`);
  process.exitCode = 1;
}
process.stdin.destroy();
