/**
 * The first program of the guest: it inserts the modules, names its cards as the lab does, configures them for the lab,
 * and runs the shim on the control port. It reports its progress on the console, a line each:
 *
 *     robe: ready                 the shim is about to speak
 *     robe: cannot WHAT DETAILS   it goes no further; the machine ends
 *     robe: note TEXT             what went wrong and may not matter
 *     robe: leaks                 it looks for leaked memory, which takes a while
 *
 * At the end of the control port it looks for leaked memory, where the kernel can (CONFIG_DEBUG_KMEMLEAK), and ends.
 */

import { settingFile } from '../../net/lab/kernel-tuning.js';
import type { LabPath } from '../../net/lab/layout.js';
import { guestScript as placeInLab } from '../../net/lab/setup.js';
import { quoteForShell } from '../../protocol/bytes/shell-word.js';
import type { VmRequest } from './vm-request.js';

/** Where the guest has what is its own; the programs are called by their paths. */
export const guestFiles = {
  init: 'init',
  ip: 'robe/ip',
  shim: 'robe/shim',
  place: 'robe/place',
  modules: 'robe/modules',
} as const;

/** The name of the control port, as QEMU is told it. */
export const controlPort = 'robe';

/** Programs of busybox that the scripts use. */
export const applets = [
  'sh',
  'basename',
  'cat',
  'echo',
  'insmod',
  'mount',
  'reboot',
  'sleep',
  'test',
  'usleep',
] as const;

/** What keeps a guest from being ready, by the word with which it says so. */
export const obstacles = {
  'no-cards':
    'the kernel found none, or not all, of its network cards; it needs CONFIG_VIRTIO_PCI and CONFIG_VIRTIO_NET, built in or as modules (modules=DIR)',
  'no-port':
    'the kernel found no control port; it needs CONFIG_VIRTIO_PCI and CONFIG_VIRTIO_CONSOLE, built in or as modules (modules=DIR)',
  'no-mptcp': 'there is no MPTCP in this kernel; build it with CONFIG_MPTCP=y and CONFIG_MPTCP_IPV6=y',
  'no-place': 'the guest could not take its place in the lab; the last lines of the console say why',
  'no-setting': 'the kernel refused a setting that was asked for with sysctl=',
} as const;
export type Obstacle = keyof typeof obstacles;

export const initScript = (
  paths: readonly LabPath[],
  { sysctl }: Pick<VmRequest, 'sysctl'>,
  words: readonly string[],
): string =>
  `${[
    '#!/bin/sh',
    'export PATH=/bin',
    'mount -t proc none /proc; mount -t sysfs none /sys; mount -t devtmpfs none /dev 2>/dev/null',
    'mount -t debugfs none /sys/kernel/debug 2>/dev/null',
    'exec </dev/null >/dev/console 2>&1',
    'say() { echo "robe: $*"; }',
    'cannot() { say cannot "$@"; usleep 200000; reboot -f; sleep 60; }',
    'for module in /robe/modules/*; do',
    '  test -e "$module" || continue',
    '  insmod "$module" || say note "the kernel refused the module $(basename $module)"',
    'done',
    // What a module brings may need a moment to appear.
    'await() { for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do "$@" && return; usleep 100000; done; return 1; }',
    'card() {',
    '  for each in /sys/class/net/*; do',
    '    test "$(cat "$each/address")" = "$1" || continue',
    '    card=$(basename $each); return',
    '  done; return 1',
    '}',
    ...paths.flatMap(({ iut }) => [
      `await card ${iut.mac} || cannot no-cards ${iut.device}`,
      `test "$card" = ${iut.device} || /${guestFiles.ip} link set dev "$card" name ${iut.device}`,
    ]),
    'test -e /proc/sys/net/mptcp/enabled || cannot no-mptcp',
    `sh -e /${guestFiles.place} || cannot no-place`,
    ...sysctl.map(([name, value]) => {
      return `echo ${quoteForShell(value)} > ${quoteForShell(settingFile(name))} || cannot no-setting ${quoteForShell(name)}`;
    }),
    'port() {',
    '  for each in /sys/class/virtio-ports/*; do',
    `    test "$(cat "$each/name" 2>/dev/null)" = ${controlPort} || continue`,
    '    port=$(basename $each); return',
    '  done; return 1',
    '}',
    'await port || cannot no-port',
    // Opened once for both ways: the kernel refuses a second opening.
    'exec 3<>"/dev/$port" || cannot no-port',
    'say ready',
    `${[`/${guestFiles.shim}`, ...words].join(' ')} <&3 >&3`,
    'say note "the control program ended with $?"',
    'if test -e /sys/kernel/debug/kmemleak; then',
    // An object counts once it is five seconds old.
    '  say leaks; sleep 6; echo scan > /sys/kernel/debug/kmemleak; echo scan > /sys/kernel/debug/kmemleak',
    '  cat /sys/kernel/debug/kmemleak',
    'fi',
    'reboot -f; sleep 60',
  ].join('\n')}\n`;

/** The lab's own script for a kernel's end, with the program that it calls. */
export const placeScript = (paths: readonly LabPath[]): string =>
  `ip() { /${guestFiles.ip} "$@"; }\n${placeInLab(paths)}`;
