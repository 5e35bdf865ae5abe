/** Whole frames: what is computed, what is written as given, what is reported, with frames of other programs as witnesses. */
import { expect } from 'chai';
import { fromHex, toHex } from '../bytes/hex.js';
import { defaultDraftSubtypes } from '../mptcp/option.js';
import { writeArp } from './arp.js';
import { writeEthernet } from './ethernet.js';
import { decodeFrame, decodeNetwork, encodeArpFrame, encodeIcmpFrame, encodeNdFrame, encodeTcpFrame } from './frame.js';
import { writeIcmp } from './icmp.js';
import { etherTypeOf, ipLength, writeIp } from './ip.js';
import { type Packet, type TcpDraft, TcpFlag, type TcpPacket } from './packet.js';
import { seq } from './seq.js';
import { tcpLength, writeTcp } from './tcp.js';

const ethernet = { destination: '02:00:00:00:00:01', source: '02:00:00:00:00:02' };
const v4 = { source: '10.0.1.1', destination: '10.0.9.1' };
const v6 = { source: 'fd00:1::1', destination: 'fd00:1::2' };

const syn: TcpDraft = {
  ethernet,
  ip: v4,
  tcp: { sourcePort: 4001, destinationPort: 80, seq: seq(1000), flags: TcpFlag.SYN },
};

function tcpOf(packet: Packet): TcpPacket {
  if (packet.kind !== 'tcp') throw new Error(`a TCP packet was expected: ${JSON.stringify(packet)}`);
  return packet;
}

/** The draft with some of its TCP or IP fields replaced. */
const withTcp = (tcp: Partial<TcpDraft['tcp']>, ip: Partial<TcpDraft['ip']> = {}): TcpDraft => ({
  ethernet,
  ip: { ...v4, ...ip },
  tcp: { ...syn.tcp, ...tcp },
});

