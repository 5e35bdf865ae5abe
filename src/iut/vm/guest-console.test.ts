import { expect } from 'chai';
import { GuestConsole } from './guest-console.js';
import { type KernelReport, kindOfReport, signatureOf } from './kernel-report.js';

/** What was heard of a text that came in pieces of `size` octets. */
const hear = (text: string, size = 7) => {
  const said: string[] = [];
  const reports: KernelReport[] = [];
  const reader = new GuestConsole({
    said: (words) => said.push(words.join(' ')),
    reported: (report) => reports.push(report),
  });
  const octets = Buffer.from(text, 'latin1');
  for (let at = 0; at < octets.length; at += size) reader.take(octets.subarray(at, at + size));
  reader.end();
  return { said, reports, last: reader.last(3) };
};

const warning = `[   12.000001] ------------[ cut here ]------------
[   12.000002] WARNING: CPU: 0 PID: 61 at net/mptcp/protocol.c:2650 mptcp_worker+0x2f1/0x3a0
[   12.000003] Modules linked in: virtio_net
[   12.000004] ---[ end trace 0000000000000000 ]---
[   12.100000] something else
`;

describe('the console of a guest', () => {
  it('tells how far the first program came', () => {
    expect(hear('\x1b[2J[    0.1] Booting\r\nrobe: note a b\r\nrobe: ready\r\n').said).to.deep.equal([
      'note a b',
      'ready',
    ]);
    expect(hear('robe: cannot no-cards iut1').said).to.deep.equal(['cannot no-cards iut1']);
  });

  it('keeps the last lines, without times', () => {
    expect(hear('[    1.0] a\n\n[    1.1][    T1] b\nc\nd\x01\n').last).to.deep.equal(['b', 'c', 'd\\x01']);
  });

  it('reports a warning with its trace and no more', () => {
    const { reports } = hear(warning);
    expect(reports.map(({ kind, lines }) => [kind, lines.length])).to.deep.equal([['warning', 3]]);
    expect(reports[0]?.title).to.equal('WARNING: CPU: 0 PID: 61 at net/mptcp/protocol.c:2650 mptcp_worker+0x2f1/0x3a0');
  });

  it('counts an oops to the fault that it follows, and tells the panic apart', () => {
    const { reports } = hear(
      [
        'BUG: kernel NULL pointer dereference, address: 0000000000000010',
        '#PF: supervisor read access in kernel mode',
        'Oops: 0000 [#1] PREEMPT SMP NOPTI',
        'RIP: 0010:mptcp_subflow_x+0x1/0x2',
        'Kernel panic - not syncing: Fatal exception in interrupt',
        'Kernel Offset: disabled',
      ].join('\n'),
    );
    expect(reports.map(({ kind, lines }) => [kind, lines.length])).to.deep.equal([
      ['bug', 4],
      ['panic', 2],
    ]);
  });

  it('reports leaked objects together', () => {
    const leaked = 'unreferenced object 0xffff888004c44c00 (size 256):\n  comm "shim"\n';
    expect(hear(leaked + leaked).reports.map(({ lines }) => lines.length)).to.deep.equal([4]);
  });

  it('is not flooded', () => {
    const { reports } = hear(`BUG: KASAN: slab-use-after-free in f+0x1/0x2\n${'a line\n'.repeat(1000)}`, 100);
    expect(reports[0]?.lines.length).to.equal(120);
    expect(hear('x'.repeat(5000)).last[0]?.length).to.be.lessThan(1100);
  });

  const kinds: readonly (readonly [line: string, kind: string | undefined])[] = [
    ['Kernel panic - not syncing: Attempted to kill init!', 'panic'],
    ['BUG: KASAN: slab-use-after-free in subflow_finish_connect+0x1/0x2', 'sanitizer'],
    ['UBSAN: shift-out-of-bounds in net/mptcp/pm.c:12:3', 'sanitizer'],
    ['BUG: KFENCE: use-after-free read in x', 'sanitizer'],
    ['WARNING: possible circular locking dependency detected', 'lockdep'],
    ['WARNING: inconsistent lock state', 'lockdep'],
    ['WARNING: suspicious RCU usage', 'lockdep'],
    ['WARNING: CPU: 1 PID: 7 at net/core/sock.c:1 f+0x1/0x2', 'warning'],
    ['WARNING: net/mptcp/protocol.c:1 at f+0x1/0x2, CPU#0: shim/61', 'warning'],
    ['BUG: sleeping function called from invalid context at mm/x.c:1', 'bug'],
    ['kernel BUG at lib/list_debug.c:59!', 'bug'],
    ['general protection fault, probably for non-canonical address', 'oops'],
    ['watchdog: BUG: soft lockup - CPU#0 stuck for 26s!', 'stall'],
    ['rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:', 'stall'],
    ['INFO: task shim:61 blocked for more than 120 seconds.', 'stall'],
    ['kmemleak: 3 new suspected memory leaks (see /sys/kernel/debug/kmemleak)', 'leak'],
    ['PCI: Using host bridge windows; if necessary, use "pci=nocrs" and report a bug', undefined],
    ['debug: WARNING in the middle of a line', undefined],
  ];
  for (const [line, kind] of kinds) {
    it(`${line.slice(0, 60)}: ${kind ?? 'nothing'}`, () => {
      expect(kindOfReport(line)).to.equal(kind);
    });
  }

  it('gives what goes wrong again the same signature', () => {
    const at = (cpu: number, pid: number, offset: string) =>
      signatureOf({ kind: 'warning', title: `WARNING: CPU: ${cpu} PID: ${pid} at net/a.c:5 f+${offset}` });
    expect(at(0, 61, '0x2f1/0x3a0')).to.equal(at(1, 7, '0x2f5/0x3a0'));
    expect(at(0, 61, '0x1')).to.equal('warning: WARNING: CPU PID at net/a.c:5 f');
    const fault = (address: string) =>
      signatureOf({ kind: 'bug', title: `BUG: unable to handle page fault for address: ${address}` });
    expect(fault('ffff888004c44c00')).to.equal(fault('0000000000000010'));
  });
});
