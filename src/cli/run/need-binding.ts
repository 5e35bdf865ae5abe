/** Live runs need cap, the binding to libpcap: one sentence says that it is missing, and what there is to do. */
import { reason } from '../../conduct/failure.js';
import { loadCap } from '../../net/link/libpcap/loader.js';
import { LinkError } from '../../net/link/link.js';
import { missingBuildTools } from '../doctor/build-tools.js';

/** Throws a LinkError where cap cannot be loaded. */
export const needBinding = async (): Promise<void> => {
  try {
    await loadCap();
  } catch (cause) {
    throw new LinkError(`live runs need cap, the binding to libpcap: ${reason(cause)}`, remedyFor(missingBuildTools()));
  }
};

const remedyFor = (missing: readonly string[]): string =>
  missing.length === 0
    ? 'robe doctor --mend builds it'
    : `apt-get install ${missing.join(' ')}, and then robe doctor --mend, which builds it`;
