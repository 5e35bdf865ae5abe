import { expect } from 'chai';
import { readKnownFindings, tellKnownFindings } from './known-findings.js';

describe('the known findings about Linux', () => {
  it('are read from their document, each with cases', () => {
    const known = readKnownFindings();
    expect(known.length).to.be.above(5);
    expect(known.filter(({ id, title, cases }) => !/^L-/.test(id) || title === '' || cases.length === 0)).to.deep.equal(
      [],
    );
  });

  it('that show in a run are named, and what is not among them is counted', () => {
    const known = [{ id: 'L-1', title: 'the echo is not compared', cases: ['mptcp.server.echo.*'] }];
    const results = [
      { id: 'mptcp.server.echo.bit-0.ip4', verdict: 'fail' as const },
      { id: 'mptcp.server.echo.bit-1.ip4', verdict: 'pass' as const },
      { id: 'mptcp.server.new.ip4', verdict: 'fail' as const },
      { id: 'mptcp.server.should.ip4', verdict: 'nonstrict' as const },
    ];
    expect(tellKnownFindings(results, known)).to.deep.equal([
      'known: L-1, the echo is not compared (1 case)',
      'not among the known: 1 failed case',
    ]);
    expect(tellKnownFindings([], known)).to.deep.equal([]);
  });
});
