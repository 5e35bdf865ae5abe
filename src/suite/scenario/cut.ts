/**
 * What a case sends in one segment, in as many as the peer takes: no segment of the tester carries more than the MSS that the peer
 * announced (RFC 9293 section 3.7.1), options included. The pieces are alike but for their octets and numbers; a mapping stands on
 * each of them for all (RFC 8684 section 3.3.1). PSH and FIN are on the last one. A segment with MP_CAPABLE stays whole: it may
 * come once only, so a case keeps it short.
 */
import { type Tcp, type TcpDraft, TcpFlag } from '../../protocol/wire/packet.js';
import { seqAdd } from '../../protocol/wire/seq.js';
import { optionsLength } from '../../protocol/wire/tcp-options.js';
import type { Flow } from './flow.js';

/** The segments that carry what the draft carries, in order. */
export function cut(draft: TcpDraft, flow: Flow): readonly TcpDraft[] {
  const { payload = new Uint8Array(0), options = [], flags, seq } = draft.tcp;
  const mss = mssOf(flow);
  if (mss === undefined || options.some(({ option }) => option === 'mp_capable')) return [draft];
  const room = Math.max(mss - optionsLength(options), 1);
  const count = Math.max(Math.ceil(payload.length / room), 1);
  return Array.from({ length: count }, (_, place): TcpDraft => {
    const at = place * room;
    const kept = place === count - 1 ? flags : flags & ~(TcpFlag.PSH | TcpFlag.FIN);
    const piece = payload.subarray(at, at + room);
    return { ...draft, tcp: { ...draft.tcp, seq: seqAdd(seq, at), flags: kept, payload: piece } };
  });
}

const opens = ({ flags }: Tcp): boolean => (flags & TcpFlag.SYN) !== 0;

/** What the peer said that it takes, or what is assumed where its SYN does not say (MUST-15); undefined before its SYN. */
function mssOf({ seen, local }: Flow): number | undefined {
  const syn = seen.find(opens);
  if (syn === undefined) return undefined;
  const said = syn.options.find(({ option }) => option === 'mss');
  if (said?.option === 'mss') return said.value;
  return local.address.includes(':') ? 1220 : 536;
}
