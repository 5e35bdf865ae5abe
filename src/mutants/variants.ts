/** Mutants under other declarations than the default ones, and those that fail a peer without what is special about RobE. */
import type { Tcp } from '../protocol/wire/packet.js';
import { judgeOffer } from '../reference/mptcp/capable.js';
import { crash, misread, overlook, spoil, withhold } from './fault.js';
import { type Mutant, mutants } from './mutant.js';
import { carries, findAny, isBareAck, isData, isReset, isSyn, isSynAck, withOption, without } from './segment.js';

const capable = carries('mp_capable');
const announced = carries('robe_esim_en');
const implicit = { esim: { mode: 'implicit' } } as const;
const answerTo = (version: 0 | 1) => (tcp: Tcp) =>
  withOption(tcp, { option: 'mp_capable', version, flags: 0x81, key: 0x1212_3434_5656_7878n });

/** What comes by a flow is not answered while there is no other one. */
const needsTwoPaths = overlook(
  (tcp, { flows }) => isData(tcp) && flows.filter(({ confirmed }) => confirmed).length < 2,
);

const declarations: readonly Mutant[] = [
  ...mutants({ profile: 'mptcp', role: 'server' }, [
    {
      id: 'v1-offer-answered-by-v0-only-host',
      versions: [0],
      requirement: 'RFC8684-3.1-15',
      breaks: 'A host that supports only v0 answers a keyless v1 SYN with MP_CAPABLE.',
      defect: {
        wire: [
          spoil((tcp, { flow }) => isSynAck(tcp) && !capable(tcp) && flow.segments('in').some(capable), answerTo(1)),
        ],
      },
    },
    {
      id: 'v0-offer-answered-in-v1',
      versions: [1],
      requirement: 'RFC8684-3.1-14',
      breaks: 'A host that supports only v1 answers a v0 SYN with version 1.',
      defect: {
        wire: [
          spoil((tcp, { flow }) => isSynAck(tcp) && !capable(tcp) && flow.segments('in').some(capable), answerTo(1)),
        ],
      },
    },
    {
      id: 'keyed-offer-of-any-version-is-v0',
      requirement: 'DERIVED-MALF-01',
      breaks: 'A SYN with a key is treated as v0 whatever version it names.',
      defect: {
        decides: {
          listener: {
            judgeOffer: (option, ...rest) =>
              judgeOffer(option.key === undefined ? option : { ...option, version: 0 }, ...rest),
          },
        },
      },
    },
  ]),
  ...mutants({ profile: 'robe-downgrade', role: 'server' }, [
    {
      id: 'declared-flag-reset-missing',
      declared: { p1: { flag_mismatch: 'rst' } },
      requirement: 'ROBE-P1-S-15',
      breaks: 'A known Key-A with another A flag is answered although a reset is declared.',
      defect: { behaves: { p1: { flag_mismatch: 'newkey' } } },
    },
    {
      id: 'declared-separation-of-hosts-missing',
      declared: { p1: { foreign_host: 'newkey' } },
      requirement: 'DERIVED-SEC-01',
      breaks: 'A stranger with an observed Key-A gets the Key-B of the connection although separation is declared.',
      defect: { behaves: { p1: { foreign_host: 'attach' } } },
    },
    {
      id: 'declared-refusal-of-hosts-missing',
      declared: { p1: { foreign_host: 'rst' } },
      requirement: 'DERIVED-SEC-01',
      breaks: 'A stranger with an observed Key-A gets the Key-B of the connection although refusal is declared.',
      defect: { behaves: { p1: { foreign_host: 'attach' } } },
    },
    {
      id: 'single-flow-client-unanswered',
      requirement: 'ROBE-INT-03',
      breaks: 'A classic client with one flow gets no answer to its data.',
      defect: { wire: [needsTwoPaths] },
    },
  ]),
  ...mutants({ profile: 'robe-downgrade', role: 'client' }, [
    {
      id: 'declared-comparison-with-all-missing',
      declared: { p1: { client_match: 'global' } },
      requirement: 'ROBE-P1-C-18',
      breaks:
        'The receiver key of a later SYN/ACK is compared with that of its own attempt alone, although all are declared.',
      defect: { behaves: { p1: { client_match: 'same-attempt' } } },
    },
    {
      id: 'declared-left-flow-completed',
      declared: { robe: { superfluous: 'leave' } },
      requirement: 'DERIVED-ACC-01',
      breaks: 'A superfluous flow is completed instead of left as declared, so that a classic server accepts twice.',
      defect: { decides: { client: { sameReceiverKey: () => true } } },
    },
    {
      id: 'declared-abandoned-syn-repeated',
      declared: { robe: { keep_syn: 'no' } },
      requirement: 'ROBE-P1-C-12',
      breaks: 'The SYN of another path is repeated after the election although the opposite is declared.',
      defect: { behaves: { robe: { keep_syn: 'yes' } } },
    },
  ]),
  ...mutants({ profile: 'robe-bbm', role: 'server' }, [
    {
      id: 'declared-bare-resets-missing',
      declared: { p2: { rst_form: 'rst' } },
      requirement: 'ROBE-P2-S-03',
      breaks: 'Losers are not reset in any form.',
      defect: { decides: { listener: { losersOf: () => [] } } },
    },
    {
      id: 'bbm-single-flow-client-unanswered',
      requirement: 'ROBE-INT-03',
      breaks: 'A classic client with one flow gets no answer to its data.',
      defect: { wire: [needsTwoPaths] },
    },
  ]),
];

