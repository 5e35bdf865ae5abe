/**
 * npm runs this before it packs the package or installs it from git, and after an installation in a checkout: compiles when
 * nothing was compiled yet. What is there is left as it is; `npm start`, `npm test` and `npm pack` bring it up to date.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build, home, say } from './prepare.mjs';

const program = join(home, 'dist/cli/main.js');
const compiler = join(home, 'node_modules/typescript');

if (!existsSync(program) && !existsSync(compiler)) {
  say('Not compiled: the compiler is among the packages for development (npm install --include=dev).');
} else if (!existsSync(program)) {
  // What has wrong types is compiled all the same, and `npm test` counts it; so all that matters is whether it is there.
  build();
  if (!existsSync(program)) process.exitCode = 1;
}
