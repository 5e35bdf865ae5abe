/**
 * Signals beside data: ADD_ADDR and REMOVE_ADDR (RFC 8684 section 3.4), MP_FASTCLOSE (3.5) and MP_TCPRST (3.6), and the
 * reserved bits of the TCP header (RFC 9293 section 3.1).
 */
import { toHex } from '../../protocol/bytes/hex.js';
import { equalOctets } from '../../protocol/bytes/octets.js';
import { addAddrHmac } from '../../protocol/keys/add-addr-hmac.js';
import type { AddAddr, MpFastclose, MpTcpRst } from '../../protocol/mptcp/option.js';
import { ipv4Size, ipv4Text, ipv6Text } from '../../protocol/wire/address.js';
import { type Connection, type Host, otherHost } from '../connection.js';
import { otherEnd } from '../segment.js';
import { hostAt } from '../subflow.js';
import { hex64, judge, type Sight } from './sight.js';

/** The bit next to the flags is AE (RFC 9768); the other three are reserved. */
const reservedMask = 0xe;
/** U, V and W of MP_TCPRST; T stays. */
const reservedReset = 0xe;

export function judgeSignals(sight: Sight): void {
  const { segment, subflow } = sight;
  const reserved = segment.tcp.reserved & reservedMask;
  if (reserved === 0) sight.notes.kept('RFC9293-3.1-06');
  else judge(sight, 'RFC9293-3.1-06', false, () => `reserved bits of the TCP header are 0x${reserved.toString(16)}`);
  for (const option of segment.tcp.mptcp) {
    if (option.option === 'mp_tcprst') judgeReset(sight, option);
    const { connection, openedBy } = subflow;
    if (connection === undefined || openedBy === undefined) continue;
    const host = hostAt(openedBy, segment.sender);
    if (option.option === 'mp_fastclose') judgeFastclose(sight, option, connection, host);
    if (option.option === 'add_addr') judgeAddAddr(sight, option, connection, host);
    if (option.option === 'remove_addr')
      for (const id of option.addressIds) connection.hosts[host].addressIds?.delete(id);
  }
}

const judgeReset = (sight: Sight, option: MpTcpRst): void =>
  judge(sight, 'RFC8684-3.6-02', (option.flags & reservedReset) === 0, () => 'U, V or W of MP_TCPRST is set');

function judgeFastclose(sight: Sight, option: MpFastclose, connection: Connection, sender: Host): void {
  const { segment, subflow, notes } = sight;
  const { key } = connection.hosts[otherHost(sender)];
  if (key === undefined) {
    notes.unknown('RFC6824-3.5-01', subflow, [segment.frame], () => "the receiver's key was not captured");
    return;
  }
  judge(
    sight,
    'RFC6824-3.5-01',
    option.peerKey === key,
    () => `MP_FASTCLOSE carries ${hex64(option.peerKey)}, the receiver's key is ${hex64(key)}`,
  );
}

/** An echo of an announcement whose HMAC was wrong shows that it was not ignored. */
function judgeAddAddr(sight: Sight, option: AddAddr, connection: Connection, sender: Host): void {
  if (connection.version === 0) return;
  const { segment } = sight;
  const announcer = connection.hosts[sender];
  const listener = connection.hosts[otherHost(sender)];
  const { hmac } = option;
  const address = announcedAddress(option);
  if (hmac === undefined) {
    listener.promptedBy ??= segment.frame;
    const forgedIn = listener.forgedAddresses?.get(address);
    if (forgedIn !== undefined)
      judge(sight, 'RFC8684-3.4-01', false, () => `an ADD_ADDR with a wrong HMAC for ${address} is echoed`, [forgedIn]);
    return;
  }
  if (announcer.key === undefined || listener.key === undefined) {
    sight.notes.unknown('RFC8684-3.4-01', sight.subflow, [segment.frame], () => 'a key was not captured');
    return;
  }
  const expected = addAddrHmac({
    localKey: announcer.key,
    remoteKey: listener.key,
    addressId: option.addressId,
    address: option.address,
    ...(option.port === undefined ? {} : { port: option.port }),
  });
  if (equalOctets(hmac, expected)) {
    announcer.provenBy ??= segment.frame;
    announcer.forgedAddresses?.delete(address);
  } else {
    announcer.forgedAddresses ??= new Map();
    announcer.forgedAddresses.set(address, segment.frame);
    sight.notes.unknown(
      'RFC8684-3.4-01',
      sight.subflow,
      [segment.frame],
      () => `the HMAC of ADD_ADDR for ${address} is ${toHex(hmac)}, expected ${toHex(expected)}: is it ignored?`,
    );
  }
}

const announcedAddress = ({ address }: AddAddr): string =>
  address.length === ipv4Size ? ipv4Text(address, 0) : ipv6Text(address, 0);

/** A join towards an address whose announcement had a wrong HMAC (RFC 8684 section 3.4.1). */
export function judgeJoinTarget(sight: Sight, connection: Connection, opener: Host): void {
  const { address } = sight.subflow[otherEnd('opener')];
  const forgedIn = connection.hosts[otherHost(opener)].forgedAddresses?.get(address);
  if (forgedIn !== undefined)
    judge(sight, 'RFC8684-3.4-01', false, () => `a join to ${address}, announced with a wrong HMAC`, [forgedIn]);
}
