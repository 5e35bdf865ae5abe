/**
 * Addresses other than those of the initial flow (RFC 8684 and RFC 6824 sections 3.4.1 and 3.4.2): announced by ADD_ADDR,
 * removed by REMOVE_ADDR. The client's establishment decides whether and from where to join an announced address
 * (client/announced.ts). This host announces addresses on request of control, and by a decision, which by default
 * announces none.
 */
import { equalOctets } from '../../protocol/bytes/octets.js';
import { addAddrHmac } from '../../protocol/keys/add-addr-hmac.js';
import type { AddAddr, RemoveAddr } from '../../protocol/mptcp/option.js';
import { ipOctets, ipv4Text, ipv6Text } from '../../protocol/wire/address.js';
import type { IpAddress } from '../../protocol/wire/packet.js';
import type { TcpOption } from '../../protocol/wire/tcp-option.js';
import type { AddressSignal } from '../contract.js';
import type { Stack } from '../stack.js';
import { sendAck, sendKeepalive } from '../tcp/transmission.js';
import type { Member, OwnAddress, Session } from './connection.js';
import { isOpen } from './dss-arrival.js';
import { resetMember } from './fallback.js';

/** Flag E of v1. */
const echoFlag = 1;
/** Keepalives, one retransmission timeout apart, before a flow of a removed address counts as dead. */
const keepalives = 3;

/** An announcement is accepted, and in v1 echoed every time it comes, if it proves that its sender has the keys. */
export const takeAddAddr = (stack: Stack, session: Session, member: Member, option: AddAddr): void => {
  if (session.version === 1 && (option.nibble & echoFlag) !== 0) return;
  if (!stack.decisions.join.verifiesAddAddr(session, option)) return;
  const { hmac: _, ...announced } = option;
  if (session.version === 1) sendAck(stack, member.flow, [{ ...announced, nibble: echoFlag }]);
  const address = option.address.length === 4 ? ipv4Text(option.address, 0) : ipv6Text(option.address, 0);
  // "The address MUST be the same as the address previously assigned to this Address ID."
  const known = session.announced.get(option.addressId);
  if (known !== undefined && known.address !== address) return;
  // Without a port it is that of the flow by which the announcement came.
  const port = option.port ?? member.flow.remotePort;
  const place = { addressId: option.addressId, address, port, path: member.flow.path };
  session.announced.set(option.addressId, place);
  session.connection.hooks.addressAnnounced?.(place);
};

/** v1: by the HMAC (RFC8684-3.4-01), in which the key of the announcement's sender comes first. v0 has no proof. */
export const verifiesAddAddr = ({ version, localKey, remoteKey }: Session, option: AddAddr): boolean => {
  if (version === 0) return true;
  const { addressId, address, port, hmac } = option;
  if (hmac === undefined) return false;
  const sender = { localKey: remoteKey, remoteKey: localKey };
  return equalOctets(addAddrHmac({ ...sender, addressId, address, ...(port === undefined ? {} : { port }) }), hmac);
};

/**
 * The peer removes addresses: they are no longer joined, and their flows end if a keepalive shows that they are dead.
 * Unknown ids are ignored.
 */
export const takeRemoveAddr = (stack: Stack, session: Session, option: RemoveAddr): void => {
  for (const id of option.addressIds) {
    session.announced.delete(id);
    for (const member of session.members.filter(({ remoteId }) => remoteId === id)) {
      probe(stack, session, member, stack.decisions.join.asksBeforeRemoval() ? keepalives : 0);
    }
  }
};

/** RFC 8684 section 3.4.2: "the receipt of REMOVE_ADDR SHOULD first trigger the sending of a TCP keepalive". */
export const asksBeforeRemoval = (): boolean => true;

/** "If a response is received, the path SHOULD NOT be removed": any acceptable segment stops this (subflow.ts). */
const probe = (stack: Stack, session: Session, member: Member, tries: number): void => {
  member.probe?.cancel();
  if (tries === 0) {
    resetMember(stack, session, member, []);
    return;
  }
  sendKeepalive(stack, member.flow);
  member.probe = stack.alarms.at(stack.now + member.flow.rto, ['keepalive', member, tries], () =>
    probe(stack, session, member, tries - 1),
  );
};

/** Address ID of one of this host's addresses in a connection: 0 is that of the initial flow, others as they are met. */
export const localAddressId = (session: Session, address: IpAddress): number => {
  const known = session.localIds.get(address);
  if (known !== undefined) return known;
  const id = Math.max(0, ...session.localIds.values()) + 1;
  session.localIds.set(address, id);
  return id;
};

/** Announces addresses at the moments that have come since it was last asked, each on an ACK of its own. */
export const announceAddresses = (stack: Stack, session: Session, member: Member): void => {
  for (let [moment] = session.announcements; moment !== undefined; [moment] = session.announcements) {
    if (moment === 'confirmed' && !session.confirmed) return;
    session.announcements.shift();
    for (const place of stack.decisions.join.announces(stack, session, moment))
      sayOn(stack, session, [member], addAddrOption(session, place));
  }
};

/** Addresses that this host announces of its own accord: none. */
export const announces = (): readonly OwnAddress[] => [];

const addAddrOption = (session: Session, { address, port }: OwnAddress): AddAddr => {
  const { version, localKey, remoteKey } = session;
  const place = {
    addressId: localAddressId(session, address),
    address: ipOctets(address),
    ...(port === undefined ? {} : { port }),
  };
  if (version === 0) return { option: 'add_addr', nibble: address.includes(':') ? 6 : 4, ...place };
  return { option: 'add_addr', nibble: 0, ...place, hmac: addAddrHmac({ localKey, remoteKey, ...place }) };
};

/**
 * A signal about an address of this host, on request of control. An announcement and a removal are sent on live flows,
 * the removal on those that do not use the address, if there are any; it ends the flows of the address (RFC6824-3.4-19).
 * A priority is sent on the flow that it concerns. False if there is no such address or flow.
 */
export const signalAddress = (stack: Stack, session: Session, signal: AddressSignal): boolean => {
  const { address } = signal;
  const living = session.members.filter(({ flow }) => isOpen(flow));
  const using = living.filter(({ flow }) => flow.local === address);
  const others = living.filter((member) => !using.includes(member));
  switch (signal.signal) {
    case 'announce':
      return sayOn(stack, session, living, addAddrOption(session, signal));
    case 'withdraw': {
      const id = session.localIds.get(address);
      if (id === undefined) return false;
      session.localIds.delete(address);
      const witnesses = others.length > 0 ? others : living;
      const said = sayOn(stack, session, witnesses, { option: 'remove_addr', reserved: 0, addressIds: [id] });
      if (others.length > 0) for (const member of using) resetMember(stack, session, member, []);
      return said;
    }
    case 'prioritise':
      return say(stack, using[0], { option: 'mp_prio', reserved: 0, backup: signal.backup });
  }
};

/**
 * The flows that carry signals about addresses: in version 0, which has no echo, every flow (RFC 6824 section 3.4.1), in
 * version 1 one.
 */
const sayOn = (stack: Stack, { version }: Session, members: readonly Member[], option: TcpOption): boolean => {
  for (const member of version === 0 ? members : members.slice(0, 1)) say(stack, member, option);
  return members.length > 0;
};

/** An option on an ACK of its own; the ACK that is due stays due, as this one has no room for a Data ACK. */
const say = (stack: Stack, member: Member | undefined, option: TcpOption): boolean => {
  if (member === undefined) return false;
  const { ackDue } = member.flow;
  sendAck(stack, member.flow, [option]);
  member.flow.ackDue = ackDue;
  return true;
};
