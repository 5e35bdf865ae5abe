/**
 * `mock:EVIDENCE`: a recorded implementation as a subject under virtual time. It has the claims of the recorded one, and
 * the surroundings of the recorded case: same addresses, same ports, same seed, so every octet of the tester is the
 * recorded one.
 */
import { VirtualClock } from '../../net/clock/virtual.js';
import { LinkError } from '../../net/link/link.js';
import { Subscribers } from '../../net/link/subscribers.js';
import type { Claims } from '../../suite/catalogue/applicability.js';
import type { IutSession } from '../contract.js';
import type { SimulatedSubject } from '../subject.js';
import { NotRecorded, RecordedHost } from './recorded-host.js';
import type { Recording } from './recording.js';

/** `name` as a user gives it with `--iut`; `claims` are those of the recorded implementation. */
export const mockSubject = (name: string, recording: Recording, claims: Claims): SimulatedSubject => {
  const { plan } = recording;
  const { subtypes, joinCap, timing, declared = {} } = plan;
  return {
    name,
    time: 'virtual',
    claims,
    settings: { subtypes, joinCap, timing, declared },
    open(seed) {
      const own = `${plan.seed}/${plan.case.id}`;
      if (seed !== own)
        throw new Error(`the recording answers only what was asked of it: seed and case ${own}, not ${seed}`);
      return openMock(recording);
    },
  };
};

const openMock = (recording: Recording): IutSession => {
  const { surroundings } = recording.plan;
  const clock = new VirtualClock(recording.trace[0]?.at ?? 0n);
  const listeners = new Subscribers();
  const counted = { sent: 0, received: 0 };
  const host = new RecordedHost(
    recording,
    clock,
    {
      send: (path, frame, error) => {
        counted.received += 1;
        listeners.deliver({ path, frame, at: clock.now(), error });
      },
      // The clock is that of the recording.
    },
    ({ at }) => at,
  );
  clock.at(clock.now(), () => host.start());
  return {
    facts: {
      paths: surroundings.paths.map(({ path, testerMac, iutMac }) => ({
        path,
        testerMac,
        iutMac,
        iutAddress: {},
        testerPrefix: {},
      })),
      server: { address: {}, port: surroundings.server.port },
      closedPort: surroundings.closedPort,
      testerServerPrefix: {},
    },
    surroundings,
    clock,
    link: {
      paths: surroundings.paths.map(({ path }) => path),
      send(path, frame) {
        counted.sent += 1;
        try {
          host.receive(path, Uint8Array.from(frame));
        } catch (cause) {
          if (cause instanceof NotRecorded) throw new LinkError(cause.message, 'run the case as it was recorded');
          throw cause;
        }
      },
      subscribe: (listener) => listeners.add(listener),
      counters: () => ({ ...counted, droppedByKernel: 0, droppedByInterface: 0 }),
      close: async () => host.stop(),
    },
    control: {
      perform: (command, answered) => {
        try {
          host.perform(command, answered);
        } catch (cause) {
          if (!(cause instanceof NotRecorded)) throw cause;
          const why = cause.message;
          clock.at(clock.now(), () => answered({ answer: 'failed', why }));
        }
      },
      close: async () => {},
    },
    advance: (done) => clock.advance(done),
    close: async () => host.stop(),
  };
};
