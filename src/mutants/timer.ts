/** Mutants of proposal 3 and RobE_TIMER (paper 2.3, draft): a client that changes the path when its timer expires. */
import { simultaneous } from '../reference/election/simultaneous.js';
import { nextPath, timerWait } from '../reference/election/timer.js';
import { acceptGhost, accompany, answer, divert, overlook, spoil, withhold } from './fault.js';
import { mutants } from './mutant.js';
import { carries, isBareAck, isReset, isSyn, isSynAck, redraft, resetTo, withEdited, without } from './segment.js';

const capable = carries('mp_capable');
const offers = (tcp: Parameters<typeof isSyn>[0]): boolean => isSyn(tcp) && capable(tcp);

const client = mutants({ profile: 'robe-timer', role: 'client' }, [
  {
    id: 'timer-starts-on-all-paths',
    requirement: 'ROBE-P3-C-01',
    breaks: 'SYNs are sent on all paths at once instead of one on the default path.',
    defect: { decides: { client: { election: () => simultaneous } } },
  },
  {
    id: 'timer-starts-on-last-path',
    requirement: 'ROBE-P3-C-01',
    breaks: 'The first SYN is sent on another path than the default one.',
    defect: {
      decides: {
        client: {
          election: (_stack, { paths }, timer) => ({ ...timer, start: () => paths.slice(-1) }),
        },
      },
    },
  },
  {
    id: 'timer-repeats-on-the-same-path',
    requirement: 'ROBE-P3-C-03',
    breaks: 'When the timer expires the SYN is repeated on the same path.',
    defect: { decides: { client: { nextPath: ({ paths }) => paths[0] ?? 1 } } },
  },
  {
    id: 'timer-expires-early',
    requirement: 'ROBE-P3-C-03',
    breaks: 'The path is changed long before the declared timer.',
    defect: { decides: { client: { timerWait: (stack, attempt) => timerWait(stack, attempt) / 4n } } },
  },
  {
    id: 'timer-expires-late',
    requirement: 'ROBE-LAW-01',
    breaks: 'Each change of path waits three times as long as declared.',
    defect: { decides: { client: { timerWait: (stack, attempt) => 3n * timerWait(stack, attempt) } } },
  },
  {
    id: 'timer-stops-at-second-path',
    requirement: 'ROBE-P3-C-04',
    breaks: 'Only the first two paths are ever tried.',
    defect: {
      decides: {
        client: {
          nextPath: (attempt) => attempt.paths[attempt.syns % Math.min(2, attempt.paths.length)] ?? nextPath(attempt),
        },
      },
    },
  },
  {
    id: 'timer-tries-each-path-once',
    requirement: 'ROBE-P3-C-04',
    breaks: 'When every path has been tried once, the attempt stops.',
    defect: { wire: [withhold((tcp, { flow }) => isSyn(tcp) && flow.openedHere)] },
  },
  {
    id: 'timer-never-changes-path',
    requirement: 'DRAFT-GEN-02',
    breaks: 'A broken default path is never abandoned.',
    defect: { wire: [withhold((tcp, { path }) => offers(tcp) && path !== 1)] },
  },
  {
    id: 'timer-earlier-path-not-joined',
    requirement: 'ROBE-P3-C-05',
    breaks: 'After another path answered, the earlier path is not opened with MP_JOIN.',
    defect: { decides: { client: { joinPaths: () => [] } } },
  },
  {
    id: 'timer-joins-before-dss',
    requirement: 'DRAFT-TIMER-C-05',
    breaks: 'The joins of the other paths are sent before any DSS came.',
    defect: { behaves: { join: { before_dss: 'allow' } } },
  },
  {
    id: 'timer-reuses-key-a',
    requirement: 'DRAFT-TIMER-C-02',
    breaks: 'The SYN on the second path has the key of the first.',
    defect: { decides: { client: { chooseKeyA: (_stack, attempt) => attempt.keyA } } },
  },
  {
    id: 'timer-third-with-first-key',
    requirement: 'DRAFT-TIMER-C-03',
    breaks: 'The third segment on the second path names the key of the first attempt.',
    defect: {
      wire: [
        spoil(
          (tcp, { path }) => isBareAck(tcp) && capable(tcp) && path === 2,
          (tcp, { flows }) =>
            withEdited(tcp, 'mp_capable', (option) => ({
              ...option,
              key: flows[0]?.key('out') ?? (option.key ?? 0n) ^ 1n,
            })),
        ),
      ],
    },
  },
  {
    id: 'timer-late-syn-ack-attached',
    requirement: 'ROBE-P3-C-07',
    breaks: 'A SYN/ACK of the abandoned path is confirmed as a second MP_CAPABLE flow.',
    defect: {
      decides: {
        client: { election: (_stack, _choice, timer) => ({ ...timer, losers: 'keep', judgeLater: () => 'attach' }) },
      },
    },
  },
  {
    id: 'timer-late-syn-ack-unanswered',
    requirement: 'ROBE-P3-C-07',
    breaks: 'A SYN/ACK of the abandoned path draws no answer, so that the server keeps the flow half-open.',
    defect: {
      wire: [
        overlook((tcp, { flow, flows }) => isSynAck(tcp) && flows.some((other) => other !== flow && other.synAcked)),
      ],
    },
  },
  {
    id: 'timer-needs-the-first-path',
    requirement: 'ROBE-P3-C-08',
    breaks: 'A failed join on the first path resets the connection.',
    defect: {
      wire: [
        answer(
          (tcp, { flow }) => isReset(tcp) && flow.segments('out').some(carries('mp_join')),
          ({ flows }) =>
            flows.flatMap((other) => {
              const latest = other.latestIn;
              return latest === undefined || !other.carriedData ? [] : [resetTo(latest)];
            }),
        ),
      ],
    },
  },
  {
    id: 'timer-silent-join-ends-the-connection',
    requirement: 'ROBE-P3-C-08',
    breaks: 'An unanswered join on the first path resets the connection.',
    defect: {
      wire: [
        divert(
          (tcp, { flow }) => isSyn(tcp) && carries('mp_join')(tcp) && flow.openedHere,
          ({ flows }) =>
            flows.flatMap(({ path, latestIn, carriedData }) =>
              latestIn === undefined || !carriedData ? [] : [{ to: 'peer', path, draft: resetTo(latestIn) }],
            ),
        ),
      ],
    },
  },
  {
    id: 'timer-differs-from-classic-on-a-good-path',
    requirement: 'ROBE-P3-C-02',
    breaks: 'A second SYN is sent although the default path works.',
    defect: {
      wire: [
        accompany(
          (tcp, { flow }) => isSyn(tcp) && capable(tcp) && !flow.openedHere,
          ({ packet, tcp }) => [redraft(packet, { ...without(tcp), sourcePort: tcp.sourcePort ^ 0x40 })],
        ),
      ],
    },
  },
]);

