/** Runs a system command to its end. A failure names the command, its output, and the remedy. */
import { spawn } from 'node:child_process';

export class LabError extends Error {
  constructor(
    message: string,
    readonly remedy: string,
  ) {
    super(message);
    this.name = 'LabError';
  }
}

/** Packages that contain the commands that a lab needs. */
const packages: Readonly<Record<string, string>> = {
  ip: 'iproute2',
  ethtool: 'ethtool',
  nsenter: 'util-linux',
  unshare: 'util-linux',
};

/** Gives the standard output; throws a LabError when the command is missing or fails. */
export const command = (program: string, argv: readonly string[], input = '', cwd?: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = spawn(program, argv, { stdio: ['pipe', 'pipe', 'pipe'], cwd });
    let output = '';
    let complaint = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint += text;
    });
    child.stdin.on('error', () => {
      // It ended without reading everything; its exit status gives the reason.
    });
    child.on('error', () => {
      reject(new LabError(`${program} is not installed`, `apt-get install ${packages[program] ?? program}`));
    });
    child.on('close', (code) => {
      if (code === 0) resolve(output);
      else reject(explainFailure(`${program} ${argv.join(' ')}`, complaint.trim() || `exit ${code}`));
    });
    child.stdin.end(input);
  });

const explainFailure = (what: string, complaint: string): LabError => {
  const missing = /(\w+): (command )?not found/.exec(complaint)?.[1];
  if (missing !== undefined) {
    return new LabError(`${missing} is not installed`, `apt-get install ${packages[missing] ?? missing}`);
  }
  if (/permitted|permission/i.test(complaint)) {
    return new LabError(`no privilege for ${what}: ${complaint}`, 'run as root, or see `robe doctor`');
  }
  return new LabError(`${what}: ${complaint}`, 'run `robe doctor` to see what this machine can do');
};
