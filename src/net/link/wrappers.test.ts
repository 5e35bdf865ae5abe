/** The wrappers as dialogues over a memory link: the tester at one end, here wrapped, and a bare far end. */
import { expect } from 'chai';
import { decodeFrame, encodeArpFrame, encodeNdFrame } from '../../protocol/wire/frame.js';
import { microseconds, milliseconds } from '../clock/clock.js';
import { VirtualClock } from '../clock/virtual.js';
import { bundle } from './bundle.js';
import { seededChance } from './chance.js';
import { keyOfAddress } from './frame-ends.js';
import { type Impairment, impairLink } from './impairment.js';
import { type Arrival, type Link, LinkError } from './link.js';
import { createMemoryLink } from './memory.js';
import { answerNeighbours } from './neighbour.js';

const testerMac = '02:52:6f:62:01:01';
const farMac = '02:52:6f:62:01:02';
const broadcast = 'ff:ff:ff:ff:ff:ff';

const lay = () => {
  const clock = new VirtualClock();
  const [near, far] = createMemoryLink({ clock, paths: [1, 2], delay: () => microseconds(5) });
  return { clock, near, far, run: () => clock.advance(() => false) };
};

const listen = (link: Link): Arrival[] => {
  const arrivals: Arrival[] = [];
  link.subscribe((arrival) => arrivals.push(arrival));
  return arrivals;
};

describe('neighbour link', () => {
  const owned = new Set(['10.201.64.7', 'fd52:6f62:6500:1:1::7']);
  const layNeighbour = () => {
    const wire = lay();
    const paths = new Map([[1, { mac: testerMac, owns: (address: string) => owned.has(address) }]]);
    return { ...wire, link: answerNeighbours(wire.near, wire.clock, paths), atFar: listen(wire.far) };
  };
  const arpFor = (targetIp: string, destination = broadcast) =>
    encodeArpFrame({
      ethernet: { destination, source: farMac },
      arp: { operation: 1, senderMac: farMac, senderIp: '10.200.0.1', targetMac: '00:00:00:00:00:00', targetIp },
    });
  const solicitation = (source: string, target: string) =>
    encodeNdFrame({
      ethernet: { destination: '33:33:ff:00:00:07', source: farMac },
      ip: { source, destination: 'ff02::1:ff00:7' },
      nd: { type: 'solicitation', target, flags: 0, ...(source !== '::' && { linkLayer: farMac }) },
    });

  it('answers an ARP request for an address of its own, to the one who asked', () => {
    const { far, atFar, run } = layNeighbour();
    far.send(1, arpFor('10.201.64.7'));
    run();
    expect(atFar.map(({ frame }) => decodeFrame(frame))).to.deep.equal([
      {
        kind: 'arp',
        ethernet: { destination: farMac, source: testerMac, etherType: 0x0806 },
        arp: {
          operation: 2,
          senderMac: testerMac,
          senderIp: '10.201.64.7',
          targetMac: farMac,
          targetIp: '10.200.0.1',
        },
      },
    ]);
  });

  const nd = (frame: Uint8Array | undefined) => {
    const packet = decodeFrame(frame ?? new Uint8Array());
    if (packet.kind !== 'nd') throw new Error(`no neighbour discovery: ${packet.kind}`);
    return { to: packet.ethernet.destination, ip: packet.ip.destination, from: packet.ip.source, ...packet.nd };
  };

  it('answers a solicitation, solicited and overriding, with its MAC address', () => {
    const { far, atFar, run } = layNeighbour();
    far.send(1, solicitation('fe80::1', 'fd52:6f62:6500:1:1::7'));
    run();
    expect(atFar).to.have.length(1);
    expect(nd(atFar[0]?.frame)).to.deep.equal({
      to: farMac,
      ip: 'fe80::1',
      from: 'fd52:6f62:6500:1:1::7',
      type: 'advertisement',
      target: 'fd52:6f62:6500:1:1::7',
      linkLayer: testerMac,
      flags: 3,
    });
  });

  it('defends its address against one who has none yet, to all nodes and not as solicited', () => {
    const { far, atFar, run } = layNeighbour();
    far.send(1, solicitation('::', 'fd52:6f62:6500:1:1::7'));
    run();
    expect(nd(atFar[0]?.frame)).to.include({ to: '33:33:00:00:00:01', ip: 'ff02::1', flags: 1 });
  });

  it('says nothing for the addresses of others, on other paths, or to frames for another host', () => {
    const { far, atFar, link, run } = layNeighbour();
    const heard = listen(link);
    far.send(1, arpFor('10.201.64.8'));
    far.send(1, solicitation('fe80::1', 'fd52:6f62:6500:1:1::8'));
    far.send(2, arpFor('10.201.64.7'));
    far.send(1, arpFor('10.201.64.7', '02:00:00:00:00:99'));
    run();
    expect(atFar).to.deep.equal([]);
    expect(heard, 'listeners hear everything').to.have.length(4);
  });

  it('survives frames that end early', () => {
    const { far, atFar, run } = layNeighbour();
    const request = arpFor('10.201.64.7');
    const question = solicitation('fe80::1', 'fd52:6f62:6500:1:1::7');
    for (const frame of [request, question])
      for (let length = 0; length < frame.length; length += 1) far.send(1, frame.subarray(0, length));
    run();
    expect(atFar.length).to.be.lessThan(2);
  });

  for (const [version, target, from] of [
    ['ARP', '10.201.0.1', '10.201.64.7'],
    ['neighbour discovery', 'fd52:6f62:6500:1::1', 'fd52:6f62:6500:1:1::7'],
  ] as const) {
    it(`resolves an address by ${version}, asking again while nothing comes`, async () => {
      const { clock, near, far } = lay();
      const link = answerNeighbours(near, clock, new Map([[1, { mac: testerMac, owns: (a) => owned.has(a) }]]));
      const there = answerNeighbours(far, clock, new Map([[1, { mac: farMac, owns: (a) => a === target }]]));
      let heard = 0;
      there.subscribe(() => {
        heard += 1;
      });
      const found = link.resolve(1, target, from);
      clock.advance(() => false);
      expect(await found).to.equal(farMac);
      expect(heard).to.equal(1);
    });
  }

  it('gives up on an address that nobody has', async () => {
    const { clock, near, far } = lay();
    const link = answerNeighbours(near, clock, new Map([[1, { mac: testerMac, owns: () => false }]]));
    const atFar = listen(far);
    const failed = link.resolve(1, '10.201.0.9', '10.201.64.7').catch((error: unknown) => error);
    clock.advance(() => false);
    const error = await failed;
    expect(error).to.be.instanceOf(LinkError);
    expect(String(error)).to.contain('nobody on path 1 answers for 10.201.0.9');
    expect(atFar.length).to.be.greaterThan(3);
  });
});

