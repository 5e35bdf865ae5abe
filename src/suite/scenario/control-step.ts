/** Control steps: requests to the application side of the implementation, and its answers. */

import { ExpressionError } from '../language/expression.js';
import type { ControlStep } from '../language/step.js';
import { addressText, pathOf, serviceAddress } from './addresses.js';
import type { ControlAnswer, ControlCommand } from './contract.js';
import { arm, complete, type Progress, stop } from './progress.js';
import { act, record, type Work } from './state.js';

/** Control answers of a live shim take milliseconds; a silent one must not hang the run. */
export const controlBound = 10_000_000_000n;

/**
 * The suite's name of a connection: it contains the case's own ports, as each attempt at a case opens new connections.
 */
const nameOf = ({ plan }: Work, connection: string): string =>
  `${plan.case.id}#${connection}@${plan.surroundings.firstPort}`;

function commandOf(work: Work, step: ControlStep): ControlCommand {
  const { plan } = work;
  const connection =
    step.connection === 'accepted' ? `accepted:${hostAddress(work, 1, 1)}` : nameOf(work, step.connection);
  switch (step.verb) {
    case 'connect':
      work.connections = [...work.connections, connection];
      return {
        verb: 'connect',
        connection,
        to: serviceFor(work, step),
        paths: step.paths,
        ...(plan.case.mptcp === undefined ? {} : { version: plan.case.mptcp }),
      };
    case 'send':
      return { verb: 'send', connection, octets: step.payload ?? new Uint8Array(0) };
    case 'accepted':
      return {
        verb: 'accepted',
        from: step.hosts.flatMap((host) => plan.surroundings.paths.map((path) => hostAddress(work, path.path, host))),
      };
    case 'close':
    case 'abort':
    case 'info':
      return { verb: step.verb, connection };
    case 'announce': {
      const address = ownAddress(work, step);
      return { verb: 'announce', connection, address, ...(step.port === undefined ? {} : { port: step.port }) };
    }
    case 'withdraw':
      return { verb: 'withdraw', connection, address: ownAddress(work, step) };
    case 'prioritise':
      return { verb: 'prioritise', connection, address: ownAddress(work, step), backup: step.backup ?? true };
  }
}

/** The address of the implementation that a signal is about. */
const ownAddress = ({ plan }: Work, { path, server }: ControlStep): string =>
  path === undefined
    ? addressText(plan, 'server', server ?? 1, plan.case.ip)
    : addressText(plan, 'iut', path, plan.case.ip);

/** Where the tester serves the connection. */
function serviceFor(
  { plan }: Work,
  { server, port }: ControlStep,
): { readonly address: string; readonly port: number } {
  const { testerServer } = plan.surroundings;
  return { address: serviceAddress(plan, server ?? 1, plan.case.ip), port: port ?? testerServer.port };
}

function hostAddress(work: Work, path: number, host: number): string {
  const address = pathOf(work.plan, path).testerAddresses[host - 1];
  if (address === undefined) throw new ExpressionError(`there is no tester host ${host}`);
  return address;
}

/** Sends a request to the application side; only a step that judges the answer waits for it. */
export function callControl(work: Work, step: ControlStep): Progress {
  work.calls += 1;
  act(work, { action: 'control', call: work.calls, command: commandOf(work, step) });
  if (step.answer === undefined) return complete(work, work.now);
  work.awaitedCall = work.calls;
  arm(work, work.now.at + controlBound);
  return 'waiting';
}

/** An answer of the control side: one for which no step waits matters only if it is bad. */
export function controlAnswered(work: Work, call: number, answer: ControlAnswer): Progress {
  const [step] = work.remaining;
  const awaited = call === work.awaitedCall && step?.step === 'control' ? step : undefined;
  if (answer.answer === 'ok') {
    return awaited === undefined ? 'waiting' : judgeAnswer(work, awaited, answer.result);
  }
  if (answer.answer === 'unsupported') work.unsupported = true;
  else {
    const gone = answer.answer === 'lost';
    record(work, {
      facet: 'liveness',
      verdict: gone ? (work.flows.size > 0 ? 'fail' : 'error') : 'inconclusive',
      ...(gone && work.flows.size > 0 ? { class: 'crash' } : {}),
      subject: 'control',
      sentence: gone
        ? `The control channel of the implementation broke: ${answer.why}.`
        : `The implementation could not do what the case needs: ${answer.why}.`,
    });
  }
  return stop(work);
}

function judgeAnswer(
  work: Work,
  step: ControlStep,
  result: Readonly<Record<string, string | number | boolean>>,
): Progress {
  work.awaitedCall = undefined;
  const differences = Object.entries(step.answer ?? {})
    .filter(([field, wanted]) => result[field] !== wanted)
    .map(([field, wanted]) => ({ field, expected: String(wanted), got: String(result[field] ?? 'absent') }));
  const [first] = differences;
  if (first === undefined) return complete(work, work.now);
  record(work, {
    facet: 'conformance',
    verdict: 'fail',
    class: 'mismatch',
    subject: `control.${step.verb}.${first.field}`,
    sentence: `The application side reported ${first.field} ${first.got} where ${first.expected} was expected.`,
    differences,
  });
  return stop(work);
}
