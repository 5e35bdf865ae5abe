/** One fault: which call of which process fails, at which time, and how. */
export interface Fault {
  readonly process: FaultyProcess;
  readonly call: string;
  /** From 1, counted from when the process has loaded its code. */
  readonly number: number;
  /** `late`: it does not fail, it comes back 1.5 s later. */
  readonly error: keyof typeof errors;
}

export const errors = { EIO: 5, ENOMEM: 12, EMFILE: 24, ENOSPC: 28, EPERM: 1, late: 0 } as const;

/** Processes of a run, by a part of their command line, and the file whose opening ends their loading. */
export const processes = {
  program: { line: 'cli/main.js', after: 'catalogue.json' },
  runner: { line: '/runner.js', after: '' },
} as const;
export type FaultyProcess = keyof typeof processes;

/** How each call may fail on a machine that lacks a resource or breaks. */
const ways: Readonly<Record<string, readonly Fault['error'][]>> = {
  open: ['EMFILE', 'EIO'],
  read: ['EIO'],
  write: ['ENOSPC', 'EIO'],
  fsync: ['EIO', 'ENOSPC'],
  rename: ['EIO', 'ENOSPC'],
  mkdir: ['ENOSPC'],
  unlink: ['EIO'],
  fork: ['ENOMEM'],
  pipe: ['EMFILE'],
  socket: ['EMFILE', 'EPERM'],
  bind: ['EPERM'],
  send: ['ENOMEM', 'EIO'],
  ioctl: ['EPERM'],
  epoll_wait: ['late'],
};

/**
 * `most` faults, each once, spread evenly over the calls and over the times that each is made: `counts` says how often a run without
 * a fault makes them.
 */
export const chooseFaults = (
  counts: readonly { readonly process: FaultyProcess; readonly call: string; readonly count: number }[],
  most: number,
): readonly Fault[] => {
  const rows = counts.flatMap(({ process, call, count }) =>
    count === 0 ? [] : (ways[call] ?? []).map((error) => ({ process, call, error, count })),
  );
  const chosen: Fault[] = [];
  // One of each in turn, at numbers that halve the gaps between the previous ones, until there are enough.
  for (let round = 0; chosen.length < most; round += 1) {
    const before = chosen.length;
    for (const { process, call, error, count } of rows) {
      const number = 1 + ((round * stride(count)) % count);
      if (round < count && chosen.length < most) chosen.push({ process, call, error, number });
    }
    if (chosen.length === before) break;
  }
  return chosen;
};

/** Steps through a circle of `count` places so that each is met once, far from the one before. */
const stride = (count: number): number => {
  for (let step = Math.max(1, Math.round(count * 0.618)); ; step += 1) if (divisor(step, count) === 1) return step;
};

const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));

export const tellFault = ({ process, call, number, error }: Fault): string => `${process} ${call} ${number} ${error}`;
