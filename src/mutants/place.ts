/** Where a segment comes from and goes to, compared with other flows; and whether its number lies after the wrap. */
import { type Tcp, TcpFlag, type TcpPacket } from '../protocol/wire/packet.js';
import { hasFlag } from '../reference/tcp/flow.js';
import { answer, type Fault, overlook, type Passing } from './fault.js';
import type { FlowHistory } from './flow-history.js';
import { isSyn, resetTo } from './segment.js';

const { SYN } = TcpFlag;

/** The second address and the second port of the host, as a lab lays them out. */
export const toSecondAddress = ({ packet }: Passing): boolean => /[.:]2$/.test(packet.ip.destination);
export const toSecondPort = ({ tcp }: Passing): boolean => tcp.destinationPort === 443;

export const isIpv6 = ({ ip }: TcpPacket): boolean => ip.source.includes(':');
const first = (flow: FlowHistory): TcpPacket | undefined => flow.first;
export const others = ({ flow, flows }: Passing): readonly TcpPacket[] =>
  flows.flatMap((each) => (each === flow ? [] : (first(each) ?? [])));

export const overOtherVersion = (passing: Passing): boolean => {
  const [earliest] = others(passing);
  return earliest !== undefined && isIpv6(earliest) !== isIpv6(passing.packet);
};
export const fromPortOfAnother = (passing: Passing): boolean =>
  others(passing).some(({ tcp }) => tcp.sourcePort === passing.tcp.sourcePort);
export const sameButOwnAddress = (passing: Passing): boolean =>
  others(passing).some(
    ({ ip, tcp }) =>
      ip.source === passing.packet.ip.source &&
      tcp.sourcePort === passing.tcp.sourcePort &&
      tcp.destinationPort === passing.tcp.destinationPort &&
      ip.destination !== passing.packet.ip.destination,
  );
export const sameButOwnPort = (passing: Passing): boolean =>
  others(passing).some(
    ({ ip, tcp }) =>
      ip.source === passing.packet.ip.source &&
      tcp.sourcePort === passing.tcp.sourcePort &&
      tcp.destinationPort !== passing.tcp.destinationPort,
  );

/** The sequence number is smaller than the first one of the flow, taken as plain numbers. */
export const wrapped = (tcp: Tcp, { flow }: Passing): boolean => {
  const opening = flow.segments('in').find((each) => hasFlag(each, SYN));
  return opening !== undefined && !hasFlag(tcp, SYN) && tcp.seq < opening.seq;
};

export const ignoring = (test: (passing: Passing) => boolean): readonly Fault[] => [
  overlook((tcp, passing) => isSyn(tcp) && test(passing)),
];
export const refusing = (kind: (tcp: Tcp) => boolean, test: (passing: Passing) => boolean): readonly Fault[] => [
  answer(
    (tcp, passing) => isSyn(tcp) && kind(tcp) && test(passing),
    ({ packet }) => [resetTo(packet)],
  ),
];