describe('TCP frames', () => {
  // scapy: Ether(dst="02:00:00:00:00:01",src="02:00:00:00:00:02")/IP(src="10.0.1.1",dst="10.0.9.1",id=0,flags="DF")/
  //        TCP(sport=4001,dport=80,seq=1000,flags="S",window=65535,options=[("MSS",1460),("SAckOK",b""),("Timestamp",(100,0)),("NOP",None),("WScale",7)])
  const scapyV4 =
    '02000000000102000000000208004500003c0000400040061cbb0a0001010a0009010fa10050000003e800000000a002ffff15c20000020405b40402080a000000640000000001030307';
  // scapy: Ether(…)/IPv6(src="fd00:1::1",dst="fd00:1::2")/TCP(sport=4001,dport=80,seq=1000,ack=2,flags="PA",window=512)/b"RobE!"
  const scapyV6 =
    '02000000000102000000000286dd6000000000190640fd000001000000000000000000000001fd0000010000000000000000000000020fa10050000003e80000000250180200ca310000526f624521';

  it('over IPv4 are those of scapy', () => {
    const draft = withTcp({
      options: [
        { option: 'mss', value: 1460 },
        { option: 'sack_permitted' },
        { option: 'timestamps', value: 100, echo: 0 },
        { option: 'nop' },
        { option: 'window_scale', shift: 7 },
      ],
    });
    expect(toHex(encodeTcpFrame(draft))).to.equal(scapyV4);
    expect(tcpOf(decodeFrame(fromHex(scapyV4))).tcp.checksumState).to.equal('valid');
  });

  it('over IPv6 are those of scapy', () => {
    const payload = new TextEncoder().encode('RobE!');
    const draft: TcpDraft = {
      ethernet,
      ip: v6,
      tcp: { ...syn.tcp, ack: seq(2), flags: TcpFlag.PSH | TcpFlag.ACK, window: 512, payload },
    };
    expect(toHex(encodeTcpFrame(draft))).to.equal(scapyV6);
    expect(tcpOf(decodeFrame(fromHex(scapyV6))).tcp).to.include({ checksumState: 'valid', ack: 2, window: 512 });
  });

  it('carry what a draft gives, even if it is wrong', () => {
    const draft = withTcp(
      { checksum: 0xdead, dataOffset: 15, reserved: 0xf, urgent: 7, window: 0, payload: new Uint8Array(40) },
      { checksum: 0xbeef, ttl: 1, length: 80, identification: 9, trafficClass: 3, fragment: 0 },
    );
    const { ip, tcp } = tcpOf(decodeFrame(encodeTcpFrame(draft)));
    expect(ip).to.include({
      checksum: 0xbeef,
      checksumState: 'invalid',
      ttl: 1,
      length: 80,
      identification: 9,
      trafficClass: 3,
      fragment: 0,
    });
    expect(tcp).to.include({
      checksum: 0xdead,
      checksumState: 'invalid',
      dataOffset: 15,
      reserved: 0xf,
      urgent: 7,
      window: 0,
    });
  });

  it('let options overrun the header only when the data offset is given', () => {
    const options = Array.from({ length: 11 }, () => ({ option: 'mss', value: 1460 }) as const);
    expect(() => encodeTcpFrame(withTcp({ options }))).to.throw(RangeError, 'options take 44 octets, 40 are possible');
    const frame = encodeTcpFrame(withTcp({ options, dataOffset: 15 }));
    const { tcp } = tcpOf(decodeFrame(frame));
    expect(tcp.options.length).to.equal(10);
    expect(toHex(tcp.payload)).to.equal('020405b4');
    expect(tcp.checksumState).to.equal('valid');
  });

  it('refuse texts that are no address', () => {
    expect(() => encodeTcpFrame({ ...syn, ip: { ...v4, source: '10.0.0' } })).to.throw(RangeError, '10.0.0');
    expect(() => encodeTcpFrame({ ...syn, ip: { ...v4, source: '010.0.0.1' } })).to.throw(RangeError);
    expect(() => encodeTcpFrame({ ...syn, ip: { source: 'fd00::1', destination: '10.0.0.1' } })).to.throw(
      RangeError,
      'two IP versions',
    );
    expect(() => encodeTcpFrame({ ...syn, ip: { source: '10.0.0.1', destination: 'fd00::1' } })).to.throw(
      RangeError,
      'two IP versions',
    );
    expect(() => encodeTcpFrame({ ...syn, ethernet: { ...ethernet, source: '02:00' } })).to.throw(RangeError, '02:00');
  });
});

describe('headers written into a buffer that was not empty', () => {
  const dirty = (): Uint8Array => new Uint8Array(200).fill(0xa5);
  /** Both ways of writing must agree, and nothing outside may be touched. */
  const check = (expected: Uint8Array, write: (into: Uint8Array) => void): void => {
    const into = dirty();
    write(into);
    expect(toHex(into.subarray(0, expected.length))).to.equal(toHex(expected));
    expect(toHex(into.subarray(expected.length))).to.equal(toHex(dirty().subarray(expected.length)));
  };

  for (const [name, ip] of [
    ['IPv4', { ...v4, options: fromHex('9404') }],
    ['IPv6', { ...v6, extensions: { first: 60, octets: fromHex('0600010400000000') } }],
  ] as const)
    it(`TCP over ${name}`, () => {
      const tcp = {
        ...syn.tcp,
        options: [{ option: 'window_scale', shift: 7 }],
        payload: Uint8Array.of(1, 2, 3),
      } as const;
      check(encodeTcpFrame({ ethernet, ip, tcp }), (into) => {
        const networkAt = writeEthernet(ethernet, etherTypeOf(ip), into);
        const pseudo = writeIp(ip, 6, tcpLength(tcp), into, networkAt);
        writeTcp(tcp, pseudo, into, networkAt + ipLength(ip), defaultDraftSubtypes);
      });
    });

  it('ARP and ICMP', () => {
    const arp = {
      operation: 2,
      senderMac: ethernet.source,
      senderIp: '10.0.1.1',
      targetMac: ethernet.destination,
      targetIp: '10.0.1.2',
    };
    check(encodeArpFrame({ ethernet, arp }), (into) => writeArp(arp, into, writeEthernet(ethernet, 0x0806, into)));
    const icmp = { type: 8, code: 0, body: Uint8Array.of(1, 2, 3) };
    check(encodeIcmpFrame({ ethernet, ip: v4, icmp }), (into) => {
      const networkAt = writeEthernet(ethernet, 0x0800, into);
      writeIp(v4, 1, 7, into, networkAt);
      writeIcmp(icmp, 0, into, networkAt + ipLength(v4));
    });
  });
});

