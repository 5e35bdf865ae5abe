/**
 * Captured frames decoded twice: by our decoder, on which every verdict depends, and by tshark. If both have a name for a
 * field, their values must be equal; a disagreement is a defect of one of them, and is taken as ours until shown
 * otherwise.
 *
 * tshark gets the frames, not the file: all captures are put into one of our own in the folder for temporary files. So
 * only the decoding is compared; a damaged file is compared as far as it can be read; no file name of the user reaches
 * tshark; and thousands of captures need one start of it. Neither side knows which subtypes a run gave to the draft's
 * options: both read the numbers of the RFCs.
 */
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { printable } from '../../../protocol/bytes/printable.js';
import type { CapturedFrame } from '../captured-frame.js';
import { decodeCaptured } from '../decode-captured.js';
import { interfaceBlock, packetBlock, sectionBlock } from '../pcapng/write-pcapng.js';
import { readCapture } from '../read-capture.js';
import { agrees, comparison, type LeftOut, question } from './comparison.js';
import { type TsharkRow, TsharkStopped, tsharkRows, tsharkVersion } from './tshark.js';

/** Frames to be compared, and the name under which a disagreement is reported. */
export interface NamedCapture {
  readonly name: string;
  readonly frames: AsyncIterable<CapturedFrame>;
}

export interface Disagreement {
  readonly capture: string;
  /** Counted from 1 in its capture, as Wireshark numbers it. */
  readonly frame: number;
  /** By tshark's name. */
  readonly field: string;
  /** Values in order of appearance, separated by semicolons; empty where there is none. */
  readonly ours: string;
  readonly theirs: string;
}

export interface CrossCheck {
  /** Version of tshark. */
  readonly tshark: string;
  readonly captures: number;
  readonly frames: number;
  /** Frames of which at least the headers were compared. */
  readonly compared: number;
  /** Fields that were compared, over all frames. */
  readonly fields: number;
  /** Frames that were not compared, or not wholly, by reason. */
  readonly leftOut: readonly { readonly reason: LeftOut; readonly frames: number }[];
  /** How many there are, kept or not. */
  readonly disagreeing: number;
  /** The first ones. */
  readonly disagreements: readonly Disagreement[];
  /** Why tshark stopped early; the counts above then cover the frames up to that point. */
  readonly stopped?: string;
}

export interface CrossCheckLimits {
  /** Disagreements that are kept; all are counted. */
  readonly keep?: number;
  /** Milliseconds without output after which tshark is killed. */
  readonly patience?: number;
  /** Stops when it is aborted. */
  readonly signal?: AbortSignal;
}

/** Throws TsharkMissing when there is no tshark, what reading the captures throws, and the signal's reason once it is aborted. */
export const crossCheck = async (
  captures: Iterable<NamedCapture>,
  { keep = 20, patience = 60_000, signal }: CrossCheckLimits = {},
): Promise<CrossCheck> => {
  const tshark = await tsharkVersion();
  const folder = await mkdtemp(join(tmpdir(), 'robe-cross-check-'));
  try {
    const file = join(folder, 'all.pcapng');
    const begun: Begun[] = [];
    await pipeline(Readable.from(joined(captures, begun)), createWriteStream(file), { signal });
    const tally = new Tally(begun, keep);
    signal?.throwIfAborted();
    const stopped = await compareAll(file, tally, { patience, signal });
    signal?.throwIfAborted();
    const figures = { tshark, captures: begun.length, ...tally.figures() };
    return stopped === undefined ? figures : { ...figures, stopped };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** A capture, and how many frames of others stand before its own. */
interface Begun {
  readonly name: string;
  readonly before: number;
}

/** All frames as one pcapng, with an interface for each link type. */
async function* joined(captures: Iterable<NamedCapture>, begun: Begun[]): AsyncGenerator<Uint8Array> {
  yield sectionBlock({ application: 'robe-conformance' });
  const interfaces = new Map<number, number>();
  let before = 0;
  for (const { name, frames } of captures) {
    begun.push({ name, before });
    for await (const { linkType, at, octets, originalLength } of frames) {
      const interfaceIndex = interfaces.get(linkType) ?? interfaces.size;
      if (!interfaces.has(linkType)) yield interfaceBlock({ name: `link-type-${linkType}` }, linkType);
      interfaces.set(linkType, interfaceIndex);
      yield packetBlock({ interfaceIndex, at, octets, originalLength });
      before++;
    }
  }
}

/** Reads the file frame by frame alongside tshark; returns the reason if tshark stopped early. */
const compareAll = async (
  file: string,
  tally: Tally,
  { patience, signal }: { readonly patience: number; readonly signal: AbortSignal | undefined },
): Promise<string | undefined> => {
  const frames = readCapture(file, (problem) => {
    throw new Error(`what was written here cannot be read: ${problem.path}: ${problem.why}`);
  });
  try {
    for await (const row of tsharkRows(file, ['frame.number', ...question], patience, signal)) {
      const { value: frame } = await frames.next();
      if (frame === undefined || Number(row['frame.number']?.[0]) !== tally.frames + 1)
        throw new TsharkStopped('tshark lost count of the frames');
      tally.add(frame, row);
    }
    if ((await frames.next()).done !== true) throw new TsharkStopped('tshark did not see the last frames');
    return undefined;
  } catch (error) {
    if (!(error instanceof TsharkStopped)) throw error;
    return `${error.message} (after frame ${tally.frames})`;
  } finally {
    await frames.return(undefined);
  }
};

/** Counts the outcome of each frame. */
class Tally {
  frames = 0;
  private compared = 0;
  private fields = 0;
  private disagreeing = 0;
  private capture = 0;
  private readonly leftOut = new Map<LeftOut, number>();
  private readonly disagreements: Disagreement[] = [];

  constructor(
    private readonly begun: readonly Begun[],
    private readonly keep: number,
  ) {}

  add(frame: CapturedFrame, row: TsharkRow<string>): void {
    const { fields, leftOut } = comparison(decodeCaptured(frame.linkType, frame.octets), row);
    while ((this.begun[this.capture + 1]?.before ?? Number.POSITIVE_INFINITY) <= this.frames) this.capture++;
    this.frames++;
    this.fields += fields.length;
    if (fields.length > 0) this.compared++;
    if (leftOut !== undefined) this.leftOut.set(leftOut, (this.leftOut.get(leftOut) ?? 0) + 1);
    const { name = '', before = 0 } = this.begun[this.capture] ?? {};
    for (const each of fields) {
      if (agrees(each)) continue;
      this.disagreeing++;
      if (this.disagreements.length >= this.keep) continue;
      const { field, ours, theirs } = each;
      this.disagreements.push({
        ...{ capture: name, frame: this.frames - before, field },
        ours: ours.join(';'),
        theirs: printable(theirs.join(';'), longestValue),
      });
    }
  }

  figures(): Pick<CrossCheck, 'frames' | 'compared' | 'fields' | 'leftOut' | 'disagreeing' | 'disagreements'> {
    const { frames, compared, fields, disagreeing, disagreements } = this;
    const leftOut = [...this.leftOut].map(([reason, count]) => ({ reason, frames: count }));
    return { frames, compared, fields, leftOut, disagreeing, disagreements };
  }
}

const longestValue = 200;
