/**
 * Control tier 1: the implementation's user names commands, one a verb. A command's exit status is its answer: 0 it is
 * done, 89 it cannot do this, 75 try again (the suite does, every 200 ms until the deadline); anything else failed, and
 * the last line of its standard error says why. A verb without a command is unsupported. The arguments of the verb are in
 * the command's environment: ROBE_CONNECTION, ROBE_ADDRESS, ROBE_PORT, ROBE_PATHS (`1 2`), ROBE_VERSION, ROBE_PROFILE,
 * ROBE_OCTETS (hex), ROBE_FROM (addresses). Standard output may hold results as `name=value` lines, e.g. `accepted=1`.
 */
import type { Clock, Time } from '../../net/clock/clock.js';
import { milliseconds } from '../../net/clock/clock.js';
import { printable } from '../../protocol/bytes/printable.js';
import type { ControlAnswer, ControlCommand } from '../../suite/scenario/contract.js';
import type { Control } from '../contract.js';
import type { Transport } from './transport.js';

const hookExit = { done: 0, tryLater: 75, unsupported: 89 } as const;

/** A command (program and arguments, no shell) for each verb that has one. */
export type Hooks = Readonly<Partial<Record<ControlCommand['verb'], readonly string[]>>>;

const pause: Time = milliseconds(200);
const keptOutput = 4096;

export type Ended =
  | { readonly ended: 'exit'; readonly code: number; readonly stdout: string; readonly stderr: string }
  | { readonly ended: 'lost'; readonly why: string };

/** When a command is killed, and the signal that also kills it. */
interface Bounds {
  readonly clock: Clock;
  readonly until: Time;
  readonly running?: Set<() => void>;
}

/**
 * How long the output of a command may take to arrive after its end; processes that it left may hold its pipes for ever.
 */
const lastWords: Time = milliseconds(100);

/** Runs a command until it ends, or is killed. Processes that it left keep running. */
export const runToEnd = (
  transport: Transport,
  command: readonly string[],
  about: Readonly<Record<string, string>>,
  { clock, until, running = new Set() }: Bounds,
): Promise<Ended> =>
  new Promise((resolve) => {
    const [program = ''] = command;
    const { child, end } = transport.run(command, about);
    const { stdout: out, stderr: err } = child;
    let stdout = '';
    let stderr = '';
    out?.setEncoding('utf8').on('data', (text: string) => {
      stdout = (stdout + text).slice(-keptOutput);
    });
    err?.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-keptOutput);
    });
    running.add(end);
    let late = false;
    const alarm = clock.at(until, () => {
      late = true;
      end();
    });
    const finish = (ended: Ended): void => {
      alarm.cancel();
      running.delete(end);
      out?.destroy();
      err?.destroy();
      resolve(ended);
    };
    const tell = (code: number | null, signal: NodeJS.Signals | null): void => {
      if (late) finish({ ended: 'lost', why: `hook ${program} did not end within its deadline` });
      else if (code === null) finish({ ended: 'lost', why: `hook ${program} was ended by ${signal}` });
      else finish({ ended: 'exit', code, stdout, stderr });
    };
    child.once('error', (error) =>
      finish({ ended: 'lost', why: `hook ${program} could not be started: ${error.message}` }),
    );
    child.once('exit', (code, signal) => void clock.at(clock.now() + lastWords, () => tell(code, signal)));
    child.once('close', tell);
  });

/** Control by hook commands. `deadline` bounds one call with all its retries. Closes the transport with itself. */
export const controlByHooks = (hooks: Hooks, clock: Clock, deadline: Time, transport: Transport): Control => {
  const running = new Set<() => void>();

  const attempt = (command: readonly string[], about: Readonly<Record<string, string>>, until: Time): Promise<Ended> =>
    runToEnd(transport, command, about, { clock, until, running });

  const perform = async (command: ControlCommand): Promise<ControlAnswer> => {
    const hook = hooks[command.verb];
    if (hook === undefined) return { answer: 'unsupported' };
    const until = clock.now() + deadline;
    for (;;) {
      const ended = await attempt(hook, describe(command), until);
      if (ended.ended === 'lost') return { answer: 'lost', why: ended.why };
      if (ended.code === transport.brokenExit) {
        const said = ended.stderr.trim().split('\n').at(-1) ?? '';
        return { answer: 'lost', why: `hook ${hook[0]} could not be run there: ${printable(said, 300)}` };
      }
      switch (ended.code) {
        case hookExit.done:
          return { answer: 'ok', result: readResults(ended.stdout) };
        case hookExit.unsupported:
          return { answer: 'unsupported' };
        case hookExit.tryLater:
          if (clock.now() + pause >= until) {
            return { answer: 'failed', why: `hook ${hook[0]} still asks to try later at its deadline` };
          }
          await new Promise<void>((resolve) => clock.at(clock.now() + pause, resolve));
          break;
        default: {
          const said = ended.stderr.trim().split('\n').at(-1) ?? '';
          return { answer: 'failed', why: `hook ${hook[0]} ended with ${ended.code}: ${printable(said, 300)}` };
        }
      }
    }
  };

  return {
    perform: (command, answered) => void perform(command).then((reply) => setImmediate(() => answered(reply))),
    close: async () => {
      for (const end of running) end();
      await transport.close();
    },
  };
};

/** The command's members as environment variables. */
const describe = (command: ControlCommand): Record<string, string> => {
  switch (command.verb) {
    case 'connect':
      return {
        ROBE_CONNECTION: command.connection,
        ROBE_ADDRESS: command.to.address,
        ROBE_PORT: String(command.to.port),
        ROBE_PATHS: command.paths.join(' '),
        ...(command.version === undefined ? {} : { ROBE_VERSION: String(command.version) }),
        ...(command.profile === undefined ? {} : { ROBE_PROFILE: command.profile }),
      };
    case 'send':
      return { ROBE_CONNECTION: command.connection, ROBE_OCTETS: Buffer.from(command.octets).toString('hex') };
    case 'close':
    case 'abort':
    case 'info':
      return { ROBE_CONNECTION: command.connection };
    case 'announce':
      return {
        ROBE_CONNECTION: command.connection,
        ROBE_ADDRESS: command.address,
        ...(command.port === undefined ? {} : { ROBE_PORT: String(command.port) }),
      };
    case 'withdraw':
      return { ROBE_CONNECTION: command.connection, ROBE_ADDRESS: command.address };
    case 'prioritise':
      return {
        ROBE_CONNECTION: command.connection,
        ROBE_ADDRESS: command.address,
        ROBE_BACKUP: command.backup ? '1' : '0',
      };
    case 'accepted':
      return { ROBE_FROM: command.from.join(' ') };
    case 'health':
      return {};
  }
};

/** `name=value` lines; numbers and `true`/`false` become values of their kind. */
const readResults = (stdout: string): Record<string, string | number | boolean> => {
  const results: Record<string, string | number | boolean> = {};
  for (const line of stdout.split('\n')) {
    const [, name, value] = /^([a-z_]+)=(.*)$/.exec(line.trim()) ?? [];
    if (name === undefined || value === undefined) continue;
    if (value === 'true' || value === 'false') results[name] = value === 'true';
    else results[name] = /^\d{1,15}$/.test(value) ? Number(value) : printable(value, 500);
  }
  return results;
};