describe('checksum state', () => {
  const frame = (checksum?: number): Packet =>
    decodeFrame(
      encodeTcpFrame(withTcp({ payload: Uint8Array.of(1, 2, 3), ...(checksum === undefined ? {} : { checksum }) })),
    );

  it('is valid for a computed checksum and invalid for another', () => {
    const right = tcpOf(frame()).tcp;
    expect(right.checksumState).to.equal('valid');
    expect(tcpOf(frame(right.checksum ^ 1)).tcp.checksumState).to.equal('invalid');
  });

  it('is partial for the folded sum of the pseudo-header', () => {
    // 0a00 + 0101 + 0a00 + 0901 + 6 + 23 octets = 1e1f
    expect(tcpOf(frame(0x1e1f)).tcp.checksumState).to.equal('partial');
  });

  it('is unverifiable when the end of the segment is missing', () => {
    const whole = encodeTcpFrame(withTcp({ payload: new Uint8Array(100) }));
    const packet = tcpOf(decodeFrame(whole.subarray(0, 80)));
    expect(packet.tcp.checksumState).to.equal('unverifiable');
    expect(packet.tcp.payload.length).to.equal(26);
    expect(packet.defect).to.deep.equal({ path: 'ipv4/length', offset: 16, why: '66 octets left, 140 needed' });
  });

  it('is unverifiable after an IP length of 0, as segmentation offload leaves it', () => {
    for (const ip of [v4, v6]) {
      const packet = tcpOf(
        decodeFrame(
          encodeTcpFrame({ ...syn, ip: { ...ip, length: 0 }, tcp: { ...syn.tcp, payload: new Uint8Array(9) } }),
        ),
      );
      expect(packet.tcp.payload.length).to.equal(9);
      expect(packet.tcp.checksumState).to.equal('unverifiable');
      expect(packet.defect?.why).to.match(/^length 0/);
    }
  });
});

describe('frames cut short', () => {
  const drafts: readonly [string, TcpDraft][] = [
    ['IPv4', withTcp({ options: [{ option: 'mss', value: 1 }] })],
    ['IPv6', { ...syn, ip: v6, tcp: { ...syn.tcp, options: [{ option: 'mss', value: 1 }] } }],
  ];
  for (const [name, draft] of drafts)
    it(`over ${name} are reported at every length`, () => {
      const whole = encodeTcpFrame(draft);
      for (let length = 0; length < whole.length; length++) {
        const packet = decodeFrame(whole.subarray(0, length));
        expect(packet.kind, `${length} octets`).to.equal('malformed');
      }
      expect(decodeFrame(whole).kind).to.equal('tcp');
    });

  it('say where and why', () => {
    const whole = encodeTcpFrame(withTcp({ options: [{ option: 'mss', value: 1 }] }));
    const why = (length: number): unknown => {
      const packet = decodeFrame(whole.subarray(0, length));
      return packet.kind === 'malformed'
        ? [packet.malformed.path, packet.malformed.offset, packet.malformed.why]
        : packet;
    };
    expect(why(13)).to.deep.equal(['ethernet', 0, '13 octets left, 14 needed']);
    expect(why(20)).to.deep.equal(['ipv4', 14, '6 octets left, 20 needed']);
    expect(why(53)).to.deep.equal(['tcp', 34, '19 octets left, 20 needed']);
    expect(why(57)).to.deep.equal(['tcp/options', 54, '3 octets left, 4 needed']);
  });

  it('keep the headers before the defect', () => {
    const packet = decodeFrame(encodeTcpFrame(withTcp({ dataOffset: 4 })));
    expect(packet).to.deep.include({
      malformed: { path: 'tcp/data_offset', offset: 46, why: '4 words, at least 5 needed' },
    });
    expect(packet).to.have.nested.property('ip.source', '10.0.1.1');
  });
});

