/**
 * Mutants of what holds of every DSS: mappings that stay as they were declared and cover every octet, Data ACKs of what came,
 * a window whose edge never moves back (RFC 6824 and RFC 8684, section 3.3). The book of rules notices them.
 */
import { dssChecksum } from '../protocol/keys/dss-checksum.js';
import { initialDsn } from '../protocol/keys/key-digest.js';
import { DssFlag } from '../protocol/mptcp/option.js';
import type { Tcp } from '../protocol/wire/packet.js';
import { seqDiff } from '../protocol/wire/seq.js';
import type { TcpOption } from '../protocol/wire/tcp-option.js';
import { misread, type Passing, spoil } from './fault.js';
import type { FlowHistory } from './flow-history.js';
import { editMapping, shiftMapping } from './mapping.js';
import { type Mutant, mutants } from './mutant.js';
import { carries, findAny, isBareAck, isData, isSyn, isSynAck, withEdited, withOption, without } from './segment.js';
import { isRepeated, otherOctets } from './watched.js';

const dss = carries('dss');
const isMapped = (tcp: Tcp): boolean => isData(tcp) && findAny(tcp, 'dss')?.dsn !== undefined;
const sentData = ({ flow }: Passing): boolean => flow.segments('out').some(isData);
const wasJoined = ({ flow }: Passing): boolean =>
  flow.segments('in').some((tcp) => isSyn(tcp) && carries('mp_join')(tcp));
const isBareDataFin = (tcp: Tcp): boolean =>
  tcp.payload.length === 0 && ((findAny(tcp, 'dss')?.flags ?? 0) & DssFlag.F) !== 0;

/** The data went out on another flow before. */
const movedHere = (tcp: Tcp, { flow, flows }: Passing): boolean => {
  const dsn = findAny(tcp, 'dss')?.dsn;
  const sentBy = (sent: Tcp) => isData(sent) && findAny(sent, 'dss')?.dsn === dsn;
  return (
    isData(tcp) && dsn !== undefined && flows.some((other) => other !== flow && other.segments('out').some(sentBy))
  );
};

/** Other octets, with a checksum that is right for them. */
const replaceOctets = (tcp: Tcp) => {
  const payload = otherOctets(tcp);
  const mapping = findAny(tcp, 'dss');
  const { dsn, ssn, dataLength, checksum } = mapping ?? {};
  if (dsn === undefined || ssn === undefined || dataLength === undefined || checksum === undefined) return { payload };
  const right = dssChecksum({ dsn, ssn, dataLength }, payload);
  return { payload, ...withEdited(tcp, 'dss', (option) => ({ ...option, checksum: right })) };
};

const isMalformedDss = (option: TcpOption): boolean =>
  option.option === 'malformed' && option.malformed.path.includes('dss');

/** The mapping that payload of the initial flow has, with a checksum. */
const mappingIn = ({ seq, payload }: Tcp, flow: FlowHistory): TcpOption => {
  const syn = flow.segments('in').find(isSyn);
  const version = flow.segments('out').some((tcp) => findAny(tcp, 'mp_capable')?.version === 0) ? 0 : 1;
  const ssn = syn === undefined ? 1 : seqDiff(seq, syn.seq);
  const dsn = BigInt.asUintN(64, initialDsn(version, flow.key('in') ?? 0n) + BigInt(ssn));
  const mapping = { dsn, ssn, dataLength: payload.length };
  return {
    option: 'dss',
    flags: DssFlag.M | DssFlag.m,
    ...mapping,
    checksum: dssChecksum(mapping, payload),
  };
};

