/**
 * Announcing addresses (RFC 6824 and RFC 8684, section 3.4.1): an ADD_ADDR of version 1 has an HMAC and is echoed as
 * received, an Address ID keeps its address until it is removed, and an ADD_ADDR with a wrong HMAC is ignored.
 */
import { toHex } from '../protocol/bytes/hex.js';
import { equalOctets } from '../protocol/bytes/octets.js';
import { addAddrHmac } from '../protocol/keys/add-addr-hmac.js';
import type { AddAddr } from '../protocol/mptcp/option.js';
import { ipv4Size, ipv4Text, ipv6Text } from '../protocol/wire/address.js';
import { type Connection, type Host, type HostState, maybeTranslated, otherHost } from './conversation/connection.js';
import { endpointText } from './conversation/endpoint.js';
import { otherEnd } from './conversation/segment.js';
import { allowTarget, noteMisnamed, noteWithdrawal } from './join-targets.js';
import type { Rule } from './rule.js';
import { judge, keep, note, type Sight } from './sight.js';

export const announcementRules = {
  flags: {
    name: 'add-addr-unassigned-flags',
    requirement: 'RFC8684-3.4-03',
    level: 'MUST',
    binds: 'both',
    of: [1],
    says: 'The three unassigned flags of ADD_ADDR are zero.',
    needs: 'the version of the connection',
  },
  hmac: {
    name: 'add-addr-hmac',
    requirement: 'RFC8684-3.4-11',
    level: 'MUST',
    binds: 'both',
    of: [1],
    says: 'A fresh ADD_ADDR carries the rightmost 64 bits of the HMAC over Address ID, address and port.',
    needs: 'both keys',
  },
  echo: {
    name: 'add-addr-echo',
    requirement: 'RFC8684-3.4-10',
    level: 'MUST',
    binds: 'both',
    of: [1],
    says: 'An echo repeats Address ID, address and port of an announcement, without its HMAC.',
    needs: "the peer's announcements",
  },
  oneAddress: {
    name: 'announced-id-of-one-address',
    requirement: 'RFC6824-3.4-11',
    level: 'MUST',
    binds: 'both',
    of: [0, 1],
    says: 'An Address ID that is announced again without being removed has the same address.',
    needs: 'the announcements and joins of the host',
  },
  forged: {
    name: 'forged-address-ignored',
    requirement: 'RFC8684-3.4-01',
    level: 'SHOULD',
    binds: 'both',
    of: [1],
    says: 'An ADD_ADDR with a wrong HMAC is neither echoed nor joined.',
    needs: 'both keys',
  },
} as const satisfies Readonly<Record<string, Rule>>;

const echoBit = 1;
const unassignedBits = 0xe;

const addressText = ({ address }: AddAddr): string =>
  address.length === ipv4Size ? ipv4Text(address, 0) : ipv6Text(address, 0);

/** Address and port as stated in the option; the address alone if the option has no port. */
const targetText = (option: AddAddr): string =>
  option.port === undefined ? addressText(option) : endpointText({ address: addressText(option), port: option.port });

export function judgeAnnouncement(sight: Sight, option: AddAddr, connection: Connection, sender: Host): void {
  const announcer = connection.hosts[sender];
  const listener = connection.hosts[otherHost(sender)];
  if (connection.version === 0) {
    judgeId(sight, option, announcer);
    return;
  }
  judge(
    sight,
    announcementRules.flags,
    (option.nibble & unassignedBits) === 0,
    () => 'unassigned flags of ADD_ADDR are set',
  );
  if ((option.nibble & echoBit) !== 0) judgeEcho(sight, option, listener);
  else {
    judgeId(sight, option, announcer);
    judgeHmac(sight, option, announcer, listener);
  }
}

/** A removal makes the Address ID free for another address. */
export const forgetAddress = (host: HostState, id: number, frame: number): void => {
  noteWithdrawal(host, id, frame);
  host.addressIds?.delete(id);
};

