/**
 * A step of the build, after the compiler: the bundled catalogue is checked and written into `dist`, so that the program
 * need not read its YAML at each start. A catalogue with mistakes is no failure of the build: the program then reads the
 * files, and says what is wrong with them.
 */
import { join } from 'node:path';
import { home, say } from './prepare.mjs';

const { compileCatalogue } = await import(join(home, 'dist/conduct/compiled-catalogue.js'));
const problems = compileCatalogue();
if (problems.length > 0)
  say(`The catalogue has ${problems.length} problems, which \`robe lint\` shows; it was not compiled.`);
