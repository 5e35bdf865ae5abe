/** Signals about addresses that come late, by another flow, or tell a second port. */

import { repeat } from '../mutants/fault.js';
import type { FlowHistory } from '../mutants/flow-history.js';
import { findAny, isBareAck, isReset, redraft } from '../mutants/segment.js';
import { addAddrHmac } from '../protocol/keys/add-addr-hmac.js';
import { ipOctets } from '../protocol/wire/address.js';
import type { Tcp } from '../protocol/wire/packet.js';
import type { TcpOption } from '../protocol/wire/tcp-option.js';
import type { HostConfig } from '../reference/contract.js';
import type { Habit } from './habit.js';
import { ackAfter, ackLater, isRelated, keysOf } from './mptcp-view.js';
import { milliseconds } from './plain-acks.js';
import { mptcpProfiles, type Variant, variants } from './variant.js';

const versionOf = (flow: FlowHistory, tcp: Tcp): number | undefined =>
  [...flow.segments('out'), tcp].map((each) => findAny(each, 'mp_capable')?.version).find((each) => each !== undefined);

const isEcho = (option: TcpOption): boolean =>
  option.option === 'add_addr' && (option.nibble & 1) !== 0 && option.hmac === undefined;

/** ADD_ADDR of another address, then with a port. */
const twoPorts = ({ paths }: HostConfig): Habit => {
  const said = new Set<bigint>();
  return {
    leaves(passing, wire) {
      const { tcp, path, packet, flow } = passing;
      const keys = keysOf(passing);
      if (findAny(tcp, 'dss') === undefined || isReset(tcp) || keys === undefined || said.has(keys.own))
        return undefined;
      const other = paths.find((each) => each.path !== path);
      const address = other?.addresses.find((each) => each.includes(':') === (packet.ip.version === 6));
      if (other === undefined || address === undefined) return undefined;
      said.add(keys.own);
      const option = (port?: number): TcpOption => {
        const what = { addressId: other.path, address: ipOctets(address), ...(port === undefined ? {} : { port }) };
        return keys.version === 0
          ? { option: 'add_addr', nibble: packet.ip.version, ...what }
          : {
              option: 'add_addr',
              nibble: 0,
              ...what,
              hmac: addAddrHmac({ localKey: keys.own, remoteKey: keys.peer, ...what }),
            };
      };
      wire.later(milliseconds(300), () => ackLater(flow, [option(4711)]));
      return [{ path, draft: redraft(packet) }, ackAfter(path, packet, [option()])];
    },
  };
};

const echoLater = (where: 'later' | 'elsewhere') => (): Habit => ({
  leaves({ tcp, packet, path, flow, flows }, wire) {
    const echoes = tcp.options.filter(isEcho);
    if (echoes.length === 0 || isReset(tcp) || versionOf(flow, tcp) === 0) return undefined;
    const rest = { options: tcp.options.filter((each) => !isEcho(each)) };
    if (where === 'later') {
      wire.later(milliseconds(400), () => ackLater(flow, echoes));
      return isBareAck(tcp) ? [] : [{ path, draft: redraft(packet, rest) }];
    }
    const ack = flow
      .segments('out')
      .map((each) => findAny(each, 'dss')?.ack)
      .findLast((each) => each !== undefined);
    const other =
      ack === undefined ? undefined : flows.find((each) => each !== flow && isRelated(each, ack, { flow, flows }));
    const moved = other === undefined ? [] : ackLater(other, echoes);
    return moved.length === 0
      ? undefined
      : [...(isBareAck(tcp) ? [] : [{ path, draft: redraft(packet, rest) }]), ...moved];
  },
});

/** MP_PRIO of v0 names the address, on another flow. */
const prioElsewhere = (): Habit => {
  const said = new Set<FlowHistory>();
  return {
    leaves(passing) {
      const { tcp, packet, path, flow, flows } = passing;
      const ack = findAny(tcp, 'dss')?.ack;
      if (ack === undefined || isReset(tcp) || said.has(flow)) return undefined;
      const other = flows.find(
        (each) =>
          each !== flow &&
          isRelated(each, ack, { flow, flows }) &&
          each.segments('out').some((one) => findAny(one, 'mp_join') !== undefined),
      );
      const join = other
        ?.segments('out')
        .map((each) => findAny(each, 'mp_join'))
        .find((each) => each !== undefined && each.form !== 'ack');
      const v0 = versionOf(flow, tcp) === 0;
      if (other === undefined || join === undefined || !v0) return undefined;
      said.add(flow);
      return [
        { path, draft: redraft(packet) },
        ackAfter(path, packet, [{ option: 'mp_prio', reserved: 0, backup: true, addressId: join.addressId }]),
      ];
    },
  };
};

const advertising = { source: 'RFC 8684', section: '3.4.1' } as const;

export const lateSignalVariants: readonly Variant[] = variants({ profiles: mptcpProfiles }, [
  {
    id: 'add-addr-then-with-a-port',
    sentence: { ...advertising, says: 'An Address ID may be announced again with the same address and another port.' },
    about: 'announced addresses',
    change: { habit: twoPorts },
  },
  {
    id: 'echo-of-add-addr-after-400ms',
    sentence: { ...advertising, says: 'No time is prescribed for the echo of an ADD_ADDR: here it takes 400 ms.' },
    about: 'echo of ADD_ADDR',
    change: { habit: echoLater('later') },
  },
  {
    id: 'echo-of-add-addr-on-another-flow',
    sentence: { ...advertising, says: 'The echo goes back to the sender on any flow.' },
    about: 'echo of ADD_ADDR',
    change: { habit: echoLater('elsewhere') },
  },
  {
    id: 'echo-of-add-addr-twice',
    sentence: {
      source: 'RFC 8684',
      section: '3',
      says: 'Up to two duplicate ACKs in a row may carry an option: here the echo is sent twice.',
    },
    about: 'echo of ADD_ADDR',
    change: { wire: [repeat((tcp) => tcp.options.some(isEcho))] },
  },
  {
    id: 'prio-names-another-flow',
    sentence: {
      source: 'RFC 6824',
      section: '3.3.8',
      says: 'MP_PRIO of version 0 may name an Address ID, and be sent on another flow.',
    },
    about: 'priority',
    change: { habit: prioElsewhere },
  },
]);
