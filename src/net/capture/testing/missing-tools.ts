/** Which programs a test needs that are not installed, and whether it runs as root. */
import { spawnSync } from 'node:child_process';

/** Why a test that needs these programs (and root, if asked) cannot run here; undefined when it can. */
export const obstacle = (programs: readonly string[], root = false): string | undefined => {
  if (root && process.getuid?.() !== 0) return 'needs root';
  const missing = programs.filter((program) => spawnSync('which', [program]).status !== 0);
  return missing.length === 0 ? undefined : `needs ${missing.join(', ')}`;
};
