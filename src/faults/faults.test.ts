/** A sample of the fault campaign (campaign.ts): runs in which one system call fails. Skipped where there is no compiler. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { needLiveLab, skipBecause } from '../net/lab/testing/skip.js';
import { chooseFaults, type Fault, tellFault } from './fault.js';
import { buildPreload } from './preload.js';
import { tryFault } from './trial.js';

describe('a fault campaign', () => {
  const counts = [
    { process: 'program', call: 'open', count: 10 },
    { process: 'program', call: 'rename', count: 1 },
    { process: 'runner', call: 'fsync', count: 0 },
  ] as const;

  it('spreads its faults over calls and times, and has each once', () => {
    const all = chooseFaults(counts, 100).map(tellFault);
    expect(new Set(all).size).to.equal(all.length);
    // Ten numbers and two ways for open, one number and two ways for rename.
    expect(all).to.have.length(22);
    expect(chooseFaults(counts, 4).map(({ call }) => call)).to.deep.equal(['open', 'open', 'rename', 'rename']);
  });
});

describe('a run in which a call fails', function () {
  this.timeout(120_000);
  let folder: string;
  let library: string;

  before(function () {
    folder = mkdtempSync(join(tmpdir(), 'robe-faults-'));
    try {
      library = buildPreload(folder);
    } catch {
      skipBecause(this, 'there is no C compiler');
    }
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const sample: readonly (readonly [iut: 'embedded:tcp' | 'lab:linux', fault: Fault])[] = [
    ['embedded:tcp', { process: 'program', call: 'mkdir', number: 1, error: 'ENOSPC' }],
    ['embedded:tcp', { process: 'program', call: 'open', number: 40, error: 'EMFILE' }],
    ['embedded:tcp', { process: 'program', call: 'fsync', number: 1, error: 'EIO' }],
    ['embedded:tcp', { process: 'program', call: 'rename', number: 1, error: 'ENOSPC' }],
    ['embedded:tcp', { process: 'program', call: 'write', number: 3, error: 'ENOSPC' }],
    ['lab:linux', { process: 'program', call: 'fork', number: 2, error: 'ENOMEM' }],
    ['lab:linux', { process: 'runner', call: 'fork', number: 1, error: 'ENOMEM' }],
    ['lab:linux', { process: 'runner', call: 'socket', number: 3, error: 'EMFILE' }],
    ['lab:linux', { process: 'runner', call: 'send', number: 20, error: 'ENOMEM' }],
    ['lab:linux', { process: 'runner', call: 'epoll_wait', number: 200, error: 'late' }],
  ];
  for (const [iut, fault] of sample)
    it(`${tellFault(fault)} passes nothing that it should not, tells what it was, and leaves nothing (${iut})`, async function () {
      if (iut === 'lab:linux') await needLiveLab(this);
      const { wrong, said } = await tryFault({ iut, library, folder }, fault);
      expect(wrong, said).to.deep.equal([]);
    });
});