describe('impairment', () => {
  const send = (impairment: Impairment, frames: number, seed = 'seed', octets = 1) => {
    const { clock, near, far, run } = lay();
    const outgoing = new Map([[1, impairment]]);
    const link = impairLink(near, { clock, chance: seededChance(seed), outgoing });
    const arrivals = listen(far);
    for (let number = 0; number < frames; number += 1) {
      clock.at(milliseconds(number), () => link.send(1, new Uint8Array(octets).fill(number)));
    }
    run();
    return arrivals.map(({ frame, at }) => ({ number: frame[0] ?? -1, at }));
  };
  const numbers = (arrived: readonly { readonly number: number }[]) => arrived.map(({ number }) => number);
  const wire = microseconds(5);

  it('leaves a path alone that has none', () => {
    expect(send({}, 3).map(({ at }) => at)).to.deep.equal([wire, milliseconds(1) + wire, milliseconds(2) + wire]);
  });

  it('lets a path die so long after its first frame', () => {
    expect(numbers(send({ diesAfter: milliseconds(3) }, 6))).to.deep.equal([0, 1, 2]);
  });

  it('delays, and keeps the order however the delay varies', () => {
    expect(send({ delay: milliseconds(7) }, 1)[0]?.at).to.equal(milliseconds(7) + wire);
    const jittered = send({ delay: milliseconds(7), jitter: milliseconds(5) }, 100);
    expect(numbers(jittered)).to.deep.equal(numbers(jittered).toSorted((a, b) => a - b));
    for (const { number, at } of jittered) {
      const late = at - milliseconds(number) - wire;
      expect(late >= milliseconds(7) && late < milliseconds(17), `frame ${number}`).to.equal(true);
    }
  });

  it('loses and duplicates as often as asked, the same frames for the same seed', () => {
    const lossy = { loss: 0.3 };
    expect(send(lossy, 200).length).to.be.within(110, 170);
    expect(send(lossy, 200)).to.deep.equal(send(lossy, 200));
    expect(send(lossy, 200)).not.to.deep.equal(send(lossy, 200, 'another'));
    expect(send({ loss: 1 }, 20)).to.deep.equal([]);
    expect(numbers(send({ duplication: 1 }, 2))).to.deep.equal([0, 0, 1, 1]);
  });

  it('lets later frames overtake those it holds back', () => {
    const reordered = numbers(send({ reordering: { probability: 0.2, by: milliseconds(3) } }, 100));
    expect(reordered).not.to.deep.equal(reordered.toSorted((a, b) => a - b));
    expect(reordered.toSorted((a, b) => a - b)).to.deep.equal(Array.from({ length: 100 }, (_, index) => index));
  });

  it('makes frames wait for a wire of a given speed', () => {
    // 1,000 octets at 4 Mbit/s take 2 ms, and one comes every millisecond.
    const queued = send({ bitsPerSecond: 4e6 }, 3, 'seed', 1000);
    expect(queued.map(({ at }) => at - wire)).to.deep.equal([milliseconds(2), milliseconds(4), milliseconds(6)]);
  });

  it('impairs what arrives, and delivers nothing after it was closed', async () => {
    const { clock, near, far, run } = lay();
    const incoming = new Map([[1, { delay: milliseconds(2) }]]);
    const link = impairLink(near, { clock, chance: seededChance('seed'), incoming });
    const arrivals = listen(link);
    far.send(1, Uint8Array.of(1));
    run();
    expect(arrivals.map(({ at }) => at)).to.deep.equal([milliseconds(2) + wire]);
    far.send(1, Uint8Array.of(2));
    clock.advanceTo(clock.now() + milliseconds(1));
    await link.close();
    run();
    expect(arrivals).to.have.length(1);
  });
});

describe('bundled link', () => {
  it('sends by the wire of the source address, and takes what comes by any wire as its one path', () => {
    const { near, far, run } = lay();
    const link = bundle(near, 1, new Map([[keyOfAddress('10.201.64.3'), 2]]));
    const [atFar, atNear] = [listen(far), listen(link)];
    const frameFrom = (senderIp: string) =>
      encodeArpFrame({
        ethernet: { destination: broadcast, source: testerMac },
        arp: { operation: 1, senderMac: testerMac, senderIp, targetMac: '00:00:00:00:00:00', targetIp: '10.200.0.1' },
      });
    for (const address of ['10.201.64.3', '10.201.64.1']) link.send(1, frameFrom(address));
    far.send(2, Uint8Array.of(1));
    run();
    expect(link.paths).to.deep.equal([1]);
    expect(atFar.map(({ path }) => path)).to.deep.equal([2, 1]);
    expect(atNear.map(({ path }) => path)).to.deep.equal([1]);
  });
});
