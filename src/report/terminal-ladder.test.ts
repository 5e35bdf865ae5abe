/** What the terminal shows of a case: the guilty field marked, no line too wide, the same words without colours. */
import { stripVTControlCharacters } from 'node:util';
import { expect } from 'chai';
import { bundledCatalogue } from '../conduct/testing/bundled-catalogue.js';
import { mutantSubjects } from '../iut/mutant-subject.js';
import { resultOf } from '../run/result.js';
import { simulateCase } from '../run/simulate.js';
import { withLikely } from './computation/likely.js';
import { drawCase, type ShownCase } from './terminal-ladder.js';

const catalogue = bundledCatalogue();

/** A case on a mutant, as a run keeps it. */
const shown = (mutant: string, id: string): ShownCase => {
  const subject = mutantSubjects().find((each) => each.id === mutant)?.mutant;
  const asked = catalogue.cases.find((each) => each.id === id);
  if (subject === undefined || asked === undefined) throw new Error(`no ${mutant} or ${id}`);
  const { driven, plan } = simulateCase(subject, asked, 'show');
  const result = withLikely(resultOf(subject.name, asked, driven), plan, driven.trace);
  return { plan, trace: driven.trace, result, register: catalogue.requirements };
};

const wrongMac = shown('esim-mac-split-otherwise', 'robe-esim.client.negotiated-differently.off-then-on.v0.ip4');

describe('the ladder in the terminal', () => {
  for (const columns of [30, 60, 80, 120, 200])
    it(`has no line wider than ${columns} and marks what is wrong`, () => {
      const lines = drawCase(wrongMac, { colours: false, columns });
      expect(lines.filter((line) => line.length > columns)).to.deep.equal([]);
      const text = lines.join(' ').replaceAll(/\s+/g, ' ');
      expect(text).to.contain('!! fail');
      expect(text).to.contain('^ mp_join_cap.mac');
      expect(text).to.contain('cap_mac(K, B, B2)');
      expect(text).to.contain('breaks MUST DRAFT-eSIM-C-06 (RobE draft section 3.1.3.2)');
    });

  it('names the likely wrong computation', () => {
    expect(drawCase(wrongMac, { colours: false, columns: 120 }).join('\n')).to.match(/likely +keys split as/);
  });

  it('tells once what a case and a rule say of one value', () => {
    const hmac = shown('hmac-b-keys-swapped', 'mptcp.server.join.v0.ip4');
    expect(hmac.result.findings.length).to.be.above(1);
    const lines = drawCase(hmac, { colours: false, columns: 120 });
    expect(lines.filter((line) => line.includes('^ mp_join.hmac'))).to.have.length(1);
  });

  it('says the same with colours', () => {
    const plain = drawCase(wrongMac, { colours: false, columns: 100 });
    const coloured = drawCase(wrongMac, { colours: true, columns: 100 });
    expect(coloured.map(stripVTControlCharacters)).to.deep.equal(plain);
    expect(coloured.join('')).to.contain('\u001b[31m');
  });

  it('shows the whole time of what takes long', () => {
    const lines = drawCase(shown('third-fin-unanswered', 'tcp.server.fin-again-twice.ip4'), {
      colours: false,
      columns: 100,
    });
    const times = lines.flatMap((line) => /^ *(\d+\.\d{3}) ms /.exec(line)?.[1] ?? []).map(Number);
    expect(times).to.deep.equal(times.toSorted((a, b) => a - b));
    expect(times.at(-1)).to.be.above(1000);
  });

  it('draws what did not come', () => {
    const silent = shown('data-not-data-acked', 'mptcp.server.data-fin.v0.ip4');
    expect(silent.result.verdict).to.equal('fail');
    expect(drawCase(silent, { colours: false, columns: 100 }).join('\n')).to.match(/did not come|!! fail/);
  });
});
