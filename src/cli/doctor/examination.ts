/**
 * What this machine can and cannot do, examined one thing at a time. Each thing says what it is for and, when it is
 * missing, the exact command that mends it. Which implementations can be tested follows from the things alone.
 */

export type ThingId =
  | 'node'
  | 'cap'
  | 'compiler'
  | 'ip'
  | 'ethtool'
  | 'nsenter'
  | 'python3'
  | 'privilege'
  | 'lab'
  | 'mptcp'
  | 'pasta'
  | 'slirp4netns'
  | 'qemu'
  | 'busybox'
  | 'static-cc'
  | 'tun'
  | 'kvm'
  | 'tshark'
  | 'gvisor'
  | 'lwip'
  | 'tcpdump'
  | 'scapy';

export interface Thing {
  readonly id: ThingId;
  readonly there: boolean;
  /** What was found, or what is missing. */
  readonly found: string;
  readonly purpose: string;
  /** The command that mends it, when it is missing. */
  readonly remedy?: string;
}

export interface Availability {
  readonly iut:
    | 'embedded'
    | 'lab:reference'
    | 'lab:linux'
    | 'lab:passt'
    | 'lab:slirp4netns'
    | 'lab:gvisor'
    | 'lab:lwip'
    | 'vm:KERNEL';
  readonly available: boolean;
  /** What is missing for it. */
  readonly lacks: readonly ThingId[];
}

const liveNeeds: readonly ThingId[] = ['node', 'cap', 'ip', 'ethtool', 'nsenter', 'privilege', 'lab'];
const needs: Readonly<Record<Availability['iut'], readonly ThingId[]>> = {
  embedded: ['node'],
  'lab:reference': liveNeeds,
  'lab:linux': [...liveNeeds, 'mptcp', 'python3'],
  'lab:passt': [...liveNeeds, 'pasta'],
  'lab:slirp4netns': [...liveNeeds, 'slirp4netns'],
  'lab:gvisor': [...liveNeeds, 'gvisor'],
  'lab:lwip': [...liveNeeds, 'lwip'],
  // KVM only makes it faster.
  'vm:KERNEL': [...liveNeeds, 'qemu', 'busybox', 'static-cc', 'tun'],
};

export const availabilityOf = (things: readonly Thing[]): readonly Availability[] => {
  const there = new Set(things.filter((thing) => thing.there).map(({ id }) => id));
  return (Object.keys(needs) as Availability['iut'][]).map((iut) => {
    const lacks = needs[iut].filter((id) => !there.has(id));
    return { iut, available: lacks.length === 0, lacks };
  });
};

/** The least version of Node, as `engines` in package.json has it. */
const leastNodeVersion = [20, 12] as const;

export const isNodeRecentEnough = (version: string): boolean => {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  return major > leastNodeVersion[0] || (major === leastNodeVersion[0] && minor >= leastNodeVersion[1]);
};

export const leastNode = leastNodeVersion.join('.');
