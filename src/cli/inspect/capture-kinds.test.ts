/**
 * Captures of every kind that is read, taken apart from outside: the first twenty frames of the kernel's conversation in
 * `fixtures/captures`, wrapped by scapy as gateways, clouds and mobile cores wrap them. Whatever is around them, the same
 * connection with two joins is found, nothing is blamed on anybody, and what is not read is told. tshark counts as many frames,
 * and finds TCP in the same ones where it knows the headers.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { InspectionCounts } from '../../inspect/counts.js';
import { obstacle } from '../../net/capture/testing/missing-tools.js';
import { skipBecause } from '../../net/lab/testing/skip.js';
import { defaultDraftSubtypes } from '../../protocol/mptcp/option.js';
import { decodeFile } from '../decode/decode-file.js';
import { doubtsOf } from './capture-lines.js';
import { inspectFiles } from './inspect-files.js';

const directory = fileURLToPath(new URL('../../../fixtures/captures/kinds', import.meta.url));

interface Kind {
  readonly file: string;
  /** What `robe decode` prints before the first segment: the headers around it. */
  readonly around?: string;
  /** Where they are not those of the whole conversation. */
  readonly counts?: Partial<InspectionCounts>;
  readonly beware?: readonly string[];
  readonly exit?: 0 | 2;
  /** In how many frames tshark finds TCP, where that is not in all; `undefined`: it does not know the link type. */
  readonly tshark?: number | undefined;
}

const outer = 'ipv4 192.0.2.1 > 198.51.100.1';
const outer6 = 'ipv6 2001:db8::1 > 2001:db8::2';
const frame = 'ethernet 02:00:00:00:01:01 > 02:00:00:00:01:02';
const host = 'ethernet 02:00:00:00:00:0a > 02:00:00:00:00:0b';
const nothing = { segments: 0, flows: 0, attached: { initial: 0, join: 0, downgraded: 0, 'join-cap': 0 } } as const;

