/** Capture files read by tshark, too (net/capture/cross-check), and what comes of it as lines and as an exit code. */
import { type ExitCode, exitCodes, gravest } from '../../gate/exit-code.js';
import { type CrossCheck, crossCheck } from '../../net/capture/cross-check/cross-check.js';
import { TsharkMissing } from '../../net/capture/cross-check/tshark.js';
import { printable } from '../../protocol/bytes/printable.js';
import { onInterrupt } from '../signals.js';
import { captureFrames } from './capture-frames.js';

export interface CheckedFiles {
  /** Undefined when there is no tshark. */
  readonly figures?: CrossCheck;
  /** Why files cannot be read, or not to their end. */
  readonly damage: readonly string[];
  /** Why there is no full comparison. */
  readonly obstacle?: string;
  readonly interrupted?: boolean;
}

export const crossCheckFiles = async (files: readonly string[]): Promise<CheckedFiles> => {
  const damage: string[] = [];
  const interruption = new AbortController();
  const release = onInterrupt(() => interruption.abort());
  try {
    const figures = await crossCheck(
      files.map((name) => ({ name, frames: captureFrames(name, (problem) => damage.push(problem)) })),
      { signal: interruption.signal },
    );
    return figures.stopped === undefined ? { figures, damage } : { figures, damage, obstacle: figures.stopped };
  } catch (error) {
    if (interruption.signal.aborted) return { damage, obstacle: 'interrupted', interrupted: true };
    if (!(error instanceof TsharkMissing)) throw error;
    return { damage, obstacle: `${error.message}: ${error.remedy}` };
  } finally {
    release();
  }
};

/** 130 when interrupted, 3 when the comparison is not whole, 1 when something disagrees. Damage is for the caller to weigh. */
export const crossCheckExit = ({ figures, obstacle, interrupted = false }: CheckedFiles): ExitCode =>
  gravest([
    interrupted ? exitCodes.interrupted : exitCodes.holds,
    obstacle === undefined ? exitCodes.holds : exitCodes.error,
    (figures?.disagreeing ?? 0) > 0 ? exitCodes.red : exitCodes.holds,
  ]);

export const crossCheckLines = (figures: CrossCheck): readonly string[] => {
  const { tshark, frames, compared, fields, leftOut, disagreeing, disagreements } = figures;
  const more = disagreeing - disagreements.length;
  if (frames === 0) return ['no frame to compare with tshark'];
  const outcome = disagreeing === 0 ? 'no disagreement' : `${disagreeing} disagreements`;
  return [
    `${compared} of ${frames} frames compared with tshark ${tshark} in ${fields} fields: ${outcome}`,
    ...leftOut.map((left) => `  left out in ${left.frames} of them: ${left.reason}`),
    ...disagreements.map(
      ({ capture, frame, field, ours, theirs }) =>
        `  ${printable(capture)}, frame ${frame}, ${field}: ${ours || 'nothing'} here, ${theirs || 'nothing'} in tshark`,
    ),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
};
