/** Mutants that mind where a segment comes from or goes to, or where in its 32 bits a number stands, though neither means anything. */
import { TcpFlag } from '../protocol/wire/packet.js';
import { seqDiff } from '../protocol/wire/seq.js';
import { hmacB } from '../reference/mptcp/join-proof.js';
import { hasFlag } from '../reference/tcp/flow.js';
import { answer, misread, overlook } from './fault.js';
import { editMapping } from './mapping.js';
import { type Mutant, mutants } from './mutant.js';
import {
  fromPortOfAnother,
  ignoring,
  isIpv6,
  others,
  overOtherVersion,
  refusing,
  sameButOwnAddress,
  sameButOwnPort,
  toSecondAddress,
  toSecondPort,
  wrapped,
} from './place.js';
import { carries, findAny, isReset, isSyn, resetTo } from './segment.js';

const joins = carries('mp_join');
const capable = carries('mp_capable');
const { SYN } = TcpFlag;

const tcpServers = mutants({ profile: 'tcp', role: 'server' }, [
  {
    id: 'low-ports-refused',
    requirement: 'RFC9293-3.10.7-01',
    breaks: 'SYNs from ports below 1024 are dropped.',
    defect: { wire: ignoring(({ tcp }) => tcp.sourcePort < 1024) },
  },
  {
    id: 'equal-ports-refused',
    requirement: 'RFC9293-3.10.7-01',
    breaks: 'A SYN whose source port is its destination port is dropped.',
    defect: { wire: ignoring(({ tcp }) => tcp.sourcePort === tcp.destinationPort) },
  },
  {
    id: 'highest-port-refused',
    requirement: 'RFC9293-3.10.7-01',
    breaks: 'A SYN from port 65535 is dropped.',
    defect: { wire: ignoring(({ tcp }) => tcp.sourcePort === 65_535) },
  },
  {
    id: 'second-address-refused',
    requirement: 'RFC9293-3.10.7-01',
    breaks: 'At its second address the host serves nobody.',
    defect: { wire: refusing(() => true, toSecondAddress) },
  },
  {
    id: 'second-port-refused',
    requirement: 'RFC9293-3.10.7-01',
    breaks: 'At its second port the host serves nobody.',
    defect: { wire: refusing(() => true, toSecondPort) },
  },
  {
    id: 'flow-known-without-own-address',
    requirement: 'RFC9293-3.10.7-01',
    breaks: 'Flows are known without the own address: a SYN from the same place to another address is passed over.',
    defect: { wire: ignoring(sameButOwnAddress) },
  },
  {
    id: 'flow-known-without-own-port',
    requirement: 'RFC9293-3.10.7-01',
    breaks: 'Flows are known without the own port: a SYN from the same place to another port is passed over.',
    defect: { wire: ignoring(sameButOwnPort) },
  },
  {
    id: 'flow-known-by-the-port-of-the-client',
    requirement: 'RFC9293-3.10.7-01',
    breaks: 'Flows are known by the port of the client: the SYN of another client from that port is passed over.',
    defect: { wire: ignoring((passing) => fromPortOfAnother(passing) && !sameButOwnAddress(passing)) },
  },
  {
    id: 'ip-versions-share-ports',
    requirement: 'RFC9293-3.10.7-01',
    breaks: 'A port that a client uses over one IP version is taken over the other one as well.',
    defect: { wire: ignoring((passing) => fromPortOfAnother(passing) && overOtherVersion(passing)) },
  },
  {
    id: 'numbers-compared-plainly',
    requirement: 'RFC9293-3.4-01',
    origin: 'smoltcp-rs/smoltcp#65',
    breaks: 'Data after the wrap of sequence numbers counts as old.',
    defect: { wire: [overlook((tcp, passing) => !isReset(tcp) && wrapped(tcp, passing))] },
  },
  {
    id: 'reset-compared-plainly',
    requirement: 'RFC9293-3.10.7-12',
    breaks: 'A reset from before the wrap of sequence numbers counts as one at the expected number.',
    defect: {
      wire: [
        misread(
          (tcp, { flow }) => {
            const next = flow.next('in');
            return isReset(tcp) && next !== undefined && tcp.seq > next && seqDiff(tcp.seq, next) < 0;
          },
          (tcp, { flow }) => ({ seq: flow.next('in') ?? tcp.seq }),
        ),
      ],
    },
  },
]);