const kinds: readonly Kind[] = [
  // Home gateways.
  { file: 'pppoe.pcap', around: 'pppoe session 3, ppp' },
  { file: 'pppoe-vlan-7-ipv6.pcap', around: 'vlan id 7, pppoe session 6699, ppp' },
  { file: 'vlan.pcap', around: 'vlan id 5' },
  { file: 'vlan-priority.pcap', around: 'vlan id 0' },
  { file: 'vlan-802.1ad.pcap', around: 'vlan id 100, vlan id 101' },
  { file: 'vlan-9100.pcap', around: 'vlan id 100, vlan id 101' },
  { file: 'vlan-9200.pcap', around: 'vlan id 100', tshark: 0 },
  { file: 'vlan-five.pcap', around: 'vlan id 100, vlan id 101, vlan id 102, vlan id 103, vlan id 104', tshark: 0 },
  { file: 'ds-lite.pcap', around: outer6 },
  { file: '6in4.pcap', around: outer },
  { file: '6in6.pcap', around: outer6 },
  { file: 'ipip.pcap', around: outer },
  { file: 'l2tp.pcap', around: `${outer}, udp 1701 > 1701, l2tp tunnel 77 session 1, ppp` },
  { file: 'l2tp-sequence-offset.pcap', around: `${outer}, udp 1701 > 1701, l2tp tunnel 77 session 1, ppp` },
  { file: 'pptp.pcap', around: `${outer}, gre call 9, ppp` },
  { file: 'tzsp.pcap', around: `${outer}, udp 40000 > 37008, tzsp, ${frame}` },
  { file: 'llc-snap.pcap', around: 'llc sap 170' },
  { file: 'etherip.pcap', around: `${outer}, etherip, ${frame}` },
  { file: 'modified-pcap.pcap' },
  // Clouds and their networks.
  { file: 'vxlan.pcap', around: `${outer}, udp 50000 > 4789, vxlan network 100, ${frame}` },
  { file: 'vxlan-flannel.pcap', around: `${outer}, udp 50000 > 8472, vxlan network 1, ${frame}`, tshark: 0 },
  { file: 'vxlan-inner-vlan-ipv6.pcap', around: `${outer6}, udp 50000 > 4789, vxlan network 7, ${host}, vlan id 9` },
  { file: 'vxlan-gpe.pcap', around: `${outer}, udp 50000 > 4790, vxlan network 100` },
  { file: 'geneve.pcap', around: `${outer}, udp 50001 > 6081, geneve network 42, ${frame}` },
  { file: 'geneve-ip.pcap', around: `${outer}, udp 50001 > 6081, geneve network 0` },
  { file: 'gre.pcap', around: `${outer}, gre` },
  { file: 'gre-checksum-key-sequence.pcap', around: `${outer}, gre key 5` },
  { file: 'gre-routing.pcap', around: `${outer}, gre` },
  { file: 'gre-ipv6.pcap', around: `${outer6}, gre` },
  { file: 'nvgre.pcap', around: `${outer}, gre key 1192960, ${frame}` },
  { file: 'erspan-1.pcap', around: `${outer}, gre, ${frame}` },
  { file: 'erspan-2.pcap', around: `${outer}, gre, erspan session 100, ${frame}` },
  { file: 'erspan-3.pcap', around: `${outer}, gre, erspan session 100, ${frame}` },
  { file: 'erspan-3-more.pcap', around: `${outer}, gre, erspan session 100, ${frame}` },
  { file: 'mpls.pcap', around: 'mpls labels 16' },
  { file: 'mpls-three-ipv6.pcap', around: 'mpls labels 300/400/2' },
  { file: 'mpls-pseudowire.pcap', around: `mpls labels 20/30, ${frame}`, tshark: 0 },
  {
    file: 'mpls-pseudowire-no-word.pcap',
    around: 'mpls labels 20, ethernet 44:00:00:00:01:01 > 60:00:00:00:01:02',
    tshark: 0,
  },
  { file: 'mpls-in-gre.pcap', around: `${outer}, gre, mpls labels 77` },
  { file: 'mpls-in-udp.pcap', around: `${outer}, udp 50000 > 6635, mpls labels 77` },
  { file: 'backbone.pcap', around: `vlan id 5, pbb, ${frame}` },
  { file: 'srv6.pcap', around: outer6 },
  { file: 'srv6-ethernet.pcap', around: `${outer6}, ${frame}` },
  {
    file: 'vlan-ipip-in-vxlan.pcap',
    around: `vlan id 8, ${outer}, udp 50000 > 4789, vxlan network 100, ${host}, ipv4 10.0.0.1 > 10.0.0.2`,
  },
  // Mobile cores.
  { file: 'gtp-u.pcap', around: `${outer}, udp 2152 > 2152, gtp-u tunnel 4097` },
  { file: 'gtp-u-sequence.pcap', around: `${outer}, udp 2152 > 2152, gtp-u tunnel 4097` },
  { file: 'gtp-u-session-container-ipv6.pcap', around: `${outer}, udp 2152 > 2152, gtp-u tunnel 4097` },
  // Links.
  { file: 'link-null.pcap' },
  { file: 'link-null-ipv6-linux.pcap', tshark: 0 },
  { file: 'link-null-ipv6-netbsd.pcap' },
  { file: 'link-null-ipv6-freebsd.pcap' },
  { file: 'link-null-ipv6-darwin.pcap' },
  { file: 'link-loop.pcap' },
  { file: 'link-raw.pcap' },
  { file: 'link-ipv4.pcap' },
  { file: 'link-ipv6.pcap' },
  { file: 'link-sll.pcap' },
  { file: 'link-sll-pppoe.pcap', around: 'pppoe session 3, ppp' },
  { file: 'link-sll-ppp-device.pcap' },
  { file: 'link-sll-llc.pcap', around: 'llc sap 170' },
  { file: 'link-sll2.pcap' },
  { file: 'link-sll2-vlan.pcap', around: 'vlan id 5' },
  { file: 'link-ppp.pcap', around: 'ppp' },
  { file: 'link-ppp-compressed.pcap', around: 'ppp' },
  { file: 'link-ppp-hdlc.pcap', around: 'ppp' },
  { file: 'link-ppp-ether.pcap', around: 'pppoe session 3, ppp' },
  { file: 'link-ppp-pppd.pcap', tshark: undefined },
  { file: 'link-ppp-direction.pcap', around: 'ppp' },
  { file: 'link-cisco-hdlc.pcap' },
  { file: 'link-cisco-hdlc-direction.pcap', tshark: undefined },
  { file: 'link-atm.pcap', around: 'llc sap 170' },
  { file: 'link-enc.pcap' },
  { file: 'link-pflog.pcap' },
  { file: 'link-nflog.pcap' },
  { file: 'link-pktap.pcap' },
  { file: 'link-switch-broadcom.pcap', tshark: undefined },
  { file: 'link-switch-broadcom-front.pcap', around: host, tshark: undefined },
  { file: 'link-switch-marvell.pcap', tshark: undefined },
  { file: 'link-switch-marvell-ethertype.pcap', tshark: undefined },
  { file: 'link-mpls.pcap', around: 'mpls labels 16', tshark: undefined },
  { file: 'link-wifi.pcap', around: 'wifi, llc sap 170' },
  { file: 'link-radiotap.pcap', around: 'wifi, llc sap 170' },
  {
    file: 'link-radiotap-encrypted.pcap',
    counts: { ...nothing, frames: 8, other: { 'IEEE 802.11 management': 1, 'IEEE 802.11 control': 1 } },
    beware: ['6 frames of encrypted IEEE 802.11 data were not read'],
    tshark: 0,
  },
  {
    file: 'link-netlink.pcap',
    counts: { ...nothing, frames: 4 },
    beware: ['4 frames of netlink family 0 were not read'],
    tshark: 0,
  },
  {
    file: 'link-unknown.pcap',
    counts: nothing,
    beware: ['20 frames of link type 147 were not read'],
    exit: 2,
    tshark: 0,
  },
  // Files.
  { file: 'obsolete-packet-block.pcapng' },
  { file: 'other-blocks.pcapng' },
  { file: 'two-links.pcapng' },
  {
    file: 'one-link-unknown.pcapng',
    counts: { frames: 25 },
    beware: ['5 frames of link type 147 were not read'],
    exit: 2,
  },
  // Datagrams.
  { file: 'ipv6-extensions.pcap' },
  { file: 'length-zero.pcap' },
  { file: 'jumbogram.pcap', tshark: 0 },
  { file: 'padded-with-check-sequence.pcap' },
  {
    file: 'fragments.pcap',
    counts: { frames: 26, segments: 18 },
    beware: ['8 IP fragments not put together'],
    tshark: 20,
  },
  {
    file: 'fragments-ipv6.pcap',
    counts: { frames: 26, segments: 18 },
    beware: ['8 IP fragments not put together'],
    tshark: 20,
  },
  { file: 'snap-length-120.pcap', beware: ['2 segments cut by the snap length'] },
  { file: 'snap-length-96.pcap', beware: ['2 segments cut by the snap length'] },
  { file: 'snap-length-64.pcap', counts: nothing, beware: ['20 segments cut by the snap length'], tshark: 20 },
  { file: 'snap-length-68-vxlan.pcap', counts: nothing, beware: ['20 segments cut by the snap length'], tshark: 0 },
  {
    file: 'ipip-thirty.pcap',
    around: Array.from({ length: 30 }, () => 'ipv4 10.9.0.1 > 10.9.0.2').join(', '),
    counts: { frames: 3, segments: 3, flows: 1, attached: { ...nothing.attached, initial: 1 } },
    tshark: 3,
  },
  {
    file: 'ipip-hundred.pcap',
    counts: { ...nothing, frames: 3 },
    beware: ['3 frames of more than 32 nested headers were not read'],
    tshark: 3,
  },
  {
    file: 'not-read.pcap',
    counts: {
      ...{ frames: 42, segments: 3, flows: 1, attached: { ...nothing.attached, initial: 1 } },
      other: { ARP: 2, UDP: 6, ICMP: 1, ICMPv6: 1 },
    },
    beware: [
      '12 frames of EtherType 0x88cc were not read',
      '5 frames of IP protocol 50 were not read',
      '4 frames of EtherType 0x88e5 were not read',
      '3 frames of PPP protocol 0xc021 were not read',
      '2 frames of EtherType 0x8863 were not read',
      '2 frames of LLC SAP 0x42 were not read',
      '1 frame of EtherType 0x883e was not read',
    ],
    tshark: 3,
  },
];