export const watchedDataMutants: readonly Mutant[] = mutants({ profile: 'mptcp', role: 'server' }, [
  {
    id: 'mapping-moves-when-sent-again',
    requirement: 'RFC6824-3.3-12',
    breaks: 'Octets that are sent again on their flow have other data sequence numbers.',
    defect: { wire: [spoil(isRepeated, (tcp) => shiftMapping(tcp, 1000n))] },
  },
  {
    id: 'other-octets-on-another-flow',
    requirement: 'RFC6824-3.3-10',
    breaks: 'Data that is sent again on another flow has another last octet.',
    defect: { wire: [spoil(movedHere, replaceOctets)] },
  },
  {
    id: 'half-of-the-payload-mapped',
    role: 'client',
    origin: 'multipath-tcp/mptcp_net-next#299',
    requirement: 'RFC6824-3.3-41',
    breaks: 'A mapping covers only the first half of the payload.',
    defect: {
      wire: [
        spoil(isMapped, (tcp) =>
          withEdited(tcp, 'dss', (option) => {
            const dataLength = tcp.payload.length >> 1;
            const { dsn, ssn, checksum } = option;
            if (dsn === undefined || ssn === undefined || dataLength === 0) return option;
            const covered = tcp.payload.subarray(0, dataLength);
            const right = checksum === undefined ? {} : { checksum: dssChecksum({ dsn, ssn, dataLength }, covered) };
            return { ...option, dataLength, ...right };
          }),
        ),
      ],
    },
  },
  {
    id: 'mapping-of-octets-that-are-not-there',
    origin: 'multipath-tcp/mptcp_net-next#501',
    requirement: 'RFC8684-3.3-02',
    breaks: 'The mapping of the second data of a flow covers octets far after it.',
    defect: {
      wire: [
        spoil(
          (tcp, passing) => isMapped(tcp) && sentData(passing),
          (tcp) => editMapping(tcp, ({ ssn }) => ({ ssn: ssn + 20_000 })),
        ),
      ],
    },
  },
  {
    id: 'joined-flow-begins-unmapped',
    requirement: 'RFC6824-3.6-02',
    breaks: 'The first data on a joined flow has no mapping.',
    defect: {
      wire: [
        spoil(
          (tcp, passing) => isData(tcp) && wasJoined(passing) && !sentData(passing),
          (tcp) => without(tcp, 'dss'),
        ),
      ],
    },
  },
  {
    id: 'data-sequence-jumps',
    requirement: 'RFC6824-3.3-08',
    breaks: 'The second data of a flow is 2^31 octets after the first, beyond any window.',
    defect: {
      wire: [
        spoil(
          (tcp, passing) => isMapped(tcp) && sentData(passing),
          (tcp) => shiftMapping(tcp, 1n << 31n),
        ),
      ],
    },
  },
  {
    id: 'data-fin-with-a-subflow-number',
    origin: 'multipath-tcp/mptcp_net-next#598',
    requirement: 'RFC6824-3.3-25',
    breaks: 'A DATA_FIN without payload has subflow sequence number 77.',
    defect: { wire: [spoil(isBareDataFin, (tcp) => editMapping(tcp, () => ({ ssn: 77 })))] },
  },
  {
    id: 'data-fin-renumbered-when-repeated',
    role: 'client',
    requirement: 'RFC6824-3.3-09',
    breaks: 'A repeated DATA_FIN has the next data sequence number.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) => isBareDataFin(tcp) && flow.segments('out').some(isBareDataFin),
          (tcp) => editMapping(tcp, ({ dsn }) => ({ dsn: dsn + 1n })),
        ),
      ],
    },
  },
  {
    id: 'data-fin-of-two-octets',
    requirement: 'RFC6824-3.3-25',
    breaks: 'A DATA_FIN without payload has a data-level length of 2.',
    defect: { wire: [spoil(isBareDataFin, (tcp) => editMapping(tcp, () => ({ dataLength: 2 })))] },
  },
  {
    id: 'data-ack-an-octet-too-far',
    requirement: 'RFC6824-3.3-40',
    breaks: 'Every Data ACK covers one octet more than was received.',
    defect: {
      wire: [
        spoil(
          (tcp) => findAny(tcp, 'dss')?.ack !== undefined,
          (tcp) => withEdited(tcp, 'dss', (option) => ({ ...option, ack: (option.ack ?? 0n) + 1n })),
        ),
      ],
    },
  },
  {
    id: 'window-edge-moves-back',
    requirement: 'RFC6824-3.3-30',
    breaks: 'Once data has come the window is half of what it was, so that its right edge moves back.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) => !isSynAck(tcp) && dss(tcp) && flow.segments('in').some(isData),
          ({ window }) => ({ window: window >> 1 }),
        ),
      ],
    },
  },
  {
    id: 'options-after-an-own-plain-syn-ack',
    requirement: 'RFC8684-3.1-19',
    breaks: 'After a SYN/ACK without MP_CAPABLE the data carries a DSS.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) =>
            isData(tcp) &&
            flow.segments('in').some((each) => isSyn(each) && carries('mp_capable')(each)) &&
            flow.segments('out').some((each) => isSynAck(each) && !carries('mp_capable')(each)),
          (tcp) => withOption(tcp, { option: 'dss', flags: DssFlag.A, ack: 1n }),
        ),
      ],
    },
  },
  {
    id: 'dss-of-any-length-taken',
    requirement: 'RFC6824-3.3-01',
    breaks: 'A DSS whose length does not fit its flags is accepted as a mapping of the payload.',
    defect: {
      wire: [
        misread(
          (tcp, { flow }) => isData(tcp) && tcp.options.some(isMalformedDss) && flow.key('in') !== undefined,
          (tcp, { flow }) => ({
            options: tcp.options.map((option) => (isMalformedDss(option) ? mappingIn(tcp, flow) : option)),
          }),
        ),
      ],
    },
  },
  {
    id: 'option-cut-short',
    requirement: 'RFC6824-3-40',
    breaks: 'The DSS of an ACK has a length that its flags do not allow.',
    defect: {
      wire: [
        spoil(
          (tcp) => isBareAck(tcp) && dss(tcp),
          (tcp) => withEdited(tcp, 'dss', () => ({ option: 'raw', octets: Uint8Array.of(30, 6, 0x20, 1, 0, 0) })),
        ),
      ],
    },
  },
]);
