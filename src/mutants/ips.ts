/**
 * Mutants of RobE_IPS (draft): initial path selection by what is known of the paths, and L_RTT_EN, which makes it known.
 * Longer than 300 lines because it is one list of small faults.
 */
import { TcpFlag } from '../protocol/wire/packet.js';
import { orderByRtt } from '../reference/election/path-selection.js';
import { remoteRttReport, rttOption } from '../reference/mptcp/scheduling.js';
import { crash, imagine, misread, overlook, spoil } from './fault.js';
import { mutants } from './mutant.js';
import { carries, findAny, isBareAck, isData, isSyn, isSynAck, redraft, withOption, without } from './segment.js';

const rtt = carries('l_rtt_en');
const capable = carries('mp_capable');

/** A report that comes by another flow than the first reaches the host without it, and as an ACK on the first. */
const creditedToFirst = imagine(
  (tcp, { flow, flows }) => isData(tcp) && rtt(tcp) && flow !== flows[0],
  ({ tcp, flows }) => {
    const report = findAny(tcp, 'l_rtt_en');
    const [first] = flows;
    const latest = first?.latestIn;
    if (report === undefined || first === undefined || latest === undefined) return [];
    const seq = first.next('in') ?? latest.tcp.seq;
    const ack = { seq, flags: TcpFlag.ACK, payload: new Uint8Array(), options: [report] };
    return [{ path: first.path, draft: redraft(latest, ack) }];
  },
  (tcp) => without(tcp, 'l_rtt_en'),
);

const offersEsim = spoil(
  (tcp) => isSyn(tcp) && capable(tcp),
  (tcp) => ({
    options: [...tcp.options.filter(({ option }) => option !== 'l_rtt_en'), { option: 'robe_esim_en', reserved: 0 }],
  }),
);

