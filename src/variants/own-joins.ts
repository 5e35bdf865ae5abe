/** Joins of a server's own accord: a path manager that opens a subflow towards its client (RFC 8684 section 3.2). */
import type { FlowHistory } from '../mutants/flow-history.js';
import { findAny, isInfinite, isReset, type OptionOf, redraft } from '../mutants/segment.js';
import { token } from '../protocol/keys/key-digest.js';
import { MpCapableFlag } from '../protocol/mptcp/option.js';
import { ipOctets } from '../protocol/wire/address.js';
import { type IpAddress, TcpFlag } from '../protocol/wire/packet.js';
import { seq, seqAdd } from '../protocol/wire/seq.js';
import type { HostConfig } from '../reference/contract.js';
import { hasFlag } from '../reference/tcp/flow.js';
import type { Habit } from './habit.js';
import { keysOf } from './mptcp-view.js';
import { type Variant, variants } from './variant.js';

/** Beyond the ports from which clients of the reference connect. */
const firstPort = 61_000;
/** Beyond the numbers that the host itself gives to its addresses. */
const firstId = 100;
const halfASecond = 500_000_000n;

/** The Address ID under which an address was announced. */
const idSaid = (flows: readonly FlowHistory[], address: IpAddress): number | undefined =>
  flows
    .flatMap((flow) => flow.segments('out'))
    .flatMap(({ options }) => options)
    .find(
      (option): option is OptionOf<'add_addr'> =>
        option.option === 'add_addr' && Buffer.compare(option.address, ipOctets(address)) === 0,
    )?.addressId;

/**
 * One join for each connection, from an address of another path, once a DSS came: at once or after a time, and never where flag C
 * forbids it, nor after an infinite mapping. Nobody is at home there: what is answered draws nothing, as from a host that gave the attempt up.
 */
const joining =
  (after: bigint) =>
  ({ paths }: HostConfig): Habit => {
    const joined = new Set<bigint>();
    return {
      leaves(passing, wire) {
        const { flow, tcp, packet, flows } = passing;
        const keys = keysOf(passing);
        if (keys === undefined || joined.has(keys.own) || flow.openedHere || isReset(tcp)) return undefined;
        if (findAny(tcp, 'dss') === undefined || isInfinite(tcp) || hasFlag(tcp, TcpFlag.FIN)) return undefined;
        const came = flow.segments('in');
        if (!came.some((each) => findAny(each, 'dss') !== undefined)) return undefined;
        const offered = came.map((each) => findAny(each, 'mp_capable')).find((each) => each !== undefined);
        if (offered === undefined || (keys.version === 1 && (offered.flags & MpCapableFlag.C) !== 0)) return undefined;
        const from = paths.find((each) => each.path !== passing.path);
        const source = from?.addresses.find((each) => each.includes(':') === packet.ip.source.includes(':'));
        if (from === undefined || source === undefined) return undefined;
        joined.add(keys.own);
        const draft = redraft(packet, {
          sourcePort: firstPort + flows.length,
          seq: seqAdd(tcp.seq, 0x1357_9bdf),
          ack: seq(0),
          flags: TcpFlag.SYN,
          window: 65_535,
          payload: new Uint8Array(0),
          options: [
            { option: 'mss', value: 1400 },
            {
              option: 'mp_join',
              form: 'syn',
              reserved: 0,
              backup: false,
              addressId: idSaid(flows, source) ?? firstId + from.path,
              token: token(keys.version, keys.peer),
              nonce: Number(BigInt.asUintN(32, keys.own ^ keys.peer)),
            },
          ],
        });
        wire.later(after, () =>
          flow.reset || [...flow.segments('in'), ...flow.segments('out')].some(isInfinite)
            ? []
            : [{ path: from.path, draft: { ...draft, ip: { ...draft.ip, source } } }],
        );
        return undefined;
      },
    };
  };

const initiating = {
  source: 'RFC 8684',
  section: '3.2',
  says: 'Either host may open further subflows, also a server, at a time of its own choice.',
} as const;

export const ownJoinVariants: readonly Variant[] = variants(
  { profiles: ['mptcp'], about: 'joins of a server', role: 'server' },
  [
    { id: 'server-joins-at-once', sentence: initiating, change: { habit: joining(0n) } },
    { id: 'server-joins-later', sentence: initiating, change: { habit: joining(halfASecond) } },
  ],
);