describe('IP around TCP', () => {
  it('keeps IPv4 options, VLAN tags and padding, and gives them back', () => {
    const draft: TcpDraft = {
      ethernet: { ...ethernet, tags: fromHex('8100000a'), trailer: fromHex('000000') },
      ip: { ...v4, options: fromHex('94040000') },
      tcp: syn.tcp,
    };
    const frame = encodeTcpFrame(draft);
    const packet = tcpOf(decodeFrame(frame));
    expect(toHex(packet.ethernet.tags ?? fromHex(''))).to.equal('8100000a');
    expect(toHex(packet.ethernet.trailer ?? fromHex(''))).to.equal('000000');
    expect(toHex(packet.ip.options ?? fromHex(''))).to.equal('94040000');
    expect(packet.tcp.checksumState).to.equal('valid');
    expect(toHex(encodeTcpFrame(packet))).to.equal(toHex(frame));
  });

  it('follows IPv6 extension headers', () => {
    const octets = fromHex('3c00010400000000' + '0600010400000000');
    const frame = encodeTcpFrame({
      ...syn,
      ip: { ...v6, trafficClass: 0xb8, flowLabel: 0xabcde, extensions: { first: 0, octets } },
    });
    const packet = tcpOf(decodeFrame(frame));
    expect(packet.ip).to.include({ protocol: 6, trafficClass: 0xb8, flowLabel: 0xabcde });
    expect(packet.ip.extensions?.first).to.equal(0);
    expect(packet.tcp.checksumState).to.equal('valid');
    expect(toHex(encodeTcpFrame(packet))).to.equal(toHex(frame));
  });

  it('does not take a fragment for a segment', () => {
    expect(decodeFrame(encodeTcpFrame(withTcp({}, { fragment: 0x2000 }))).kind).to.equal('other');
    expect(decodeFrame(encodeTcpFrame(withTcp({}, { fragment: 0x0001 }))).kind).to.equal('other');
    const octets = fromHex('0600000100000001');
    expect(decodeFrame(encodeTcpFrame({ ...syn, ip: { ...v6, extensions: { first: 44, octets } } })).kind).to.equal(
      'other',
    );
    const whole = fromHex('0600000000000001');
    expect(
      decodeFrame(encodeTcpFrame({ ...syn, ip: { ...v6, extensions: { first: 44, octets: whole } } })).kind,
    ).to.equal('tcp');
  });

  it('reports versions and header lengths that cannot be', () => {
    const frame = encodeTcpFrame(syn);
    const first = (octet: number): unknown => {
      const copy = frame.slice();
      copy[14] = octet;
      const packet = decodeFrame(copy);
      return packet.kind === 'malformed' ? packet.malformed.path : packet.kind;
    };
    expect([first(0x65), first(0x44), first(0x4f)]).to.deep.equal(['ipv4/version', 'ipv4/ihl', 'ipv4/options']);
  });

  it('reads raw IP, as captures hold it', () => {
    const packet = decodeNetwork(encodeTcpFrame(syn).subarray(14), 0, 0x0800);
    expect(tcpOf(packet).tcp.checksumState).to.equal('valid');
  });
});