const client = mutants({ profile: 'robe-ips', role: 'client' }, [
  {
    id: 'ips-by-another-measure-asks-every-path',
    requirement: 'DRAFT-IPS-C-07',
    breaks: 'A client that selects by another measure than round trip times sends a SYN on every path.',
    declared: { ips: { by: 'other' } },
    defect: { behaves: { ips: { by: 'other', combine: 'sim' } } },
  },
  {
    id: 'l-rtt-offered-though-unused',
    requirement: 'DRAFT-IPS-C-07',
    breaks: 'A client without the exchange of times offers L_RTT_EN in its SYN.',
    declared: { l_rtt: { use: 'never' } },
    defect: { behaves: { l_rtt: { use: 'ips' } } },
  },
  {
    id: 'ips-never-selects',
    requirement: 'DRAFT-IPS-C-02',
    breaks: 'The first SYN is sent on the default path whatever round trip times are known.',
    defect: { decides: { client: { orderByRtt: (_stack, paths) => paths } } },
  },
  {
    id: 'ips-selects-the-worst',
    requirement: 'DRAFT-IPS-C-02',
    breaks: 'The path with the greatest known RTT carries the first SYN.',
    defect: {
      decides: {
        client: {
          orderByRtt: (stack, paths) =>
            [...paths].sort((a, b) => Number((stack.metrics.rtt(b) ?? 0n) - (stack.metrics.rtt(a) ?? 0n))),
        },
      },
    },
  },
  {
    id: 'ips-last-path-by-default',
    requirement: 'DRAFT-IPS-C-03',
    breaks: 'While no RTT is known the last path is used instead of the default one.',
    defect: {
      decides: {
        client: {
          orderByRtt: (stack, paths) =>
            paths.some((path) => stack.metrics.rtt(path) !== undefined)
              ? orderByRtt(stack, paths)
              : [...paths].reverse(),
        },
      },
    },
  },
  {
    id: 'ips-prefers-unknown-paths',
    requirement: 'DRAFT-IPS-C-04',
    breaks: 'A path without a known RTT counts as faster than a known one.',
    defect: {
      decides: {
        client: {
          orderByRtt: (stack, paths) =>
            [...paths].sort((a, b) => Number((stack.metrics.rtt(a) ?? 0n) - (stack.metrics.rtt(b) ?? 0n))),
        },
      },
    },
  },
  {
    id: 'ips-other-signalling',
    requirement: 'DRAFT-IPS-C-07',
    breaks: 'The SYN carries ROBE_eSIM_EN, which IPS does not use.',
    defect: { wire: [offersEsim] },
  },
  {
    id: 'ips-by-another-measure-offers-esim',
    requirement: 'DRAFT-IPS-C-07',
    breaks: 'The SYN of a client that selects by another measure than round trip times carries ROBE_eSIM_EN.',
    declared: { ips: { by: 'other' } },
    defect: { wire: [offersEsim] },
  },
  {
    id: 'ips-sim-never-simultaneous',
    requirement: 'DRAFT-IPS-C-08',
    breaks: 'Combined with RobE_SIM only one path is tried while no RTT is known.',
    declared: { ips: { combine: 'sim' } },
    defect: { behaves: { ips: { combine: 'none' } } },
  },
  {
    id: 'ips-timer-never-changes-path',
    requirement: 'DRAFT-IPS-C-09',
    breaks: 'Combined with RobE_TIMER a wrong choice is never abandoned.',
    declared: { ips: { combine: 'timer' } },
    defect: { behaves: { ips: { combine: 'none' } } },
  },
  {
    id: 'rtt-not-offered',
    requirement: 'DRAFT-RTT-C-01',
    breaks: 'The SYN carries no L_RTT_EN.',
    defect: {
      wire: [
        spoil(
          (tcp) => isSyn(tcp) && rtt(tcp),
          (tcp) => without(tcp, 'l_rtt_en'),
        ),
      ],
    },
  },
  {
    id: 'rtt-in-third-segment',
    requirement: 'DRAFT-RTT-C-02',
    breaks: 'The third segment carries L_RTT_EN in addition to MP_CAPABLE.',
    defect: {
      wire: [
        spoil(
          (tcp) => isBareAck(tcp) && capable(tcp),
          (tcp) => withOption(tcp, { option: 'l_rtt_en', reserved: 0, rtt: 1n, octets: 4 }),
        ),
      ],
    },
  },
  {
    id: 'rtt-demanded',
    requirement: 'DRAFT-RTT-C-03',
    breaks: 'A SYN/ACK without L_RTT_EN is treated as one without MP_CAPABLE.',
    defect: {
      wire: [
        misread(
          (tcp) => isSynAck(tcp) && capable(tcp) && !rtt(tcp),
          (tcp) => without(tcp, 'mp_capable'),
        ),
      ],
    },
  },
  {
    id: 'rtt-not-learned',
    requirement: 'DRAFT-RTT-C-04',
    breaks: 'An RTT that the server reports is ignored.',
    defect: {
      wire: [
        misread(
          (tcp) => isData(tcp) && rtt(tcp),
          (tcp) => without(tcp, 'l_rtt_en'),
        ),
      ],
    },
  },
  {
    id: 'rtt-credited-to-the-first-path',
    requirement: 'DRAFT-RTT-C-04',
    breaks: 'An RTT received on a joined flow is assigned to the path of the first flow.',
    defect: { wire: [creditedToFirst] },
  },
  {
    id: 'rtt-unsolicited-learned',
    requirement: 'DRAFT-RTT-C-05',
    breaks: 'L_RTT_EN is accepted although it was not negotiated.',
    defect: {
      wire: [
        misread(
          (tcp, { flow }) => isSynAck(tcp) && capable(tcp) && !rtt(tcp) && flow.openedHere,
          (tcp) => withOption(tcp, { option: 'l_rtt_en', reserved: 0, rtt: 0n, octets: 4 }),
        ),
      ],
    },
  },
  {
    id: 'rtt-confirmation-with-reserved-bits-refuses',
    requirement: 'DRAFT-RTT-C-05',
    breaks: 'A SYN/ACK whose L_RTT_EN has a reserved bit set is treated as one without MP_CAPABLE.',
    defect: {
      wire: [
        misread(
          (tcp) => isSynAck(tcp) && (findAny(tcp, 'l_rtt_en')?.reserved ?? 0) !== 0,
          (tcp) => without(tcp, 'mp_capable'),
        ),
      ],
    },
  },
  {
    id: 'rtt-malformed-refuses',
    requirement: 'DRAFT-RTT-C-05',
    breaks: 'A SYN/ACK with a malformed L_RTT_EN is treated as one without MP_CAPABLE.',
    defect: {
      wire: [
        misread(
          (tcp) =>
            isSynAck(tcp) &&
            capable(tcp) &&
            (tcp.options.some(({ option }) => option === 'malformed') ||
              (rtt(tcp) && findAny(tcp, 'l_rtt_en')?.octets !== 4)),
          (tcp) => without(tcp, 'mp_capable'),
        ),
      ],
    },
  },
  {
    id: 'rtt-syn-too-long',
    requirement: 'DRAFT-OPT-04',
    breaks: 'If the options do not fit, MP_CAPABLE is left out instead of L_RTT_EN.',
    defect: {
      wire: [
        spoil(
          (tcp) => isSyn(tcp) && rtt(tcp),
          (tcp) => without(tcp, 'mp_capable'),
        ),
      ],
    },
  },
  {
    id: 'rtt-value-of-64-bits',
    requirement: 'DRAFT-OPT-02',
    breaks: 'L_RTT_EN carries 64 bits where 32 are declared.',
    defect: { behaves: { l_rtt: { len: 12 } } },
  },
]);

