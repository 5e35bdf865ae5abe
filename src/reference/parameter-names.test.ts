/** Parameters as people write them. */
import { expect } from 'chai';
import { parseParameters } from './parameter-names.js';
import { defaultParameters, withParameters } from './parameters.js';

describe('parameter assignments', () => {
  it('change what they name and nothing else', () => {
    const parameters = withParameters(
      parseParameters([
        'esim.mode=implicit',
        'timer.value_s=0.2',
        'mpc.checksum=false',
        'p1.match_window_s=inf',
        'esim.split=abb2|',
      ]),
    );
    expect(parameters.esim).to.deep.equal({ ...defaultParameters.esim, mode: 'implicit', split: 'abb2|' });
    expect(parameters.timer.value_s).to.equal(0.2);
    expect(parameters.mpc.checksum).to.equal(false);
    expect(parameters.p1.match_window_s).to.equal(Number.POSITIVE_INFINITY);
    expect(parameters.p2).to.deep.equal(defaultParameters.p2);
  });

  it('say what was expected when there is no such parameter or value', () => {
    expect(() => parseParameters(['esim.colour=red'])).to.throw(RangeError, /no parameter esim\.colour.*esim\.mode/);
    expect(() => parseParameters(['timer.value_s=soon'])).to.throw(RangeError, /number such as 1, got "soon"/);
    expect(() => parseParameters(['mpc.checksum=maybe'])).to.throw(RangeError, /boolean/);
    expect(() => parseParameters(['timer.value_s'])).to.throw(RangeError);
  });
});
