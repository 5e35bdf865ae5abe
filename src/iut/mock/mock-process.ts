/**
 * A recorded implementation on real interfaces: it answers ARP and neighbour discovery for the recorded addresses, and
 * each recorded segment of the tester with its recorded reactions, once. It reports segments that it cannot answer, and
 * ignores them.
 */
import type { Clock } from '../../net/clock/clock.js';
import { destinationKey, keyOfAddress } from '../../net/link/frame-ends.js';
import { openLibpcapLink } from '../../net/link/libpcap.js';
import { answerNeighbours } from '../../net/link/neighbour.js';
import { type Answer, controlProtocol, request, verbs } from '../control/messages.js';
import { type ApplicationCall, asWireAnswer, commandOf } from '../reference-control.js';
import { NotRecorded, RecordedHost } from './recorded-host.js';
import type { Recording } from './recording.js';

export interface MockProcessSetup {
  readonly clock: Clock;
  readonly recording: Recording;
  readonly interfaces: readonly { readonly path: number; readonly device: string }[];
  readonly version: string;
  /** Called for segments that were not recorded. */
  readonly puzzled: (what: string) => void;
}

export interface MockProcess {
  /** Addresses it answers at. */
  readonly addresses: readonly string[];
  /** Takes one line of robe-ctl/1; the answer may come later. */
  control(line: string, reply: (answer: Answer) => void): void;
  close(): Promise<void>;
}

/** Opens the interfaces; a LinkError says which cannot be used and what to do. */
export const openMockProcess = async (setup: MockProcessSetup): Promise<MockProcess> => {
  const { clock, recording, interfaces, puzzled } = setup;
  const { server, paths } = recording.plan.surroundings;
  const wire = await openLibpcapLink({ clock, paths: interfaces });
  const macs = new Map(wire.openings.map((opening) => [opening.path, opening.interface.mac ?? '']));
  const addressesOn = (path: number): ReadonlySet<string> =>
    new Set([server.address, ...paths.flatMap((each) => (each.path === path ? [each.iutAddress] : []))]);
  const link = answerNeighbours(
    wire,
    clock,
    new Map(
      interfaces.map(({ path }) => {
        const own = addressesOn(path);
        return [path, { mac: macs.get(path) ?? '', owns: (address: string) => own.has(address) }];
      }),
    ),
  );
  const host = new RecordedHost(
    recording,
    clock,
    { send: (path, frame) => link.send(path, frame) },
    // Times count from the tester's action, however late that was.
    ({ delay }, now) => now + delay,
    (path) => macs.get(path),
  );
  const own = new Set([server.address, ...paths.map(({ iutAddress }) => iutAddress)]);
  const keys = new Set([...own].map(keyOfAddress));
  link.subscribe(({ path, frame }) => {
    const destination = destinationKey(frame);
    if (destination === undefined || !keys.has(destination)) return;
    try {
      host.receive(path, frame);
    } catch (cause) {
      if (!(cause instanceof NotRecorded)) throw cause;
      puzzled(cause.message);
    }
  });
  host.start();
  return {
    addresses: [...own],
    control: (line, reply) => answerControl(host, setup.version, line, reply),
    close: async () => {
      host.stop();
      await link.close();
    },
  };
};

const answerControl = (host: RecordedHost, version: string, line: string, reply: (answer: Answer) => void): void => {
  const parsed = request.safeParse(parse(line));
  if (!parsed.success) {
    const id = idOf(line);
    if (id !== undefined) reply({ id, answer: 'unsupported' });
    return;
  }
  const call = parsed.data;
  const { id } = call;
  switch (call.verb) {
    case 'hello':
      reply({
        id,
        answer: 'ok',
        result: { protocol: controlProtocol, implementation: 'robe-mock', version, verbs: [...verbs] },
      });
      break;
    // It lives where it was recorded, and has nothing to forget.
    case 'configure':
    case 'listen':
    case 'reset':
    case 'isolate':
      reply({ id, answer: 'ok' });
      break;
    default:
      perform(host, call, reply);
  }
};

const perform = (host: RecordedHost, call: ApplicationCall, reply: (answer: Answer) => void): void => {
  const { id } = call;
  try {
    host.perform(commandOf(call), (given) => reply({ id, ...asWireAnswer(given) }));
  } catch (cause) {
    if (!(cause instanceof NotRecorded)) throw cause;
    reply({ id, answer: 'failed', why: cause.message });
  }
};

const parse = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
};

const idOf = (line: string): number | undefined => {
  const value = parse(line);
  return typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'number'
    ? value.id
    : undefined;
};
