/**
 * The system's data about a network interface. Facts come from `ip`, counters from `/proc/net/dev`, which unlike
 * `/sys/class/net` always shows the namespace of the process that reads it.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { LinkError } from '../link.js';

const run = promisify(execFile);

export interface InterfaceFacts {
  readonly name: string;
  readonly mac: string;
  readonly mtu: number;
  /** Administratively up. */
  readonly up: boolean;
  /** The link has its carrier. */
  readonly carrier: boolean;
  readonly ethernet: boolean;
}

interface IpLink {
  readonly ifname: string;
  readonly address?: string;
  readonly mtu: number;
  readonly flags: readonly string[];
  readonly link_type: string;
}

/** Queries one interface; throws a LinkError if there is none of that name. */
export const inspectInterface = async (device: string): Promise<InterfaceFacts> => {
  let answer: string;
  try {
    answer = (await run('ip', ['-j', 'link', 'show', 'dev', device])).stdout;
  } catch (error) {
    throw explainInspectFailure(device, error);
  }
  const [link] = JSON.parse(answer) as readonly IpLink[];
  if (link === undefined) throw noSuchDevice(device);
  return {
    name: device,
    mac: link.address ?? '',
    mtu: link.mtu,
    up: link.flags.includes('UP'),
    carrier: link.flags.includes('LOWER_UP'),
    ethernet: link.link_type === 'ether',
  };
};

const explainInspectFailure = (device: string, error: unknown): LinkError => {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
    return new LinkError('the command ip is not installed', 'apt-get install iproute2');
  }
  return noSuchDevice(device);
};

const noSuchDevice = (device: string): LinkError => {
  const present = [...readInterfaceCounters().keys()].filter((name) => name !== 'lo');
  return new LinkError(
    `there is no network interface ${device}`,
    present.length === 0
      ? 'this network namespace has no interface but lo; run inside the one that has it'
      : `use one of ${present.join(', ')}, or run inside the namespace that has ${device}`,
  );
};

/** Throws a LinkError unless frames can pass: an Ethernet interface that is up and has its carrier. */
export const requireUsable = (facts: InterfaceFacts): void => {
  if (!facts.ethernet) {
    throw new LinkError(`${facts.name} is not an Ethernet interface`, 'use an Ethernet, veth or tap interface');
  }
  if (!facts.up) throw new LinkError(`${facts.name} is down`, `ip link set dev ${facts.name} up`);
  if (!facts.carrier) {
    throw new LinkError(`${facts.name} has no carrier: its other end is down or unplugged`, 'bring the other end up');
  }
};

export interface InterfaceCounters {
  readonly receivedFrames: number;
  readonly receiveDrops: number;
}

/** Counters of every interface of this process's network namespace. */
export const readInterfaceCounters = (): ReadonlyMap<string, InterfaceCounters> =>
  parseInterfaceCounters(readFileSync('/proc/self/net/dev', 'latin1'));

/** Columns after the name: octets, packets, errors, drops, fifo errors, ... (receive), then the same for transmit. */
export const parseInterfaceCounters = (text: string): ReadonlyMap<string, InterfaceCounters> => {
  const counters = new Map<string, InterfaceCounters>();
  for (const line of text.split('\n').slice(2)) {
    const colon = line.indexOf(':');
    if (colon < 0) continue;
    const fields = line
      .slice(colon + 1)
      .trim()
      .split(/\s+/)
      .map(Number);
    counters.set(line.slice(0, colon).trim(), {
      receivedFrames: fields[1] ?? 0,
      receiveDrops: (fields[3] ?? 0) + (fields[4] ?? 0),
    });
  }
  return counters;
};
