/**
 * For tests: a case from a few lines of YAML, and an implementation that is nothing but a list of answers. The script is
 * given what the tester sent and says what comes back; times are milliseconds since the start.
 */

import { defaultJoinCapLayout } from '../../protocol/keys/join-cap-mac.js';
import { defaultDraftSubtypes } from '../../protocol/mptcp/option.js';
import { decodeFrame, encodeTcpFrame } from '../../protocol/wire/frame.js';
import { type TcpDraft, TcpFlag, type TcpPacket } from '../../protocol/wire/packet.js';
import { seq, seqAdd } from '../../protocol/wire/seq.js';
import { loadCatalogue } from '../catalogue/catalogue.js';
import { printProblem } from '../catalogue/problem.js';
import type { ExpandedCase } from '../language/case.js';
import { defaultTiming } from '../language/timing.js';
import type { ControlAnswer, ControlCommand, ScenarioEvent, Surroundings } from '../scenario/contract.js';
import { traceOf } from '../scenario/history.js';
import { advance, begin } from '../scenario/interpreter.js';
import { type Plan, planCase } from '../scenario/plan.js';
import type { ScenarioState } from '../scenario/state.js';
import type { Trace } from '../trace/trace.js';

const requirement = `
- id: TEST-X-01
  source: {doc: RFC 9293, section: '3.1'}
  level: MUST
  basis: indicative
  role: both
  profiles: [tcp]
  topic: test
  statement: Something is required here so that a case can cite it.
  testable: wire
`;

const surroundings: Surroundings = {
  paths: [1, 2].map((path) => ({
    path,
    testerMac: `02:00:00:00:0${path}:01`,
    iutMac: `02:00:00:00:0${path}:02`,
    iutAddress: `10.20${path}.0.1`,
    testerAddresses: [`10.20${path}.0.2`, `10.20${path}.0.3`],
  })),
  server: { address: '10.200.0.1', port: 5001, second: { address: '10.200.0.2', port: 443 } },
  closedPort: 9,
  testerServer: { address: '10.210.0.2', port: 7000, second: '10.210.0.3' },
  otherVersion: {
    paths: [1, 2].map((path) => ({
      path,
      testerMac: `02:00:00:00:0${path}:01`,
      iutMac: `02:00:00:00:0${path}:02`,
      iutAddress: `fd00:${path}::1`,
      testerAddresses: [`fd00:${path}::2`, `fd00:${path}::3`],
    })),
    server: { address: 'fd00::1', port: 5001 },
    testerServer: { address: 'fd00:d2::2', port: 7000 },
  },
  firstPort: 20_000,
};

/** What a script of answers does not do: it has one number and one key for every flow. */
const scripted = {
  'isn-moves-with-the-clock': 'a script has one initial sequence number for every flow',
  'key-of-one-connection': 'a script has one key for every flow',
  'stream-delivered-once-and-in-order': 'a script says what it likes and echoes nothing',
};

/** The cases of a YAML text with the steps given; throws with all problems when there are any. */
function casesOf(yaml: string): readonly ExpandedCase[] {
  const { catalogue, problems } = loadCatalogue([
    { file: 'requirements/test.yaml', text: requirement },
    { file: 'test.yaml', text: yaml },
  ]);
  if (problems.length > 0) throw new Error(problems.map(printProblem).join('\n'));
  return catalogue.cases.map((each) => ({ ...each, suspended: { ...scripted, ...each.suspended } }));
}

export const planOf = (testCase: ExpandedCase): Plan =>
  planCase(testCase, surroundings, {
    seed: 'test',
    subtypes: defaultDraftSubtypes,
    joinCap: defaultJoinCapLayout,
    timing: defaultTiming,
  });

/** One case with these steps, role server, IPv4. */
export const serverCase = (steps: string, head = ''): ExpandedCase => oneCase('server', steps, head);
export const clientCase = (steps: string, head = ''): ExpandedCase => oneCase('client', steps, head);

function oneCase(role: string, steps: string, head: string): ExpandedCase {
  const indented = steps
    .trim()
    .split('\n')
    .map((line) => `    ${line}`);
  const yaml = `- id: test.${role}.case\n  title: A case made for a test\n  requirements: [TEST-X-01]\n  role: ${role}\n  profiles: [tcp]\n  ip: 4\n  paths: 2\n  control: 2\n${head}  steps:\n${indented.join('\n')}\n`;
  const [testCase] = casesOf(yaml);
  if (testCase === undefined) throw new Error('no case');
  return testCase;
}

/** What comes back for a segment of the tester: segments after so many milliseconds. */
export interface Answer {
  readonly after?: number;
  readonly path?: number;
  readonly error?: number;
  readonly frame: Uint8Array;
}

export interface Implementation {
  /** Answers to a segment; sentinels are answered by the harness unless `mute`. */
  answer?(packet: TcpPacket, path: number): readonly Answer[];
  control?(command: ControlCommand): ControlAnswer | undefined;
  /** Comes by itself, at a time. */
  readonly unasked?: readonly (Answer & { readonly at: number })[];
  readonly mute?: boolean;
  /** Answers sentinels in place of the harness. */
  probed?(packet: TcpPacket): readonly Answer[];
  readonly disturbed?: string;
}

