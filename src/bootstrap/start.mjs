/** `npm start`: sets up what is missing, then runs the main job, `robe start`, with the arguments it was given. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import {
  build,
  checkLimits,
  forLiveRuns,
  home,
  prepareBinding,
  prepareDependencies,
  preparePackages,
  say,
} from './prepare.mjs';

/** Exit code for faults of the environment, as everywhere in this program. */
const ENVIRONMENT = 3;

const begin = async () => {
  checkLimits();
  preparePackages(forLiveRuns, 'live runs');
  if (!prepareDependencies()) {
    say('npm could not install the packages; what it said stands above.');
    return false;
  }
  if (!build()) {
    say('The build failed; what the compiler said stands above.');
    return false;
  }
  await prepareBinding();
  return true;
};

if (await begin()) {
  const job = spawn(process.execPath, [join(home, 'dist/cli/main.js'), 'start', ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  // The job takes down what it has set up; wait for it. A terminal sends Ctrl-C to both, a supervisor only to this one.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => job.kill('SIGTERM'));
  job.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : ENVIRONMENT);
  });
} else {
  process.exitCode = ENVIRONMENT;
}
