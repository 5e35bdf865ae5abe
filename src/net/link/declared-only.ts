/**
 * Sends only to the implementation. The contents of a frame of another host may determine the destination of an answer:
 * to a third address that it gives as its own, or to the tester itself. A frame whose destination is not declared is
 * withheld and counted.
 *
 * Allowed besides for neighbour discovery: groups, link-local addresses, which no router forwards, and hosts with a
 * declared MAC address, such as the router to the implementation.
 */
import { decodeFrame } from '../../protocol/wire/frame.js';
import type { IpAddress, MacAddress } from '../../protocol/wire/packet.js';
import { forward } from './forward.js';
import type { Link } from './link.js';

export interface GuardedLink extends Link {
  /** Frames that were not sent. */
  withheld(): number;
}

export interface Declared {
  readonly addresses: ReadonlySet<IpAddress>;
  readonly macs: ReadonlySet<MacAddress>;
}

export const sendOnlyTo = (inner: Link, declared: Declared): GuardedLink => {
  let withheld = 0;
  return {
    ...forward(inner),
    send: (path, frame) => {
      if (goesTo(frame, declared)) inner.send(path, frame);
      else withheld += 1;
    },
    withheld: () => withheld,
  };
};

const linkLocal = /^fe[89ab][0-9a-f]:/;
const group = /^ff/;

const goesTo = (frame: Uint8Array, { addresses, macs }: Declared): boolean => {
  const packet = decodeFrame(frame);
  switch (packet.kind) {
    case 'arp':
      return addresses.has(packet.arp.targetIp) || macs.has(packet.arp.targetMac);
    case 'nd':
      return (
        addresses.has(packet.ip.destination) ||
        macs.has(packet.ethernet.destination) ||
        group.test(packet.ip.destination) ||
        linkLocal.test(packet.ip.destination)
      );
    default:
      return !('ip' in packet) || packet.ip === undefined || addresses.has(packet.ip.destination);
  }
};
