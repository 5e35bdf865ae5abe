/** Mutants that do not put up with what a peer may send: odd places, unknown ids, options said twice, offers of others. */
import { dssChecksum } from '../protocol/keys/dss-checksum.js';
import { initialDsn } from '../protocol/keys/key-digest.js';
import { DssFlag, MpCapableFlag } from '../protocol/mptcp/option.js';
import type { Tcp } from '../protocol/wire/packet.js';
import { seqDiff } from '../protocol/wire/seq.js';
import { dsnAdd } from '../reference/mptcp/sequence.js';
import { endOthers } from './end-others.js';
import { answer, crash, misread, overlook, spoil } from './fault.js';
import { type Mutant, mutants } from './mutant.js';
import {
  carries,
  findAny,
  isBareAck,
  isData,
  isReset,
  isSyn,
  isSynAck,
  type OptionName,
  resetTo,
  withEdited,
  without,
} from './segment.js';

const capable = carries('mp_capable');
const capables = (tcp: Tcp): number => tcp.options.filter(({ option }) => option === 'mp_capable').length;
const joins = carries('mp_join');
const refuse = (test: Parameters<typeof answer>[0]) => answer(test, ({ packet }) => [resetTo(packet)]);
const joinedBy = (tcp: Tcp) => {
  const join = findAny(tcp, 'mp_join');
  return isSyn(tcp) && join?.form === 'syn' ? join : undefined;
};

/** The option stands where no word of 32 bits begins. */
const isShifted = ({ options }: Tcp, name: OptionName = 'mp_capable'): boolean => {
  const before = options[options.findIndex(({ option }) => option === name) - 1];
  return before?.option === 'nop' || before?.option === 'unknown';
};

/** MP_CAPABLE with data, read as a mapping of new data wherever it stands in the stream. */
const asMapping = (tcp: Tcp, isn: Tcp['seq']): Tcp['options'] =>
  tcp.options.map((option) => {
    if (option.option !== 'mp_capable' || option.key === undefined) return option;
    const ssn = seqDiff(tcp.seq, isn);
    const mapping = {
      dsn: dsnAdd(initialDsn(1, option.key), ssn),
      ssn,
      dataLength: tcp.payload.length,
    };
    const flags = DssFlag.M | DssFlag.m;
    return { option: 'dss', flags, ...mapping, checksum: dssChecksum(mapping, tcp.payload) };
  });

