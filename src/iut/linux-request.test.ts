import { expect } from 'chai';
import { tuningScript } from '../net/lab/kernel-tuning.js';
import { layOutPath } from '../net/lab/layout.js';
import { readLinuxRequest } from './linux-request.js';

describe('a request for the kernel of this machine', () => {
  it('says what is set otherwise, and what that makes of the open points', () => {
    expect(readLinuxRequest('linux')).to.deep.equal({ tuning: { sysctl: [], endpoints: [] }, declared: {} });
    const text =
      'linux,sysctl=net.ipv4.tcp_rmem=4096 131072 6291456,subflows=0,endpoint=signal,declare=mpc.syn_before_tcp=1,declare=tcp.listener=stateless';
    expect(readLinuxRequest(text)).to.deep.equal({
      tuning: {
        sysctl: [['net.ipv4.tcp_rmem', '4096 131072 6291456']],
        subflows: 0,
        endpoints: ['signal'],
      },
      declared: { 'mpc.syn_before_tcp': 1, 'tcp.listener': 'stateless' },
    });
  });

  for (const [text, expected] of [
    ['linux,subflow=1', /there is no option "subflow", did you mean "subflows"|known are/],
    ['linux,subflows=9', /subflows= must be a whole number from 0 to 8, got 9/],
    ['linux,endpoint=backup', /endpoint= must be subflow or signal, got backup/],
    ['linux,sysctl=tcp_ecn', /sysctl= takes NAME=VALUE/],
    ['linux,declare=tcp.listner=stateless', /there is no "tcp.listner"/],
  ] as const)
    it(`refuses ${text}`, () => {
      expect(() => readLinuxRequest(text)).to.throw(RangeError, expected);
    });

  it('becomes commands in the namespace of the kernel', () => {
    const script = tuningScript([layOutPath(1), layOutPath(2)], {
      sysctl: [['net.ipv4.tcp_ecn', '1']],
      subflows: 2,
      endpoints: ['subflow'],
    });
    const [setting, limits, ...endpoints] = script.trimEnd().split('\n');
    expect(setting).to.equal('echo 1 > /proc/sys/net/ipv4/tcp_ecn');
    expect(limits).to.equal('ip mptcp limits set subflows 2 add_addr_accepted 2');
    expect(endpoints).to.have.length(2);
    expect(endpoints[0]).to.match(/^ip mptcp endpoint add \S+ dev \S+ subflow$/);
  });
});
