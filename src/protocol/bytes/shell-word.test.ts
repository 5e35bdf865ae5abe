/** Words of commands, as a shell reads them back. */
import { spawnSync } from 'node:child_process';
import { expect } from 'chai';
import { quoteForShell } from './shell-word.js';

describe('a word for a shell', () => {
  it('means itself', () => {
    const words = ['', 'plain', "it's", '$(reboot)', '`x`', 'a b', '*', 'ü', "''", '\\', '~', '--key=0x1,2'];
    const { stdout } = spawnSync('sh', ['-c', `printf '%s\\n' ${words.map(quoteForShell).join(' ')}`], {
      encoding: 'utf8',
    });
    expect(stdout.split('\n').slice(0, -1)).to.deep.equal(words);
  });

  it('stays as it is where nothing in it means anything', () => {
    expect(['run', '--iut', 'lab:linux', 'a/b-c.yaml', 'x=1,2'].map(quoteForShell).join(' ')).to.equal(
      'run --iut lab:linux a/b-c.yaml x=1,2',
    );
  });
});
