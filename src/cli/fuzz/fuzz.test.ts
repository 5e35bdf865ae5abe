/** A short run of `robe fuzz`, as its users start it: a batch of each reader, in a process of its own. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { readers } from '../../fuzz/hunts.js';

const program = fileURLToPath(new URL('../main.js', import.meta.url));
const longest = 100_000;

describe('robe fuzz', function () {
  this.timeout(longest + 10_000);
  for (const { name, promises, batch } of readers) {
    it(`${name}: ${promises}`, () => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [program, 'fuzz', name, '--rounds', '1'], {
        encoding: 'utf8',
        timeout: longest,
      });
      expect(status, stderr).to.equal(0);
      expect(stdout).to.equal(`${name}  ${batch} tries, nothing found: ${promises}\n`);
    });
  }
});
