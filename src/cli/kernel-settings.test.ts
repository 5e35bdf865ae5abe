/**
 * The kernel of this machine under settings that real hosts have, each declared: none of them brings a failure. The cases are those
 * that a setting once made red although the kernel did what the RFCs allow. Skipped, with the reason, without privilege, libpcap or
 * MPTCP in the kernel.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { needLiveLab, skipBecause } from '../net/lab/testing/skip.js';
import { results } from '../suite/verdict/results.js';

const program = fileURLToPath(new URL('main.js', import.meta.url));

/** What is set and declared, with the cases that it changes. */
const settings: Readonly<Record<string, readonly string[]>> = {
  'sysctl=net.ipv4.tcp_ecn=1,sysctl=net.ipv4.tcp_timestamps=0,sysctl=net.ipv4.tcp_sack=0': [
    'tcp.server.reset-exact',
    'tcp.server.syn-ack-again-scales-alike.ip4',
    'mptcp.server.four-flows',
  ],
  'sysctl=net.ipv4.tcp_syncookies=2,declare=tcp.listener=stateless': [
    'tcp.server.reset-exact',
    'tcp.server.close',
    'mptcp.server.fastclose',
  ],
  'sysctl=net.ipv4.tcp_syn_retries=1,sysctl=net.ipv4.tcp_syn_linear_timeouts=0,sysctl=net.ipv4.tcp_synack_retries=1,declare=tcp.repeats=once':
    ['tcp.server.synack-repeated-with-backoff.ip4', 'tcp.client.syn-backs-off.ip4'],
  'sysctl=net.mptcp.syn_retrans_before_tcp_fallback=0,declare=mpc.syn_before_tcp=1': [
    'tcp.client.stray-reset-in-syn-sent.ack-zero',
  ],
  'subflows=0,declare=join.limit=0': [
    'mptcp.server.join',
    'mptcp.server.four-flows',
    'mptcp.server.lost-data-comes-over-a-later-join',
  ],
  'sysctl=net.mptcp.checksum_enabled=1,declare=mpc.checksum=true,subflows=2,declare=join.limit=2': [
    'mptcp.server.join',
    'mptcp.server.four-flows',
    'mptcp-v1.client.asks-for-checksums',
  ],
  'declare=mpc.checksum=false': ['mptcp-v1.client.asks-for-checksums'],
  'endpoint=subflow': ['mptcp-v1.server.fastclose-on-reset', 'mptcp.server.join'],
  'endpoint=signal': ['mptcp.server.third-segment-capable-twice', 'mptcp.server.join'],
};

describe('the kernel as it is set elsewhere', function () {
  this.timeout(120_000);
  let folder = '';

  before(async function () {
    await needLiveLab(this);
    if (!existsSync('/proc/sys/net/mptcp/pm_type'))
      skipBecause(this, 'this kernel has no MPTCP, or no path manager for it');
    folder = mkdtempSync(join(tmpdir(), 'robe-settings-'));
  });
  after(() => {
    if (folder !== '') rmSync(folder, { recursive: true });
  });

  for (const [index, [setting, cases]] of Object.entries(settings).entries())
    it(`${setting} fails nothing`, async () => {
      const out = join(folder, String(index));
      const argv = [program, 'run', ...cases, '--iut', `lab:linux,${setting}`, '--seed', '7', '--out', out];
      await once(spawn(process.execPath, argv, { stdio: 'ignore' }), 'close');
      const judged = results
        .parse(JSON.parse(readFileSync(join(out, 'results.json'), 'utf8')))
        .cases.filter(({ verdict }) => verdict !== 'not-applicable');
      // A machine that was held up shows nothing, which is no failure.
      const allowed = ['pass', 'info', 'inconclusive'];
      const wrong = judged.filter(({ verdict }) => !allowed.includes(verdict));
      expect(wrong.map(({ id, sentence }) => `${id}: ${sentence}`)).to.deep.equal([]);
      expect(judged.length).to.be.greaterThan(0);
      const refused = judged.filter(({ observation }) => observation === 'join-refused');
      expect(refused.length > 0, 'joins beyond the declared limit are refused').to.equal(
        setting.includes('join.limit'),
      );
    });
});
