/**
 * `robe connect-proxy`: forwards TCP connections to a local port as RobE connections over several paths to an aggregation
 * point.
 */
import { once } from 'node:events';
import { isIP } from 'node:net';
import type { CommandModule } from 'yargs';
import { readTarget } from '../../haap/allowance.js';
import { createConnectProxy } from '../../haap/connect-proxy.js';
import { serverAddress, serverPort } from '../../net/lab/layout.js';
import { type EndArguments, endOptions, guardEnd, openEnd, readUsage } from '../haap/end-options.js';
import { engineOption, type RaceArguments, raceOptions, runKernelProxy } from '../haap/kernel-end.js';
import { untilSignal } from '../signals.js';

interface Arguments extends EndArguments, RaceArguments {
  readonly to: string | undefined;
  readonly listen: string;
}

export const command: CommandModule<object, Arguments> = {
  builder: (yargs) =>
    raceOptions(engineOption(endOptions(yargs, 'client')))
      .option('to', {
        type: 'string',
        defaultDescription: `the server of a lab; kernel: where SOCKS 5 or HTTP's CONNECT says`,
        describe: 'ADDRESS:PORT of the aggregation point; kernel: HOST:PORT of anything',
      })
      .option('listen', {
        type: 'string',
        default: '127.0.0.1:1080',
        describe: 'ADDRESS:PORT at which local programs connect',
      })
      .example('$0 connect-proxy --interface path1=tester1 path2=tester2', 'in a lab')
      .example('$0 connect-proxy --engine kernel', "race every connection over this machine's paths")
      .example('$0 connect-proxy --engine kernel --print-routes', 'print the commands that set these paths up')
      .epilogue(
        'With the reference the proxy passes octets unchanged: programs speak the protocol of the aggregation point, SOCKS 5 or that of its target. See ' +
          'docs/haap.md, and docs/two-uplinks.md for the kernel.',
      ),
  handler: (given) =>
    guardEnd('connect-proxy', async () => {
      if (given.engine === 'kernel') {
        await runKernelProxy(given);
        return;
      }
      const { to, listen } = readUsage('connect-proxy', () => ({
        to: readAddress(given.to ?? `${serverAddress[4]}:${serverPort}`),
        listen: readTarget(given.listen),
      }));
      const end = await openEnd('connect-proxy', given, 'client');
      const log = (line: string): void => {
        if (!given.quiet) process.stderr.write(`robe connect-proxy: ${line}\n`);
      };
      const target = { address: to.host, port: to.port };
      const server = createConnectProxy({ streams: end.streams, target, log });
      try {
        server.listen(listen.port, listen.host);
        await once(server, 'listening');
        process.stderr.write(`robe connect-proxy: ${given.listen} to ${to.host}:${to.port}; ${end.where}\n`);
        await untilSignal();
      } finally {
        server.close();
        await end.close();
      }
    }),
};

/** The reference does not resolve names. */
const readAddress = (text: string): { readonly host: string; readonly port: number } => {
  const to = readTarget(text);
  if (isIP(to.host) === 0) throw new RangeError(`--to ${text}: expected an IP address and a port, not a name`);
  return to;
};
