import { expect } from 'chai';
import { VirtualClock } from '../net/clock/virtual.js';
import type { Arrival } from '../net/link/link.js';
import { decodeFrame } from '../protocol/wire/frame.js';
import { TcpFlag, type TcpPacket } from '../protocol/wire/packet.js';
import type { ControlAnswer, ControlCommand, ScenarioEvent } from '../suite/scenario/contract.js';
import type { Plan } from '../suite/scenario/plan.js';
import { planOf, reply, serverCase } from '../suite/testing/dialogue.js';
import { type Driven, driveCase } from './drive-case.js';
import { rejudge } from './recorded/recorded.js';
import { settleVirtual, type World } from './world.js';

const ms = (n: number): bigint => BigInt(Math.round(n * 1e6));

interface Script {
  /** What comes back for a sent segment: frames, `late` milliseconds after their stamp, the stamp `after` milliseconds. */
  answer(packet: TcpPacket): readonly { readonly after: number; readonly late?: number; readonly frame: Uint8Array }[];
  control?(command: ControlCommand): ControlAnswer;
  send?(): void;
}

/** Drives a plan against a script to its end; the times of the script are those of the wire, `late` those of the tester. */
const drive = (plan: Plan, script: Script): Driven => {
  const clock = new VirtualClock();
  let deliver: (arrival: Arrival) => void = () => {};
  let driven: Driven | undefined;
  const world: World = {
    clock,
    settle: settleVirtual(clock),
    send: (path, frame) => {
      script.send?.();
      const packet = decodeFrame(frame);
      if (packet.kind !== 'tcp') return;
      for (const { after, late = 0, frame: answer } of script.answer(packet)) {
        const at = clock.now() + ms(after);
        clock.at(at + ms(late), () => deliver({ path, frame: answer, at, error: 0n }));
      }
    },
    subscribe: (listener) => {
      deliver = listener;
      return () => {
        deliver = () => {};
      };
    },
    control: {
      perform: (command, answered) => {
        clock.at(clock.now(), () => answered(script.control?.(command) ?? { answer: 'unsupported' }));
      },
    },
  };
  driveCase(plan, world, (ended) => {
    driven = ended;
  });
  clock.advance(() => driven !== undefined);
  if (driven === undefined) throw new Error('the case did not end');
  return driven;
};

const eventsOf = ({ trace }: Driven): readonly ScenarioEvent[] =>
  trace.flatMap(({ entry }) => ('event' in entry ? [entry] : []));

const isSyn = ({ tcp }: TcpPacket): boolean => (tcp.flags & TcpFlag.SYN) !== 0;
const synAck = TcpFlag.SYN | TcpFlag.ACK;
const handshake = `
- send: {on: 1, segment: SYN}
- expect: {on: 1, segment: SYN/ACK}
`;
const silence = `
- send: {on: 1, segment: SYN}
- silence: {on: 1, for: 500ms}
`;
/** A host that answers every SYN after a millisecond. */
const answering: Script = {
  answer: (packet) => (isSyn(packet) ? [{ after: 1, frame: reply(packet, synAck) }] : []),
};

