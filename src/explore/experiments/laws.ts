/**
 * The equations of the paper against what happens: for sets of round trip times, when the server has the first third segment
 * and when it has that of every further path, in a simulation packet by packet, beside the printed equation and the law by
 * packets; and what dead paths cost a client with timers. The client says one octet as soon as it is connected, for a classic
 * one may not join before its peer has shown that it speaks MPTCP (open point I-22).
 */
import type { Time } from '../../net/clock/clock.js';
import { decodeFrame } from '../../protocol/wire/frame.js';
import { TcpFlag } from '../../protocol/wire/packet.js';
import { parsePair } from '../end-name.js';
import { type Pair, serverAddress, serverPort } from '../pair.js';
import { JoinedHosts } from './joined-hosts.js';
import type { Rtts } from './latency-laws.js';
import * as law from './latency-laws.js';

export interface LawsRequest {
  /** Sets of round trip times in milliseconds, the default path's first; below `firstTimeout`, for the laws know no timers. */
  readonly sets: readonly Rtts[];
  readonly seed: string;
}

/** One quantity of one set of round trip times; times in milliseconds, gains as ratios. */
export interface LawRow {
  readonly rtts: Rtts;
  /** E.g. `t_i`, `t_s path 2`, `A_i`. */
  readonly quantity: string;
  readonly profile: string;
  readonly equation?: number;
  readonly printed?: number;
  /** By packets, where a law is known. */
  readonly law?: number;
  readonly simulated?: number;
  /** On this machine's wires: median of the handshakes that were made. */
  readonly measured?: number;
}

/** What dead paths that are tried first cost a client with timers, seconds. */
export interface TimerRow {
  readonly dead: number;
  readonly timer: number;
  readonly backoff: 'none' | 'exp';
  /** Equation 1. */
  readonly printed: number;
  readonly simulated?: number;
}

export interface LawsReport {
  readonly format: 'robe-laws/1';
  readonly request: LawsRequest;
  readonly rows: readonly LawRow[];
  readonly timers: readonly TimerRow[];
}

/** When the third segments were at the server: the first, and the first of every path, in milliseconds since the first SYN. */
export interface ThirdSegments {
  readonly initial: number | undefined;
  /** By path from 1; the initial flow's path included. */
  readonly byPath: ReadonlyMap<number, number>;
}

export const usualSets: readonly Rtts[] = [
  [20, 40],
  [40, 20],
  [20, 20],
  [80, 20, 40],
  [100, 10],
];

/** Beside classic the profiles for which the paper states its laws; the others are shown for comparison. */
const lawProfiles = ['mptcp', 'robe-timer', 'robe-downgrade', 'robe-bbm', 'robe-sim', 'robe-esim'] as const;
const parallel = new Set(['robe-downgrade', 'robe-esim']);

/** Milliseconds after which a SYN is sent again or another path tried: an answer that takes longer follows no law. */
export const firstTimeout = 1000;

const nanosecondsPerMillisecond = 1e6;
const nanosecondsPerSecond = 1e9;
/** What is not there by then, never comes: no set-up over paths as quick as the laws ask for takes as long. */
const limit: Time = 20_000_000_000n;

/** `measured` may bring what was measured live, by profile, for each set. */
export const compareLaws = (
  request: LawsRequest,
  measured: (rtts: Rtts, profile: string) => ThirdSegments | undefined = () => undefined,
): LawsReport => ({
  format: 'robe-laws/1',
  request,
  rows: request.sets.flatMap((rtts) => lawRows(rtts, request.seed, (profile) => measured(rtts, profile))),
  timers: timerRows(request.seed),
});

type Values = Pick<LawRow, 'simulated' | 'measured'>;