const server = mutants({ profile: 'robe-timer', role: 'server' }, [
  {
    id: 'timer-server-serves-one-path',
    requirement: 'ROBE-P3-S-01',
    breaks: 'A SYN on another path than the first is not answered.',
    defect: { wire: [overlook((tcp, { path }) => offers(tcp) && path !== 1)] },
  },
  {
    id: 'timer-second-attempt-accepted-as-well',
    requirement: 'DERIVED-ACC-01',
    breaks: 'The second SYN of one attempt, whose handshake was never completed, gives the application a connection.',
    defect: { wire: [acceptGhost((tcp, { flows }) => offers(tcp) && flows.length > 1)] },
  },
  {
    id: 'timer-late-syn-disturbs',
    requirement: 'ROBE-P3-S-03',
    breaks: 'A late first SYN makes the server reset the established connection.',
    defect: {
      wire: [
        answer(
          (tcp, { flow, flows }) => offers(tcp) && flows.some((other) => other !== flow && other.carriedData),
          ({ flow, flows }) =>
            flows.flatMap((other) => {
              const latest = other.latestIn;
              return other === flow || latest === undefined ? [] : [resetTo(latest)];
            }),
          'besides',
        ),
      ],
    },
  },
]);

export const timerMutants = [...client, ...server];
