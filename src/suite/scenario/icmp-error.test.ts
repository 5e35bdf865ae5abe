import { expect } from 'chai';
import { uint8, uint16, uint32 } from '../../protocol/bytes/octets.js';
import { decodeFrame } from '../../protocol/wire/frame.js';
import { TcpFlag } from '../../protocol/wire/packet.js';
import { clientCase, converse, fromClient, type Implementation } from '../testing/dialogue.js';

const client: Implementation = {
  control: () => ({ answer: 'ok', result: {} }),
  unasked: [{ at: 1, path: 1, frame: fromClient(1, 40_000, { flags: TcpFlag.SYN }) }],
};

/** The ICMP packet that a case with this step sends. */
const sent = (icmp: string) => {
  const steps = `- control: {verb: connect}\n- expect: {on: 1, segment: SYN}\n- icmp: ${icmp}\n`;
  const { trace } = converse(clientCase(steps), client);
  for (const { entry } of trace) {
    if (!('action' in entry) || entry.action !== 'send') continue;
    const packet = decodeFrame(entry.frame);
    if (packet.kind === 'icmp') return packet;
  }
  throw new Error('no ICMP packet was sent');
};

describe('an ICMP error of the tester', () => {
  // Types and codes of RFC 792 and RFC 1812 section 5.2.7.1.
  const codes: readonly (readonly [string, number, number])[] = [
    ['network-unreachable', 3, 0],
    ['host-unreachable', 3, 1],
    ['protocol-unreachable', 3, 2],
    ['port-unreachable', 3, 3],
    ['fragmentation-needed', 3, 4],
    ['source-route-failed', 3, 5],
    ['source-quench', 4, 0],
    ['time-exceeded', 11, 0],
    ['parameter-problem', 12, 0],
  ];
  for (const [error, type, code] of codes)
    it(`${error} is type ${type} code ${code}`, () =>
      expect(sent(`{on: 1, error: ${error}}`)).to.include({ type, code }));

  it('quotes the latest packet of the flow from its IP header on, and goes to who sent it', () => {
    const { body, ip } = sent('{on: 1, error: port-unreachable}');
    expect(ip.destination).to.equal('10.201.0.1');
    expect(uint8(body, 4)).to.equal(0x45);
    expect(uint16(body, 4 + 20)).to.equal(40_000);
    expect(uint32(body, 0)).to.equal(0);
  });

  it('writes the path MTU, and another sequence number where the case asks for it', () => {
    const right = uint32(sent('{on: 1, error: port-unreachable}').body, 4 + 24);
    const { body } = sent('{on: 1, error: fragmentation-needed, mtu: 600, quoted_seq: peer_isn + 1}');
    expect(uint32(body, 0)).to.equal(600);
    expect(uint32(body, 4 + 24)).to.equal((right + 1) >>> 0);
  });

  it('is refused for a flow of which nothing was seen', () =>
    expect(() => clientCase('- control: {verb: connect}\n- icmp: {on: 1, error: time-exceeded}\n')).to.throw(
      'flow 1 has no segment yet that an error could quote',
    ));
});
