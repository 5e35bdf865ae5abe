/**
 * `robe haap`: the aggregation point of the paper. It terminates RobE connections and forwards them as TCP of this
 * machine.
 */
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { CommandModule } from 'yargs';
import { openAggregationPoint } from '../../haap/aggregation-point.js';
import { loopbackAllowances, readAllowance, readTarget } from '../../haap/allowance.js';
import { createFileServer } from '../../haap/file-server.js';
import { serverPort } from '../../net/lab/layout.js';
import { type EndArguments, endOptions, guardEnd, openEnd, readUsage } from '../haap/end-options.js';
import { type EngineChoice, engineOption, runKernelAggregation } from '../haap/kernel-end.js';
import { untilSignal } from '../signals.js';

interface Arguments extends EndArguments, EngineChoice {
  readonly listen: readonly number[];
  readonly target: string | undefined;
  readonly allow: readonly string[];
  readonly files: string | undefined;
  readonly 'files-at': string;
}

export const command: CommandModule<object, Arguments> = {
  builder: (yargs) =>
    engineOption(endOptions(yargs, 'server'))
      .option('listen', { type: 'number', array: true, default: [serverPort], describe: 'Ports for RobE connections' })
      .option('target', {
        type: 'string',
        describe: 'HOST:PORT, the target of every connection; absent: the client names it by SOCKS 5',
      })
      .option('allow', {
        type: 'string',
        array: true,
        default: loopbackAllowances,
        describe: 'HOST[:PORT] or PREFIX/LENGTH[:PORT] that SOCKS clients may reach',
      })
      .option('files', { type: 'string', describe: 'Directory to serve over HTTP on this machine, for a first try' })
      .option('files-at', { type: 'string', default: '127.0.0.1:8000', describe: 'ADDRESS:PORT of these files' })
      .example('$0 haap --interface path1=iut1 path2=iut2', 'in a lab; SOCKS clients reach only this machine')
      .example('$0 haap --interface path1=eth0 path2=wlan0 … --allow 0.0.0.0/0', 'every IPv4 address')
      .example('$0 haap --engine kernel --allow 10.0.0.0/8', "RobE on the kernel's own listening sockets")
      .epilogue('See docs/haap.md. `robe lab haap` shows both ends at work.'),
  handler: (given) =>
    guardEnd('haap', async () => {
      const { target, allowed, filesAt } = readUsage('haap', () => ({
        filesAt: readTarget(given['files-at']),
        target: given.target === undefined ? undefined : readTarget(given.target),
        allowed: given.allow.map(readAllowance),
      }));
      const log = (line: string): void => {
        if (!given.quiet) process.stderr.write(`robe haap: ${line}\n`);
      };
      const towards = given.target ?? `targets of SOCKS clients within ${given.allow.join(', ')}`;
      if (given.engine === 'kernel') {
        const files = await openFiles(given.files, filesAt);
        try {
          await runKernelAggregation(given, target, allowed, towards);
        } finally {
          files?.close();
        }
        return;
      }
      const end = await openEnd('haap', given, 'server');
      const point = openAggregationPoint({ ...(target === undefined ? {} : { target }), allowed, log });
      const files = await openFiles(given.files, filesAt);
      for (const port of given.listen) end.streams.listen(port, point.accept);
      process.stderr.write(`robe haap: port ${given.listen.join(', ')} to ${towards}; ${end.where}\n`);
      await untilSignal();
      point.close();
      files?.close();
      await end.close();
    }),
};

/** Serves the files of the directory, if one is named. */
const openFiles = async (
  directory: string | undefined,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<Server | undefined> => {
  if (directory === undefined) return undefined;
  const files = createFileServer(directory);
  files.listen(port, host);
  await once(files, 'listening');
  return files;
};
