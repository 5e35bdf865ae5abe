import { expect } from 'chai';
import type { Requirement } from './requirement-schema.js';
import { compareTrials, printSetting, settingsOf, type Trial } from './trials.js';

type Binding = Parameters<typeof settingsOf>[0];

describe('where a requirement has to be tried', () => {
  const table: [name: string, binding: Binding, settings: string[]][] = [
    [
      'plain TCP knows no version of MPTCP',
      { role: 'server', profiles: ['tcp', 'mptcp-v0', 'mptcp-v1'] },
      ['server', 'server over IPv4', 'server over IPv6'],
    ],
    [
      'both roles, with each version that the profiles speak',
      { role: 'both', profiles: ['mptcp-v0', 'robe-sim'] },
      [
        'client of MPTCP v0',
        'client of MPTCP v1',
        'client over IPv4',
        'client over IPv6',
        'server of MPTCP v0',
        'server of MPTCP v1',
        'server over IPv4',
        'server over IPv6',
      ],
    ],
    [
      'proposal 1 is v0 only',
      { role: 'client', profiles: ['robe-downgrade'] },
      ['client of MPTCP v0', 'client over IPv4', 'client over IPv6'],
    ],
    [
      'one version is enough where only one is bound',
      { role: 'client', profiles: ['robe-esim'], mptcp: [1], ip: [4] },
      ['client of MPTCP v1', 'client over IPv4'],
    ],
  ];
  for (const [name, binding, settings] of table)
    it(name, () => expect(settingsOf(binding).map(printSetting)).to.deep.equal(settings));
});

describe('where it was tried', () => {
  const server: Binding = { role: 'server', profiles: ['mptcp-v0', 'mptcp-v1'] };
  const untried = (each: NonNullable<Requirement['untried']>[number]): Binding => ({ ...server, untried: [each] });
  const table: [name: string, binding: Binding, trials: Trial[], missing: string[], stale: string[]][] = [
    ['nowhere', { role: 'server', profiles: ['tcp'] }, [], ['server'], []],
    ['with one version', server, [{ roles: ['server'], mptcp: [0], ip: [4, 6] }], ['server of MPTCP v1'], []],
    [
      'by a case without MPTCP',
      server,
      [{ roles: ['server'], mptcp: [] }],
      ['server of MPTCP v0', 'server of MPTCP v1'],
      [],
    ],
    ['in the other role', server, [{ roles: ['client'] }], ['server'], []],
    ['everywhere', server, [{ roles: ['client', 'server'] }], [], []],
    ['with a reason', untried({ mptcp: 1, reason: 'why' }), [{ roles: ['server'], mptcp: [0] }], [], []],
    ['with a reason that is stale', untried({ mptcp: 1, reason: 'why' }), [{ roles: ['server'] }], [], ['why']],
  ];
  for (const [name, binding, trials, missing, stale] of table) {
    it(name, () => {
      const found = compareTrials(binding, trials);
      expect([found.missing.map(printSetting), found.stale.map(({ reason }) => reason)]).to.deep.equal([
        missing,
        stale,
      ]);
    });
  }
});
