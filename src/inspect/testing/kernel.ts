/** A capture of the Linux kernel's own MPTCP, as frames that a test can leave out, repeat and change. */
import { fileURLToPath } from 'node:url';
import { readCapture } from '../../net/capture/read-capture.js';

/** The frames of three connections in sequence from one port, counted from 1; see `fixtures/captures/README.md`. */
export const kernelFrames = async (): Promise<readonly Uint8Array[]> => {
  const file = fileURLToPath(new URL('../../../fixtures/captures/linux-v1-reused-port.pcap', import.meta.url));
  const frames: Uint8Array[] = [];
  for await (const { octets } of readCapture(file, ({ why }) => expectNone(why))) frames.push(octets.slice());
  return frames;
};

const expectNone = (problem: string): void => {
  throw new Error(problem);
};
