import { expect } from 'chai';
import { availabilityOf, isNodeRecentEnough, type Thing, type ThingId } from './examination.js';

const all: readonly ThingId[] = [
  'node',
  'cap',
  'ip',
  'ethtool',
  'nsenter',
  'python3',
  'privilege',
  'lab',
  'mptcp',
  'pasta',
  'slirp4netns',
  'gvisor',
  'lwip',
  'qemu',
  'busybox',
  'static-cc',
  'tun',
];
const machine = (...missing: readonly ThingId[]): readonly Thing[] =>
  all.map((id) => ({ id, there: !missing.includes(id), found: '', purpose: '' }));
const available = (things: readonly Thing[]): readonly string[] =>
  availabilityOf(things)
    .filter((each) => each.available)
    .map(({ iut }) => iut);

describe('doctor', () => {
  const table: readonly (readonly [missing: readonly ThingId[], iuts: readonly string[]])[] = [
    [
      [],
      [
        ...['embedded', 'lab:reference', 'lab:linux', 'lab:passt', 'lab:slirp4netns', 'lab:gvisor', 'lab:lwip'],
        'vm:KERNEL',
      ],
    ],
    [
      ['mptcp', 'gvisor'],
      ['embedded', 'lab:reference', 'lab:passt', 'lab:slirp4netns', 'lab:lwip', 'vm:KERNEL'],
    ],
    [
      ['python3', 'pasta', 'lwip'],
      ['embedded', 'lab:reference', 'lab:slirp4netns', 'lab:gvisor', 'vm:KERNEL'],
    ],
    [
      ['mptcp', 'pasta', 'slirp4netns', 'gvisor', 'lwip', 'busybox'],
      ['embedded', 'lab:reference'],
    ],
    [['cap'], ['embedded']],
    [['privilege', 'lab'], ['embedded']],
    [['node'], []],
  ];
  for (const [missing, iuts] of table) {
    it(`without ${missing.join(', ') || 'anything missing'}: ${iuts.join(', ') || 'nothing'}`, () => {
      expect(available(machine(...missing))).to.deep.equal(iuts);
    });
  }

  it('names what an implementation lacks', () => {
    const linux = availabilityOf(machine('cap', 'mptcp')).find(({ iut }) => iut === 'lab:linux');
    expect(linux?.lacks).to.deep.equal(['cap', 'mptcp']);
  });

  for (const [version, enough] of [
    ['v20.12.0', true],
    ['v20.11.1', false],
    ['v22.0.0', true],
    ['v18.20.4', false],
  ] as const) {
    it(`Node ${version} is ${enough ? '' : 'not '}recent enough`, () => {
      expect(isNodeRecentEnough(version)).to.equal(enough);
    });
  }
});
