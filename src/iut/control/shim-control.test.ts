import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import type { Alarm, Clock } from '../../net/clock/clock.js';
import type { ControlAnswer } from '../../suite/scenario/contract.js';
import { type ControlChannel, ControlError, ShimControl } from './shim-control.js';

/** A clock that only moves when told. */
const handClock = (): Clock & { pass(time: bigint): void } => {
  let now = 0n;
  const alarms = new Set<{ readonly time: bigint; readonly callback: () => void }>();
  return {
    now: () => now,
    at(time, callback): Alarm {
      const alarm = { time, callback };
      alarms.add(alarm);
      return { cancel: () => void alarms.delete(alarm) };
    },
    pass(time) {
      now += time;
      for (const alarm of [...alarms]) {
        if (alarm.time <= now && alarms.delete(alarm)) alarm.callback();
      }
    },
  };
};

interface Fake {
  readonly control: ShimControl;
  readonly clock: ReturnType<typeof handClock>;
  /** What the shim says, octet for octet. */
  say(text: string | Uint8Array): void;
  die(why: string): void;
}

/** A shim that answers each request with what `script` says to it; `undefined` is silence. */
const fakeShim = (script: (request: { id: number; verb: string }) => string | undefined): Fake => {
  const input = new PassThrough();
  const output = new PassThrough();
  let end: (why: string) => void = () => {};
  const channel: ControlChannel = {
    input,
    output,
    gone: new Promise((resolve) => {
      end = resolve;
    }),
    close: async () => end('closed'),
  };
  input.setEncoding('utf8');
  input.on('data', (text: string) => {
    for (const line of text.trim().split('\n')) {
      const said = script(JSON.parse(line));
      if (said !== undefined) output.write(said);
    }
  });
  const clock = handClock();
  const control = new ShimControl(channel, clock, 1_000_000_000n);
  return { control, clock, say: (text) => output.write(text), die: (why) => end(why) };
};

const honest = ({ id, verb }: { id: number; verb: string }): string => {
  switch (verb) {
    case 'hello':
      return `{"id":${id},"answer":"ok","result":{"protocol":"robe-ctl/1","implementation":"fake","version":"1","verbs":["health"]}}\n`;
    case 'health':
      return `{"id":${id},"answer":"ok"}\n`;
    default:
      return `{"id":${id},"answer":"unsupported"}\n`;
  }
};

const ask = (control: ShimControl): Promise<ControlAnswer> =>
  new Promise((resolve) => control.perform({ verb: 'health' }, resolve));

const later = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('shim control', () => {
  it('greets, probes honesty and asks', async () => {
    const { control } = fakeShim(honest);
    expect((await control.greet()).implementation).to.equal('fake');
    expect(await ask(control)).to.deep.equal({ answer: 'ok', result: {} });
  });

  it('refuses a shim that says ok to everything', async () => {
    const { control } = fakeShim((request) =>
      request.verb === 'hello' ? honest(request) : `{"id":${request.id},"answer":"ok"}\n`,
    );
    const error = await control.greet().catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(ControlError);
    expect(String(error)).to.match(
      /control does not discriminate.*"probe-[0-9a-f]+", which does not exist, but: it answered "ok"/,
    );
  });

  it('refuses a greeting of another protocol', async () => {
    const { control } = fakeShim(({ id }) => `{"id":${id},"answer":"ok","result":{"protocol":"robe-ctl/9"}}\n`);
    expect(String(await control.greet().catch((thrown: unknown) => thrown))).to.contain('robe-ctl/1');
  });

  it('says how a shim ended that ends before it greets', async () => {
    const { control, die } = fakeShim(() => undefined);
    const greeting = control.greet().catch((thrown: unknown) => thrown);
    die('the control process ended by SIGKILL');
    expect(await greeting).to.be.instanceOf(ControlError);
    expect(String(await greeting)).to.contain('the control process ended by SIGKILL');
  });

  const garbage: readonly (readonly [what: string, said: string | Uint8Array, quoted: string])[] = [
    ['text', 'Traceback (most recent call last):\n', 'not JSON: Traceback'],
    ['terminal escapes, made harmless', '\u001b[2Jhi\n', 'not JSON: \\x1b[2Jhi'],
    ['JSON that is no answer', '{"id":1,"answer":"maybe"}\n', 'no answer'],
    ['an answer nobody asked for', '{"id":99,"answer":"ok"}\n', 'never made'],
    ['octets that are no text', new Uint8Array([0xff, 0xfe, 0x0a]), 'not UTF-8: fffe'],
    ['a flood of empty lines', '\n'.repeat(2000), 'empty lines'],
    ['a line without end', 'x'.repeat((1 << 20) + 1), 'a line longer than'],
  ];
  for (const [what, said, quoted] of garbage) {
    it(`answers lost after ${what}`, async () => {
      const { control, say } = fakeShim(() => undefined);
      const asked = ask(control);
      say(said);
      const answer = await asked;
      expect(answer.answer).to.equal('lost');
      expect(answer.answer === 'lost' && answer.why).to.contain(quoted);
      expect(await ask(control)).to.deep.equal(answer);
    });
  }

  it('cuts what a shim says at length', async () => {
    const { control, say } = fakeShim(() => undefined);
    const asked = ask(control);
    say(`{"id":1,"answer":"failed","why":"${'y'.repeat(900_000)}"}\n`);
    const answer = await asked;
    expect(answer.answer === 'failed' && answer.why.length).to.be.below(600);
  });

  it('answers lost when the shim ends, after what it still said', async () => {
    const { control, say, die } = fakeShim(() => undefined);
    const first = ask(control);
    const second = ask(control);
    say('{"id":1,"answer":"ok"}\n');
    die('the control process ended with exit code 1');
    expect((await first).answer).to.equal('ok');
    expect(await second).to.deep.equal({ answer: 'lost', why: 'the control process ended with exit code 1' });
  });

  it('answers lost at the deadline, drops the late answer and goes on', async () => {
    const { control, clock, say } = fakeShim(({ id, verb }) => (id === 1 ? undefined : honest({ id, verb })));
    const slow = ask(control);
    await later();
    clock.pass(1_000_000_000n);
    expect(await slow).to.deep.equal({ answer: 'lost', why: 'no answer to health within 1000 ms' });
    say('{"id":1,"answer":"ok"}\n');
    expect((await ask(control)).answer).to.equal('ok');
  });

  it('takes answers in any order and in any cut', async () => {
    const { control, say } = fakeShim(() => undefined);
    const answers = Promise.all([ask(control), ask(control)]);
    for (const octet of '{"id":2,"answer":"unsupported"}\n\n{"id":1,"answer":"failed","why":"größe"}\n') say(octet);
    expect(await answers).to.deep.equal([{ answer: 'failed', why: 'größe' }, { answer: 'unsupported' }]);
  });

  it('never answers before perform returned', async () => {
    const { control } = fakeShim(honest);
    await control.close();
    let returned = false;
    await new Promise<void>((resolve) => {
      control.perform({ verb: 'health' }, () => {
        expect(returned).to.equal(true);
        resolve();
      });
      returned = true;
    });
  });
});