/** What one set of round trip times gives. */
export const lawRows = (
  rtts: Rtts,
  seed: string,
  measured: (profile: string) => ThirdSegments | undefined = () => undefined,
): readonly LawRow[] => {
  const simulated = new Map(
    lawProfiles.map((profile) => [profile, simulate(parsePair({ profile, paths: rtts.length, seed }), rtts)]),
  );
  const live = new Map(lawProfiles.map((profile) => [profile, measured(profile)]));
  const pick = (profile: LawProfile, from: (times: ThirdSegments) => number | undefined): Values =>
    values(from(simulated.get(profile) ?? nothing), from(live.get(profile) ?? nothing));
  const ratio = (profile: LawProfile, from: (times: ThirdSegments) => number | undefined): Values => {
    const classic = pick('mptcp', from);
    const robe = pick(profile, from);
    return values(quotient(classic.simulated, robe.simulated), quotient(classic.measured, robe.measured));
  };
  const rows: LawRow[] = [];
  for (const profile of lawProfiles) {
    const equation = profile === 'mptcp' || profile === 'robe-timer' ? 3 : 2;
    const initial = equation === 3 ? law.classicInitial(rtts) : law.robeInitial(rtts);
    const times = pick(profile, (each) => each.initial);
    rows.push({ rtts, quantity: 't_i', profile, equation, printed: initial, law: initial, ...times });
    rows.push(...furtherRows(rtts, profile, simulated.get(profile) ?? nothing, live.get(profile)));
  }
  for (const profile of lawProfiles.filter((each) => each !== 'mptcp' && each !== 'robe-timer')) {
    const initial = law.classicInitial(rtts) / law.robeInitial(rtts);
    const gain = ratio(profile, (each) => each.initial);
    rows.push({ rtts, quantity: 'A_i', profile, equation: 4, printed: initial, law: initial, ...gain });
    if (!parallel.has(profile) || rtts.length < 2) continue;
    rows.push(...gainRows(rtts, profile, ratio));
  }
  return rows;
};

type LawProfile = (typeof lawProfiles)[number];
const nothing: ThirdSegments = { initial: undefined, byPath: new Map() };

const values = (simulated: number | undefined, measured: number | undefined): Values => ({
  ...(simulated === undefined ? {} : { simulated }),
  ...(measured === undefined ? {} : { measured }),
});

const quotient = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? undefined : a / b;

/** t_s of every path but the one that came first. */
const furtherRows = (
  rtts: Rtts,
  profile: LawProfile,
  simulated: ThirdSegments,
  live: ThirdSegments | undefined,
): readonly LawRow[] => {
  const first = [...simulated.byPath].find(([, at]) => at === simulated.initial)?.[0] ?? 1;
  return rtts.flatMap((rtt, index): readonly LawRow[] => {
    const path = index + 1;
    if (path === first) return [];
    const row = { rtts, quantity: `t_s path ${path}`, profile };
    const times = values(simulated.byPath.get(path), live?.byPath.get(path));
    if (profile === 'mptcp' || profile === 'robe-timer') {
      const [printed, byPackets] = [law.classicFurtherPrinted(rtts, rtt), law.classicFurther(rtts, rtt)];
      return [
        { ...row, equation: 5, printed: law.classicBound(rtts, rtt) },
        { ...row, equation: 6, printed, law: byPackets, ...times },
      ];
    }
    const own = law.robeFurther(rtt);
    return [
      parallel.has(profile)
        ? { ...row, equation: 7, printed: own, law: own, ...times }
        : { ...row, law: law.joinedFurther(rtts, rtt), ...times },
    ];
  });
};

/** Equations 8, for each path that is a further one of both, and 9. */
const gainRows = (
  rtts: Rtts,
  profile: LawProfile,
  ratio: (profile: LawProfile, from: (times: ThirdSegments) => number | undefined) => Values,
): readonly LawRow[] => {
  const fastest = rtts.indexOf(Math.min(...rtts)) + 1;
  const further = rtts.flatMap((rtt, index): readonly LawRow[] => {
    const path = index + 1;
    if (path === 1 || path === fastest) return [];
    const own = law.robeFurther(rtt);
    return [
      {
        rtts,
        quantity: `A_s path ${path}`,
        profile,
        equation: 8,
        printed: law.classicFurtherPrinted(rtts, rtt) / own,
        law: law.classicFurther(rtts, rtt) / own,
        ...ratio(profile, (each) => each.byPath.get(path)),
      },
    ];
  });
  const all = ratio(profile, ({ byPath }) => (byPath.size === rtts.length ? Math.max(...byPath.values()) : undefined));
  return [
    ...further,
    {
      rtts,
      quantity: 'A overall',
      profile,
      equation: 9,
      printed: law.overallPrinted(rtts),
      law: law.overall(rtts),
      ...all,
    },
  ];
};

