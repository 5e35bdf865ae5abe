/** `robe connect-proxy`: TCP connections to a local port leave as RobE over several paths to an aggregation point. */
import { once } from 'node:events';
import { isIP } from 'node:net';
import type { CommandModule } from 'yargs';
import { readTarget } from '../../haap/allowance.js';
import { createConnectProxy } from '../../haap/connect-proxy.js';
import { serverAddress, serverPort } from '../../net/lab/layout.js';
import { type EndArguments, endOptions, guardEnd, openEnd, readUsage } from '../haap/end-options.js';
import { untilSignal } from '../signals.js';

interface Arguments extends EndArguments {
  readonly to: string;
  readonly listen: string;
}

export const command: CommandModule<object, Arguments> = {
  builder: (yargs) =>
    endOptions(yargs, 'client')
      .option('to', {
        type: 'string',
        default: `${serverAddress[4]}:${serverPort}`,
        describe: 'ADDRESS:PORT of the aggregation point',
      })
      .option('listen', { type: 'string', default: '127.0.0.1:1080', describe: 'ADDRESS:PORT of the local entry' })
      .example('$0 connect-proxy --interface path1=tester1 path2=tester2', 'in a lab')
      .epilogue(
        'The local entry speaks what the aggregation point does: SOCKS 5, or nothing of its own. See docs/haap.md.',
      ),
  handler: (given) =>
    guardEnd('connect-proxy', async () => {
      const { to, listen } = readUsage('connect-proxy', () => ({
        to: readAddress(given.to),
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
        process.stderr.write(`robe connect-proxy: ${given.listen} to ${given.to}; ${end.where}\n`);
        await untilSignal();
      } finally {
        server.close();
        await end.close();
      }
    }),
};

/** The reference asks no name server. */
const readAddress = (text: string): { readonly host: string; readonly port: number } => {
  const to = readTarget(text);
  if (isIP(to.host) === 0) throw new RangeError(`--to ${text}: expected an IP address and a port, not a name`);
  return to;
};
