/** Makes a shim ready for a run: greeting, honesty probe, what path numbers mean, and the echo service. */
import type { Clock } from '../../net/clock/clock.js';
import type { Control, FreshStart, SessionFacts } from '../contract.js';
import { type Blackhole, blackholeOf } from './blackhole.js';
import type { Call } from './messages.js';
import { type ControlChannel, ControlError, defaultDeadline, ShimControl } from './shim-control.js';

export interface ReadyShim {
  readonly control: Control;
  /** Name and version as the shim gives them. */
  readonly implementation: string;
  readonly freshStart?: FreshStart;
  /** The obstacle to client cases of MPTCP, if any. */
  readonly blackhole?: Blackhole;
}

/** Throws a ControlError, and closes the channel, if the shim cannot be used. */
export const greetShim = async (
  channel: ControlChannel,
  clock: Clock,
  {
    paths,
    server,
  }: { readonly paths: readonly Pick<SessionFacts['paths'][number], 'path' | 'iutAddress'>[] } & Pick<
    SessionFacts,
    'server'
  >,
): Promise<ReadyShim> => {
  const control = new ShimControl(channel, clock, defaultDeadline);
  try {
    const { implementation, version, verbs, blackhole_timeout } = await control.greet();
    // One that serves several runs may still have connections of an earlier one.
    if (verbs.includes('reset')) await require(control, { verb: 'reset' });
    await require(control, {
      verb: 'configure',
      paths: paths.map(({ path, iutAddress }) => ({ path, address: { ...iutAddress } })),
    });
    await require(control, { verb: 'listen', port: server.port, service: 'echo' });
    if (server.second?.port !== undefined)
      await require(control, { verb: 'listen', port: server.second.port, service: 'echo' });
    const freshStart = freshStartBy(control, verbs);
    const blackhole = blackholeOf(blackhole_timeout);
    return {
      control,
      implementation: `${implementation} ${version}`.trim(),
      ...(freshStart === undefined ? {} : { freshStart }),
      ...(blackhole === undefined ? {} : { blackhole }),
    };
  } catch (cause) {
    await control.close();
    throw cause;
  }
};

/** By `isolate` if the shim supports it, so that cases need not wait for each other; otherwise by `reset`. */
const freshStartBy = (control: ShimControl, verbs: readonly string[]): FreshStart | undefined => {
  if (verbs.includes('isolate'))
    return { reach: 'peers', begin: (peers) => control.call({ verb: 'isolate', peers: [...peers] }) };
  if (verbs.includes('reset')) return { reach: 'everybody', begin: () => control.call({ verb: 'reset' }) };
  return undefined;
};

/** A shim that does not support a preparation is assumed to be prepared by other means. */
const require = async (control: ShimControl, call: Call): Promise<void> => {
  const reply = await control.call(call);
  if (reply.answer === 'failed' || reply.answer === 'lost') {
    throw new ControlError(`the shim could not do "${call.verb}": ${reply.why}`);
  }
};
