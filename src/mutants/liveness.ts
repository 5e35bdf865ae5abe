/** Mutants that do not survive what they are sent: crashes, hangs and silence. */
import { crash, hang, withhold } from './fault.js';
import { mutants } from './mutant.js';
import { carries, isData, isReset, isSyn } from './segment.js';

export const livenessMutants = mutants({ profile: 'mptcp', role: 'server' }, [
  {
    id: 'crashes-on-reset',
    profile: 'tcp',
    requirement: 'RFC9293-3.10.7-08',
    breaks: 'A reset at the listener crashes the process.',
    defect: { wire: [crash((tcp, { flow }) => isReset(tcp) && !flow.synAcked)] },
  },
  {
    id: 'crashes-on-unknown-option',
    profile: 'tcp',
    requirement: 'RFC9293-3.1-01',
    breaks: 'An option of unknown kind crashes the process.',
    defect: { wire: [crash((tcp) => carries('unknown')(tcp))] },
  },
  {
    id: 'hangs-on-unknown-option',
    profile: 'tcp',
    origin: 'RIOT-OS/RIOT#12086',
    requirement: 'RFC9293-3.1-01',
    breaks: 'An option of unknown kind puts the parser into an endless loop.',
    defect: { wire: [hang((tcp) => carries('unknown')(tcp))] },
  },
  {
    id: 'crashes-on-unknown-subtype',
    requirement: 'DERIVED-MALF-05',
    breaks: 'An unknown MPTCP subtype crashes the process.',
    defect: { wire: [crash((tcp) => carries('mptcp_unknown')(tcp))] },
  },
  {
    id: 'silent-to-mptcp',
    requirement: 'RFC8684-3.1-02',
    breaks: 'A SYN with MP_CAPABLE is never answered.',
    defect: { wire: [withhold((tcp) => carries('mp_capable')(tcp))] },
  },
  {
    id: 'crashes-on-second-flow',
    profile: 'robe-downgrade',
    requirement: 'ROBE-GEN-03',
    breaks: 'A second SYN with the same key crashes the process.',
    defect: {
      wire: [
        crash(
          (tcp, { flow, flows }) =>
            isSyn(tcp) &&
            carries('mp_capable')(tcp) &&
            flows.some((other) => other !== flow && other.key('in') !== undefined),
        ),
      ],
    },
  },
  {
    id: 'crashes-on-join-cap',
    profile: 'robe-esim',
    requirement: 'DRAFT-eSIM-S-02',
    breaks: 'MP_JOIN_CAP crashes the process.',
    defect: { wire: [crash((tcp) => carries('mp_join_cap')(tcp))] },
  },
  {
    id: 'crashes-on-data-of-two-flows',
    profile: 'robe-downgrade',
    requirement: 'DERIVED-DSS-02',
    breaks: 'Data on a downgraded flow before any on the initial one crashes the process.',
    defect: {
      wire: [
        crash(
          (tcp, { flow, flows }) =>
            isData(tcp) &&
            flows.some((other) => other !== flow && other.confirmed && !other.carriedData) &&
            !flows.some((other) => other.carriedData),
        ),
      ],
    },
  },
]);
