/**
 * The measuring half of wire.ts, inside the tester's namespace: plain exchanges over the suite's own link, then cases
 * driven one at a time with the moments of frames taken at the link, and the baseline program while the same server listens.
 * Arguments: namespaces as JSON, number of exchanges, the baseline if there is one. Prints nanoseconds as JSON.
 */
import { spawnSync } from 'node:child_process';
import { takePrecedence } from '../cli/precedence.js';
import { loadSoundCatalogue } from '../conduct/load-catalogue.js';
import { embeddedSubjects } from '../iut/embedded-subject.js';
import { linuxSubject } from '../iut/linux.js';
import type { LiveSession } from '../iut/subject.js';
import { realClock } from '../net/clock/real.js';
import { nthAddress } from '../net/lab/addresses.js';
import { attachLab } from '../net/lab/lab.js';
import { destinationKey, keyOfAddress } from '../net/link/frame-ends.js';
import type { Link } from '../net/link/link.js';
import { decodeFrame, encodeTcpFrame } from '../protocol/wire/frame.js';
import { TcpFlag, type TcpPacket } from '../protocol/wire/packet.js';
import { seq, seqAdd } from '../protocol/wire/seq.js';
import { runLive } from '../run/live/live.js';
import { warmUp } from '../run/live/warm-up.js';
import { applies } from '../suite/catalogue/applicability.js';

takePrecedence();
// The bench may end before: its end closes this input.
process.stdin.resume().once('end', () => process.exit(1));
const clock = realClock();
const [namespaces = '{}', count = '0', baseline] = process.argv.slice(2);
const lab = attachLab(JSON.parse(namespaces), linuxSubject.lab?.paths ?? 1);

const open = (): Promise<LiveSession> =>
  linuxSubject.open({ clock, lab, environment: process.env, program: [], seed: 'bench' });

/** SYN out to SYN/ACK in hand, one after the other; each half-open flow is reset. */
const exchange = (session: LiveSession, index: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const { link, facts } = session;
    const [path] = facts.paths;
    const server = facts.server.address[4];
    if (path === undefined || server === undefined) throw new Error('the lab has no path');
    const source = nthAddress(path.testerPrefix[4] ?? '', 1 + (index % 4000));
    const own = keyOfAddress(source);
    const draft = (flags: number, number: number) =>
      encodeTcpFrame({
        ethernet: { source: path.testerMac, destination: path.iutMac },
        ip: { source, destination: server },
        tcp: { sourcePort: 20_000 + (index % 40_000), destinationPort: facts.server.port, seq: seq(number), flags },
      });
    const isn = index * 1000;
    const syn = draft(TcpFlag.SYN, isn);
    const reset = draft(TcpFlag.RST, seqAdd(seq(isn), 1));
    let sent = 0n;
    const leave = link.subscribe(({ frame }) => {
      if (destinationKey(frame) !== own) return;
      const packet = decodeFrame(frame);
      const took = Number(process.hrtime.bigint() - sent);
      if (!isSynAck(packet)) return;
      alarm.cancel();
      leave();
      link.send(path.path, reset);
      setImmediate(() => resolve(took));
    });
    const alarm = clock.at(clock.now() + 1_000_000_000n, () => reject(new Error('a SYN was not answered')));
    sent = process.hrtime.bigint();
    link.send(path.path, syn);
  });

const isSynAck = (packet: ReturnType<typeof decodeFrame>): packet is TcpPacket =>
  packet.kind === 'tcp' && (packet.tcp.flags & (TcpFlag.SYN | TcpFlag.ACK)) === (TcpFlag.SYN | TcpFlag.ACK);

/** A link that notes how long after a frame's arrival in this process the next one leaves. */
const timing = (inner: Link, reactions: number[]): Link => {
  let arrived: bigint | undefined;
  return {
    paths: inner.paths,
    send(path, frame) {
      // Injecting includes what the kernel at the other end does with the frame, on a veth: that is not ours.
      if (arrived !== undefined) reactions.push(Number(clock.now() - arrived));
      arrived = undefined;
      inner.send(path, frame);
    },
    subscribe: (listener) =>
      inner.subscribe((arrival) => {
        arrived = arrival.at;
        listener(arrival);
        arrived = undefined;
      }),
    counters: () => inner.counters(),
    close: () => inner.close(),
  };
};

const runBaseline = (program: string): readonly number[] => {
  const [path] = lab.paths;
  if (path === undefined) throw new Error('the lab has no path');
  const { address, port } = lab.facts.server;
  const argv = [path.tester.device, path.tester.mac, path.iut.mac, address[4], String(port), count];
  const done = spawnSync(program, argv, { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`the baseline failed: ${done.stderr.trim()}`);
  return done.stdout.trim().split('\n').map(Number);
};

const session = await open();
const times: number[] = [];
for (let index = 0; index < 500; index += 1) await exchange(session, index);
for (let index = 0; index < Number(count); index += 1) times.push(await exchange(session, index));

const theirs = baseline === undefined ? undefined : runBaseline(baseline);

const reactions: number[] = [];
const timed: LiveSession = { ...session, link: timing(session.link, reactions) };
const whole = loadSoundCatalogue([], process.cwd()).cases.filter((each) => applies(each, linuxSubject.claims).applies);
const cases = whole.filter(({ role }) => role === 'server').slice(0, 200);
// As before a run of them all; then once to warm up the interfaces' side, once to measure.
warmUp(whole, embeddedSubjects(), clock, 'warm');
for (const seed of ['warm', 'measured']) {
  reactions.length = 0;
  await runLive(
    {
      subject: linuxSubject,
      session: timed,
      cases,
      seed,
      jobs: 1,
      began: () => {},
      voided: () => {},
      finished: () => {},
    },
    new AbortController().signal,
  );
}
await session.close();
process.stdout.write(JSON.stringify({ exchange: times, reaction: reactions, baseline: theirs }), () => process.exit(0));
