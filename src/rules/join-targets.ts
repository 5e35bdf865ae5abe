/**
 * Where a join still may go (RFC 6824 and RFC 8684 sections 3.4.1 and 3.4.2): not to an announced address and port at which one
 * failed, to an address that was withdrawn, or to one that took the Address ID of another, until it is announced anew.
 */
import { TcpFlag } from '../protocol/wire/packet.js';
import { type Connection, type Host, type HostState, otherHost } from './conversation/connection.js';
import { endpointText } from './conversation/endpoint.js';
import type { Rule } from './rule.js';
import { find, judge, keep, note, type Sight } from './sight.js';

export const joinTargetRules = {
  failed: {
    name: 'join-where-one-failed',
    requirement: 'RFC6824-3.4-15',
    level: 'SHOULD',
    binds: 'both',
    of: [0, 1],
    says: 'Where a join to an announced address and port was refused, none follows until they are announced again.',
    needs: 'the announcements of the peer, and that its refusal arrived',
  },
  withdrawn: {
    name: 'join-to-a-withdrawn-address',
    requirement: 'RFC8684-3.4-08',
    level: 'SHOULD',
    binds: 'both',
    of: [1],
    says: 'An address that was withdrawn is not joined until it is announced again.',
    needs: 'the announcements and removals of the peer, and that they arrived',
  },
  misnamed: {
    name: 'join-to-an-address-under-an-id-in-use',
    requirement: 'RFC6824-3.4-13',
    level: 'SHOULD',
    binds: 'both',
    of: [0],
    says: 'An announcement that gives an Address ID in use another address is not followed.',
    needs: 'the announcements and joins of the peer, and that they arrived',
  },
} as const satisfies Readonly<Record<string, Rule>>;

/** Flag T of MP_TCPRST: what made for the reset passes (RFC 8684 section 3.6). */
const transient = 1;

/** An address was announced: joins may go there, whatever was before. */
export const allowTarget = (announcer: HostState, address: string): void => {
  announcer.withdrawn?.delete(address);
  announcer.misnamed?.delete(address);
  for (const target of announcer.failedTargets?.keys() ?? [])
    if (target.startsWith(endpointText({ address, port: 0 }).slice(0, -1))) announcer.failedTargets?.delete(target);
};

/** An address was announced by the Address ID of another one. */
export const noteMisnamed = (announcer: HostState, address: string, frame: number): void => {
  announcer.misnamed ??= new Map();
  announcer.misnamed.set(address, frame);
};

/** An announced address was withdrawn by its Address ID. */
export const noteWithdrawal = (announcer: HostState, addressId: number, frame: number): void => {
  const target = announcer.announced?.get(addressId);
  if (target === undefined || target.address === announcer.initialAddress) return;
  announcer.withdrawn ??= new Map();
  announcer.withdrawn.set(target.address, frame);
};

/** A reset of the host that was to accept a join, before it was proved. */
export function noteRefusal({ segment, subflow }: Sight): void {
  const { connection, openedBy, synJoin } = subflow;
  const { tcp, sender, frame } = segment;
  if ((tcp.flags & TcpFlag.RST) === 0 || sender !== 'listener' || synJoin === undefined) return;
  if (connection === undefined || openedBy === undefined || subflow.synAckJoin !== undefined) return;
  if (((find(tcp.mptcp, 'mp_tcprst')?.flags ?? 0) & transient) !== 0) return;
  const listener = connection.hosts[otherHost(openedBy)];
  if (![...(listener.announced?.values() ?? [])].some(({ address }) => address === subflow.listener.address)) return;
  listener.failedTargets ??= new Map();
  listener.failedTargets.set(endpointText(subflow.listener), frame);
}

/** A SYN with MP_JOIN whose token names a connection; `opener` is the host that sends it. */
export function judgeJoinAgain(sight: Sight, connection: Connection, opener: Host): void {
  const { subflow } = sight;
  const listener = connection.hosts[otherHost(opener)];
  const { address } = subflow.listener;
  const target = endpointText(subflow.listener);
  judgeTarget(sight, joinTargetRules.failed, listener.failedTargets?.get(target), `a join to ${target} was refused`);
  if (connection.version === 1)
    judgeTarget(sight, joinTargetRules.withdrawn, listener.withdrawn?.get(address), `${address} was withdrawn`);
  else
    judgeTarget(
      sight,
      joinTargetRules.misnamed,
      listener.misnamed?.get(address),
      `${address} was announced by the Address ID of another address`,
    );
}

/** What a capture shows need not have arrived. */
function judgeTarget(sight: Sight, rule: Rule, since: number | undefined, sentence: string): void {
  if (since === undefined) keep(sight, rule);
  else if (sight.vantage === 'peer') judge(sight, rule, false, () => sentence, [since]);
  else note(sight, 'unknown', rule, () => sentence, [since]);
}
