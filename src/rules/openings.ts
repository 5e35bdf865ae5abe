/**
 * How a host opens flows: joins go to the port of the first subflow or to an announced one (RFC 8684 sections 3.4.1 and
 * 3.8), and the SYNs with which RobE opens a connection over several paths are alike (RobE paper section 2.1).
 */
import { TcpFlag } from '../protocol/wire/packet.js';
import type { TcpOption } from '../protocol/wire/tcp-option.js';
import { type Connection, type Host, otherHost } from './conversation/connection.js';
import { endpointText } from './conversation/endpoint.js';
import type { Subflow } from './conversation/subflow.js';
import type { Rule } from './rule.js';
import { find, judge, note, type Sight } from './sight.js';

export const openingRules = {
  joinPort: {
    name: 'join-port',
    requirement: 'RFC6824-3.8-01',
    also: ['RFC6824-3.4-07'],
    level: 'SHOULD',
    binds: 'both',
    of: [0, 1],
    says: 'A join goes to the port that was announced with its address, or else to that of the first subflow.',
    needs: 'the initial subflow, and the announcements of the peer',
  },
  announcedPort: {
    name: 'join-port-of-the-announcement',
    requirement: 'RFC6824-3.4-07',
    level: 'SHOULD',
    binds: 'both',
    of: [0, 1],
    says: 'A join to an address that was announced without a port goes to the port of the subflow by which the announcement came.',
    needs: 'the announcements of the peer',
  },
  alike: {
    name: 'robe-syns-alike',
    requirement: 'ROBE-P1-C-03',
    level: 'MUST',
    binds: 'client',
    of: [0, 1],
    robe: true,
    says: 'The SYNs with one Key-A differ only in source address and source port.',
    needs: 'both SYNs',
  },
  restful: {
    name: 'syn-repeated-against-its-word',
    requirement: 'ROBE-P1-C-12',
    level: 'MUST',
    binds: 'client',
    of: [0, 1],
    robe: true,
    declared: { point: 'robe.keep_syn', binds: ['no'] },
    says: 'A client that declares to leave silent paths after the election (robe.keep_syn: no) repeats no SYN then.',
    needs: 'what the client declares, and both flows',
  },
} as const satisfies Readonly<Record<string, Rule>>;

/** A SYN with MP_JOIN whose token names a connection; `opener` is the host that sends it. */
export function judgeJoinPort(sight: Sight, connection: Connection, opener: Host): void {
  const { subflow, vantage } = sight;
  const { address, port } = subflow.listener;
  const peer = connection.hosts[otherHost(opener)];
  const endpoint = endpointText({ address, port });
  const announcements = [...(peer.announced?.values() ?? [])].filter((each) => each.address === address);
  const announced = announcements.map(({ target, port: used }) =>
    target === address ? endpointText({ address, port: used }) : target,
  );
  const initial = peer.initialEndpoint;
  const expected = announced.length > 0 ? announced.includes(endpoint) : initial.endsWith(`:${port}`);
  const right = opener === 'b' || initial === endpoint || expected;
  const rule = announcements.some(({ target }) => target === address)
    ? openingRules.announcedPort
    : openingRules.joinPort;
  const sentence = (): string =>
    `the join goes to port ${port}, ${announced.length > 0 ? `announced was ${announced.join(' and ')}` : `the first subflow went to ${initial}`}`;
  // An announcement may be missing in the capture.
  if (right || vantage === 'peer' || initial.startsWith(beforePort(address))) judge(sight, rule, right, sentence);
  else note(sight, 'unknown', rule, sentence);
}

/** An endpoint at that address as text, up to its port. */
const beforePort = (address: string): string => endpointText({ address, port: 0 }).slice(0, -1);

interface Opening {
  readonly key: bigint;
  readonly subflow: Subflow;
  readonly to: string;
  readonly options: string;
  readonly frame: number;
}

/** SYNs with MP_CAPABLE and a key, of which RobE sends several alike. */
export class Openings {
  #known: readonly Opening[] = [];

  judge(sight: Sight): void {
    const { segment, subflow } = sight;
    const { tcp } = segment;
    if ((tcp.flags & (TcpFlag.SYN | TcpFlag.ACK)) !== TcpFlag.SYN) return;
    const key = find(tcp.mptcp, 'mp_capable')?.key;
    if (key === undefined) return;
    const opening: Opening = {
      key,
      subflow,
      to: endpointText(subflow.listener),
      options: tcp.options.map(contentOf).join(', '),
      frame: segment.frame,
    };
    const alike = this.#known.filter((known) => known.key === key && known.subflow !== subflow);
    const elected = alike.find(({ subflow: other }) => other.thirdCapable !== undefined && !other.ended);
    if (elected !== undefined && this.#known.some((known) => known.subflow === subflow)) {
      judge(sight, openingRules.restful, false, () => 'a SYN comes again although another flow was confirmed', [
        elected.subflow.thirdCapable,
      ]);
    }
    const [first] = alike;
    if (first !== undefined) {
      const differs = [
        ...(portOf(first.to) === portOf(opening.to)
          ? []
          : [`destination ${opening.to} where the first had ${first.to}`]),
        ...(first.options === opening.options
          ? []
          : [`options ${opening.options} where the first had ${first.options}`]),
      ];
      judge(
        sight,
        openingRules.alike,
        differs.length === 0,
        () => `a SYN with the same key has ${differs.join(' and ')}`,
        [first.frame],
      );
    }
    this.#known = [...this.#known, opening];
  }
}

/** A server may have several addresses (RobE paper section 2.4), so the port alone counts. */
const portOf = (endpoint: string): string => endpoint.slice(endpoint.lastIndexOf(':'));

/** An option as text, without timestamps, which change. */
const contentOf = (option: TcpOption): string =>
  option.option === 'timestamps'
    ? option.option
    : JSON.stringify(option, (_, value: unknown) => (typeof value === 'bigint' ? `0x${value.toString(16)}` : value));
