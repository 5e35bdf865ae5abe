/**
 * A case's trace as a capture: one interface a path, frames in the order of the trace, on each the step it belongs to and
 * how it was taken; a guilty frame also has the verdict with its requirements, and what was expected beside what came, a
 * comment each. `frame.comment contains "FAIL"` finds it. The section header has the outcome as text, and the note with
 * which the capture alone can be judged (recording-note.ts).
 */
import { type CaptureToWrite, encodePcapng, type FrameToWrite } from '../net/capture/pcapng/write-pcapng.js';
import type { SurroundingsPath } from '../suite/scenario/contract.js';
import type { Plan } from '../suite/scenario/plan.js';
import type { Trace, TraceEntry } from '../suite/trace/trace.js';
import type { CaseResult } from '../suite/verdict/results.js';
import { writeRecordingNote } from './recording-note.js';

/** The file's octets; undefined when no frame was exchanged. `application` is the program's name and version. */
export const captureOfTrace = (
  plan: Plan,
  trace: Trace,
  result: CaseResult,
  application: string,
): Uint8Array | undefined => {
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
  const note = writeRecordingNote(plan, trace, result);
  const ended = trace.at(-1)?.at ?? 0n;
  const capture: CaptureToWrite = {
    application,
    comments: [
      `${result.id} on ${result.subject}: ${result.verdict}. ${result.sentence}`,
      ...(note === undefined ? [] : [note]),
    ],
    interfaces: paths.map((path) => ({ name: `path${path.path}`, description: describePath(path) })),
    names,
    frames,
    statistics: paths.map((_, interfaceIndex) => ({
      interfaceIndex,
      at: ended,
      received: BigInt(
        frames.filter((frame) => frame.interfaceIndex === interfaceIndex && frame.direction === 'inbound').length,
      ),
    })),
  };
  return encodePcapng(capture);
};

const describePath = ({ path, iutAddress, testerAddresses }: SurroundingsPath): string =>
  `path ${path}: implementation ${iutAddress}, tester ${testerAddresses.join(' ')}`;

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
      : [`[step ${note.step}] ${note.taken}${note.rule === undefined ? '' : ` by ${note.rule}`}: ${note.text}`]),
    ...guilty.flatMap((finding) => accuse(finding, result.requirements)),
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

const accuse = (
  { verdict, step, requirements, sentence, differences = [] }: CaseResult['findings'][number],
  ofCase: readonly string[],
): readonly string[] => [
  `[step ${step}] ${verdict.toUpperCase()} ${(requirements ?? ofCase).join(' ')}: ${sentence}`,
  ...differences.map(({ field, expected, got }) => `${field}: expected ${expected}, got ${got}`),
];