describe('ARP, neighbour discovery and ICMP', () => {
  it('ARP, both ways', () => {
    const arp = {
      operation: 1,
      senderMac: ethernet.source,
      senderIp: '10.0.1.1',
      targetMac: '00:00:00:00:00:00',
      targetIp: '10.0.1.2',
    };
    const frame = encodeArpFrame({ ethernet: { ...ethernet, destination: 'ff:ff:ff:ff:ff:ff' }, arp });
    expect(toHex(frame)).to.equal(
      'ffffffffffff020000000002' + '0806' + '0001080006040001' + '0200000000020a000101' + '0000000000000a000102',
    );
    expect(decodeFrame(frame)).to.deep.include({ kind: 'arp', arp });
  });

  it('reports ARP for something else than IPv4 over Ethernet', () => {
    const frame = fromHex(
      'ffffffffffff020000000002' + '0806' + '0006080006040001' + '0200000000020a000101' + '0000000000000a000102',
    );
    expect(decodeFrame(frame)).to.have.nested.property('malformed.why', 'not IPv4 over Ethernet');
  });

  it('a solicitation and an advertisement, both ways, as scapy writes them', () => {
    const solicitation = encodeNdFrame({
      ethernet,
      ip: { source: 'fd00:1::1', destination: 'ff02::1:ff00:2' },
      nd: { type: 'solicitation', target: 'fd00:1::2', linkLayer: ethernet.source, flags: 0 },
    });
    const advertisement = encodeNdFrame({
      ethernet,
      ip: { source: 'fd00:1::2', destination: 'fd00:1::1' },
      nd: { type: 'advertisement', target: 'fd00:1::2', linkLayer: ethernet.source, flags: 3 },
    });
    expect(toHex(solicitation)).to.equal(
      '02000000000102000000000286dd6000000000203afffd000001000000000000000000000001ff0200000000000000000001ff00000287007d9400000000fd0000010000000000000000000000020101020000000002',
    );
    expect(toHex(advertisement)).to.equal(
      '02000000000102000000000286dd6000000000203afffd000001000000000000000000000002fd00000100000000000000000000000188001c9760000000fd0000010000000000000000000000020201020000000002',
    );
    expect(decodeFrame(solicitation)).to.deep.include({
      nd: { type: 'solicitation', target: 'fd00:1::2', linkLayer: ethernet.source, flags: 0 },
    });
    expect(decodeFrame(advertisement)).to.deep.include({
      nd: { type: 'advertisement', target: 'fd00:1::2', linkLayer: ethernet.source, flags: 3 },
    });
  });

  it('a solicitation without link-layer address and one with an option of length 0', () => {
    const nd = { type: 'solicitation', target: 'fd00:1::2', flags: 0 } as const;
    const frame = encodeNdFrame({ ethernet, ip: v6, nd });
    expect(decodeFrame(frame)).to.deep.include({ kind: 'nd', nd });
    const endless = encodeIcmpFrame({ ethernet, ip: v6, icmp: { type: 135, code: 0, body: new Uint8Array(28) } });
    expect(decodeFrame(endless)).to.have.nested.property('malformed.why', 'an option of 0 octets with 8 octets left');
  });

  it('an echo request of either version, as scapy writes it', () => {
    const icmp = { type: 8, code: 0, body: fromHex('0001000261') };
    const four = encodeIcmpFrame({ ethernet, ip: { ...v4, fragment: 0, identification: 1 }, icmp });
    const six = encodeIcmpFrame({ ethernet, ip: v6, icmp: { ...icmp, type: 128 } });
    expect(toHex(four)).to.equal(
      '02000000000102000000000208004500001d0001000040015cde0a0001010a000901080096fc0001000261',
    );
    expect(toHex(six)).to.equal(
      '02000000000102000000000286dd6000000000093a40fd000001000000000000000000000001fd000001000000000000000000000002800024b20001000261',
    );
    expect(decodeFrame(four)).to.deep.include({ kind: 'icmp', ...icmp });
    expect(decodeFrame(six)).to.deep.include({ kind: 'icmp', ...icmp, type: 128 });
  });

  it('leaves other protocols alone', () => {
    expect(decodeFrame(fromHex('ffffffffffff02000000000288cc0000'))).to.deep.include({ kind: 'other' });
    expect(decodeFrame(encodeTcpFrame(withTcp({}, { protocol: 17 })))).to.have.nested.property('ip.protocol', 17);
  });
});
