/**
 * Mutants of sentences about a whole establishment: whom it may be mixed up with, how many paths it has, what it costs, and
 * what becomes of it when segments come at once, late or from an older attempt.
 */
import { TcpFlag } from '../protocol/wire/packet.js';
import { seq } from '../protocol/wire/seq.js';
import { sameReceiverKey } from '../reference/election/downgrade.js';
import { acceptGhost, answer, overlook, type Passing, spoil, withhold } from './fault.js';
import { type Mutant, mutants } from './mutant.js';
import {
  backTo,
  carries,
  isData,
  isReset,
  isSyn,
  isSynAck,
  isThird,
  withEdited,
  withOption,
  without,
} from './segment.js';

const capable = carries('mp_capable');
/** The ACK that a segment without data or FIN does not ask for. */
const acknowledgment = ({ packet }: Passing) => [
  backTo(packet, { seq: seq(packet.tcp.ack), ack: packet.tcp.seq, flags: TcpFlag.ACK }),
];

/** What is sent twice where once would be allowed. */
const twice = (sends: (passing: Passing) => ReturnType<typeof acknowledgment>) => (passing: Passing) => [
  ...sends(passing),
  ...sends(passing),
];

export const overallMutants: readonly Mutant[] = [
  ...mutants({ profile: 'tcp', role: 'server' }, [
    {
      id: 'ports-of-a-reset-attempt-shut',
      requirement: 'RFC9293-3.5-02',
      breaks: 'After the reset of a half-open flow SYNs from the same ports are ignored.',
      defect: { wire: [overlook((tcp, { flow }) => isSyn(tcp) && flow.segments('in').some(isReset))] },
    },
  ]),
  ...mutants({ profile: 'mptcp', role: 'client' }, [
    {
      id: 'join-to-the-next-port',
      requirement: 'RFC6824-3.8-01',
      breaks: 'A join goes to another port than the first subflow.',
      defect: {
        wire: [
          spoil(
            (tcp) => isSyn(tcp) && carries('mp_join')(tcp),
            ({ destinationPort }) => ({ destinationPort: destinationPort + 1 }),
          ),
        ],
      },
    },
    {
      id: 'key-of-the-live-connection-again',
      role: 'both',
      requirement: 'RFC6824-B.1.1-01',
      breaks: 'A second connection is offered with the key, and so the token, of the first.',
      defect: {
        wire: [
          spoil(
            (tcp, { flow, flows }) => capable(tcp) && flows[0] !== flow && flows[0]?.key('out') !== undefined,
            (tcp, { flows }) =>
              withEdited(tcp, 'mp_capable', (option) =>
                option.key === undefined ? option : { ...option, key: flows[0]?.key('out') ?? 0n },
              ),
          ),
        ],
      },
    },
  ]),
  ...mutants({ profile: 'mptcp', role: 'server' }, [
    {
      id: 'key-of-a-live-connection-drawn-again',
      requirement: 'RFC6824-3.1-04',
      breaks: 'A key is drawn a second time although a live connection has its token.',
      defect: { decides: { listener: { chooseKeyB: (repeated) => repeated?.keyB ?? 0x1357_9bdf_2468_ace0n } } },
    },
  ]),
  ...mutants({ profile: 'robe-downgrade', role: 'client' }, [
    {
      id: 'key-b-of-any-connection-attaches',
      requirement: 'ROBE-P1-C-17',
      breaks: 'A flow attaches if the Key-B of its SYN/ACK is that of any connection of the client.',
      defect: {
        remembers: () => {
          const seen = new Set<bigint>();
          return {
            client: {
              sameReceiverKey: (session, answer) => sameReceiverKey(session, answer) || seen.has(answer.keyB),
              echoKeys: (key, peerKey) => {
                seen.add(peerKey);
                return { key, peerKey };
              },
            },
          };
        },
      },
    },
    {
      id: 'one-sequence-space-for-both-paths',
      requirement: 'RFC9293-3.9.1-01',
      breaks: 'The third segment on the second path continues the sequence numbers of the first path.',
      defect: {
        wire: [
          spoil(
            (tcp, { path }) => isThird(tcp) && path === 2,
            (tcp, { flows }) => ({ seq: flows.find(({ path }) => path === 1)?.next('out') ?? tcp.seq }),
          ),
        ],
      },
    },
    {
      id: 'other-path-counts-when-it-answers-again',
      requirement: 'ROBE-P1-C-12',
      breaks:
        'The first answer on a path other than the default is ignored, so that connecting takes a timeout if the default path loses.',
      defect: { wire: [overlook((tcp, { path, flow }) => isSynAck(tcp) && path > 1 && !flow.synAcked)] },
    },
    {
      id: 'single-path-waits-for-another',
      requirement: 'ROBE-P1-C-15',
      breaks: 'The first SYN waits for a second path that does not exist, and is sent by the retransmission timer.',
      defect: { wire: [withhold((tcp, { flow, flows }) => isSyn(tcp) && flows.length === 1 && !flow.openedHere)] },
    },
    {
      id: 'superfluous-flow-left-in-silence',
      requirement: 'ROBE-INT-05',
      breaks: 'A flow to a classic server that cannot be attached is not reset although this is declared.',
      defect: { behaves: { robe: { superfluous: 'leave' } } },
    },
    {
      id: 'third-path-forgotten',
      requirement: 'ROBE-GEN-07',
      breaks: 'A client with three paths sends SYNs on two of them.',
      defect: { wire: [withhold((tcp, { path }) => isSyn(tcp) && path > 2)] },
    },
    {
      id: 'second-path-asked-without-mptcp',
      requirement: 'ROBE-GEN-02',
      breaks: 'The SYN on the second path has no MP_CAPABLE.',
      defect: {
        wire: [
          spoil(
            (tcp, { path }) => isSyn(tcp) && path === 2,
            (tcp) => without(tcp, 'mp_capable'),
          ),
        ],
      },
    },
    {
      id: 'one-timer-for-all-syns',
      requirement: 'DERIVED-TIME-01',
      breaks: 'One timer repeats the SYN of the first path alone.',
      defect: { wire: [withhold((tcp, { path, flow }) => isSyn(tcp) && path > 1 && flow.openedHere)] },
    },
    {
      id: 'attached-flow-begins-without-mapping',
      requirement: 'DERIVED-DSS-01',
      breaks: 'The first data on an attached flow has no mapping.',
      defect: {
        wire: [
          spoil(
            (tcp, { path, flow }) => isData(tcp) && path > 1 && !flow.segments('out').some(isData),
            (tcp) => without(tcp, 'dss'),
          ),
        ],
      },
    },
  ]),
  ...mutants({ profile: 'robe-downgrade', role: 'server' }, [
    {
      id: 'third-segments-at-once-accepted-apart',
      requirement: 'DERIVED-CONC-01',
      breaks: 'A third segment that comes before the connection has carried data creates a connection of its own.',
      defect: {
        wire: [
          acceptGhost(
            (tcp, { flow, flows }) =>
              isThird(tcp) && !flow.confirmed && flows.some((other) => other.confirmed && !other.carriedData),
          ),
        ],
      },
    },
    {
      id: 'every-third-segment-acknowledged',
      requirement: 'ROBE-P1-B-02',
      breaks: 'Each third segment draws two ACKs, so that two flows take more segments than classic ones.',
      defect: { wire: [answer(isThird, twice(acknowledgment), 'besides')] },
    },
    {
      id: 'further-third-segments-acknowledged',
      requirement: 'ROBE-GEN-04',
      breaks: 'Third segments of further flows are acknowledged twice.',
      defect: {
        wire: [
          answer(
            (tcp, { flow, flows }) => isThird(tcp) && flows.some((other) => other !== flow && other.confirmed),
            twice(acknowledgment),
            'besides',
          ),
        ],
      },
    },
    {
      id: 'data-on-the-flow-elected-by-the-client-only-unread',
      requirement: 'ROBE-P1-S-07',
      breaks: 'Data is read only on the flow that this server elected, although the client may have elected another.',
      defect: {
        wire: [
          overlook(
            (tcp, { flow, flows }) =>
              isData(tcp) && flows.find(({ confirmed }) => confirmed) !== flow && flow.confirmed,
          ),
        ],
      },
    },
  ]),
  ...mutants({ profile: 'robe-bbm', role: 'both' }, [
    {
      id: 'bbm-adds-an-option-of-its-own',
      requirement: 'ROBE-GEN-06',
      breaks: 'The third segment or the SYN/ACK has an MPTCP option of a new subtype beside MP_CAPABLE.',
      defect: {
        wire: [
          spoil(
            (tcp) => !isSyn(tcp) && capable(tcp),
            (tcp) => withOption(tcp, { option: 'mptcp_unknown', subtype: 12, nibble: 0, data: new Uint8Array(1) }),
          ),
        ],
      },
    },
  ]),
  ...mutants({ profile: 'robe-timer', role: 'server' }, [
    {
      id: 'late-first-syn-accepted',
      requirement: 'ROBE-P3-S-02',
      breaks: 'A first SYN that comes after the second path is passed to the application as one more connection.',
      defect: {
        wire: [
          acceptGhost((tcp, { flow, flows }) => isSyn(tcp) && flows.some((other) => other !== flow && other.confirmed)),
        ],
      },
    },
  ]),
  ...mutants({ profile: 'robe-ips', role: 'client' }, [
    {
      id: 'ips-refused-path-ends-the-selection',
      requirement: 'DRAFT-IPS-C-05',
      breaks: 'After the chosen path refused, no further attempt is made.',
      defect: {
        wire: [
          withhold(
            (tcp, { flows }) =>
              isSyn(tcp) && flows.some((other) => !other.synAcked && other.segments('in').some(isReset)),
          ),
        ],
      },
    },
  ]),
  ...mutants({ profile: 'robe-esim', role: 'both' }, [
    {
      id: 'wrong-joins-shut-the-door',
      role: 'server',
      requirement: 'DRAFT-eSIM-S-11',
      breaks: 'After five refused MP_JOIN_CAP all further ones are ignored.',
      defect: {
        wire: [
          overlook(
            (tcp, { flows }) =>
              carries('mp_join_cap')(tcp) &&
              flows.filter((flow) => flow.reset && flow.segments('in').some(carries('mp_join_cap'))).length > 4,
          ),
        ],
      },
    },
    {
      id: 'announces-under-an-assigned-subtype',
      requirement: 'DRAFT-OPT-03',
      breaks: 'ROBE_eSIM_EN has subtype 8, which version 1 has assigned.',
      defect: {
        wire: [
          spoil(carries('robe_esim_en'), (tcp) => ({
            options: tcp.options.map((option) =>
              option.option === 'robe_esim_en' ? { option: 'raw', octets: Uint8Array.of(30, 4, 0x80, 0) } : option,
            ),
          })),
        ],
      },
    },
    {
      id: 'joined-flow-without-options-kept',
      role: 'client',
      requirement: 'DERIVED-FB-02',
      breaks: 'Data without a mapping on a joined flow is acknowledged there instead of resetting it.',
      defect: {
        wire: [
          spoil(
            (tcp, { flow }) => isReset(tcp) && flow.segments('out').some(carries('mp_join_cap')),
            ({ seq }, { flow }) => ({ flags: 0x10, ack: flow.next('in') ?? seq, seq, options: [] }),
          ),
        ],
      },
    },
  ]),
];