const enhanced: readonly Mutant[] = [
  ...mutants({ profile: 'robe-esim', role: 'server' }, [
    {
      id: 'esim-implicit-join-refused',
      declared: implicit,
      requirement: 'DRAFT-eSIM-S-02',
      breaks: 'In implicit mode a join is refused because ROBE_eSIM_EN was not announced.',
      defect: { decides: { joinCap: { mayJoin: (_stack, own) => own.extras.esim } } },
    },
    {
      id: 'esim-single-flow-client-unanswered',
      requirement: 'ROBE-GEN-03',
      breaks: 'A client with one flow gets no answer to its data.',
      defect: { wire: [needsTwoPaths] },
    },
    {
      id: 'esim-odd-announcement-crashes',
      requirement: 'DRAFT-OPT-01',
      breaks: 'A ROBE_eSIM_EN of another length than four octets crashes the process.',
      defect: { wire: [crash((tcp) => isSyn(tcp) && (carries('malformed')(tcp) || carries('mptcp_unknown')(tcp)))] },
    },
    {
      id: 'esim-announcement-confirmed-by-itself',
      requirement: 'DRAFT-eSIM-S-16',
      breaks: 'ROBE_eSIM_EN of a SYN without MP_CAPABLE is repeated in the SYN/ACK.',
      defect: {
        wire: [
          spoil(
            (tcp, { flow }) =>
              isSynAck(tcp) && !announced(tcp) && flow.segments('in').some((syn) => announced(syn) && !capable(syn)),
            (tcp) => withOption(tcp, { option: 'robe_esim_en', reserved: 0 }),
          ),
        ],
      },
    },
    {
      id: 'esim-announcement-spoils-a-join',
      requirement: 'DRAFT-eSIM-S-16',
      breaks: 'A SYN with MP_JOIN and ROBE_eSIM_EN is treated as a plain SYN.',
      defect: {
        wire: [
          misread(
            (tcp) => isSyn(tcp) && announced(tcp) && carries('mp_join')(tcp),
            (tcp) => without(tcp, 'mp_join'),
          ),
        ],
      },
    },
    {
      id: 'esim-pressure-drops-mp-capable',
      requirement: 'DRAFT-OPT-04',
      breaks: 'If the options of a SYN/ACK do not fit, MP_CAPABLE is left out.',
      defect: {
        wire: [
          spoil(
            (tcp, { flow }) => isSynAck(tcp) && flow.segments('in').some(carries('l_rtt_en')),
            (tcp) => without(tcp, 'mp_capable'),
          ),
        ],
      },
    },
    {
      id: 'esim-odd-join-unanswered',
      requirement: 'DRAFT-eSIM-S-10',
      breaks: 'An MP_JOIN_CAP of an invalid length draws no reset.',
      defect: {
        wire: [
          withhold(
            (tcp, { flow }) => isReset(tcp) && flow.synAcked && !flow.segments('in').some(carries('mp_join_cap')),
          ),
        ],
      },
    },
    {
      id: 'esim-join-on-plain-flow-maps',
      requirement: 'DRAFT-eSIM-S-13',
      breaks: 'After MP_JOIN_CAP on the third segment of a plain handshake the server sends Data ACKs on that flow.',
      defect: {
        wire: [
          spoil(
            (tcp, { flow }) =>
              !isSynAck(tcp) &&
              !isReset(tcp) &&
              flow.segments('in').some(carries('mp_join_cap')) &&
              !flow.segments('in').some(capable),
            (tcp) => withOption(tcp, { option: 'dss', flags: 1, ack: 1n }),
          ),
        ],
      },
    },
  ]),
  ...mutants({ profile: 'robe-esim', role: 'client' }, [
    {
      id: 'esim-implicit-second-flow-reset',
      declared: implicit,
      requirement: 'DRAFT-eSIM-C-03',
      breaks: 'In implicit mode a later SYN/ACK is reset and does not join.',
      defect: { decides: { client: { judgeEnhanced: () => 'reset' } } },
    },
    {
      id: 'esim-implicit-announces',
      declared: implicit,
      requirement: 'DRAFT-eSIM-C-12',
      breaks: 'In implicit mode the SYNs carry ROBE_eSIM_EN, which belongs to explicit mode.',
      defect: {
        wire: [
          spoil(
            (tcp) => isSyn(tcp) && capable(tcp),
            (tcp) => withOption(tcp, { option: 'robe_esim_en', reserved: 0 }),
          ),
        ],
      },
    },
    {
      id: 'esim-third-path-unused',
      requirement: 'DRAFT-GEN-02',
      breaks: 'Only two of three paths are tried.',
      defect: { wire: [withhold((tcp, { path }) => isSyn(tcp) && path === 3)] },
    },
    {
      id: 'esim-one-key-a-for-all-paths',
      requirement: 'DRAFT-SIM-C-01',
      breaks: 'The handshakes share one Key-A in v0.',
      defect: { decides: { client: { chooseKeyA: (_stack, attempt) => attempt.keyA } } },
    },
    {
      id: 'esim-announcement-taken-for-mptcp',
      requirement: 'DRAFT-eSIM-C-15',
      breaks: 'A SYN/ACK with ROBE_eSIM_EN and no MP_CAPABLE is confirmed with keys.',
      defect: {
        wire: [
          spoil(
            (tcp, { flow }) =>
              isBareAck(tcp) &&
              flow.segments('in').some((s) => isSynAck(s) && announced(s) && findAny(s, 'mp_capable') === undefined),
            (tcp) => withOption(tcp, { option: 'mp_capable', version: 1, flags: 0x81, key: 1n, peerKey: 2n }),
          ),
        ],
      },
    },
  ]),
];

export const variantMutants = [...declarations, ...enhanced];
