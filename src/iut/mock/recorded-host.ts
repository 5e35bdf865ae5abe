/**
 * A recorded implementation: it waits for the recorded actions of the tester, in any order, and then repeats the recorded
 * reactions, with the recorded pauses. It interprets nothing and computes nothing: it has no answer for a tester that
 * sends anything else, or other values because of another seed, and reports this.
 *
 * The tester may have other addresses and ports than the recorded one, and other numbers in its sentinels, which depend
 * on ports; they are learned from its segments, and the recorded frames are rewritten for it.
 */
import type { Alarm, Clock, Time } from '../../net/clock/clock.js';
import { describePacket } from '../../protocol/wire/describe.js';
import { decodeFrame } from '../../protocol/wire/frame.js';
import type { ControlAnswer, ControlCommand } from '../../suite/scenario/contract.js';
import { type Exchange, exchangeOf, type Reaction, type Stimulus } from './exchange.js';
import type { Recording } from './recording.js';
import { addressKey, type End, endsOf, essenceOf, rewrite, sourceMacOf } from './rewrite.js';

export interface RecordedHostOutput {
  /** `error`: how much too late the stamp of the recorded frame may have been. */
  send(path: number, frame: Uint8Array, error: bigint): void;
}

/** The tester did something that was not recorded. */
export class NotRecorded extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NotRecorded';
  }
}

const sentinelStep = 'sentinel';

export class RecordedHost {
  readonly #exchange: Exchange;
  /** Stimuli that have come. */
  readonly #met = new Set<number>();
  /** Reactions that were set off, in order. */
  #released = 0;
  readonly #alarms = new Set<Alarm>();
  readonly #callers = new Map<number, (answer: ControlAnswer) => void>();
  /** Recorded ends of the tester to the present ones. */
  readonly #ends = new Map<string, { readonly end: End; readonly ackBy: number; readonly mac: string }>();
  /** Recorded addresses of the tester to the present ones, for ends that have not sent yet. */
  readonly #servers = new Map<string, End>();

  constructor(
    recording: Recording,
    private readonly clock: Clock,
    private readonly output: RecordedHostOutput,
    /** When a reaction is due that is set off now. */
    private readonly due: (reaction: Reaction, now: Time) => Time,
    /** The implementation's own MAC address on a path; absent: as recorded. */
    private readonly macOf: (path: number) => string | undefined = () => undefined,
  ) {
    this.#exchange = exchangeOf(recording.trace);
  }

  /** Begins the recorded actions that precede any action of the tester. */
  start(): void {
    this.#release();
  }

  /** Throws NotRecorded. */
  receive(path: number, frame: Uint8Array): void {
    const index = this.#find((stimulus, place) => this.#isFrame(stimulus, place, path, frame));
    if (index === undefined) {
      const what = describePacket(decodeFrame(frame));
      throw new NotRecorded(`the recorded tester did not send this on path ${path} at this place: ${what}`);
    }
    const stimulus = this.#exchange.stimuli[index];
    if (stimulus?.kind === 'frame') this.#learn(stimulus.frame, frame);
    this.#meet(index);
  }

  /** Throws NotRecorded. */
  perform(command: ControlCommand, answered: (answer: ControlAnswer) => void): void {
    const index = this.#find((stimulus) => stimulus.kind === 'control' && isSameCall(stimulus.command, command));
    const stimulus = index === undefined ? undefined : this.#exchange.stimuli[index];
    if (index === undefined || stimulus?.kind !== 'control')
      throw new NotRecorded(`the recorded tester did not ask for \`${command.verb}\` at this place`);
    if (command.verb === 'connect' && stimulus.command.verb === 'connect')
      this.#servers.set(keyOf(endOf(stimulus.command.to)), endOf(command.to));
    this.#callers.set(stimulus.call, answered);
    this.#meet(index);
  }

  stop(): void {
    for (const alarm of this.#alarms) alarm.cancel();
    this.#alarms.clear();
  }

  #find(fits: (stimulus: Stimulus, place: number) => boolean): number | undefined {
    const index = this.#exchange.stimuli.findIndex((stimulus, place) => !this.#met.has(place) && fits(stimulus, place));
    return index === -1 ? undefined : index;
  }

  #isFrame(stimulus: Stimulus, place: number, path: number, frame: Uint8Array): boolean {
    if (stimulus.kind !== 'frame' || stimulus.path !== path) return false;
    const numbered = stimulus.step !== sentinelStep;
    // Without its number it may be any SYN: it is accepted only at the addresses and ports of the recorded one.
    if (!numbered && !this.#hasMetStepsBefore(place, stimulus.at)) return false;
    return essenceOf(stimulus.frame, numbered) === essenceOf(frame, numbered);
  }

  /** Frames may overtake requests to control of the same moment. */
  #hasMetStepsBefore(place: number, at: bigint): boolean {
    return this.#exchange.stimuli
      .slice(0, place)
      .every(
        (earlier, index) =>
          this.#met.has(index) || (earlier.kind === 'frame' ? earlier.step === sentinelStep : earlier.at === at),
      );
  }

  #learn(recorded: Uint8Array, present: Uint8Array): void {
    const then = endsOf(recorded);
    const now = endsOf(present);
    if (then === undefined || now === undefined) return;
    const known = this.#ends.get(keyOf(then.source));
    this.#ends.set(keyOf(then.source), {
      end: now.source,
      ackBy: known?.ackBy ?? now.seq - then.seq,
      mac: sourceMacOf(present),
    });
  }

  #meet(index: number): void {
    this.#met.add(index);
    this.#release();
  }

  /** Triggers every reaction whose preceding actions of the tester have all come. */
  #release(): void {
    let complete = 0;
    while (this.#met.has(complete)) complete += 1;
    for (;;) {
      const reaction = this.#exchange.reactions[this.#released];
      if (reaction === undefined || reaction.after > complete) return;
      this.#released += 1;
      const alarm = this.clock.at(this.due(reaction, this.clock.now()), () => {
        this.#alarms.delete(alarm);
        this.#carryOut(reaction);
      });
      this.#alarms.add(alarm);
    }
  }

  #carryOut({ what }: Reaction): void {
    if (what.kind === 'answer') this.#callers.get(what.call)?.(what.answer);
    else this.output.send(what.path, this.#translate(what.path, what.frame), what.error);
  }

  #translate(path: number, frame: Uint8Array): Uint8Array {
    const ends = endsOf(frame);
    const peer = ends === undefined ? undefined : this.#ends.get(keyOf(ends.destination));
    const server = ends === undefined ? undefined : this.#servers.get(keyOf(ends.destination));
    const destination = peer?.end ?? server;
    const sourceMac = this.macOf(path);
    return rewrite(frame, {
      ...(sourceMac === undefined ? {} : { sourceMac }),
      ...(peer === undefined ? {} : { destinationMac: peer.mac, ackBy: peer.ackBy }),
      ...(destination === undefined ? {} : { destination }),
    });
  }
}

/** The same verb for the same case: the tester may ask for connections of others before and after it. */
const isSameCall = (recorded: ControlCommand, asked: ControlCommand): boolean =>
  recorded.verb === asked.verb && caseOf(recorded) === caseOf(asked);

/** Connections of the tester's are named by their case and more; undefined for what is named otherwise. */
const caseOf = (command: ControlCommand): string | undefined => {
  const [id, more] = 'connection' in command ? command.connection.split('#') : [];
  return more === undefined ? undefined : id;
};

const keyOf = ({ address, port }: End): string => `${address} ${port}`;

const endOf = ({ address, port }: { readonly address: string; readonly port: number }): End => ({
  address: addressKey(address),
  port,
});
