/**
 * Signals beside data: ADD_ADDR and REMOVE_ADDR (RFC 8684 section 3.4), MP_FASTCLOSE (3.5) and MP_TCPRST (3.6).
 */
import { toHex } from '../protocol/bytes/hex.js';
import { equalOctets } from '../protocol/bytes/octets.js';
import { addAddrHmac } from '../protocol/keys/add-addr-hmac.js';
import type { AddAddr, MpFastclose, MpTcpRst } from '../protocol/mptcp/option.js';
import { ipv4Size, ipv4Text, ipv6Text } from '../protocol/wire/address.js';
import { type Connection, type Host, otherHost } from './conversation/connection.js';
import { otherEnd } from './conversation/segment.js';
import { hostAt } from './conversation/subflow.js';
import type { Rule } from './rule.js';
import { hex64, judge, note, type Sight } from './sight.js';

export const signalRules = {
  tcprstFlags: {
    name: 'tcprst-reserved-flags',
    requirement: 'RFC8684-3.6-02',
    level: 'MUST',
    binds: 'both',
    of: [1],
    says: 'U, V and W of MP_TCPRST are zero.',
    needs: 'the segment',
  },
  fastcloseKey: {
    name: 'fastclose-key',
    requirement: 'RFC6824-3.5-01',
    level: 'MUST',
    binds: 'both',
    of: [0, 1],
    says: "MP_FASTCLOSE carries the receiver's key.",
    needs: "the receiver's key",
  },
  forgedAddress: {
    name: 'forged-address-ignored',
    requirement: 'RFC8684-3.4-01',
    level: 'SHOULD',
    binds: 'both',
    of: [1],
    says: 'An ADD_ADDR with a wrong HMAC is neither echoed nor joined.',
    needs: 'both keys',
  },
} as const satisfies Readonly<Record<string, Rule>>;

/** U, V and W of MP_TCPRST; T stays. */
const reservedReset = 0xe;

export function judgeSignals(sight: Sight): void {
  const { segment, subflow } = sight;
  for (const option of segment.tcp.mptcp) {
    if (option.option === 'mp_tcprst') judgeReset(sight, option);
    const { connection, openedBy } = subflow;
    if (connection === undefined || openedBy === undefined) continue;
    const host = hostAt(openedBy, segment.sender);
    if (option.option === 'mp_fastclose') {
      judgeFastclose(sight, option, connection, host);
      connection.over ??= segment.frame;
    }
    if (option.option === 'add_addr') judgeAddAddr(sight, option, connection, host);
    if (option.option === 'remove_addr')
      for (const id of option.addressIds) connection.hosts[host].addressIds?.delete(id);
  }
}

const judgeReset = (sight: Sight, option: MpTcpRst): void =>
  judge(sight, signalRules.tcprstFlags, (option.flags & reservedReset) === 0, () => 'U, V or W of MP_TCPRST is set');

function judgeFastclose(sight: Sight, option: MpFastclose, connection: Connection, sender: Host): void {
  const { key } = connection.hosts[otherHost(sender)];
  if (key === undefined) {
    note(sight, 'unknown', signalRules.fastcloseKey, () => "the receiver's key was not captured");
    return;
  }
  judge(
    sight,
    signalRules.fastcloseKey,
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
      judge(sight, signalRules.forgedAddress, false, () => `an ADD_ADDR with a wrong HMAC for ${address} is echoed`, [
        forgedIn,
      ]);
    return;
  }
  if (announcer.key === undefined || listener.key === undefined) {
    note(sight, 'unknown', signalRules.forgedAddress, () => 'a key was not captured');
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
    note(
      sight,
      'unknown',
      signalRules.forgedAddress,
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
    judge(sight, signalRules.forgedAddress, false, () => `a join to ${address}, announced with a wrong HMAC`, [
      forgedIn,
    ]);
}
