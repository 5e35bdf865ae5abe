/**
 * `robe lab haap`: a lab of its own with an aggregation point and a file server at one end, a connect proxy at the other,
 * and a command that runs beside the proxy. Everything is gone afterwards.
 *
 *     COMMAND --SOCKS--> connect-proxy ==RobE over every path==> haap --TCP--> files at 127.0.0.1:8000
 *     in namespace tb    in namespace tb                         in namespace iut
 */
import { createLab } from '../../net/lab/lab.js';
import type { Side } from '../../net/lab/namespace-name.js';
import { sweep } from '../../net/lab/sweep.js';
import { untilSignal } from '../signals.js';
import { brokenBy, interrupted, ownProgram, runBeside, sayAloud, untilReady } from './lab-program.js';

export interface LabHaapRequest {
  readonly paths: number;
  readonly profile: string;
  readonly impair: readonly string[];
  readonly files: string;
  readonly quiet: boolean;
  /** Absent: until a signal comes. */
  readonly command: readonly string[];
}

const proxy = '127.0.0.1:1080';
const fileServer = '127.0.0.1:8000';

/** Gives the exit code of the command as a shell tells it; a LabError says what this machine lacks. */
export const runLabHaap = async (request: LabHaapRequest): Promise<number> => {
  await sweep();
  const stopped = untilSignal();
  const lab = await createLab({ paths: request.paths, iut: 'process' });
  const { broken, broke } = brokenBy();
  try {
    const devices = (side: 'tester' | 'iut') =>
      lab.paths.flatMap((path) => ['--interface', `path${path.path}=${path[side].device}`]);
    const common = ['--profile', request.profile, ...(request.quiet ? ['--quiet'] : [])];
    const haap = ['haap', ...devices('iut'), ...common, '--files', request.files, '--files-at', fileServer];
    const impair = request.impair.flatMap((each) => ['--impair', each]);
    const client = ['connect-proxy', ...devices('tester'), ...common, ...impair, '--listen', proxy];
    const start = (side: Side, argv: readonly string[]): Promise<void> =>
      untilReady(lab.exec(side, [...ownProgram, ...argv], { stdio: ['ignore', 'ignore', 'pipe'] }), {
        name: argv[0] ?? '',
        ...(request.quiet ? {} : { hear: sayAloud }),
        isReady: (line) => /; (robe-|mptcp,|tcp,)/.test(line),
        broke,
      });
    const ready = Promise.all([start('iut', haap), start('tb', client)]);
    if ((await Promise.race([ready, stopped])) === undefined) return interrupted;
    if (request.command.length > 0) {
      const beside = runBeside((argv, options) => lab.exec('tb', argv, options), proxy, request.command, stopped);
      return await Promise.race([beside, broken]);
    }
    process.stderr.write(
      `inside: nsenter --net=/run/netns/${lab.namespaces.tb} curl -x socks5h://${proxy} http://${fileServer}/FILE\n` +
        'until Ctrl-C\n',
    );
    await Promise.race([stopped, broken]);
    return 0;
  } finally {
    await lab.remove();
  }
};