function judgeId(sight: Sight, option: AddAddr, announcer: HostState): void {
  const { frame, sender } = sight.segment;
  const { port } = sight.subflow[sender];
  const address = addressText(option);
  announcer.announced ??= new Map();
  announcer.announced.set(option.addressId, { address, target: targetText(option), port, frame });
  allowTarget(announcer, address);
  announcer.addressIds ??= new Map();
  const known = announcer.addressIds.get(option.addressId);
  const sentence = (): string =>
    `Address ID ${option.addressId} is announced for ${address}, before it stood for ${known?.address}`;
  if (known !== undefined && known.address !== address) noteMisnamed(announcer, address, frame);
  if (known === undefined) announcer.addressIds.set(option.addressId, { address, frame, by: 'option' });
  else if (known.address === address) keep(sight, announcementRules.oneAddress);
  else if (sight.vantage === 'peer' || known.by === 'option')
    judge(sight, announcementRules.oneAddress, false, sentence, [known.frame]);
  else note(sight, 'unknown', announcementRules.oneAddress, () => `${sentence()}; ${maybeTranslated}`, [known.frame]);
}

/**
 * An echo of an address that was never announced, or announced with a wrong HMAC, is a mistake of the host that echoes.
 */
function judgeEcho(sight: Sight, option: AddAddr, announcer: HostState): void {
  const { frame } = sight.segment;
  announcer.promptedBy ??= frame;
  const target = targetText(option);
  const forgedIn = announcer.forgedAddresses?.get(addressText(option));
  if (forgedIn !== undefined)
    judge(sight, announcementRules.forged, false, () => `an ADD_ADDR with a wrong HMAC for ${target} is echoed`, [
      forgedIn,
    ]);
  if (option.hmac !== undefined) {
    judge(sight, announcementRules.echo, false, () => 'the echo carries an HMAC');
    return;
  }
  const announced = announcer.announced?.get(option.addressId);
  if (announced?.target === target) judge(sight, announcementRules.echo, true, () => '');
  else {
    const said =
      announced === undefined ? 'nobody announced that Address ID' : `it was announced for ${announced.target}`;
    const sentence = (): string => `the echo names Address ID ${option.addressId} for ${target}; ${said}`;
    const seen = announced ?? announcedAs(announcer, target);
    if (sight.vantage === 'peer' || seen !== undefined)
      judge(sight, announcementRules.echo, false, sentence, [seen?.frame]);
    else note(sight, 'unknown', announcementRules.echo, sentence);
  }
}

/** Some announcements may not have been captured. An announcement of the same address and port shows its Address ID. */
const announcedAs = ({ announced }: HostState, target: string) =>
  [...(announced?.values() ?? [])].find((known) => known.target === target);

function judgeHmac(sight: Sight, option: AddAddr, announcer: HostState, listener: HostState): void {
  const { frame } = sight.segment;
  const { hmac } = option;
  const address = addressText(option);
  if (announcer.key === undefined || listener.key === undefined) {
    note(sight, 'unknown', announcementRules.hmac, () => 'a key was not captured');
    return;
  }
  const expected = addAddrHmac({
    localKey: announcer.key,
    remoteKey: listener.key,
    addressId: option.addressId,
    address: option.address,
    ...(option.port === undefined ? {} : { port: option.port }),
  });
  const right = hmac !== undefined && equalOctets(hmac, expected);
  judge(
    sight,
    announcementRules.hmac,
    right,
    () =>
      `ADD_ADDR for ${address} carries ${hmac === undefined ? 'no HMAC' : toHex(hmac)}, expected ${toHex(expected)}`,
  );
  if (right) {
    announcer.provenBy ??= frame;
    announcer.forgedAddresses?.delete(address);
  } else {
    announcer.forgedAddresses ??= new Map();
    announcer.forgedAddresses.set(address, frame);
  }
}

/** A join towards an address whose announcement had a wrong HMAC (RFC 8684 section 3.4.1). */
export function judgeJoinTarget(sight: Sight, connection: Connection, opener: Host): void {
  const { address } = sight.subflow[otherEnd('opener')];
  const forgedIn = connection.hosts[otherHost(opener)].forgedAddresses?.get(address);
  if (forgedIn !== undefined)
    judge(sight, announcementRules.forged, false, () => `a join to ${address}, announced with a wrong HMAC`, [
      forgedIn,
    ]);
}
