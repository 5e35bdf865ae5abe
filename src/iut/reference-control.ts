/**
 * The shim's end of `robe-ctl/1` (control/messages.ts) for a host of the reference: one line in, one answer out,
 * in order. It never throws on what it is sent.
 */
import { z } from 'zod';
import type { ControlAnswer, ControlCommand } from '../suite/scenario/contract.js';
import { type Answer, controlProtocol, type Request, request, verbs } from './control/messages.js';
import type { IsolatedHosts } from './isolated-hosts.js';

interface ControlledHost {
  readonly host: IsolatedHosts;
  readonly version: string;
  /** The host's own addresses by path; `configure` must agree with them. */
  readonly addresses: ReadonlyMap<number, readonly string[]>;
}

const anyRequest = z.looseObject({ id: z.int().positive(), verb: z.string() });

/** Answers one line; a line without an id cannot be answered and gives undefined. */
export const answerLine = (controlled: ControlledHost, line: string): Answer | undefined => {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  const known = anyRequest.safeParse(value);
  if (!known.success) return undefined;
  const { id, verb } = known.data;
  if (!verbs.some((each) => each === verb)) return { id, answer: 'unsupported' };
  const parsed = request.safeParse(value);
  if (parsed.success) return answer(controlled, parsed.data);
  const issue = parsed.error.issues[0];
  return { id, answer: 'failed', why: `${verb}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'malformed'}` };
};

const answer = (controlled: ControlledHost, call: Request): Answer => {
  const { id } = call;
  const { host } = controlled;
  switch (call.verb) {
    case 'hello':
      return {
        id,
        answer: 'ok',
        result: {
          protocol: controlProtocol,
          implementation: 'robe-reference',
          version: controlled.version,
          verbs: [...verbs],
        },
      };
    case 'configure': {
      const stranger = call.paths.find(({ path, address }) => {
        const own = controlled.addresses.get(path) ?? [];
        return [address[4], address[6]].some((each) => each !== undefined && !own.includes(each));
      });
      return stranger === undefined
        ? { id, answer: 'ok' }
        : { id, answer: 'failed', why: `path ${stranger.path} does not have those addresses` };
    }
    case 'listen':
      host.listen(call.port, call.service);
      return { id, answer: 'ok' };
    case 'reset':
      host.reset();
      return { id, answer: 'ok' };
    case 'isolate':
      host.isolate(call.peers);
      return { id, answer: 'ok' };
    default:
      return { id, ...asWireAnswer(host.perform(commandOf(call))) };
  }
};

export type ApplicationCall = Exclude<Request, { verb: 'hello' | 'configure' | 'listen' | 'reset' | 'isolate' }>;

/** A request to the application side as the command it stands for. */
export const commandOf = (call: ApplicationCall): ControlCommand => {
  switch (call.verb) {
    case 'send':
      return { verb: 'send', connection: call.connection, octets: Buffer.from(call.octets, 'hex') };
    case 'connect': {
      const { connection, to, paths, version, profile } = call;
      return {
        verb: 'connect',
        connection,
        to,
        paths,
        ...(version === undefined ? {} : { version }),
        ...(profile === undefined ? {} : { profile }),
      };
    }
    case 'close':
    case 'abort':
    case 'info':
      return { verb: call.verb, connection: call.connection };
    case 'announce': {
      const { connection, address, port } = call;
      return { verb: 'announce', connection, address, ...(port === undefined ? {} : { port }) };
    }
    case 'withdraw':
      return { verb: 'withdraw', connection: call.connection, address: call.address };
    case 'prioritise':
      return { verb: 'prioritise', connection: call.connection, address: call.address, backup: call.backup };
    case 'accepted':
      return { verb: 'accepted', from: call.from };
    case 'health':
      return { verb: 'health' };
  }
};

type Bare<T> = T extends unknown ? Omit<T, 'id'> : never;

export const asWireAnswer = (given: ControlAnswer): Bare<Answer> => {
  switch (given.answer) {
    case 'ok':
      return { answer: 'ok', result: { ...given.result } };
    case 'unsupported':
      return { answer: 'unsupported' };
    case 'failed':
    case 'lost':
      return { answer: 'failed', why: given.why };
  }
};
