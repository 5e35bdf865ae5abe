import { expect } from 'chai';
import { TcpFlag } from './packet.js';
import { flagBits, flagNames } from './tcp-flags.js';

describe('names of TCP flags', () => {
  const table: readonly [number, string][] = [
    [0, 'none'],
    [TcpFlag.SYN, 'SYN'],
    [TcpFlag.SYN | TcpFlag.ACK, 'SYN/ACK'],
    [TcpFlag.ACK, 'ACK'],
    [TcpFlag.RST | TcpFlag.ACK, 'RST/ACK'],
    [TcpFlag.FIN | TcpFlag.ACK, 'FIN/ACK'],
    [TcpFlag.PSH | TcpFlag.ACK, 'PSH/ACK'],
    [TcpFlag.FIN | TcpFlag.PSH | TcpFlag.ACK, 'FIN/PSH/ACK'],
    [0xff, 'SYN/RST/FIN/PSH/URG/ECE/CWR/ACK'],
  ];
  for (const [bits, text] of table)
    it(text, () => {
      expect(flagNames(bits)).to.equal(text);
      expect(flagBits(text)).to.equal(bits);
    });

  it('are read in any order, and refused when one is no flag', () => {
    expect(flagBits('ACK/SYN')).to.equal(TcpFlag.SYN | TcpFlag.ACK);
    expect([flagBits('SYN-ACK'), flagBits('syn'), flagBits('')]).to.deep.equal([undefined, undefined, undefined]);
  });
});