const server = mutants({ profile: 'robe-ips', role: 'server' }, [
  {
    id: 'l-rtt-confirmed-though-unused',
    requirement: 'DRAFT-RTT-S-03',
    breaks: 'A server without the exchange of times confirms L_RTT_EN and sends it.',
    declared: { l_rtt: { use: 'never' } },
    defect: { behaves: { l_rtt: { use: 'ips' } } },
  },
  {
    id: 'rtt-not-answered',
    requirement: 'DRAFT-RTT-S-01',
    breaks: 'The SYN/ACK carries no L_RTT_EN.',
    defect: {
      wire: [
        spoil(
          (tcp) => isSynAck(tcp) && rtt(tcp),
          (tcp) => without(tcp, 'l_rtt_en'),
        ),
      ],
    },
  },
  {
    id: 'rtt-never-reported',
    requirement: 'DRAFT-RTT-S-02',
    breaks: 'After the negotiation no RTT is ever sent.',
    defect: { decides: { data: { remoteRttReport: () => undefined } } },
  },
  {
    id: 'rtt-of-the-first-flow-reported-everywhere',
    requirement: 'DRAFT-RTT-S-02',
    breaks: 'The RTT reported on any flow is that of the first flow.',
    defect: {
      decides: {
        data: {
          remoteRttReport: (stack, session, member) => {
            const first = session.members[0]?.flow.smoothedRtt;
            const report = remoteRttReport(stack, session, member);
            return report === undefined || first === undefined ? report : rttOption(stack, first);
          },
        },
      },
    },
  },
  {
    id: 'rtt-reported-as-zero',
    requirement: 'DRAFT-RTT-S-02',
    breaks: 'The reported RTT is always zero.',
    defect: {
      decides: {
        data: {
          remoteRttReport: (...given) => {
            const report = remoteRttReport(...given);
            return report === undefined ? undefined : { ...report, rtt: 0n };
          },
        },
      },
    },
  },
  {
    id: 'rtt-reported-unasked',
    requirement: 'DRAFT-RTT-S-03',
    breaks: 'RTTs are reported to a client that did not negotiate L_RTT_EN.',
    defect: {
      decides: {
        data: {
          remoteRttReport: (stack, _session, member) =>
            member.flow.smoothedRtt === undefined ? undefined : rttOption(stack, member.flow.smoothedRtt),
        },
      },
    },
  },
  {
    id: 'rtt-odd-offer-crashes',
    requirement: 'DRAFT-RTT-C-05',
    breaks: 'An L_RTT_EN of another length than the declared one, or several of them, crashes the process.',
    defect: {
      wire: [
        crash((tcp) => {
          const offers = tcp.options.filter(({ option }) => option === 'l_rtt_en');
          const odd = carries('malformed')(tcp) || carries('mptcp_unknown')(tcp);
          return isSyn(tcp) && (odd || offers.length > 1 || (rtt(tcp) && findAny(tcp, 'l_rtt_en')?.octets !== 4));
        }),
      ],
    },
  },
  {
    id: 'rtt-offer-with-a-value-refused',
    requirement: 'DRAFT-RTT-C-05',
    breaks: 'An offer with a value or a reserved bit set makes the server drop the SYN.',
    defect: {
      wire: [
        overlook((tcp) => {
          const offer = findAny(tcp, 'l_rtt_en');
          return isSyn(tcp) && offer !== undefined && (offer.rtt !== 0n || offer.reserved !== 0);
        }),
      ],
    },
  },
  {
    id: 'rtt-crowds-out-mp-capable',
    requirement: 'DRAFT-OPT-04',
    breaks: 'If the options of a SYN/ACK do not fit, MP_CAPABLE is left out instead of L_RTT_EN.',
    defect: {
      wire: [
        spoil(
          (tcp) => isSynAck(tcp) && carries('timestamps')(tcp),
          (tcp) => without(tcp, 'mp_capable'),
        ),
      ],
    },
  },
  {
    id: 'rtt-answered-without-mp-capable',
    requirement: 'DRAFT-RTT-S-01',
    breaks: 'L_RTT_EN is answered on a flow that is not MPTCP.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) => isSynAck(tcp) && !capable(tcp) && flow.segments('in').some(rtt),
          (tcp) => withOption(tcp, { option: 'l_rtt_en', reserved: 0, rtt: 0n, octets: 4 }),
        ),
      ],
    },
  },
  {
    id: 'rtt-answered-unasked',
    requirement: 'DRAFT-RTT-S-01',
    breaks: 'The SYN/ACK carries L_RTT_EN although the SYN had none.',
    defect: {
      wire: [
        spoil(
          (tcp) => isSynAck(tcp) && capable(tcp) && !rtt(tcp),
          (tcp) => withOption(tcp, { option: 'l_rtt_en', reserved: 0, rtt: 0n, octets: 4 }),
        ),
      ],
    },
  },
]);

export const ipsMutants = [...client, ...server];
