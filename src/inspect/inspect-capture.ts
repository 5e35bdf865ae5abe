/**
 * Capture files through an inspector. Files that were captured side by side, one a path, are merged by time, so that a join
 * on one path finds its connection on the other.
 */
import type { ReportProblem } from '../net/capture/captured-frame.js';
import type { FrameWalk } from '../net/capture/frame-walk.js';
import { isKnownLink } from '../net/capture/link/link-type.js';
import { type CaptureOrigin, walkCapture } from '../net/capture/read-capture.js';
import type { Inspector } from './inspector.js';

/** Frames between two calls of `progress`. */
const stride = 65536;

export interface InspectRequest {
  readonly origins: readonly CaptureOrigin[];
  readonly inspector: Inspector;
  /** Takes an error inside a file, and the file. */
  readonly report: (file: number, problem: Parameters<ReportProblem>[0]) => void;
  /** Takes each unknown link type of a file, whose frames are not read. */
  readonly reportLink: (file: number, linkType: number) => void;
  /** Called now and then with the number of frames so far. */
  readonly progress?: (frames: number) => void;
}

/** Judges all frames. Rejects with the error of the file system when a file cannot be read. */
export async function inspectCaptures(request: InspectRequest): Promise<void> {
  const { origins, inspector, report, progress } = request;
  let next = stride;
  const showProgress = (): void => {
    if (inspector.frames < next) return;
    next += stride;
    progress?.(inspector.frames);
  };
  const readers = origins.map((origin, file) => walkCapture(origin, (problem) => report(file, problem)));
  const links = origins.map((_, file) => new KnownLinks((linkType) => request.reportLink(file, linkType)));
  const [only] = readers;
  const [seen] = links;
  if (only === undefined || seen === undefined || readers.length > 1)
    return inspectByTime(readers, links, inspector, showProgress);
  for await (const walk of only) {
    while (walk.next()) {
      seen.meet(walk.linkType);
      inspector.take(walk);
    }
    showProgress();
  }
}

/** Reports each unknown link type once. */
class KnownLinks {
  readonly #met = new Set<number>();
  readonly #report: (linkType: number) => void;
  #last = -1;

  constructor(report: (linkType: number) => void) {
    this.#report = report;
  }

  meet(linkType: number): void {
    if (linkType === this.#last) return;
    this.#last = linkType;
    if (this.#met.has(linkType)) return;
    this.#met.add(linkType);
    if (!isKnownLink(linkType)) this.#report(linkType);
  }
}

type Reader = AsyncGenerator<FrameWalk>;

/** The next frame of a file. */
interface Head {
  readonly reader: Reader;
  readonly walk: FrameWalk;
  readonly at: bigint;
}

/** Frames of all files, the earliest next one first; of equal ones that of the file named first. */
async function inspectByTime(
  readers: readonly Reader[],
  links: readonly KnownLinks[],
  inspector: Inspector,
  shown: () => void,
): Promise<void> {
  try {
    const heads = await Promise.all(readers.map((reader) => headOf(reader)));
    for (;;) {
      const file = earliest(heads);
      const head = heads[file];
      if (head === undefined) return;
      const { reader, walk } = head;
      links[file]?.meet(walk.linkType);
      inspector.take(walk);
      heads[file] = walk.next() ? { reader, walk, at: walk.at } : await headOf(reader);
      shown();
    }
  } finally {
    await Promise.all(readers.map((reader) => reader.return(undefined)));
  }
}

/** The first frame of the next part; undefined at the end of the file. */
async function headOf(reader: Reader): Promise<Head | undefined> {
  for (;;) {
    const { value: walk, done } = await reader.next();
    if (done === true) return undefined;
    if (walk.next()) return { reader, walk, at: walk.at };
  }
}

/** Which head is the earliest; -1 when all files have ended. */
function earliest(heads: readonly (Head | undefined)[]): number {
  let first: Head | undefined;
  for (const head of heads) if (head !== undefined && (first === undefined || head.at < first.at)) first = head;
  return first === undefined ? -1 : heads.indexOf(first);
}
