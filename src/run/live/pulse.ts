/**
 * The liveness check of an implementation without control, after a case failed: a SYN must be answered as at the
 * beginning of the run. A serving host answers with SYN/ACK; a reset shows that no one listens any more. A host that does
 * not serve resets a SYN to its closed port.
 *
 * It counts as dead only if three probes in 0.6 s drew no such answer and no case got one meanwhile: a listener with a
 * full backlog, or with few connections at a time, still answers some case.
 */
import type { SessionFacts } from '../../iut/contract.js';
import type { LiveSession } from '../../iut/subject.js';
import type { Clock, Time } from '../../net/clock/clock.js';
import type { Arrival } from '../../net/link/link.js';
import { decodeFrame, encodeTcpFrame } from '../../protocol/wire/frame.js';
import { TcpFlag } from '../../protocol/wire/packet.js';
import { seq, seqAdd } from '../../protocol/wire/seq.js';
import { portsPerCase } from '../../suite/scenario/flows.js';
import type { Trace, TraceEntry } from '../../suite/trace/trace.js';
import type { Loan } from '../allocation.js';

/** Between the probes, nanoseconds. */
const pause: Time = 200_000_000n;
const questions = 3;
/** In the middle of a case's ports: flows take them from one end, sentinels from the other. */
const portOffset = portsPerCase / 2;

/**
 * Nanoseconds. When a process is killed, the system first resets its connections, and its listener may answer a SYN until
 * it is closed as well.
 */
const lastBreath: Time = 100_000_000n;

/** Settles at once; if the implementation reset a flow of the case, after the time that a dying process takes. */
export const outliveReset = (clock: Clock, trace: Trace): Promise<void> =>
  new Promise((resolve) => {
    if (trace.some(isReset)) clock.at(clock.now() + lastBreath, resolve);
    else resolve();
  });

const isReset = ({ entry }: TraceEntry): boolean => {
  if (!('event' in entry) || entry.event !== 'frame') return false;
  const packet = decodeFrame(entry.frame);
  return packet.kind === 'tcp' && (packet.tcp.flags & TcpFlag.RST) !== 0;
};

export interface PulseSetup extends Pick<LiveSession, 'link' | 'clock'> {
  readonly facts: SessionFacts;
  /** Whether it serves; otherwise the probe goes to its closed port. */
  readonly serves: boolean;
}

/** Probes from an address of the loan, whose case is over. Gives the reason if the implementation has died. */
export const feelPulse = ({ link, clock, facts, serves }: PulseSetup, loan: Loan): Promise<string | undefined> =>
  new Promise((resolve) => {
    const { surroundings } = loan;
    const [path] = surroundings.paths;
    const local = path?.testerAddresses[0];
    if (path === undefined || local === undefined) {
      resolve(undefined);
      return;
    }
    const remote = serves ? surroundings.server : { address: path.iutAddress, port: facts.closedPort };
    const sourcePort = surroundings.firstPort + portOffset;
    let asked = 0;
    let refused = false;
    const send = (segment: { readonly seq: ReturnType<typeof seq>; readonly flags: number }): void =>
      link.send(
        path.path,
        encodeTcpFrame({
          ethernet: { source: path.testerMac, destination: path.iutMac },
          ip: { source: local, destination: remote.address },
          tcp: { sourcePort, destinationPort: remote.port, window: 65_535, ...segment },
        }),
      );
    const hear = ({ frame }: Arrival): void => {
      const packet = decodeFrame(frame);
      if (packet.kind !== 'tcp' || packet.tcp.sourcePort !== remote.port) return;
      const { tcp, ip } = packet;
      const mine = tcp.destinationPort === sourcePort && ip.destination === local;
      const answers = (tcp.flags & (serves ? TcpFlag.SYN : TcpFlag.RST)) !== 0;
      if (answers && mine && serves) send({ seq: tcp.ack, flags: TcpFlag.RST });
      // Segments for other cases that come at once may have been sent before the death.
      if (answers && (mine || asked > 1)) finish(undefined);
      else if ((tcp.flags & TcpFlag.RST) !== 0 && mine) refused = true;
    };
    const unsubscribe = link.subscribe(hear);
    const finish = (why: string | undefined): void => {
      unsubscribe();
      alarm.cancel();
      resolve(why);
    };
    const ask = (): void => {
      if (asked === questions) {
        finish(
          refused
            ? `nothing listens at port ${remote.port} of the implementation any more: a SYN is answered with a reset`
            : 'the implementation answers no SYN any more',
        );
        return;
      }
      asked += 1;
      send({ seq: seqAdd(seq(0), asked * 65_536), flags: TcpFlag.SYN });
      alarm = clock.at(clock.now() + pause, ask);
    };
    let alarm = clock.at(clock.now(), ask);
  });

/** Settles when control has answered once more, or is found broken. */
export const hearFrom = (control: LiveSession['control']): Promise<void> =>
  new Promise((resolve) => {
    if (control === undefined) resolve();
    else control.perform({ verb: 'health' }, () => resolve());
  });
