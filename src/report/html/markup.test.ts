import { expect } from 'chai';
import { hostile } from '../testing/sample-report.js';
import { html, jsonData } from './markup.js';

describe('markup', () => {
  it('keeps what templates say and escapes what they are given', () => {
    const name = '<script>alert("x")</script>';
    expect(html`<b title="${name}">${name}</b>`.text).to.equal(
      '<b title="&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;">&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;</b>',
    );
  });

  it('nests markup, joins lists and leaves out what is false or undefined', () => {
    const items = ['a', '&'].map((each) => html`<li>${each}</li>`);
    expect(html`<ul>${items}</ul>${false}${undefined}${7}`.text).to.equal('<ul><li>a</li><li>&amp;</li></ul>7');
  });

  for (const text of hostile) {
    it(`lets ${JSON.stringify(text.slice(0, 30))} out of neither text nor attribute nor data`, () => {
      const shown = html`<p title="${text}">${text}</p>`.text;
      expect(shown.match(/[<>]/g), 'no element of its own').to.have.length(4);
      expect(shown.split('"'), 'no attribute of its own').to.have.length(3);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that none is left is the point
      expect(shown).not.to.match(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
      expect(jsonData({ text }).text).not.to.include('<');
      expect(JSON.parse(jsonData({ text }).text)).to.deep.equal({ text });
    });
  }
});
