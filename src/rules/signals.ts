/**
 * Signals other than data: MP_PRIO (RFC 8684 section 3.3.8), MP_FASTCLOSE (3.5) and MP_TCPRST (3.6), and the layout of
 * all MPTCP options. Addresses have a file of their own, `announcements.ts`.
 */
import { mptcpKind } from '../protocol/mptcp/head.js';
import type { MpFastclose, MpTcpRst } from '../protocol/mptcp/option.js';
import { TcpFlag } from '../protocol/wire/packet.js';
import type { FoundMptcpOption } from '../protocol/wire/tcp-options.js';
import { forgetAddress, judgeAnnouncement } from './announcements.js';
import { type Connection, type Host, type HostState, otherHost } from './conversation/connection.js';
import { hostAt } from './conversation/subflow.js';
import { judgeJoinForm } from './join.js';
import type { Rule } from './rule.js';
import { hex64, judge, keep, note, type Sight } from './sight.js';
import { tcpOptionRules } from './tcp-options.js';

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
  tcprstOnReset: {
    name: 'tcprst-on-a-reset',
    requirement: 'RFC8684-3.6-40',
    level: 'MUST',
    binds: 'both',
    of: [1],
    says: 'MP_TCPRST is sent only on a reset.',
    needs: 'the segment',
  },
  tcprstVersion: {
    name: 'tcprst-not-in-version-0',
    requirement: 'RFC6824-3-01',
    level: 'MUST',
    binds: 'both',
    of: [0],
    says: 'The subtypes of a connection of version 0 are those of RFC 6824, which has no MP_TCPRST.',
    needs: 'the handshake of the connection',
  },
  prioForm: {
    name: 'prio-without-address-id',
    requirement: 'RFC8684-3.3-40',
    level: 'MUST',
    binds: 'both',
    of: [1],
    says: 'MP_PRIO of version 1 has three octets: it has no Address ID.',
    needs: 'the version of the connection',
  },
  failPlace: {
    name: 'mp-fail-at-a-mapping',
    requirement: 'RFC6824-3.6-06',
    level: 'MUST',
    binds: 'both',
    of: [0, 1],
    says: 'An MP_FAIL that answers no other names a data sequence number at which a mapping of the peer begins.',
    needs: 'every mapping of the peer',
  },
  removal: {
    name: 'removal-of-a-known-address-id',
    requirement: 'RFC6824-3.4-16',
    level: 'SHOULD',
    binds: 'both',
    of: [0, 1],
    says: 'REMOVE_ADDR names Address IDs that its host has announced, or under which it has flows.',
    needs: 'every segment of the host',
  },
  layout: {
    name: 'mptcp-option-layout',
    requirement: 'RFC6824-3-40',
    level: 'MUST',
    binds: 'both',
    of: [0, 1],
    says: 'An MPTCP option has a length that its subtype and flags allow.',
    needs: 'the segment',
  },
} as const satisfies Readonly<Record<string, Rule>>;

/** U, V and W of MP_TCPRST; T stays. */
const reservedReset = 0xe;

export function judgeSignals(sight: Sight): void {
  const { segment, subflow } = sight;
  for (const option of segment.tcp.mptcp) {
    if (option.option === 'mp_tcprst') judgeReset(sight, option);
    judgeLayout(sight, option);
    if (option.option === 'mp_join') judgeJoinForm(sight, option);
    const { connection, openedBy } = subflow;
    if (connection === undefined || openedBy === undefined) continue;
    const host = hostAt(openedBy, segment.sender);
    if (option.option === 'mp_fastclose') {
      judgeFastclose(sight, option, connection, host);
      if (option.peerKey === connection.hosts[otherHost(host)].key) connection.over ??= segment.frame;
    }
    if (option.option === 'mp_prio' && connection.version === 1)
      judge(sight, signalRules.prioForm, option.addressId === undefined, () => 'MP_PRIO carries an Address ID');
    // A host that refuses a token need not know the version of its former connection.
    if (connection.version === 0 && (subflow.synAckJoin !== undefined || subflow.synCapable?.option.version === 0))
      judge(sight, signalRules.tcprstVersion, option.option !== 'mp_tcprst', () => 'MP_TCPRST stands there');
    if (option.option === 'mp_fail') {
      if (sight.vantage === 'peer') judgeFail(sight, option.dsn, connection.hosts[otherHost(host)]);
      learnFailure(connection, host, segment.frame);
    }
    if (option.option === 'add_addr') judgeAnnouncement(sight, option, connection, host);
    if (option.option === 'remove_addr')
      for (const id of option.addressIds) {
        if (sight.vantage === 'peer') judgeRemoval(sight, id, connection.hosts[host]);
        forgetAddress(connection.hosts[host], id, segment.frame);
      }
  }
}

/** The list also has malformed options of other kinds. */
function judgeLayout(sight: Sight, option: FoundMptcpOption): void {
  if (option.option !== 'malformed') keep(sight, signalRules.layout);
  else {
    const rule = option.kind === mptcpKind ? signalRules.layout : tcpOptionRules.lengths;
    judge(sight, rule, false, () => `an option cannot be read: ${option.malformed.why}`);
  }
}

/** Once both hosts have sent MP_FAIL on the only subflow the connection goes on as TCP (RFC 8684 section 3.7). */
const learnFailure = (connection: Connection, host: Host, frame: number): void => {
  connection.hosts[host].failedIn ??= frame;
  const { a, b } = connection.hosts;
  if (connection.subflows - connection.endedSubflows > 1) return;
  if (a.failedIn !== undefined && b.failedIn !== undefined) connection.fallenBack ??= frame;
};

/** RFC 8684 section 3.7: who answers MP_FAIL with its own need not have seen anything fail. */
function judgeFail(sight: Sight, dsn: bigint, sender: HostState): void {
  if (sender.failedIn !== undefined || sender.idsn === undefined) return;
  judge(
    sight,
    signalRules.failPlace,
    sender.mappedAt?.has(dsn) === true,
    () => `MP_FAIL names ${hex64(dsn)}, where no mapping begins`,
  );
}

/** An Address ID may be taken back again. 0 is that of the initial flow. */
function judgeRemoval(sight: Sight, id: number, { addressIds, announced }: HostState): void {
  judge(
    sight,
    signalRules.removal,
    id === 0 || addressIds?.has(id) === true || announced?.has(id) === true,
    () => `REMOVE_ADDR names Address ID ${id}, which was neither announced nor used`,
  );
}

function judgeReset(sight: Sight, option: MpTcpRst): void {
  judge(sight, signalRules.tcprstFlags, (option.flags & reservedReset) === 0, () => 'U, V or W of MP_TCPRST is set');
  const isReset = (sight.segment.tcp.flags & TcpFlag.RST) !== 0;
  judge(sight, signalRules.tcprstOnReset, isReset, () => 'MP_TCPRST stands on a segment without RST');
}

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
