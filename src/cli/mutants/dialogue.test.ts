/** What `robe mutants ID --dialogue` writes: a case that lint accepts, that a right host passes and the mutant fails. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { readCatalogue } from '../../conduct/load-catalogue.js';
import { allMutants } from '../../mutants/index.js';
import { triggers } from '../../mutants/trigger.js';
import { dialogueOf } from './dialogue-lines.js';

const found = (id: string, occasion?: string, mostStates = 1000) => {
  const mutant = allMutants.find((each) => each.id === id);
  if (mutant === undefined) throw new RangeError(`there is no mutant ${id}`);
  return dialogueOf({ mutant, trigger: triggers.find((each) => each.id === occasion), seed: '1', mostStates });
};

/** Mutants, how the shortest schedule ends, and the step that asks for what differs. */
const rows: readonly (readonly [mutant: string, occasion: string | undefined, end: string, asked: RegExp])[] = [
  ['losers-not-reset', undefined, 'A1', /expect: \{on: 2, segment: RST\/ACK, seq: peer_isn \+ 1, ack: any\}/],
  ['third-syn-gets-a-new-key', undefined, 'S3', /expect: \{on: 3, segment: SYN\/ACK, mp_capable: \{key: B\}\}/],
  ['timer-joins-before-dss', undefined, 'Y1', /silence: \{on: \[1, 2\], copies: count, joins: count\}/],
  [
    'fin-sent-once',
    undefined,
    'expire server, and nothing arrives',
    /expect: \{on: 1, segment: FIN.*seq: peer_isn \+ 16\}/,
  ],
  ['late-syn-gets-a-new-key', 'second-time', 'S3', /expect: \{on: 3, segment: SYN\/ACK, mp_capable: \{key: B\}\}/],
];

describe('dialogues that tell a mutant from a right host', function () {
  this.timeout(60_000);
  const directory = mkdtempSync(join(tmpdir(), 'dialogue-'));
  after(() => rmSync(directory, { recursive: true }));

  for (const [id, occasion, end, asked] of rows) {
    it(`${id}${occasion === undefined ? '' : ` ${occasion}`}: ends with ${end}`, () => {
      const { text, remarks } = found(id, occasion);
      expect(remarks[0]).to.match(new RegExp(`, ${end}$`));
      expect(text).to.match(asked);
      const file = join(directory, `${id}.yaml`);
      writeFileSync(file, text ?? '');
      expect(readCatalogue([file], '/').problems).to.deep.equal([]);
      expect(remarks.at(-1)).to.match(/a right (client|server) passes the case, the mutant fails it/);
    });
  }

  it('says so where right hosts never see the difference', () => {
    const { text, remarks } = found('half-of-key-b-compared', undefined, 20);
    expect(text).to.equal(undefined);
    expect(remarks.join()).to.contain('answers right hosts as a right one does');
  });
});
