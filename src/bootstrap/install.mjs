/**
 * npm runs this after it has installed the package. It leaves out cap, the binding to libpcap, without a word where it could
 * not build it, mostly because it could not fetch Node's headers; then cap is built here, with the headers that Node was
 * installed with. Never fails: without cap everything works but live runs, and `robe doctor` says what those lack.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { home, say } from './prepare.mjs';

const program = join(home, 'dist/cli/doctor/build-binding.js');
/** There `npm start` and `npm test` see to it, after the build. */
const isCheckout = existsSync(join(home, 'tsconfig.json'));

if (!isCheckout && existsSync(program)) {
  const { buildBinding } = await import(program);
  const { build, why, remedy } = await buildBinding();
  if (build === 'failed') say(`robe judges embedded implementations only, for now: ${why}; ${remedy}`);
}
