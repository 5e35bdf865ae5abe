/** The order and spacing in which a client tries its paths, and in which a server's answers arrive. */
import { spoil } from '../mutants/fault.js';
import { findAny, isBareAck, isFin, isReset, isSyn, isSynAck, redraft } from '../mutants/segment.js';
import { initialDsn } from '../protocol/keys/key-digest.js';
import { DssFlag } from '../protocol/mptcp/option.js';
import { electionFor } from '../reference/election/elections.js';
import { dsnAdd } from '../reference/mptcp/sequence.js';
import type { Habit } from './habit.js';
import { mptcpProfiles, type Variant, variants } from './variant.js';

/** SYNs with MP_CAPABLE leave later the higher the number of their path. */
const spaced = (step: bigint) => (): Habit => ({
  leaves({ tcp, path, packet, flow }, wire) {
    if (!isSyn(tcp) || findAny(tcp, 'mp_capable') === undefined || path === 1 || flow.openedHere) return undefined;
    wire.later(step * BigInt(path - 1), () => [{ path, draft: redraft(packet) }]);
    return [];
  },
});

/** SYN/ACKs on that path leave so much later. */
const slowAnswers = (on: number, delay: bigint) => (): Habit => ({
  leaves({ tcp, path, packet }, wire) {
    if (!isSynAck(tcp) || path !== on) return undefined;
    wire.later(delay, () => [{ path, draft: redraft(packet) }]);
    return [];
  },
});

/** Resets of flows that were not closed leave 200 ms later. */
const lateResets = (): Habit => ({
  leaves({ tcp, path, packet, flow }, wire) {
    const came = flow.segments('in');
    if (!isReset(tcp) || came.some(isFin) || !came.some((each) => findAny(each, 'mp_capable') !== undefined))
      return undefined;
    wire.later(200_000_000n, () => [{ path, draft: redraft(packet) }]);
    return [];
  },
});

const simultaneous = ['robe-downgrade', 'robe-bbm', 'robe-sim', 'robe-esim'] as const;

const atOnce = {
  source: 'paper',
  section: '2.1',
  says: 'SYNs are sent on all paths; their order is not prescribed.',
} as const;

export const establishingVariants: readonly Variant[] = [
  ...variants({ profiles: simultaneous, about: 'order of SYNs', role: 'client' }, [
    {
      id: 'last-path-first',
      sentence: atOnce,
      change: {
        decides: {
          client: {
            election: (...args) => {
              const election = electionFor(...args);
              return { ...election, start: (attempt) => election.start(attempt).toReversed() };
            },
          },
        },
      },
    },
    {
      id: 'syns-three-milliseconds-apart',
      sentence: {
        ...atOnce,
        says: 'SYNs are sent on all paths at about the same time: here three milliseconds apart.',
      },
      change: { habit: spaced(3_000_000n) },
    },
  ]),
  ...variants({ profiles: mptcpProfiles, about: 'order of answers', role: 'server' }, [
    {
      id: 'path-1-answers-late',
      sentence: {
        source: 'RFC 9293',
        section: '3.10.7.2',
        says: 'No bound is prescribed for the answer to a SYN: here that of path 1 takes 20 ms longer.',
      },
      change: { habit: slowAnswers(1, 20_000_000n) },
    },
    {
      id: 'path-2-answers-late',
      sentence: {
        source: 'RFC 9293',
        section: '3.10.7.2',
        says: 'No bound is prescribed for the answer to a SYN: here that of path 2 takes 20 ms longer.',
      },
      change: { habit: slowAnswers(2, 20_000_000n) },
    },
    {
      id: 'path-2-answers-200ms-late',
      sentence: {
        source: 'RFC 9293',
        section: '3.10.7.2',
        says: 'No bound is prescribed for the answer to a SYN: here that of path 2 takes 200 ms longer.',
      },
      change: { habit: slowAnswers(2, 200_000_000n) },
    },
  ]),
  ...variants({ profiles: ['robe-bbm'], about: 'resets of losers', role: 'server' }, [
    {
      id: 'losers-reset-after-200ms',
      sentence: {
        source: 'paper',
        section: '2.2',
        says: 'The server resets all flows but the first; no time is prescribed: here it takes 200 ms.',
      },
      change: { habit: lateResets },
    },
  ]),
  ...variants({ profiles: simultaneous, about: 'moment of joins', role: 'client' }, [
    {
      id: 'joins-after-1s',
      sentence: {
        source: 'draft',
        section: '2.2',
        says: 'Terminated flows are merged as subsequent ones by MP_JOIN; no time is prescribed: here it takes a second.',
      },
      change: { behaves: { join: { delay_s: 1 } } },
    },
  ]),
  ...variants({ profiles: mptcpProfiles, about: 'third segment', role: 'client' }, [
    {
      id: 'third-segment-with-data-ack',
      sentence: {
        source: 'RFC 6824',
        section: '3.3.2',
        says: 'The Data ACK may be in all segments: here it is on the third one of v0, with MP_CAPABLE.',
      },
      change: {
        wire: [
          spoil(
            (tcp) => isBareAck(tcp) && findAny(tcp, 'mp_capable')?.version === 0,
            (tcp) => {
              const peerKey = findAny(tcp, 'mp_capable')?.peerKey;
              if (peerKey === undefined) return {};
              const dataAck = BigInt.asUintN(32, dsnAdd(initialDsn(0, peerKey), 1));
              return { options: [...tcp.options, { option: 'dss', flags: DssFlag.A, ack: dataAck }] };
            },
          ),
        ],
      },
    },
  ]),
];