const mptcpServers = mutants({ profile: 'mptcp', role: 'server' }, [
  {
    id: 'capable-from-low-ports-refused',
    requirement: 'RFC9293-3.10.7-01',
    breaks: 'SYNs with MP_CAPABLE from ports below 1024 are dropped.',
    defect: { wire: ignoring(({ tcp }) => tcp.sourcePort < 1024 && capable(tcp)) },
  },
  {
    id: 'capable-at-second-address-refused',
    requirement: 'RFC9293-3.10.7-01',
    breaks: 'MPTCP is served at the first address alone.',
    defect: { wire: refusing(capable, toSecondAddress) },
  },
  {
    id: 'join-known-by-its-port',
    requirement: 'RFC6824-3.2-13',
    breaks: 'A join from the port of another flow is passed over.',
    defect: { wire: [overlook((tcp, passing) => isSyn(tcp) && joins(tcp) && fromPortOfAnother(passing))] },
  },
  {
    id: 'join-from-low-port-refused',
    requirement: 'RFC6824-3.2-13',
    breaks: 'A join from a port below 1024 is refused.',
    defect: { wire: refusing(joins, ({ tcp }) => tcp.sourcePort < 1024) },
  },
  {
    id: 'join-to-another-address-refused',
    requirement: 'RFC6824-3.2-13',
    breaks: 'A join to another address of the host than that of the first flow is refused.',
    defect: {
      wire: refusing(joins, (passing) => {
        const [earliest] = others(passing);
        return (
          earliest !== undefined &&
          isIpv6(earliest) === isIpv6(passing.packet) &&
          earliest.ip.destination !== passing.packet.ip.destination
        );
      }),
    },
  },
  {
    id: 'flow-to-another-address-ends-with-the-first',
    requirement: 'RFC6824-3.5-04',
    breaks: 'A flow to another address of the host carries nothing once the first flow is gone.',
    defect: {
      wire: [
        answer(
          (tcp, passing) =>
            !isReset(tcp) && !hasFlag(tcp, SYN) && toSecondAddress(passing) && passing.flows[0]?.reset === true,
          ({ packet }) => [resetTo(packet)],
        ),
      ],
    },
  },
  {
    id: 'join-over-other-ip-version-refused',
    requirement: 'RFC6824-3.2-13',
    breaks: 'A join over another IP version than that of the first flow is refused.',
    defect: { wire: refusing(joins, overOtherVersion) },
  },
  {
    id: 'join-known-without-own-address',
    requirement: 'RFC6824-3.2-13',
    breaks: 'A join from the place of another flow to another address is passed over.',
    defect: { wire: [overlook((tcp, passing) => isSyn(tcp) && joins(tcp) && sameButOwnAddress(passing))] },
  },
  {
    id: 'subflow-number-compared-plainly',
    requirement: 'RFC6824-3.3-05',
    breaks: 'After the wrap of sequence numbers a mapping covers no octets of its segment.',
    defect: {
      wire: [
        misread(
          (tcp, passing) => wrapped(tcp, passing) && findAny(tcp, 'dss')?.ssn !== undefined,
          (tcp) => editMapping(tcp, ({ ssn }) => ({ ssn: ssn + 100_000 })),
        ),
      ],
    },
  },
  {
    id: 'nonce-zero-refused',
    requirement: 'RFC6824-3.2-09',
    breaks: 'A join whose nonce is zero is refused.',
    defect: {
      wire: refusing(
        (tcp) => {
          const join = findAny(tcp, 'mp_join');
          return join?.form === 'syn' && join.nonce === 0;
        },
        () => true,
      ),
    },
  },
  {
    id: 'nonce-without-leading-zeros',
    requirement: 'RFC6824-3.2-04',
    breaks: 'A nonce goes into the HMAC without its leading zero octets.',
    defect: {
      decides: {
        join: {
          hmacB: (session, local, remote) =>
            hmacB(session, local, remote !== 0 && remote < 0x0100_0000 ? (remote << 8) >>> 0 : remote),
        },
      },
    },
  },
  {
    id: 'key-without-leading-zeros',
    requirement: 'RFC6824-3.2-04',
    breaks: 'A key goes into the HMAC without its leading zero octets.',
    defect: {
      decides: {
        join: {
          hmacB: (session, local, remote) =>
            hmacB(
              session.remoteKey < 1n << 56n ? { ...session, remoteKey: session.remoteKey << 8n } : session,
              local,
              remote,
            ),
        },
      },
    },
  },
]);

export const placeMutants: readonly Mutant[] = [...tcpServers, ...mptcpServers];