describe('driving a case', () => {
  it('comes to a verdict that the recording repeats', () => {
    const plan = planOf(serverCase(handshake));
    const driven = drive(plan, answering);
    expect(driven.judgement.verdict).to.equal('pass');
    expect(rejudge(plan, driven.trace)).to.deep.equal({ judgement: driven.judgement, trace: driven.trace });
  });

  it('gives a frame stamped before a timer first, when it comes before the timer is acted upon', () => {
    const driven = drive(planOf(serverCase(silence)), {
      answer: (packet) => (isSyn(packet) ? [{ after: 499.9, late: 0.1, frame: reply(packet, synAck) }] : []),
    });
    const events = eventsOf(driven).map(({ event }) => event);
    // The window ends with the frame that breaks the silence, not with its timer.
    expect(events.slice(0, 2)).to.deep.equal(['started', 'frame']);
    expect(events).not.to.include('disturbed');
    expect(driven.judgement.verdict).to.equal('fail');
  });

  it('announces a frame that is older than a timer already acted upon', () => {
    const driven = drive(planOf(serverCase(silence)), {
      answer: (packet) => {
        if (!isSyn(packet)) return [];
        // The sentinel is answered; the frame of the case proper comes to light only after its window.
        const own = packet.tcp.sourcePort === 20_000;
        return [
          own ? { after: 499, late: 2, frame: reply(packet, synAck) } : { after: 5, frame: reply(packet, synAck) },
        ];
      },
    });
    const events = eventsOf(driven);
    const disturbed = events.findIndex(({ event }) => event === 'disturbed');
    const late = events[disturbed + 1];
    expect(late).to.include({ event: 'frame', at: ms(499) });
    expect(events.slice(0, disturbed).some(({ event, at }) => event === 'timer' && at > ms(499))).to.equal(true);
    expect(driven.judgement.verdict).not.to.equal('pass');
  });

  it('gives a timer before a frame stamped later, even when the frame is delivered first', () => {
    const clock = new VirtualClock();
    let deliver: (arrival: Arrival) => void = () => {};
    let syn: TcpPacket | undefined;
    let driven: Driven | undefined;
    driveCase(
      planOf(serverCase(silence)),
      {
        clock,
        // This process is held up: timers are called back ten milliseconds late.
        settle: (time, callback) => clock.at(time + ms(10), callback),
        send: (_, frame) => {
          const packet = decodeFrame(frame);
          if (packet.kind === 'tcp' && syn === undefined) syn = packet;
        },
        subscribe: (listener) => {
          deliver = listener;
          return () => {};
        },
      },
      (ended) => {
        driven = ended;
      },
    );
    clock.at(ms(505), () => {
      if (syn !== undefined) deliver({ path: 1, frame: reply(syn, synAck), at: ms(505), error: 0n });
    });
    clock.advance(() => driven !== undefined);
    const order = driven === undefined ? [] : eventsOf(driven).map(({ event, at }) => `${event} ${at / 1_000_000n}`);
    expect(order.filter((each) => !each.startsWith('held-up')).slice(0, 3)).to.deep.equal([
      'started 0',
      'timer 500',
      'frame 505',
    ]);
  });

  it('makes an error of a frame that the link refuses, and of nothing else', () => {
    const { judgement } = drive(planOf(serverCase(handshake)), {
      ...answering,
      send: () => {
        throw new Error('interface tester1 is gone');
      },
    });
    expect(judgement.verdict).to.equal('error');
    expect(judgement.sentence).to.contain('interface tester1 is gone');
  });

  it('makes an error of an interpreter that throws', () => {
    const plan = planOf(serverCase(handshake));
    const broken = { ...plan, surroundings: { ...plan.surroundings, server: { address: 'nonsense', port: 1 } } };
    const { judgement } = drive(broken, answering);
    expect(judgement.verdict).to.equal('error');
    expect(judgement.sentence).to.contain('nonsense');
  });

  it('does not let control overtake the frames before it', () => {
    let frames = 0;
    let framesAtControl = -1;
    const driven = drive(planOf(serverCase(`${handshake.trim()}\n- control: {verb: accepted, answer: {count: 0}}`)), {
      answer: (packet) => {
        frames += 1;
        return answering.answer(packet);
      },
      control: () => {
        framesAtControl = frames;
        return { answer: 'ok', result: { count: 0, closed: 0 } };
      },
    });
    const asked = driven.trace.find(({ entry }) => 'action' in entry && entry.action === 'control');
    const answered = driven.trace.find(({ entry }) => 'event' in entry && entry.event === 'control');
    expect(framesAtControl).to.equal(1);
    expect((answered?.at ?? 0n) - (asked?.at ?? 0n) >= ms(4)).to.equal(true);
  });

  it('answers unsupported when there is no control, and says so as verdict', () => {
    const { judgement } = drive(
      planOf(serverCase(`${handshake.trim()}\n- control: {verb: accepted, answer: {count: 0}}`)),
      answering,
    );
    expect(judgement.verdict).to.equal('unsupported');
  });
});
