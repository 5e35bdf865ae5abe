/**
 * Reports of a kernel about a fault of its own, as its console shows them: a panic, an oops, a warning, a report of
 * KASAN, of lockdep and their like, leaked memory. The first line tells which it is; what follows belongs to it until the
 * trace ends.
 */
import type { SelfReport } from '../../suite/verdict/results.js';

export type ReportKind = SelfReport['kind'];

export interface KernelReport {
  readonly kind: ReportKind;
  /** Its first line, without the time. */
  readonly title: string;
  /** All of it, as it came so far. */
  readonly lines: readonly string[];
}

/** The kinds by how they begin; the first that fits counts. */
const beginnings: readonly (readonly [RegExp, ReportKind])[] = [
  [/^Kernel panic - not syncing/, 'panic'],
  [/^BUG: (KASAN|KFENCE|KMSAN|KCSAN)\b/, 'sanitizer'],
  [/^UBSAN: /, 'sanitizer'],
  [/^(watchdog: )?BUG: (soft|hard) lockup/, 'stall'],
  [/^(rcu: )?INFO: rcu\w* (self-)?detected/, 'stall'],
  [/^INFO: task .* blocked for more than/, 'stall'],
  [/^INFO: (possible|inconsistent) .*lock/, 'lockdep'],
  [
    /^WARNING: (possible|inconsistent|suspicious|bad|lock held|held lock|nested lock|Nested lock|.*-safe -> .*-unsafe)/,
    'lockdep',
  ],
  [/^WARNING: /, 'warning'],
  [/^(kernel )?BUG(:| at )/, 'bug'],
  [/^(Oops\b|general protection fault|stack segment|invalid opcode|divide error|double fault|int3: )/, 'oops'],
  [/^unreferenced object 0x/, 'leak'],
  [/^kmemleak: \d+ new suspected memory leaks/, 'leak'],
];

/** The kind of report that a line begins, without its time. */
export const kindOfReport = (line: string): ReportKind | undefined =>
  beginnings.find(([beginning]) => beginning.test(line))?.[1];

/** Whether the kernel is no longer reliable, and is booted again. */
export const spoils = ({ kind }: Pick<KernelReport, 'kind'>): boolean => kind !== 'stall' && kind !== 'leak';

/** The same for every time that the same thing goes wrong: without addresses, numbers of processes and processors. */
export const signatureOf = ({ kind, title }: Pick<KernelReport, 'kind' | 'title'>): string =>
  `${kind}: ${title
    .replace(/\b(CPU|PID|Comm)(: ?|#)\S+/g, '$1')
    .replace(/\bby task \S+/g, 'by task')
    .replace(/\b(0x)?[0-9a-f]{8,16}\b/g, 'N')
    .replace(/[-+]0x[0-9a-f]+(\/0x[0-9a-f]+)?/g, '')
    .replace(/\s+/g, ' ')
    .trim()}`;
