/** What tshark reads in a capture: an oracle that shares no line with our codec. */
import { execFileSync } from 'node:child_process';

/** For each frame, the values of each field, in order of appearance; a field that is not there has none. */
export function tsharkFields<F extends string>(
  file: string,
  fields: readonly F[],
  options: readonly string[] = [],
): readonly Readonly<Record<F, readonly string[]>>[] {
  const separator = '\t';
  const output = execFileSync(
    'tshark',
    [
      '-r',
      file,
      '-n',
      '-o',
      'tcp.check_checksum:TRUE',
      ...options,
      '-T',
      'fields',
      '-E',
      'occurrence=a',
      '-E',
      'aggregator=;',
    ]
      .concat(['-E', `separator=${separator}`])
      .concat(fields.flatMap((field) => ['-e', field])),
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
  );
  return output
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const columns = line.split(separator);
      const values = fields.map((field, i): [F, readonly string[]] => [field, columns[i] ? columns[i].split(';') : []]);
      return Object.fromEntries(values) as { [K in F]: readonly string[] };
    });
}
