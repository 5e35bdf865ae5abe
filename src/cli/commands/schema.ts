/** `robe schema`: the JSON Schemas with which an editor completes and checks cases, declarations and baselines. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandModule } from 'yargs';
import { exitCodes } from '../../gate/exit-code.js';
import { fileSchemas, schemaDirectory } from '../file-schemas.js';

interface SchemaArguments {
  readonly write: boolean;
  readonly name: string | undefined;
}

export const command: CommandModule<object, SchemaArguments> = {
  builder: (yargs) =>
    yargs
      .positional('name', { type: 'string', describe: 'File name of a schema; without it the schemas are listed' })
      .option('write', { type: 'boolean', default: false, describe: 'Write all of them below cases/schema' }),
  handler: ({ name, write }) => {
    const schemas = fileSchemas();
    if (write) {
      mkdirSync(schemaDirectory, { recursive: true });
      for (const [file, text] of schemas) writeFileSync(join(schemaDirectory, file), text);
    }
    if (name === undefined) {
      process.stdout.write([...schemas.keys()].map((file) => `${file}\n`).join(''));
      return;
    }
    const text = schemas.get(name);
    if (text === undefined) {
      process.stderr.write(`robe schema: no schema is called ${name}; there are ${[...schemas.keys()].join(', ')}\n`);
      process.exitCode = exitCodes.usage;
    } else process.stdout.write(text);
  },
};