const servers = mutants({ profile: 'mptcp', role: 'server' }, [
  {
    id: 'third-with-two-capables-crashes',
    requirement: 'DERIVED-MALF-04',
    breaks: 'Two MP_CAPABLE options on the third segment crash the server.',
    defect: { wire: [crash((tcp) => isBareAck(tcp) && capables(tcp) > 1)] },
  },
  {
    id: 'offer-at-odd-offset-unread',
    requirement: 'RFC9293-3.1-03',
    breaks: 'MP_CAPABLE is read only at multiples of four octets.',
    defect: {
      wire: [
        misread(
          (tcp) => isSyn(tcp) && isShifted(tcp),
          (tcp) => without(tcp, 'mp_capable'),
        ),
      ],
    },
  },
  {
    id: 'join-at-odd-offset-unread',
    requirement: 'RFC9293-3.1-03',
    breaks: 'MP_JOIN is read only at multiples of four octets.',
    defect: {
      wire: [
        misread(
          (tcp) => isShifted(tcp, 'mp_join'),
          (tcp) => without(tcp, 'mp_join'),
        ),
      ],
    },
  },
  {
    id: 'mapping-at-odd-offset-unread',
    requirement: 'RFC9293-3.1-03',
    breaks: 'Data whose DSS is not at a multiple of four octets is dropped.',
    defect: { wire: [overlook((tcp) => isData(tcp) && isShifted(tcp, 'dss'))] },
  },
  {
    id: 'unknown-address-removed-resets',
    requirement: 'RFC6824-3.7-02',
    breaks: 'REMOVE_ADDR for an Address ID that no subflow has closes the subflow on which it came.',
    defect: { wire: [refuse(carries('remove_addr'))] },
  },
  {
    id: 'large-address-ids-refused',
    requirement: 'RFC6824-3.2-14',
    breaks: 'An Address ID is an index into a table of 64: joins with a greater one are refused.',
    defect: { wire: [refuse((tcp) => (joinedBy(tcp)?.addressId ?? 0) > 64)] },
  },
  {
    id: 'address-ids-of-both-ends-confused',
    requirement: 'RFC6824-3.2-14',
    breaks: 'A join with an Address ID that the server would give to an address of its own is refused.',
    defect: { wire: [refuse((tcp) => [1, 2, 3, 4].includes(joinedBy(tcp)?.addressId ?? 0))] },
  },
  {
    id: 'join-with-the-first-address-id-crashes',
    requirement: 'RFC6824-3.2-14',
    breaks: 'A join with Address ID 0, which the first subflow has, crashes the server.',
    defect: { wire: [crash((tcp) => joinedBy(tcp)?.addressId === 0)] },
  },
  {
    id: 'join-from-known-address-refused',
    requirement: 'RFC6824-3.2-13',
    breaks: 'A second subflow between the same addresses is refused, whatever its ports.',
    defect: {
      wire: [
        refuse(
          (tcp, { packet, flow, flows }) =>
            joinedBy(tcp) !== undefined &&
            flows.some((other) => other !== flow && other.first?.ip.source === packet.ip.source),
        ),
      ],
    },
  },
  {
    id: 'priority-change-resets',
    requirement: 'RFC6824-3.2-15',
    breaks: 'MP_PRIO on a subflow closes it.',
    defect: { wire: [refuse(carries('mp_prio'))] },
  },
  {
    id: 'reset-reason-without-reset-taken',
    requirement: 'RFC8684-3.6-04',
    breaks: 'MP_TCPRST closes the subflow although the segment is no reset.',
    defect: { wire: [refuse((tcp) => carries('mp_tcprst')(tcp) && !isReset(tcp))] },
  },
  {
    id: 'esim-offer-costs-mptcp',
    requirement: 'DERIVED-MALF-05',
    breaks: 'A host without RobE answers MP_CAPABLE with ROBE_eSIM_EN as plain TCP.',
    defect: {
      wire: [
        misread(
          (tcp) => isSyn(tcp) && carries('robe_esim_en')(tcp),
          (tcp) => without(tcp, 'mp_capable'),
        ),
      ],
    },
  },
  {
    id: 'rtt-offer-costs-mptcp',
    requirement: 'DERIVED-MALF-05',
    breaks: 'A host without RobE answers MP_CAPABLE with L_RTT_EN as plain TCP.',
    defect: {
      wire: [
        misread(
          (tcp) => isSyn(tcp) && carries('l_rtt_en')(tcp),
          (tcp) => without(tcp, 'mp_capable'),
        ),
      ],
    },
  },
  {
    id: 'later-capable-data-delivered',
    requirement: 'RFC8684-3.1-08',
    breaks: 'MP_CAPABLE maps data anywhere in the stream, not only the first octets.',
    defect: {
      wire: [
        misread(
          (tcp, { flow }) => isData(tcp) && capable(tcp) && flow.carriedData,
          (tcp, { flow }) => ({ options: asMapping(tcp, flow.first?.tcp.seq ?? tcp.seq) }),
        ),
      ],
    },
  },
  {
    id: 'first-data-without-checksum-taken',
    requirement: 'RFC6824-3.3-02',
    breaks: 'MP_CAPABLE on data is accepted without the negotiated checksum.',
    defect: {
      wire: [
        misread(
          (tcp) => isData(tcp) && capable(tcp) && findAny(tcp, 'mp_capable')?.checksum === undefined,
          (tcp, { flow }) => ({ options: asMapping(tcp, flow.first?.tcp.seq ?? tcp.seq) }),
        ),
      ],
    },
  },
  {
    id: 'flag-c-refuses-mptcp',
    requirement: 'RFC8684-3.1-26',
    breaks: 'Flag C of a client is answered with plain TCP.',
    defect: {
      wire: [
        misread(
          (tcp) => isSyn(tcp) && ((findAny(tcp, 'mp_capable')?.flags ?? 0) & MpCapableFlag.C) !== 0,
          (tcp) => without(tcp, 'mp_capable'),
        ),
      ],
    },
  },
  {
    id: 'announced-checksums-not-used',
    requirement: 'RFC6824-3.1-16',
    breaks: 'A server that required checksums leaves them out if the client did not require them.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) =>
            isData(tcp) &&
            flow.segments('in').some((syn) => isSyn(syn) && ((findAny(syn, 'mp_capable')?.flags ?? 0x80) & 0x80) === 0),
          (tcp) => withEdited(tcp, 'dss', ({ checksum: _, ...dss }) => dss),
        ),
      ],
    },
  },
  {
    id: 'early-join-crashes',
    requirement: 'RFC6824-3.1-07',
    breaks: 'A join that comes before any DSS crashes the server.',
    defect: {
      wire: [crash((tcp, { flows }) => joinedBy(tcp) !== undefined && !flows.some((flow) => flow.carriedData))],
    },
  },
  {
    id: 'idle-joins-starve-the-connection',
    requirement: 'RFC7430-3-01',
    breaks: 'With more than six half-open joins data on the established flow is ignored.',
    defect: {
      wire: [
        overlook(
          (tcp, { flows }) =>
            isData(tcp) && flows.filter((flow) => !flow.confirmed && flow.segments('in').some(joins)).length > 6,
        ),
      ],
    },
  },
]);

const plain = mutants({ profile: 'tcp', role: 'server' }, [
  {
    id: 'mirrors-mptcp-options',
    requirement: 'RFC9293-3.1-01',
    breaks: 'A host without MPTCP copies unknown options from the SYN into its SYN/ACK.',
    defect: {
      wire: [
        spoil(isSynAck, (tcp, { flow }) => ({
          options: [
            ...tcp.options,
            ...flow
              .segments('in')
              .flatMap(({ options }) =>
                options.filter(({ option }) => option === 'mp_capable' || option === 'mp_join'),
              ),
          ],
        })),
      ],
    },
  },
  {
    id: 'repeated-third-segment-reset',
    requirement: 'RFC9293-3.10.7-09',
    breaks: 'A repeated third segment is looked up only among half-open flows, and draws a reset.',
    defect: {
      wire: [
        answer(
          (tcp, { flow }) => isBareAck(tcp) && flow.confirmed && !flow.carriedData,
          ({ packet }) => [resetTo(packet)],
          'besides',
        ),
      ],
    },
  },
]);

const half = mutants({ profile: 'mptcp', role: 'server' }, [
  {
    id: 'bbm-early-join-harms-the-connection',
    profile: 'robe-bbm',
    requirement: 'ROBE-P2-S-08',
    breaks: 'A join before any DSS ends the winning flow.',
    defect: {
      wire: [endOthers((tcp, { flows }) => isSyn(tcp) && joins(tcp) && !flows.some((flow) => flow.carriedData))],
    },
  },
]);

export const toleranceMutants: readonly Mutant[] = [...servers, ...plain, ...half];
