import { expect } from 'chai';
import { raceNamed } from '../races.js';
import { readVmRequest } from './vm-request.js';

describe('vm:…', () => {
  const usual = { append: [], sysctl: [], memory: 512, paths: 2 };
  const table: readonly (readonly [text: string, request: object])[] = [
    ['debian-6.12', { ...usual, kernel: 'debian-6.12' }],
    ['~/linux,modules=/m', { ...usual, kernel: '~/linux', modules: '/m' }],
    [
      'bzImage,append=console=ttyS0,115200 quiet,memory=1G,paths=4,append=kasan.fault=panic',
      {
        ...usual,
        kernel: 'bzImage',
        append: ['console=ttyS0,115200 quiet', 'kasan.fault=panic'],
        memory: 1024,
        paths: 4,
      },
    ],
    [
      'k,sysctl=net.mptcp.enabled=1,sysctl=net.ipv4.tcp_rmem=4096 131072 6291456,shim=/s',
      {
        ...usual,
        kernel: 'k',
        sysctl: [
          ['net.mptcp.enabled', '1'],
          ['net.ipv4.tcp_rmem', '4096 131072 6291456'],
        ],
        shim: '/s',
      },
    ],
    ['debian-6.12,race=timer', { ...usual, kernel: 'debian-6.12', race: raceNamed('timer') }],
    ['a,b.img', { ...usual, kernel: 'a,b.img' }],
  ];
  for (const [text, request] of table) {
    it(`vm:${text}`, () => {
      expect(readVmRequest(text)).to.deep.equal(request);
    });
  }

  const refusals: readonly (readonly [text: string, why: RegExp])[] = [
    ['', /no kernel is named: expected vm:FILE/],
    [',memory=512', /no kernel is named/],
    ['k,modles=/m', /no option "modles", did you mean "modules"\?/],
    ['k,memory=12', /memory= must be a whole number from 128 to 65536, got 12/],
    ['k,memory=lots', /got lots/],
    ['k,paths=5', /paths= must be a whole number from 1 to 4, got 5/],
    ['k,paths=1G', /got 1G/],
    ['k,paths=1,paths=2', /paths= is given 2 times/],
    ['k,race=all', /race= must be one of sim, sim\+with-data, timer, ips, ips\+sim, ips\+timer, got all/],
    ['k,race=sim,shim=/s', /race= and shim= both say what the guest runs/],
    ['k,modules=', /modules= needs a value/],
    ['k,sysctl=net.mptcp.enabled', /sysctl= takes NAME=VALUE/],
    ['k,sysctl=$(reboot)=1', /sysctl= takes NAME=VALUE/],
  ];
  for (const [text, why] of refusals) {
    it(`vm:${text} is refused`, () => {
      expect(() => readVmRequest(text)).to.throw(RangeError, why);
    });
  }
});
