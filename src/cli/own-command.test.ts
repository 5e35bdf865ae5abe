import { expect } from 'chai';
import { adviseAs, ownCommand } from './own-command.js';

describe('how this program is called', () => {
  const table: readonly (readonly [script: string, from: string, own: string])[] = [
    ['/p/node_modules/.bin/robe', '/p', 'npx robe'],
    ['/usr/local/bin/robe', '/p', 'robe'],
    ['/p/dist/cli/main.js', '/p', 'node dist/cli/main.js'],
    ['/p/dist/cli/main.js', '/elsewhere', 'node /p/dist/cli/main.js'],
  ];
  for (const [script, from, own] of table) {
    it(`${script} from ${from} is ${own}`, () => {
      expect(ownCommand(script, from)).to.equal(own);
    });
  }

  it('stands in advice instead of robe, and nothing else does', () => {
    expect(adviseAs('npx robe', 'apt-get install make && robe doctor --mend')).to.equal(
      'apt-get install make && npx robe doctor --mend',
    );
    expect(adviseAs('npx robe', 'see robe-conformance, and robe.lua')).to.equal('see robe-conformance, and robe.lua');
  });
});
