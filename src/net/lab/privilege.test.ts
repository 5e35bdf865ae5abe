import { expect } from 'chai';
import { explainRefusal, findPrivilege, hasCapabilities, inUserNamespace } from './privilege.js';

const status = (effective: string): string =>
  `Name:\tnode\nCapPrm:\t000001ffffffffff\nCapEff:\t${effective}\nCapBnd:\t0\n`;

describe('privilege', () => {
  it('takes all three capabilities', () => {
    expect(hasCapabilities(status('000001ffffffffff'))).to.equal(true);
    expect(hasCapabilities(status('0000000000203000'))).to.equal(true);
    expect(hasCapabilities(status('0000000000003000')), 'without CAP_SYS_ADMIN').to.equal(false);
    expect(hasCapabilities(status('0000000000000000'))).to.equal(false);
    expect(hasCapabilities('Name:\tnode\n')).to.equal(false);
  });

  const refusals: readonly (readonly [file: string, text: string, remedy: string])[] = [
    ['/proc/sys/user/max_user_namespaces', '0\n', 'sysctl -w user.max_user_namespaces=15000'],
    ['/proc/sys/kernel/unprivileged_userns_clone', '0\n', 'sysctl -w kernel.unprivileged_userns_clone=1'],
    [
      '/proc/sys/kernel/apparmor_restrict_unprivileged_userns',
      '1\n',
      'sysctl -w kernel.apparmor_restrict_unprivileged_userns=0',
    ],
  ];
  for (const [file, text, remedy] of refusals) {
    it(`names the setting ${file} as the reason`, () => {
      expect(explainRefusal((asked) => (asked === file ? text : undefined), 'refused').remedy).to.contain(remedy);
    });
  }

  it('names the complaint when no setting is to blame', () => {
    const refusal = explainRefusal(() => '1000', 'unshare failed: Operation not permitted');
    expect(refusal.why).to.contain('unshare failed');
    expect(refusal.remedy).to.contain('root');
  });

  it('finds one of the three on this machine', async () => {
    expect((await findPrivilege()).privilege).to.be.oneOf(['root', 'userns', 'none']);
  });

  it('runs a command line unchanged inside a user namespace', () => {
    const [program, argv] = inUserNamespace(['node', 'a b', '--x']);
    expect(program).to.equal('unshare');
    expect(argv.slice(-3)).to.deep.equal(['node', 'a b', '--x']);
  });
});
