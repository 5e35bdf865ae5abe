/** `robe kernels`: lists the kernels that `--iut vm:…` can boot here, and fetches one. */
import type { CommandModule } from 'yargs';
import { listKernelPackages, packageFolder } from '../../iut/vm/kernel-packages.js';
import { guardLab } from '../lab/guard-lab.js';
import { lineSink } from '../output/line-sink.js';

interface KernelsArguments {
  readonly fetch?: string | undefined;
  readonly all: boolean;
  readonly json: boolean;
}

export const command: CommandModule<object, KernelsArguments> = {
  builder: (yargs) =>
    yargs
      .option('fetch', {
        type: 'string',
        requiresArg: true,
        describe: 'Fetch or update this kernel: debian-6.12, or the name of a package',
      })
      .option('all', {
        type: 'boolean',
        default: false,
        describe: 'Also kernels that are not made for virtual machines',
      })
      .option('json', { type: 'boolean', default: false, describe: 'One JSON object' })
      .example('$0 kernels', 'Kernels that apt offers, and those fetched')
      .example('$0 kernels --fetch debian-6.12', 'The newest of that series, for robe run --iut vm:debian-6.12'),
  handler: (given) => guardLab('kernels', () => (given.fetch === undefined ? list(given) : fetch(given.fetch))),
};

const fetch = async (kernel: string): Promise<void> => {
  const folder = await packageFolder(kernel, process.env, true);
  process.stdout.write(`${kernel} is in ${folder}: robe run --iut vm:${kernel}\n`);
};

const list = async ({ all, json }: KernelsArguments): Promise<void> => {
  const known = (await listKernelPackages(process.env)).filter(({ name }) => all || name.includes('cloud'));
  if (json) {
    process.stdout.write(`${JSON.stringify({ kernels: known })}\n`);
    return;
  }
  const lines = lineSink(process.stdout);
  const width = Math.max(0, ...known.map(({ name }) => name.length));
  for (const { name, fetched, summary } of known)
    await lines.write(`${fetched ? 'fetched' : '       '} ${name.padEnd(width)}  ${summary}`);
  const series = [...new Set(known.map((each) => each.series))];
  await lines.write(
    series.length === 0
      ? 'apt knows no kernel; run apt-get update. Any bzImage can be booted: robe run --iut vm:FILE'
      : `The newest of a series: ${series.map((each) => `vm:debian-${each}`).join(', ')}. Any bzImage or build tree can be booted: vm:FILE.`,
  );
  await lines.end();
};
