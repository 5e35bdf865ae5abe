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
    breaks: 'The host does not serve at its second address.',
    defect: { wire: refusing(() => true, toSecondAddress) },
  },
  {
    id: 'second-port-refused',
    requirement: 'RFC9293-3.10.7-01',
    breaks: 'The host does not serve at its second port.',
    defect: { wire: refusing(() => true, toSecondPort) },
  },
  {
    id: 'flow-known-without-own-address',
    requirement: 'RFC9293-3.10.7-01',
    breaks:
      'Flows are identified without the local address: a SYN from the same address and port to another address is ignored.',
    defect: { wire: ignoring(sameButOwnAddress) },
  },
  {
    id: 'flow-known-without-own-port',
    requirement: 'RFC9293-3.10.7-01',
    breaks:
      'Flows are identified without the local port: a SYN from the same address and port to another port is ignored.',
    defect: { wire: ignoring(sameButOwnPort) },
  },
  {
    id: 'flow-known-by-the-port-of-the-client',
    requirement: 'RFC9293-3.10.7-01',
    breaks:
      'Flows are identified by the port of the client alone: the SYN of another client from that port is ignored.',
    defect: { wire: ignoring((passing) => fromPortOfAnother(passing) && !sameButOwnAddress(passing)) },
  },
  {
    id: 'ip-versions-share-ports',
    requirement: 'RFC9293-3.10.7-01',
    breaks: 'A port that a client uses over one IP version is in use over the other one as well.',
    defect: { wire: ignoring((passing) => fromPortOfAnother(passing) && overOtherVersion(passing)) },
  },
  {
    id: 'numbers-compared-plainly',
    requirement: 'RFC9293-3.4-01',
    origin: 'smoltcp-rs/smoltcp#65',
    breaks: 'Data after the wrap of sequence numbers is treated as old.',
    defect: { wire: [overlook((tcp, passing) => !isReset(tcp) && wrapped(tcp, passing))] },
  },
  {
    id: 'reset-compared-plainly',
    requirement: 'RFC9293-3.10.7-12',
    breaks: 'A reset from before the wrap of sequence numbers is accepted as one at the expected number.',
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
    breaks: 'MPTCP is served only at the first address.',
    defect: { wire: refusing(capable, toSecondAddress) },
  },
  {
    id: 'join-known-by-its-port',
    requirement: 'RFC6824-3.2-13',
    breaks: 'A join from the port of another flow is ignored.',
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
    breaks: 'A flow to another address of the host carries no data after the first flow has ended.',
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
    breaks: 'A join from the address and port of another flow to another address is ignored.',
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
    breaks: 'The HMAC is computed over a nonce without its leading zero octets.',
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
    breaks: 'The HMAC is computed with a key without its leading zero octets.',
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