/** A segment from the implementation in answer to one of the tester: numbers that fit, unless given. */
export function reply(to: TcpPacket, flags: number, more: Partial<TcpDraft['tcp']> = {}): Uint8Array {
  const length = to.tcp.payload.length + ((to.tcp.flags & (TcpFlag.SYN | TcpFlag.FIN)) === 0 ? 0 : 1);
  return encodeTcpFrame({
    ethernet: { source: to.ethernet.destination, destination: to.ethernet.source },
    ip: { source: to.ip.destination, destination: to.ip.source },
    tcp: {
      sourcePort: to.tcp.destinationPort,
      destinationPort: to.tcp.sourcePort,
      seq: (to.tcp.flags & TcpFlag.ACK) === 0 ? seq(1000) : to.tcp.ack,
      ack: seqAdd(to.tcp.seq, length),
      flags,
      ...more,
    },
  });
}

const ms = (time: number): bigint => BigInt(Math.round(time * 1e6));

/** Runs a case against the script to its end and gives the last state, with what happened. */
export function converse(
  testCase: ExpandedCase,
  implementation: Implementation,
): ScenarioState & { readonly trace: Trace } {
  const plan = planOf(testCase);
  const queue: { at: bigint; order: number; event: ScenarioEvent }[] = [];
  let order = 0;
  let timers = new Map<string, bigint>();
  const post = (at: bigint, event: ScenarioEvent) => queue.push({ at, order: order++, event });
  const arrive = (now: bigint, { after = 1, path = 1, error = 0, frame }: Answer) =>
    post(now + ms(after), { event: 'frame', at: now + ms(after), error: ms(error), path, frame });
  post(0n, { event: 'started', at: 0n });
  for (const { at, ...answer } of implementation.unasked ?? []) arrive(ms(at), { ...answer, after: 0 });
  if (implementation.disturbed !== undefined) post(1n, { event: 'disturbed', at: 1n, why: implementation.disturbed });
  let state = begin(plan);
  for (let turns = 0; turns < 10_000 && state.finished === undefined; turns += 1) {
    queue.sort((a, b) => (a.at === b.at ? a.order - b.order : a.at < b.at ? -1 : 1));
    const [timer] = [...timers].sort((a, b) => (a[1] < b[1] ? -1 : 1));
    const [next] = queue;
    if (next === undefined && timer === undefined) throw new Error('the case waits for ever');
    const useTimer = timer !== undefined && (next === undefined || timer[1] < next.at);
    const event: ScenarioEvent = useTimer
      ? { event: 'timer', at: timer[1], timer: timer[0] }
      : (queue.shift()?.event ?? { event: 'started', at: 0n });
    if (useTimer) timers.delete(timer[0]);
    const advanced = advance(state, event);
    state = advanced.state;
    for (const action of advanced.actions) {
      if (action.action === 'arm') timers = new Map(timers).set(action.timer, action.at);
      if (action.action === 'cancel') timers.delete(action.timer);
      if (action.action === 'control') {
        const answer = implementation.control?.(action.command);
        if (answer !== undefined)
          post(event.at + 1n, { event: 'control', at: event.at + 1n, call: action.call, answer });
      }
      if (action.action !== 'send') continue;
      const packet = decodeFrame(action.frame);
      if (packet.kind !== 'tcp') continue;
      const sentinel = packet.tcp.sourcePort > surroundings.firstPort + 40;
      if (sentinel && implementation.probed !== undefined) {
        for (const answer of implementation.probed(packet)) arrive(event.at, { path: action.path, ...answer });
      } else if (sentinel && packet.tcp.flags === TcpFlag.SYN && implementation.mute !== true)
        arrive(event.at, {
          path: action.path,
          frame: reply(packet, plan.case.role === 'server' ? TcpFlag.SYN | TcpFlag.ACK : TcpFlag.RST | TcpFlag.ACK),
        });
      if (!sentinel)
        for (const answer of implementation.answer?.(packet, action.path) ?? [])
          arrive(event.at, { path: action.path, ...answer });
    }
  }
  return { ...state, trace: traceOf(state.history) };
}

/** Segments the implementation sends by itself as a client to the tester's server. */
export function fromClient(
  path: number,
  port: number,
  tcp: Partial<TcpDraft['tcp']> & { readonly flags: number },
): Uint8Array {
  const on = surroundings.paths[path - 1];
  if (on === undefined) throw new Error(`no path ${path}`);
  return encodeTcpFrame({
    ethernet: { source: on.iutMac, destination: on.testerMac },
    ip: { source: on.iutAddress, destination: surroundings.testerServer.address },
    tcp: { sourcePort: port, destinationPort: surroundings.testerServer.port, seq: seq(5000), ...tcp },
  });
}
