/**
 * A case's trace as a capture: one interface a path, frames in the order of the trace, on each the step it belongs to and
 * how it was taken; the guilty frame also says the verdict.
 */
import { type CaptureToWrite, encodePcapng, type FrameToWrite } from '../net/capture/pcapng/write-pcapng.js';
import type { Plan } from '../suite/scenario/plan.js';
import type { Trace, TraceEntry } from '../suite/trace/trace.js';
import type { CaseResult } from '../suite/verdict/results.js';

/** The file's octets; undefined when no frame was exchanged. */
export const captureOfTrace = (plan: Plan, trace: Trace, result: CaseResult): Uint8Array | undefined => {
  const { paths, server, testerServer } = plan.surroundings;
  const interfaceOf = new Map(paths.map(({ path }, index) => [path, index]));
  const frames = trace.flatMap((entry, index) => frameOf(entry, index, interfaceOf, result));
  if (frames.length === 0) return undefined;
  const names = [
    { address: server.address, name: 'iut-server' },
    { address: testerServer.address, name: 'tester-server' },
    ...paths.flatMap(({ path, iutAddress, testerAddresses }) => [
      ...(iutAddress === server.address ? [] : [{ address: iutAddress, name: `iut-path${path}` }]),
      ...testerAddresses.map((address, host) => ({ address, name: `tester-path${path}-host${host + 1}` })),
    ]),
  ];
  const capture: CaptureToWrite = {
    application: 'robe-conformance',
    comment: `${result.id} on ${result.subject}: ${result.verdict}. ${result.sentence}`,
    interfaces: paths.map(({ path }) => ({ name: `path${path}` })),
    names,
    frames,
  };
  return encodePcapng(capture);
};

const frameOf = (
  { at, entry, note }: TraceEntry,
  index: number,
  interfaceOf: ReadonlyMap<number, number>,
  result: CaseResult,
): readonly FrameToWrite[] => {
  const arrived = 'event' in entry && entry.event === 'frame';
  const sent = 'action' in entry && entry.action === 'send';
  if (!arrived && !sent) return [];
  const guilty = result.findings.filter(({ observation }) => observation === index);
  const comments = [
    ...(note === undefined
      ? []
      : [`step ${note.step}: ${note.taken}${note.rule === undefined ? '' : ` (${note.rule})`}; ${note.text}`]),
    ...guilty.map(({ verdict, sentence }) => `${verdict}: ${sentence}`),
  ];
  return [
    {
      interfaceIndex: interfaceOf.get(entry.path) ?? 0,
      at,
      octets: entry.frame,
      comments,
      direction: sent ? 'outbound' : 'inbound',
    },
  ];
};
