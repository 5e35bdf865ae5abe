/** `robe export CASE|EVIDENCE --packetdrill`: writes a case in the language of another tool. */
import { existsSync } from 'node:fs';
import type { CommandModule } from 'yargs';
import { loadSoundCatalogue, selectOrRefuse } from '../../conduct/load-catalogue.js';
import { loadRecording } from '../../conduct/recorded-subject.js';
import { subjectsOf } from '../../conduct/subjects-of.js';
import { UsageError } from '../../conduct/usage-error.js';
import { writePacketdrill } from '../../report/packetdrill.js';
import { simulateCase } from '../../run/simulate.js';
import { applies } from '../../suite/catalogue/applicability.js';
import type { Plan } from '../../suite/scenario/plan.js';
import type { Trace } from '../../suite/trace/trace.js';
import { refuseRepeated } from '../once.js';
import { writeNamedFile } from '../output/write-file.js';

interface ExportArguments {
  readonly what: string;
  readonly packetdrill: boolean;
  readonly out?: string | undefined;
  readonly seed: string;
}

export const command: CommandModule<object, ExportArguments> = {
  builder: (yargs) =>
    yargs
      .positional('what', {
        type: 'string',
        demandOption: true,
        describe: 'The id of a case, as the embedded reference answers it, or the directory of evidence',
      })
      .option('packetdrill', {
        type: 'boolean',
        default: false,
        describe: 'As a script for packetdrill; the case must use one path',
      })
      .option('out', { type: 'string', requiresArg: true, describe: 'File to write; default: standard output' })
      .option('seed', { type: 'string', default: '1', requiresArg: true, describe: 'Seed, if a case is named' })
      .check(refuseRepeated('out', 'seed'))
      .check(({ packetdrill }) => {
        if (!packetdrill) throw new UsageError(['name the language: robe export CASE --packetdrill']);
        return true;
      })
      .example(
        '$0 export mptcp.server.data-fin.v1.ip4 --packetdrill --out data-fin.pkt',
        'A case for the gtests of a kernel',
      )
      .example('$0 export reports/mine/evidence/mptcp.server.data-fin.v1.ip4 --packetdrill', 'The recording of a run')
      .epilogue(
        'Segments that the language cannot express are reported on standard error; the script has comments in their place.',
      ),
  handler: ({ what, out, seed }) => {
    const { text, left } = writePacketdrill(existsSync(what) ? loadRecording(what) : simulated(what, seed));
    for (const each of left) process.stderr.write(`robe: left out: ${each}\n`);
    if (out === undefined) process.stdout.write(text);
    else writeNamedFile(out, text);
  },
};

const everything = { exclude: [], profiles: [], roles: [], requirements: [], levels: [] } as const;

/** The case as the reference answers it, in the first profile to which it applies. */
const simulated = (id: string, seed: string): { readonly plan: Plan; readonly trace: Trace } => {
  const catalogue = loadSoundCatalogue([], process.cwd());
  const [subject, ...more] = selectOrRefuse(catalogue, { ...everything, select: [id] });
  if (subject === undefined || more.length > 0)
    throw new UsageError([
      `"${id}" means ${more.length + 1} cases; name one of them, as \`robe list ${id}\` shows them`,
    ]);
  const host = subjectsOf('embedded').find((each) => applies(subject, each.claims).applies);
  if (host === undefined || host.time !== 'virtual')
    throw new UsageError([`${id} applies to no profile of the reference`]);
  const { plan, driven } = simulateCase(host, subject, seed);
  return { plan, trace: driven.trace };
};
