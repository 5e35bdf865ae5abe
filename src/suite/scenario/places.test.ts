/** What a case says of the places and numbers of its flows, as it stands on the wire; and the functions that name addresses. */
import { expect } from 'chai';
import { addAddrHmac } from '../../protocol/keys/add-addr-hmac.js';
import { ipOctets } from '../../protocol/wire/address.js';
import type { TcpPacket } from '../../protocol/wire/packet.js';
import { clientCase, converse, reply, serverCase } from '../testing/dialogue.js';

const SYN_ACK = 0x12;

/** The tester's SYN of each case, or what it sends first. */
const opening = (steps: string, head: string): TcpPacket => {
  const sent: TcpPacket[] = [];
  converse(serverCase(steps, head), {
    answer: (packet) => {
      sent.push(packet);
      return [{ frame: reply(packet, SYN_ACK) }];
    },
  });
  const [first] = sent;
  if (first === undefined) throw new Error('nothing was sent');
  return first;
};

const handshake = '- send: {on: 1, segment: SYN}\n- expect: {on: 1, segment: SYN/ACK}';

describe('places of flows', () => {
  it('are the usual ones where the case says nothing', () => {
    const { ip, tcp } = opening(handshake, '');
    expect([ip.source, ip.destination]).to.deep.equal(['10.201.0.2', '10.200.0.1']);
    expect([tcp.sourcePort, tcp.destinationPort]).to.deep.equal([20_000, 5001]);
  });

  const table: readonly (readonly [head: string, sees: (packet: TcpPacket) => unknown, wanted: unknown])[] = [
    ['source_port: 79', ({ tcp }) => tcp.sourcePort, 79],
    ['source_port: same', ({ tcp }) => tcp.sourcePort, 5001],
    ['source_port: same, port: closed', ({ tcp }) => [tcp.sourcePort, tcp.destinationPort], [9, 9]],
    ['port: second', ({ tcp }) => tcp.destinationPort, 443],
    ['server: 2', ({ ip }) => ip.destination, '10.200.0.2'],
    ['ip: other', ({ ip }) => [ip.source, ip.destination], ['fd00:1::2', 'fd00::1']],
    ['ip: 6, host: 2', ({ ip }) => ip.source, 'fd00:1::3'],
    ['isn: 0xfffffffc', ({ tcp }) => tcp.seq, 0xffff_fffc],
  ];
  for (const [head, sees, wanted] of table)
    it(`are what the case says: ${head}`, () => {
      expect(sees(opening(handshake, `  flows: {1: {${head}}}\n`))).to.deep.equal(wanted);
    });

  it('may come from the matrix of the case', () => {
    const { tcp } = opening(handshake, '  for-each: {port: [1023]}\n  flows: {1: {source_port: $port}}\n');
    expect(tcp.sourcePort).to.equal(1023);
  });

  it('are refused where the matrix gives what cannot be', () => {
    const head = '  for-each: {port: [70000]}\n  flows: {1: {source_port: $port}}\n';
    expect(() => serverCase(handshake, head)).to.throw('`source_port` is a number from 1 to 65535, got `70000`');
  });

  it('say what the implementation must have', () => {
    const needs = (flow: string): readonly string[] => serverCase(handshake, `  flows: {1: {${flow}}}\n`).needs;
    expect(needs('server: 2')).to.deep.equal(['second-address']);
    expect(needs('port: second')).to.deep.equal(['second-port']);
    expect(needs('ip: 6, isn: 0')).to.deep.equal([]);
  });

  it('of a client are where control is told that the tester serves', () => {
    const told: unknown[] = [];
    converse(clientCase('- control: {verb: connect, port: 80, server: 2}\n- wait: 1ms'), {
      control: (command) => {
        if (command.verb === 'connect') told.push(command.to);
        return undefined;
      },
    });
    expect(told).to.deep.equal([{ address: '10.210.0.3', port: 80 }]);
  });
});

describe('functions that name addresses', () => {
  it('give the octets that an ADD_ADDR carries, and its HMAC', () => {
    const steps =
      "- send: {on: 1, segment: ACK, add_addr: {address_id: 7, nibble: 0, address: 'tester_address(2)', port: 99, hmac: 'hmac_add_addr(1, 2, 7, tester_address(2), 99)'}}";
    const sent = opening(steps, '  mptcp: 1\n').tcp.options.find(({ option }) => option === 'add_addr');
    const address = ipOctets('10.202.0.2');
    const hmac = addAddrHmac({ localKey: 1n, remoteKey: 2n, addressId: 7, address, port: 99 });
    expect(sent).to.deep.include({ address, hmac, addressId: 7, port: 99 });
  });

  it('give those of the other IP version where it is named', () => {
    const steps =
      "- send: {on: 1, segment: ACK, add_addr: {address_id: 7, nibble: 6, address: 'server_address(1, 6)'}}\n- send: {on: 2, segment: SYN}";
    const sent = opening(steps, '  mptcp: 0\n  flows: {2: {ip: 6}}\n').tcp.options.find(
      ({ option }) => option === 'add_addr',
    );
    expect(sent).to.deep.include({ address: ipOctets('fd00::1') });
  });
});
