import { expect } from 'chai';
import fc from 'fast-check';
import { SocksDialogue, type SocksStep } from './socks5.js';

const hex = (text: string): Uint8Array => Buffer.from(text.replaceAll(' ', ''), 'hex');

const told = (step: SocksStep): string => {
  const answer = Buffer.from(step.answer).toString('hex');
  switch (step.step) {
    case 'wait':
      return `wait ${answer}`;
    case 'refuse':
      return `refuse ${answer}`;
    case 'connect':
      return `connect ${step.target.host} ${step.target.port} ${answer} ${Buffer.from(step.rest).toString('hex')}`;
  }
};

/** Octets as they come, and what each brings about. */
const dialogues: readonly (readonly [what: string, ...turns: readonly (readonly [octets: string, step: string])[]])[] =
  [
    // The octets of `curl --socks5` and `curl --socks5-hostname`, which offer GSS-API as well.
    [
      'an address, as curl asks',
      ['05 02 00 01', 'wait 0500'],
      ['05 01 00 01 7f000001 1f40', 'connect 127.0.0.1 8000  '],
    ],
    ['a name, as curl asks', ['05 02 00 01', 'wait 0500'], ['05 01 00 03 05 66696c6573 0050', 'connect files 80  ']],
    [
      'an IPv6 address',
      ['05 01 00', 'wait 0500'],
      ['05 01 00 04 20010db8000000000000000000000001 01bb', 'connect 2001:db8::1 443  '],
    ],
    ['all at once, with octets after', ['050100 050100017f0000010050 474554', 'connect 127.0.0.1 80 0500 474554']],
    ['octet by octet', ['05', 'wait '], ['01', 'wait '], ['00', 'wait 0500'], ['05', 'wait '], ['01000309', 'wait ']],
    ['SOCKS 4', ['04 01', 'refuse ']],
    ['HTTP', [Buffer.from('GET / HTTP/1.1').toString('hex'), 'refuse ']],
    ['nothing but passwords', ['05 01 02', 'refuse 05ff']],
    ['no method at all', ['05 00', 'refuse 05ff']],
    ['BIND', ['050100', 'wait 0500'], ['05 02 00 01 7f000001 0050', 'refuse 05070001000000000000']],
    ['an unknown address type', ['050100', 'wait 0500'], ['05 01 00 02 00', 'refuse 05080001000000000000']],
    ['port 0', ['050100', 'wait 0500'], ['05 01 00 01 7f000001 0000', 'refuse 05010001000000000000']],
    ['an empty name', ['050100', 'wait 0500'], ['05 01 00 03 00 0050', 'refuse 05010001000000000000']],
    ['a name with a line break', ['050100', 'wait 0500'], ['05 01 00 03 02 0a61 0050', 'refuse 05010001000000000000']],
    ['another version in the request', ['050100', 'wait 0500'], ['04', 'refuse 05010001000000000000']],
  ];

describe('the SOCKS dialogue', () => {
  for (const [what, ...turns] of dialogues) {
    it(what, () => {
      const dialogue = new SocksDialogue();
      for (const [octets, step] of turns) expect(told(dialogue.take(hex(octets)))).to.equal(step);
    });
  }

  it('takes whatever comes without throwing, however it is cut', () => {
    const head = fc.constantFrom(
      '',
      '05',
      '0501',
      '050100',
      '05010005',
      '0501000501',
      '050100050100',
      '05010005010003',
    );
    fc.assert(
      fc.property(head, fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 5 }), (start, pieces) => {
        const dialogue = new SocksDialogue();
        let answered = '';
        for (const piece of [hex(start), ...pieces]) {
          const step = dialogue.take(piece);
          answered += Buffer.from(step.answer).toString('hex');
          if (step.step !== 'wait') break;
        }
        const whole = new SocksDialogue().take(Buffer.concat([hex(start), ...pieces]));
        // A dialogue in one piece begins with the same answers.
        expect(Buffer.from(whole.answer).toString('hex').startsWith(answered.slice(0, 4))).to.equal(true);
      }),
    );
  });
});
