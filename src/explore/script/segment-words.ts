/** A segment in the words of the language of cases, without the flow and the numbers of TCP. */
import { toHex } from '../../protocol/bytes/hex.js';
import type { JoinCapLayout } from '../../protocol/keys/join-cap-mac.js';
import { DssFlag } from '../../protocol/mptcp/dss.js';
import { isMptcp } from '../../protocol/mptcp/option.js';
import { TcpFlag } from '../../protocol/wire/packet.js';
import type { TcpOption } from '../../protocol/wire/tcp-option.js';
import type { Frame } from '../frame-table.js';
import type { Names } from './names.js';

/** `sent` by the tester, `awaited` of the implementation. */
type Way = 'sent' | 'awaited';

/** `segment: SYN, mp_capable: {key: A}`; undefined where the language has no words for it, or the dialogue no name. */
export const segmentWords = (frame: Frame, way: Way, names: Names, layout: JoinCapLayout): string | undefined => {
  const { tcp } = frame.packet;
  const options = tcp.options
    .filter((option) => isMptcp(option))
    .map((option) => optionWords(option, frame, way, names, layout));
  if (options.some((words) => words === undefined)) return undefined;
  const kind = kindOf(frame);
  const payload = tcp.payload.length === 0 ? [] : [`data: ${payloadWords(tcp.payload)}`];
  const none = options.length === 0 && way === 'awaited' && kind !== 'RST' && kind !== 'RST/ACK' ? ['mptcp: none'] : [];
  return [`segment: ${kind}`, ...payload, ...options, ...none].join(', ');
};

const kindOf = ({ packet: { tcp } }: Frame): string => {
  const has = (flag: number): boolean => (tcp.flags & flag) !== 0;
  if (has(TcpFlag.RST)) return has(TcpFlag.ACK) ? 'RST/ACK' : 'RST';
  if (has(TcpFlag.SYN)) return has(TcpFlag.ACK) ? 'SYN/ACK' : 'SYN';
  if (has(TcpFlag.FIN)) return 'FIN';
  return tcp.payload.length > 0 ? 'DATA' : 'ACK';
};

const payloadWords = (payload: Uint8Array): string => {
  const text = Buffer.from(payload).toString('latin1');
  return /^[\x20-\x7e]+$/.test(text) ? JSON.stringify(text) : `{hex: ${toHex(payload)}}`;
};

const inBraces = (name: string, fields: readonly (string | undefined)[]): string =>
  `${name}: {${fields.filter((each) => each !== undefined).join(', ')}}`;

const optionWords = (
  option: TcpOption,
  { path, to, packet: { tcp } }: Frame,
  way: Way,
  names: Names,
  layout: JoinCapLayout,
): string | undefined => {
  const [mine, other] = to === 'server' ? (['A', 'B'] as const) : (['B', 'A'] as const);
  switch (option.option) {
    case 'mp_capable': {
      const { key, peerKey, dataLength, checksum } = option;
      return inBraces('mp_capable', [
        key === undefined ? undefined : `key: ${names.key(key, mine, path)}`,
        peerKey === undefined ? undefined : `peer_key: ${names.key(peerKey, other, path)}`,
        way === 'sent' || dataLength !== undefined ? 'a: 1' : undefined,
        dataLength === undefined ? undefined : `data_length: ${dataLength}`,
        checksum === undefined ? undefined : 'checksum: auto',
      ]);
    }
    case 'robe_esim_en':
      return 'robe_esim_en: {}';
    case 'l_rtt_en':
      return 'l_rtt_en: {}';
    case 'mp_join_cap': {
      const mac = names.capMac(option.mac, layout);
      if (mac === undefined) return undefined;
      const id = way === 'sent' ? `address_id: ${option.addressId}` : undefined;
      return inBraces('mp_join_cap', [id, `key: ${names.key(option.key, 'A', path)}`, `mac: '${mac}'`]);
    }
    case 'mp_join': {
      const id = option.form !== 'ack' && way === 'sent' ? `address_id: ${option.addressId}` : undefined;
      const nonce = option.form === 'ack' ? undefined : `nonce: ${names.nonce(option.nonce, mine, path)}`;
      const proof = option.form === 'syn' ? names.token(option.token) : names.joinHmac(option.hmac);
      if (proof === undefined) return undefined;
      return inBraces('mp_join', [
        id,
        option.form === 'syn' ? `token: ${proof}` : undefined,
        nonce,
        hmacWord(option.form, proof),
      ]);
    }
    case 'dss': {
      const { flags, ack, dsn, ssn, dataLength, checksum } = option;
      const acked = ack === undefined ? undefined : names.dataNumber(ack, (flags & DssFlag.a) === 0 ? 4 : 8);
      const from = dsn === undefined ? undefined : names.dataNumber(dsn, (flags & DssFlag.m) === 0 ? 4 : 8);
      if ((ack !== undefined && acked === undefined) || (dsn !== undefined && from === undefined)) return undefined;
      const length = dataLength === tcp.payload.length ? undefined : dataLength;
      return inBraces('dss', [
        (flags & DssFlag.F) === 0 ? undefined : 'fin: 1',
        acked === undefined ? undefined : `ack: ${acked}`,
        from === undefined ? undefined : `dsn: ${from}`,
        from === undefined || ssn === undefined ? undefined : `ssn: ${ssn}`,
        length === undefined ? undefined : `data_length: ${length}`,
        checksum === undefined ? undefined : 'checksum: auto',
      ]);
    }
    default:
      return undefined;
  }
};

const hmacWord = (form: 'syn' | 'syn/ack' | 'ack', proof: string): string | undefined =>
  form === 'syn' ? undefined : `hmac: '${proof}'`;
