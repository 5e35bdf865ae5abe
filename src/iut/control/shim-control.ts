/**
 * The tester's end of `robe-ctl/1` (see messages.ts). Every call is answered exactly once: by the shim, or `lost` when
 * its deadline passes or the channel breaks (end of input, death of the process, anything that is not a well-formed
 * answer). A broken channel stays broken: the reason is the answer to every later call.
 */
import type { Readable, Writable } from 'node:stream';
import type { Alarm, Clock, Time } from '../../net/clock/clock.js';
import { milliseconds } from '../../net/clock/clock.js';
import { printable } from '../../protocol/bytes/printable.js';
import type { ControlAnswer, ControlCommand } from '../../suite/scenario/contract.js';
import type { Control } from '../contract.js';
import { LineReader } from './line-reader.js';
import {
  answer as answerSchema,
  type Call,
  controlProtocol,
  type Hello,
  helloResult,
  longestLine,
} from './messages.js';

/** Two byte streams to a shim, and the reason why it ended once it has. */
export interface ControlChannel {
  readonly input: Writable;
  readonly output: Readable;
  /** Settles when the other side has ended, with a sentence about it. */
  readonly gone: Promise<string>;
  /** Ends the other side, and settles when it has ended. */
  close(): Promise<void>;
}

/** The shim cannot be used: it does not speak the protocol, or not honestly. */
export class ControlError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ControlError';
  }
}

/** A request before its id is given. */
type Outgoing = { readonly verb: string; readonly [member: string]: unknown };

interface Pending {
  readonly verb: string;
  readonly answered: (answer: WireAnswer) => void;
  readonly alarm: Alarm;
}

/** An answer as it came: a result may hold lists, which only `hello` uses. */
type WireAnswer =
  | Exclude<ControlAnswer, { answer: 'ok' }>
  | { readonly answer: 'ok'; readonly result: Readonly<Record<string, string | number | boolean | string[]>> };

/** How long a shim may take to answer anything, unless told otherwise. */
export const defaultDeadline: Time = milliseconds(5000);

/** How long the reason of an end may take to arrive after its effect. */
const lastWords: Time = milliseconds(300);

const longestQuote = 120;
/** Most characters of a shim's text; the rest is cut. Results and pages quote it. */
const longestText = 500;
/** Number of empty lines after which a shim counts as flooding. */
const mostEmptyLines = 1000;

export class ShimControl implements Control {
  #nextId = 1;
  #emptyLines = 0;
  #lost: string | undefined;
  readonly #pending = new Map<number, Pending>();
  /** Calls whose deadline has passed: an answer that comes after all is dropped. */
  readonly #expired = new Set<number>();
  #tellBroken: (why: string) => void = () => {};
  readonly broken = new Promise<string>((resolve) => {
    this.#tellBroken = resolve;
  });

