/**
 * The start file of a program: the bundle that the build made of it (`bootstrap/bundle.mjs`), which opens a few files
 * instead of a thousand, or its compiled module if there is no bundle, or if a file was compiled since.
 */
import { statSync } from 'node:fs';

const compiled = new URL('../', import.meta.url);

const timeOf = (name: string): number | undefined =>
  statSync(new URL(name, compiled), { throwIfNoEntry: false })?.mtimeMs;

export const startFile = (program: 'program' | 'runner'): URL => {
  const bundled = timeOf('bundle/made');
  // An npm installation has no record of the compiler: nothing is compiled there.
  const isFresh = bundled !== undefined && bundled > (timeOf('.tsbuildinfo') ?? 0);
  return new URL(isFresh ? `bundle/${program}.js` : `cli/${program}.js`, compiled);
};