/** One connection over paths of these round trip times. */
const simulate = (pair: Pair, rtts: Rtts): ThirdSegments => {
  const observer = new ThirdSegmentObserver();
  const hosts = new JoinedHosts({
    pair,
    wires: rtts.map((rtt) => ({ delay: BigInt(Math.round((rtt / 2) * nanosecondsPerMillisecond)) })),
    noticed: (side, notice) => {
      if (side !== 'client' || notice.notice !== 'established') return;
      hosts.act('client', (host, now) => host.send(notice.connection, new Uint8Array(1), now));
    },
    loses: ({ from, frame }) => {
      if (from === 'server') observer.answers(frame);
      return false;
    },
    arrived: (to, path, frame, at) => {
      if (to === 'server') observer.arrives(path, frame, at);
    },
  });
  hosts.act('server', (host, now) => host.listen(serverPort, 'discard', now));
  hosts.act('client', (host, now) => host.connect({ address: serverAddress, port: serverPort }, now));
  hosts.run(() => observer.paths === rtts.length, limit);
  return observer.since(0n);
};

/** Finds the third segments of handshakes among what arrives at a server, of flows that it has not reset. */
class ThirdSegmentObserver {
  readonly #arrivals = new Map<number, Time>();
  /** Ports of the client. */
  readonly #reset = new Set<number>();

  /** Paths on which a handshake was completed. */
  get paths(): number {
    return this.#arrivals.size;
  }

  arrives(path: number, frame: Uint8Array, at: Time): void {
    if (this.#arrivals.has(path)) return;
    const packet = decodeFrame(frame);
    if (packet.kind !== 'tcp' || this.#reset.has(packet.tcp.sourcePort)) return;
    const { flags } = packet.tcp;
    if ((flags & TcpFlag.ACK) !== 0 && (flags & (TcpFlag.SYN | TcpFlag.RST)) === 0) this.#arrivals.set(path, at);
  }

  /** The server sends a frame. */
  answers(frame: Uint8Array): void {
    const packet = decodeFrame(frame);
    if (packet.kind === 'tcp' && (packet.tcp.flags & TcpFlag.RST) !== 0) this.#reset.add(packet.tcp.destinationPort);
  }

  /** In milliseconds since `start`. */
  since(start: Time): ThirdSegments {
    const byPath = new Map(
      [...this.#arrivals].map(([path, at]) => [path, Number(at - start) / nanosecondsPerMillisecond] as const),
    );
    return { initial: byPath.size === 0 ? undefined : Math.min(...byPath.values()), byPath };
  }
}

const mostDead = 3;
const timerRtt = 20;

/** LAT-6 to LAT-8: up to three dead paths before a good one. */
export const timerRows = (seed: string): readonly TimerRow[] =>
  [
    { timer: 1, backoff: 'none' as const },
    { timer: 1, backoff: 'exp' as const },
    { timer: 0.2, backoff: 'none' as const },
  ].flatMap(({ timer, backoff }) =>
    Array.from({ length: mostDead + 1 }, (_, dead) => {
      const profile = `robe-timer+timer.value_s=${timer}+timer.backoff=${backoff}`;
      const accepted = acceptedAfter(parsePair({ profile, paths: mostDead + 1, seed }), dead);
      const extra =
        accepted === undefined
          ? undefined
          : Number(accepted) / nanosecondsPerSecond - law.classicInitial([timerRtt]) / 1000;
      return {
        dead,
        timer,
        backoff,
        printed: law.timerDelay(dead, timer, backoff),
        ...(extra === undefined ? {} : { simulated: extra }),
      };
    }),
  );

/** When a connection is accepted whose first paths are dead. */
const acceptedAfter = (pair: Pair, dead: number): Time | undefined => {
  let accepted: Time | undefined;
  const hosts = new JoinedHosts({
    pair,
    wires: Array.from({ length: pair.paths }, () => ({
      delay: BigInt((timerRtt / 2) * nanosecondsPerMillisecond),
    })),
    loses: ({ path }) => path <= dead,
    noticed: (side, { notice }, at) => {
      if (side === 'server' && notice === 'accepted') accepted ??= at;
    },
  });
  hosts.act('server', (host, now) => host.listen(serverPort, 'discard', now));
  hosts.act('client', (host, now) => host.connect({ address: serverAddress, port: serverPort }, now));
  hosts.run(() => accepted !== undefined, limit);
  return accepted;
};
