/** What is left of connections at a host that stays up, as dialogues under virtual time: the host is a list of answers. */
import { setImmediate as turn } from 'node:timers/promises';
import { expect } from 'chai';
import { VirtualClock } from '../../net/clock/virtual.js';
import { factsOf, layOutPath } from '../../net/lab/layout.js';
import { createMemoryLink } from '../../net/link/memory.js';
import { decodeFrame, encodeTcpFrame } from '../../protocol/wire/frame.js';
import { TcpFlag, type TcpPacket } from '../../protocol/wire/packet.js';
import { seq } from '../../protocol/wire/seq.js';
import { serverCase } from '../../suite/testing/dialogue.js';
import { allocate, type Loan } from '../allocation.js';
import { Leftovers } from './leftovers.js';

const { SYN, ACK, RST } = TcpFlag;
const paths = [1, 2].map(layOutPath);
const facts = factsOf(paths);
const server = facts.server.address[4] ?? '';
const testCase = serverCase('- send: {on: 1, segment: SYN}\n- expect: {on: 1, segment: SYN/ACK}');

interface Segment {
  readonly from?: string;
  readonly port: number;
  readonly flags: number;
  readonly seq?: number;
  readonly ack?: number;
}

/** A host, what it received as `flags seq ack`, and what cases were shown of what it sent. */
const setUp = (standing: boolean) => {
  const clock = new VirtualClock();
  const [ours, theirs] = createMemoryLink({ clock, paths: [1, 2] });
  const leftovers = new Leftovers({ clock, facts, standing });
  const link = leftovers.keepFrom(ours);
  const received: TcpPacket[] = [];
  const shown: string[] = [];
  const text = ({ tcp }: TcpPacket): string => `${tcp.flags} ${tcp.seq} ${tcp.ack}`;
  let answer: (packet: TcpPacket) => Segment | undefined = () => undefined;
  const loan = allocate(facts, 'seed').lend(testCase) as Loan;
  const local = loan.addresses[0] ?? '';
  const host = (segment: Segment): void => {
    const frame = encodeTcpFrame({
      ethernet: { source: '02:00:00:00:00:02', destination: '02:00:00:00:00:01' },
      ip: { source: segment.from ?? server, destination: local },
      tcp: {
        sourcePort: facts.server.port,
        destinationPort: segment.port,
        flags: segment.flags,
        seq: seq(segment.seq ?? 0),
        ack: seq(segment.ack ?? 0),
      },
    });
    theirs.send(1, frame);
  };
  theirs.subscribe(({ frame }) => {
    const packet = decodeFrame(frame);
    if (packet.kind !== 'tcp') return;
    received.push(packet);
    const said = answer(packet);
    if (said !== undefined) host(said);
  });
  link.subscribe(({ frame }) => {
    const packet = decodeFrame(frame);
    if (packet.kind === 'tcp') shown.push(text(packet));
  });
  const tester = (segment: Omit<Segment, 'from'>): void =>
    link.send(
      1,
      encodeTcpFrame({
        ethernet: { source: '02:00:00:00:00:01', destination: '02:00:00:00:00:02' },
        ip: { source: local, destination: server },
        tcp: {
          sourcePort: segment.port,
          destinationPort: facts.server.port,
          flags: segment.flags,
          seq: seq(segment.seq ?? 0),
          ack: seq(segment.ack ?? 0),
        },
      }),
    );
  return {
    clock,
    leftovers,
    loan,
    host,
    tester,
    received: () => received.map(text),
    shown,
    answers: (given: typeof answer) => {
      answer = given;
    },
  };
};

const firstPort = (loan: Loan): number => loan.surroundings.firstPort;

