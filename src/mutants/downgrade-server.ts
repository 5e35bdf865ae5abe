/** Mutants of a server of proposal 1, downgrading (paper 2.1). */
import type { Tcp } from '../protocol/wire/packet.js';
import { type CapableRequest, correlate } from '../reference/listener/correlation.js';
import { acceptsEcho } from '../reference/mptcp/capable.js';
import { endOthers } from './end-others.js';
import { acceptGhost, answer, overlook, spoil, withhold } from './fault.js';
import { mutants } from './mutant.js';
import { carries, isData, isReset, isSyn, isSynAck, isThird, resetTo, withEdited } from './segment.js';

const capable = carries('mp_capable');
const flip = (tcp: Tcp) => withEdited(tcp, 'mp_capable', (option) => ({ ...option, flags: option.flags ^ 0x80 }));

export const downgradeServerMutants = mutants({ profile: 'robe-downgrade', role: 'server' }, [
  {
    id: 'new-key-b-for-known-key-a',
    requirement: 'ROBE-P1-S-02',
    breaks: 'A SYN with a Key-A in use gets a key of its own.',
    defect: { decides: { listener: { correlate: () => undefined } } },
  },
  {
    id: 'one-key-b-for-everybody',
    requirement: 'ROBE-P1-S-01',
    breaks: 'A SYN with an unknown Key-A gets the Key-B of an earlier client.',
    defect: { decides: { listener: { chooseKeyB: (repeated) => repeated?.keyB ?? 0x6666_7777_8888_9999n } } },
  },
  {
    id: 'correlation-after-establishment-only',
    requirement: 'ROBE-P1-S-03',
    breaks: 'A Key-A is correlated only with an established connection, not with half-open flows.',
    defect: {
      decides: {
        listener: {
          correlate: (requests, ...rest) =>
            correlate(
              requests.filter(({ session }) => session !== undefined),
              ...rest,
            ),
        },
      },
    },
  },
  {
    id: 'third-syn-gets-a-new-key',
    requirement: 'ROBE-P1-S-04',
    breaks: 'From the third SYN with one Key-A on, each gets a new Key-B.',
    defect: {
      decides: {
        listener: {
          correlate: (requests, ...rest) =>
            correlate(
              requests.filter(({ halfOpen }) => halfOpen.size < 2),
              ...rest,
            ),
        },
      },
    },
  },
  {
    id: 'key-goes-with-the-initial-flow',
    requirement: 'ROBE-P1-S-02',
    breaks: 'After the initial flow has ended, a SYN with the Key-A of its connection gets a new Key-B.',
    defect: {
      decides: {
        listener: {
          correlate: (requests, ...rest) =>
            correlate(
              requests.filter(({ session }) => session?.members.some(({ remoteId }) => remoteId === 0) ?? true),
              ...rest,
            ),
        },
      },
    },
  },
  {
    id: 'first-third-segment-does-not-count',
    requirement: 'ROBE-P1-S-05',
    breaks: 'The first valid third segment creates no connection; a second one is needed.',
    defect: {
      wire: [
        overlook(
          (tcp, { flows }) =>
            !isSyn(tcp) && !isReset(tcp) && flows.filter((flow) => flow.segments('in').some(isThird)).length === 0,
        ),
      ],
    },
  },
  {
    id: 'second-flow-reset',
    requirement: 'ROBE-P1-S-06',
    breaks: 'A second valid third segment draws a reset and creates no subflow.',
    defect: { decides: { listener: { attachesFurther: () => false } } },
  },
  {
    id: 'second-flow-a-connection-of-its-own',
    requirement: 'ROBE-P1-S-20',
    breaks: 'Each further flow of a Key-A group is passed to the application as a connection.',
    defect: {
      wire: [
        acceptGhost(
          (tcp, { flow, flows }) =>
            isThird(tcp) && !flow.confirmed && flows.some((other) => other !== flow && other.confirmed),
        ),
      ],
    },
  },
  {
    id: 'wrong-echo-attached',
    requirement: 'ROBE-P1-S-08',
    breaks: 'A third segment with a wrong Key-B attaches its flow.',
    defect: {
      decides: {
        listener: {
          acceptsEcho: (expected, option) => acceptsEcho(expected, { ...option, peerKey: expected.keyB }),
        },
      },
    },
  },
  {
    id: 'wrong-key-a-attached',
    requirement: 'ROBE-P1-S-08',
    breaks: 'A third segment with another Key-A than the SYN attaches its flow.',
    defect: {
      decides: {
        listener: {
          acceptsEcho: (expected, option) =>
            acceptsEcho(expected, expected.keyA === undefined ? option : { ...option, key: expected.keyA }),
        },
      },
    },
  },
  {
    id: 'wrong-echo-unanswered',
    requirement: 'ROBE-P1-S-08',
    breaks: 'A third segment with wrong keys draws no reset.',
    defect: { behaves: { robe: { invalid_ack: 'ignore' } } },
  },
  {
    id: 'syn-ack-of-second-flow-not-repeated',
    requirement: 'ROBE-P1-S-09',
    breaks: 'After the connection is established, the SYN/ACK of another flow is no longer repeated.',
    defect: {
      wire: [
        withhold(
          (tcp, { flow, flows }) =>
            isSynAck(tcp) && flow.synAcked && flows.some((other) => other !== flow && other.confirmed),
        ),
      ],
    },
  },
  {
    id: 'late-syn-gets-a-new-key',
    requirement: 'ROBE-P1-S-10',
    breaks: 'A SYN with the Key-A of an established connection is treated as a new request.',
    defect: { behaves: { p1: { match_states: 'half' } } },
  },
  {
    id: 'key-a-known-for-ever',
    requirement: 'ROBE-P1-S-11',
    breaks: 'After the connection ended, its Key-A still gets the old Key-B.',
    defect: {
      remembers: () => {
        const seen = new Map<bigint, bigint>();
        let keyA = 0n;
        return {
          listener: {
            correlate: (requests, syn, parameters) => {
              keyA = syn.offer.keyA ?? 0n;
              return correlate(requests, syn, parameters);
            },
            chooseKeyB: (repeated: CapableRequest | undefined, fresh: () => bigint) => {
              const key = repeated?.keyB ?? seen.get(keyA) ?? fresh();
              seen.set(keyA, key);
              return key;
            },
          },
        };
      },
    },
  },
  {
    id: 'second-syn-ack-with-other-flag',
    requirement: 'ROBE-P1-S-14',
    breaks: 'The second SYN/ACK of a group has flag A inverted.',
    defect: {
      wire: [
        spoil((tcp, { flows, flow }) => isSynAck(tcp) && flows.some((other) => other !== flow && other.synAcked), flip),
      ],
    },
  },
  {
    id: 'flag-mismatch-attaches',
    requirement: 'ROBE-P1-S-15',
    breaks: 'A known Key-A with another A flag is attached and mixes checksum modes.',
    defect: { behaves: { p1: { flag_mismatch: 'attach' } } },
  },
  {
    id: 'reset-of-one-half-open-flow-ends-the-group',
    requirement: 'ROBE-P1-S-16',
    breaks: 'The reset of one half-open flow ends the other ones of the group.',
    defect: {
      wire: [endOthers((tcp, { flow }) => isReset(tcp) && flow.synAcked && !flow.confirmed)],
    },
  },
  {
    id: 'loss-of-initial-flow-ends-the-connection',
    requirement: 'ROBE-P1-S-17',
    breaks: 'The reset of the initial subflow ends the connection although there is another flow.',
    defect: {
      wire: [endOthers((tcp, { flow }) => isReset(tcp) && flow.confirmed)],
    },
  },
  {
    id: 'different-key-a-from-one-host-merged',
    requirement: 'ROBE-P1-S-18',
    breaks: 'SYNs from one address are correlated whatever their Key-A.',
    defect: {
      remembers: () => {
        const byHost = new Map<string, CapableRequest>();
        return {
          listener: {
            correlate: (requests, syn, parameters) => {
              const known = correlate(requests, syn, parameters) ?? byHost.get(syn.from);
              return known === 'rst' || known?.over ? undefined : known;
            },
            acceptsEcho: (expected, option) => {
              const request = expected as CapableRequest;
              byHost.set(request.firstFrom, request);
              return acceptsEcho(request, option);
            },
          },
        };
      },
    },
  },
  {
    id: 'correlates-within-one-network-only',
    requirement: 'DERIVED-NAT-01',
    breaks: 'A known Key-A counts only from addresses near the first one.',
    defect: { behaves: { p1: { foreign_host: 'newkey' } } },
  },
  {
    id: 'further-flow-without-data',
    requirement: 'ROBE-P1-B-03',
    breaks: 'Data on a further flow is never answered.',
    defect: {
      wire: [
        overlook(
          (tcp, { flow, flows }) => isData(tcp) && flows.findIndex((each) => each.confirmed) !== flows.indexOf(flow),
        ),
      ],
    },
  },
  {
    id: 'classic-join-refused',
    requirement: 'ROBE-INT-03',
    breaks: 'A classic client of a RobE server cannot join.',
    defect: {
      wire: [
        answer(
          (tcp) => isSyn(tcp) && carries('mp_join')(tcp),
          ({ packet }) => [resetTo(packet)],
        ),
      ],
    },
  },
  {
    id: 'plain-client-refused',
    requirement: 'ROBE-INT-04',
    breaks: 'A SYN without MPTCP is refused by a RobE server.',
    defect: {
      wire: [
        answer(
          (tcp, { flows }) => isSyn(tcp) && !capable(tcp) && !carries('mp_join')(tcp) && flows.length === 1,
          ({ packet }) => [resetTo(packet)],
        ),
      ],
    },
  },
  {
    id: 'group-expires-together',
    requirement: 'DERIVED-TIME-02',
    breaks: 'When one half-open flow of a group times out, the connection of the group ends.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) => isSynAck(tcp) && flow.segments('out').filter(isSynAck).length > 1,
          (tcp) => withEdited(tcp, 'mp_capable', (option) => ({ ...option, key: 1n })),
        ),
      ],
    },
  },
]);