const whole: Partial<InspectionCounts> = {
  frames: 20,
  segments: 20,
  flows: 3,
  attached: { initial: 1, join: 2, downgraded: 0, 'join-cap': 0 },
  malformed: 0,
  corrupt: 0,
  other: {},
};

const inspected = (file: string) => inspectFiles([join(directory, file)], {});

describe('captures of every kind', () => {
  it('are all in the table', () => {
    expect(readdirSync(directory).sort()).to.deep.equal(kinds.map(({ file }) => file).sort());
  });

  for (const { file, around = '', counts = {}, beware = [], exit = 0 } of kinds)
    it(file, async () => {
      const { inspection, exit: code } = await inspected(file);
      const expected = { ...whole, ...counts };
      for (const [name, value] of Object.entries(expected))
        expect(inspection.counts, name).to.have.deep.property(name, value);
      expect(doubtsOf(inspection.counts)).to.deep.equal(beware);
      expect(code).to.equal(exit);
      const lines: string[] = [];
      const sink = { write: (line: string) => Promise.resolve(lines.push(line) > 0), end: () => Promise.resolve() };
      await decodeFile({ file: join(directory, file), json: false, subtypes: defaultDraftSubtypes }, sink);
      const first = lines.find((line) => line.includes(' SYN seq '));
      const [, before] = /^\d+ \S+ (?:(.*), )?(?:10\.91\.1\.1|\[fd00:91:1::1\]):/.exec(first ?? '') ?? [];
      if (expected.segments !== 0) expect(before ?? '', first).to.equal(around);
    });

  it('have the frames that tshark counts, and TCP where tshark finds it', async function () {
    this.timeout(120_000);
    const why = obstacle(['tshark', 'mergecap']);
    if (why !== undefined) skipBecause(this, why);
    const shared = kinds.filter((kind) => !('tshark' in kind) || kind.tshark !== undefined);
    const own = mkdtempSync(join(tmpdir(), 'robe-kinds-'));
    try {
      const merged = join(own, 'merged.pcapng');
      run('mergecap', ['-a', '-w', merged, ...shared.map(({ file }) => join(directory, file))]);
      const protocols = run('tshark', ['-n', '-r', merged, '-T', 'fields', '-e', 'frame.protocols']).split('\n');
      let at = 0;
      const found = shared.map(({ file, counts, tshark }) => {
        const until = at + (counts?.frames ?? whole.frames ?? 0);
        const ofFile = protocols.slice(at, until);
        at = until;
        return [
          file,
          ofFile.filter((names) => /:tcp\b/.test(names)).length,
          tshark ?? counts?.segments ?? whole.segments,
        ];
      });
      expect(protocols.length - 1).to.equal(at);
      expect(found.filter(([, theirs, ours]) => theirs !== ours)).to.deep.equal([]);
    } finally {
      rmSync(own, { recursive: true, force: true });
    }
  });
});

const run = (program: string, words: readonly string[]): string => {
  const { status, stdout, stderr } = spawnSync(program, words, { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (status !== 0) throw new Error(`${program}: ${stderr}`);
  return stdout;
};
