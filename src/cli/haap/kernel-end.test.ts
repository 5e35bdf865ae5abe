/** What `--engine kernel` says of what it cannot use, before anything is started. */
import { expect } from 'chai';
import { UsageError } from '../../conduct/usage-error.js';
import { type ProxyRequest, runKernelAggregation, runKernelProxy } from './kernel-end.js';

const asked: ProxyRequest = {
  engine: 'kernel',
  interface: [],
  address: [],
  shared: [],
  neighbour: [],
  profile: 'robe-downgrade',
  mptcp: [],
  parameter: [],
  impair: [],
  seed: undefined,
  quiet: true,
  scheme: ['sim'],
  timer: '1s',
  patience: '30s',
  'third-segment': 'with-data',
  tcp: false,
  'print-routes': false,
  to: undefined,
  listen: '127.0.0.1:1080',
};

const complaints: readonly (readonly [more: Partial<ProxyRequest>, said: RegExp])[] = [
  [{ scheme: ['sim,fast'] }, /--scheme fast: expected sim, timer, ips$/],
  [{ timer: 'soon' }, /--timer soon: expected e\.g\. 300ms or 1s$/],
  [{ patience: '2h' }, /--patience 2h: expected e\.g\. 300ms or 1s$/],
  [{ interface: ['eth0'] }, /--interface eth0: expected pathN=INTERFACE, N from 1 to 8$/],
  [{ interface: ['path1=nowhere0'] }, /--interface path1=nowhere0: expected one of lo/],
  [{ address: ['path1=192.0.2.255'] }, /path1=192\.0\.2\.255: this machine has no such address$/],
  [{ address: ['path1=here'] }, /--address path1=here: here is no IP address$/],
  [{ listen: 'localhost:1080' }, /--listen localhost:1080: expected an IP address and a port, not a name$/],
  [{ to: 'example.org' }, /example\.org: expected HOST:PORT$/],
  [{ impair: ['path1=dead'] }, /--impair goes with --engine reference; the kernel has its own$/],
];

const complaintOf = async (attempt: Promise<void>): Promise<string> => {
  try {
    await attempt;
  } catch (cause) {
    if (cause instanceof UsageError) return cause.message;
    throw cause;
  }
  return 'nothing';
};

describe('--engine kernel says what it cannot use', () => {
  for (const [more, said] of complaints) {
    it(JSON.stringify(more), async () => {
      expect(await complaintOf(runKernelProxy({ ...asked, ...more }))).to.match(said);
    });
  }

  it('at an aggregation point, too', async () => {
    const far = (more: object) => runKernelAggregation({ ...asked, listen: [8684], ...more }, undefined, [], '');
    expect(await complaintOf(far({ interface: ['path1=lo'] }))).to.match(/name addresses to listen at: --address$/);
    expect(await complaintOf(far({ listen: [70_000] }))).to.match(/--listen 70000: expected a port from 1 to 65535$/);
  });
});
