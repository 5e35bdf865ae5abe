/** `robe keys`: prints token, IDSN, HMACs and MP_JOIN_CAP MACs of given keys. */
import type { CommandModule } from 'yargs';
import { exitCodes } from '../../gate/exit-code.js';
import { deriveValues } from '../keys/derived-values.js';
import { type KeyArguments, readKeyRequest } from '../keys/key-request.js';
import { lineSink } from '../output/line-sink.js';

export const command: CommandModule<object, KeyArguments & { readonly json: boolean }> = {
  builder: (yargs) =>
    yargs
      // Here --version is MPTCP's, not that of the program.
      .version(false)
      .option('version', { type: 'string', demandOption: true, describe: 'MPTCP version, 0 or 1' })
      .option('key-a', { type: 'string', demandOption: true, describe: "The initiator's key, 64 bits" })
      .option('key-b', { type: 'string', demandOption: true, describe: "The listener's key, 64 bits" })
      .option('nonce-a', { type: 'string', describe: "The initiator's nonce, 32 bits" })
      .option('nonce-b', { type: 'string', describe: "The listener's nonce, 32 bits" })
      .option('key-b2', { type: 'string', describe: "Key-B' of a joining RobE flow" })
      .option('json', { type: 'boolean', default: false, describe: 'One JSON object' }),
  handler: async ({ json, ...given }) => {
    const request = readKeyRequest(given);
    if ('length' in request) {
      for (const problem of request) process.stderr.write(`robe keys: ${problem}\n`);
      process.exitCode = exitCodes.usage;
      return;
    }
    const values = deriveValues(request);
    const lines = lineSink(process.stdout);
    if (json) await lines.write(JSON.stringify(Object.fromEntries(values.map(({ name, value }) => [name, value]))));
    else for (const { name, value } of values) await lines.write(`${name.padEnd(30)} ${value}`);
    await lines.end();
  },
};
