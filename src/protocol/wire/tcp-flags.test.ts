import { expect } from 'chai';
import { TcpFlag } from './packet.js';
import { flagNames } from './tcp-flags.js';

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
    it(`writes 0x${bits.toString(16)} as ${text}`, () => expect(flagNames(bits)).to.equal(text));
});
