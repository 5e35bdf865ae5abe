/**
 * Cuts a segment of a case into as many as the peer's MSS requires: no segment of the tester exceeds the MSS that the
 * peer announced (RFC 9293 section 3.7.1), options included. The pieces differ only in octets and numbers; each carries
 * the mapping of all (RFC 8684 section 3.3.1). PSH and FIN are on the last one. A segment with MP_CAPABLE is not cut: it
 * may occur only once, so a case keeps it short.
 */
import { type Tcp, type TcpDraft, TcpFlag } from '../../protocol/wire/packet.js';
import { seqAdd } from '../../protocol/wire/seq.js';
import { optionsLength } from '../../protocol/wire/tcp-options.js';
import type { Flow } from './flow.js';

/** The segments that carry the octets of the draft, in order. */
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

/** The peer's MSS, or the default if its SYN has none (MUST-15); undefined before its SYN. */
function mssOf({ seen, local }: Flow): number | undefined {
  const syn = seen.find(opens);
  if (syn === undefined) return undefined;
  const said = syn.options.find(({ option }) => option === 'mss');
  if (said?.option === 'mss') return said.value;
  return local.address.includes(':') ? 1220 : 536;
}