describe('what is left at a host', () => {
  it('of the case that has the connection is shown to it, and nothing is answered', () => {
    const { clock, leftovers, loan, host, tester, shown, received } = setUp(true);
    leftovers.begin(loan);
    tester({ port: firstPort(loan), flags: SYN, seq: 7 });
    host({ port: firstPort(loan), flags: SYN | ACK, seq: 100, ack: 8 });
    clock.advanceTo(1_000_000_000n);
    expect(shown).to.deep.equal([`${SYN | ACK} 100 8`]);
    expect(received()).to.deep.equal([`${SYN} 7 0`]);
  });

  it('of a case that is over is reset with the number that the host expects, and shown to nobody', () => {
    const { clock, leftovers, loan, host, tester, shown, received } = setUp(true);
    leftovers.begin(loan);
    tester({ port: firstPort(loan), flags: SYN, seq: 7 });
    leftovers.end(loan);
    host({ port: firstPort(loan), flags: SYN | ACK, seq: 100, ack: 8 });
    clock.advanceTo(1_000_000_000n);
    expect(shown).to.deep.equal([]);
    expect(received()).to.deep.equal([`${SYN} 7 0`, `${RST} 8 0`]);
    expect(leftovers.foreign).to.deep.equal([]);
  });

  const foreign = (flags: number, ack: number): Segment => ({ port: 9999, flags, seq: 100, ack });

  it('of an earlier run is reset, counted once, and shown to nobody', () => {
    const { clock, leftovers, loan, host, shown, received } = setUp(true);
    leftovers.begin(loan);
    host(foreign(ACK, 55));
    host(foreign(ACK, 55));
    host(foreign(RST, 0));
    clock.advanceTo(1_000_000_000n);
    expect(shown).to.deep.equal([]);
    expect(received()).to.deep.equal([`${RST} 55 0`, `${RST} 55 0`]);
    expect(leftovers.foreign).to.deep.equal([`${server}:${facts.server.port} to ${loan.addresses[0]}:9999`]);
  });

  it('that opens a connection where no case waits for one is refused', () => {
    const { clock, leftovers, loan, host, received } = setUp(true);
    leftovers.begin(loan);
    host(foreign(SYN, 0));
    clock.advanceTo(1_000_000_000n);
    expect(received()).to.deep.equal([`${RST | ACK} 0 101`]);
  });

  it('is the host’s own doing where it was not there before, and so the case’s business', () => {
    const { clock, leftovers, loan, host, shown, received } = setUp(false);
    leftovers.begin(loan);
    host(foreign(ACK, 55));
    clock.advanceTo(1_000_000_000n);
    expect(shown).to.deep.equal([`${ACK} 100 55`]);
    expect(received()).to.deep.equal([]);
  });

  it('is answered nowhere but at the declared addresses', () => {
    const { clock, leftovers, loan, host, received } = setUp(true);
    leftovers.begin(loan);
    host({ ...foreign(ACK, 55), from: '192.0.2.99' });
    clock.advanceTo(1_000_000_000n);
    expect(received()).to.deep.equal([]);
  });

  it('is not answered for ever', () => {
    const { clock, leftovers, loan, host, answers, received } = setUp(true);
    leftovers.begin(loan);
    answers(() => foreign(ACK, 55));
    host(foreign(ACK, 55));
    clock.advanceTo(1_000_000_000n);
    expect(received()).to.have.length(16);
  });

  /** Lets the promise go on while virtual time passes. */
  const settled = async <T>(clock: VirtualClock, promise: Promise<T>): Promise<T> => {
    let over = false;
    void promise.finally(() => {
      over = true;
    });
    for (let now = 10_000_000n; !over; now += 10_000_000n) {
      clock.advanceTo(now);
      await turn();
    }
    return promise;
  };

  it('is asked after at the end: an open connection tells what it expects, and is reset with that', async () => {
    const { clock, leftovers, loan, tester, answers, received } = setUp(true);
    leftovers.begin(loan);
    const port = firstPort(loan);
    let open = true;
    tester({ port, flags: ACK, seq: 5, ack: 100 });
    answers(({ tcp }) => {
      if ((tcp.flags & RST) !== 0) open = open && tcp.seq !== 77;
      if ((tcp.flags & RST) !== 0) return undefined;
      return open ? { port, flags: ACK, seq: 100, ack: 77 } : { port, flags: RST, seq: tcp.ack };
    });
    expect(await settled(clock, leftovers.close())).to.equal(0);
    expect(open).to.equal(false);
    expect(received()).to.deep.equal([`${ACK} 5 100`, `${RST} 77 0`, `${ACK} 76 100`]);
  });

  it('is counted where resets do not close it', async () => {
    const { clock, leftovers, loan, tester, answers } = setUp(true);
    leftovers.begin(loan);
    const port = firstPort(loan);
    tester({ port, flags: SYN, seq: 5 });
    answers(({ tcp }) => ((tcp.flags & RST) === 0 ? { port, flags: ACK, seq: 100, ack: 77 } : undefined));
    expect(await settled(clock, leftovers.close())).to.equal(1);
  });
});