  constructor(
    private readonly channel: ControlChannel,
    private readonly clock: Clock,
    private readonly deadline: Time,
  ) {
    const reader = new LineReader(
      {
        line: (text) => this.#take(text),
        complaint: (why) => this.#lose(`the control channel carried ${why}`),
      },
      longestLine,
    );
    channel.output.on('data', (chunk: Uint8Array) => reader.take(chunk));
    channel.output.on('end', () => reader.end());
    channel.output.on('error', (error: Error) => this.#lose(`reading the control channel failed: ${error.message}`));
    channel.input.on('error', (error: Error) => {
      // The way in which a process ended says more than the broken pipe.
      clock.at(clock.now() + lastWords, () => this.#lose(`writing to the control channel failed: ${error.message}`));
    });
    // The reason of the end arrives separately from the last output: read the output first.
    void channel.gone.then((why) => setImmediate(() => this.#lose(why)));
  }

  /** Why the channel can no longer be used, if so. */
  get lost(): string | undefined {
    return this.#lost;
  }

  perform(command: ControlCommand, answered: (answer: ControlAnswer) => void): void {
    this.#call(encodeCommand(command), (reply) => answered(asControlAnswer(reply)));
  }

  /** Any call of the protocol, as a promise. */
  call(call: Call): Promise<ControlAnswer> {
    return new Promise((resolve) => this.#call(call, (reply) => resolve(asControlAnswer(reply))));
  }

  /**
   * Greets the shim and probes its honesty: a verb that does not exist must be answered `unsupported`, otherwise no `ok`
   * of this shim proves anything. Throws a ControlError with the answer that came instead.
   */
  async greet(): Promise<Hello> {
    const reply = await new Promise<WireAnswer>((resolve) =>
      this.#call({ verb: 'hello', protocol: controlProtocol }, resolve),
    );
    if (reply.answer !== 'ok') throw new ControlError(`the shim did not greet: ${explain(reply)}`);
    const hello = helloResult.safeParse(reply.result);
    if (!hello.success) {
      const issue = hello.error.issues[0];
      throw new ControlError(
        `the shim's greeting is not one of ${controlProtocol}: ${issue?.path.join('.')}: ${issue?.message}`,
      );
    }
    const verb = unheardOf(this.clock.now());
    const probe = await new Promise<WireAnswer>((resolve) => this.#call({ verb }, resolve));
    if (probe.answer !== 'unsupported') {
      throw new ControlError(
        `control does not discriminate: the shim must answer "unsupported" to the verb "${verb}", which does not exist, but: ${explain(probe)}`,
      );
    }
    return hello.data;
  }

  async close(): Promise<void> {
    this.#lose('the control channel was closed');
    await this.channel.close();
  }

  #call(call: Outgoing, answered: (answer: WireAnswer) => void): void {
    if (this.#lost !== undefined) {
      const why = this.#lost;
      setImmediate(() => answered({ answer: 'lost', why }));
      return;
    }
    const id = this.#nextId++;
    const alarm = this.clock.at(this.clock.now() + this.deadline, () => this.#expire(id));
    this.#pending.set(id, { verb: call.verb, answered, alarm });
    this.channel.input.write(`${JSON.stringify({ id, ...call })}\n`);
  }

  #take(text: string): void {
    if (this.#lost !== undefined) return;
    if (text === '') {
      this.#emptyLines += 1;
      if (this.#emptyLines > mostEmptyLines) this.#lose(`the shim wrote ${this.#emptyLines} empty lines`);
      return;
    }
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      this.#lose(`the shim wrote what is not JSON: ${printable(text, longestQuote)}`);
      return;
    }
    const parsed = answerSchema.safeParse(value);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      this.#lose(
        `the shim wrote what is no answer (${issue?.path.join('.')}: ${issue?.message}): ${printable(text, longestQuote)}`,
      );
      return;
    }
    const { id } = parsed.data;
    if (this.#expired.delete(id)) return;
    const pending = this.#pending.get(id);
    if (pending === undefined) {
      this.#lose(`the shim answered a request that was never made: ${printable(text, longestQuote)}`);
      return;
    }
    this.#pending.delete(id);
    pending.alarm.cancel();
    const reply = parsed.data;
    switch (reply.answer) {
      case 'ok':
        pending.answered({ answer: 'ok', result: bounded(reply.result ?? {}) });
        break;
      case 'unsupported':
        pending.answered({ answer: 'unsupported' });
        break;
      case 'failed':
        pending.answered({ answer: 'failed', why: printable(reply.why, longestText) });
        break;
    }
  }

  #expire(id: number): void {
    const pending = this.#pending.get(id);
    if (pending === undefined) return;
    this.#pending.delete(id);
    this.#expired.add(id);
    pending.answered({ answer: 'lost', why: `no answer to ${pending.verb} within ${this.deadline / 1_000_000n} ms` });
  }

  #lose(why: string): void {
    if (this.#lost !== undefined) return;
    this.#lost = why;
    // Later answers are ignored.
    this.channel.output.destroy();
    this.#tellBroken(why);
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { answered, alarm } of pending) {
      alarm.cancel();
      answered({ answer: 'lost', why });
    }
  }
}

type WireResult = Extract<WireAnswer, { answer: 'ok' }>['result'];

/** Quoted texts are cut if the shim's text is too long. */
const bounded = (result: WireResult): WireResult =>
  Object.fromEntries(
    Object.entries(result).map(([name, value]) => [
      name,
      typeof value === 'string' ? printable(value, longestText) : value,
    ]),
  );

/** A verb that a shim cannot know in advance, as it depends on the time. */
const unheardOf = (now: Time): string => `probe-${BigInt.asUintN(32, now * 2_654_435_761n).toString(16)}`;

const encodeCommand = (command: ControlCommand): Outgoing =>
  command.verb === 'send' ? { ...command, octets: Buffer.from(command.octets).toString('hex') } : command;

const asControlAnswer = (reply: WireAnswer): ControlAnswer => {
  if (reply.answer !== 'ok') return reply;
  const result: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(reply.result)) {
    result[name] = typeof value === 'object' ? value.join(' ') : value;
  }
  return { answer: 'ok', result };
};

/** An answer as the end of a sentence. */
const explain = (reply: WireAnswer): string => {
  switch (reply.answer) {
    case 'ok':
      return 'it answered "ok"';
    case 'unsupported':
      return 'it answered "unsupported"';
    case 'failed':
      return `it answered "failed": ${reply.why}`;
    case 'lost':
      return reply.why;
  }
};
