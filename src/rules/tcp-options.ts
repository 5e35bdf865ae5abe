/**
 * Options of TCP headers (RFC 9293 sections 3.1, 3.2 and 3.7.1; RFC 7323): the segments that may carry each option, and
 * the layout of the list.
 */
import { OptionOutline } from '../protocol/wire/option-outline.js';
import { TcpFlag } from '../protocol/wire/packet.js';
import { offerOf, type TcpOffer } from './conversation/tcp-side.js';
import type { Rule } from './rule.js';
import { judge, type Sight } from './sight.js';

export const tcpOptionRules = {
  lengths: {
    name: 'tcp-option-lengths',
    requirement: 'RFC9293-3.1-09',
    level: 'MUST',
    binds: 'both',
    of: 'tcp',
    says: 'Every TCP option but end of list and NOP has a length that its kind allows and that fits into the header.',
    needs: 'the segment',
  },
  padding: {
    name: 'tcp-option-padding',
    requirement: 'RFC9293-3.1-10',
    level: 'MUST',
    binds: 'both',
    of: 'tcp',
    says: 'Octets after the end of the option list are zero.',
    needs: 'the segment',
  },
  mssOnSyns: {
    name: 'mss-on-syns-alone',
    requirement: 'RFC9293-3.2-02',
    level: 'MUST',
    binds: 'both',
    of: 'tcp',
    says: 'The MSS option is sent only on SYNs.',
    needs: 'the segment',
  },
  windowShift: {
    name: 'window-shift-within-14',
    requirement: 'RFC7323-2.3-01',
    level: 'MUST',
    binds: 'both',
    of: 'tcp',
    says: 'The shift count of a window scale option is 14 or less.',
    needs: 'the segment',
  },
  offeredOptions: {
    name: 'syn-ack-options-were-offered',
    requirement: 'RFC7323-3.2-01',
    level: 'MUST',
    binds: 'server',
    of: 'tcp',
    says: 'A SYN/ACK carries timestamps or window scale only if the SYN did.',
    needs: 'the SYN',
  },
  timestamps: {
    name: 'timestamps-as-agreed',
    requirement: 'RFC7323-3.2-01',
    level: 'MUST',
    binds: 'both',
    of: 'tcp',
    says: 'Every segment but a reset carries timestamps if SYN and SYN/ACK had them, and none does otherwise.',
    needs: 'SYN and SYN/ACK',
  },
} as const satisfies Readonly<Record<string, Rule>>;

/** RFC 7323 section 2.3. */
const largestShift = 14;

export function judgeOptions(sight: Sight): void {
  const { tcp } = sight.segment;
  const { outline } = tcp;
  const isSyn = (tcp.flags & TcpFlag.SYN) !== 0;
  judge(sight, tcpOptionRules.padding, (outline & OptionOutline.padding) === 0, () => 'the padding is not zero');
  if (isSyn) judgeOffer(sight);
  else {
    const hasMss = (outline & OptionOutline.mss) !== 0;
    judge(sight, tcpOptionRules.mssOnSyns, !hasMss, () => 'an MSS option stands on a segment without SYN');
    judgeTimestamps(sight, (outline & OptionOutline.timestamps) !== 0);
  }
}

function judgeOffer(sight: Sight): void {
  const { segment, subflow } = sight;
  const end = subflow[segment.sender];
  const offer = offerOf(segment.tcp);
  // A repeated SYN may offer less; the reader does not know which one was answered.
  if (end.offer !== undefined && !sameOffer(end.offer, offer)) subflow.offersVary = true;
  end.offer ??= offer;
  const { windowShift } = offer;
  if (windowShift !== undefined)
    judge(sight, tcpOptionRules.windowShift, windowShift <= largestShift, () => `the shift count is ${windowShift}`);
  const offered = subflow.opener.offer;
  if ((segment.tcp.flags & TcpFlag.ACK) === 0 || segment.sender !== 'listener') return;
  // After crossing SYNs each host repeats its offer on a SYN/ACK.
  if (offered === undefined || subflow.offersVary === true || subflow.displaces) return;
  const surplus = surplusOf(offer, offered);
  judge(
    sight,
    tcpOptionRules.offeredOptions,
    surplus.length === 0,
    () => `the SYN/ACK carries ${surplus.join(' and ')}, which the SYN did not offer`,
    [subflow.opener.synFrame],
  );
}

const sameOffer = (one: TcpOffer, other: TcpOffer): boolean =>
  surplusOf(one, other).length === 0 && surplusOf(other, one).length === 0;

const surplusOf = (offer: TcpOffer, offered: TcpOffer): readonly string[] => [
  ...(offer.timestamps && !offered.timestamps ? ['timestamps'] : []),
  ...(offer.windowShift !== undefined && offered.windowShift === undefined ? ['window scale'] : []),
];

/** In 32-bit words: the longest header with room for ten more octets of timestamps. */
const mostWithRoom = 12;

/**
 * RFC 7323 section 3.2. Before both hosts have sent a SYN nothing is negotiated. If other options leave no room for
 * timestamps, a host must leave an option out, and the RFC does not say which.
 */
function judgeTimestamps(sight: Sight, present: boolean): void {
  const { segment, subflow } = sight;
  const { opener, listener } = subflow;
  if (opener.offer === undefined || listener.offer === undefined || subflow.displaces) return;
  if (subflow.offersVary === true) return;
  const agreed = opener.offer.timestamps && listener.offer.timestamps;
  if ((segment.tcp.flags & TcpFlag.RST) !== 0) return;
  if (agreed && !present && segment.tcp.dataOffset > mostWithRoom) return;
  judge(
    sight,
    tcpOptionRules.timestamps,
    present === agreed,
    () =>
      agreed ? 'the segment has no timestamps, which were agreed on' : 'the segment has timestamps, not agreed on',
    [opener.synFrame, listener.synFrame],
  );
}
