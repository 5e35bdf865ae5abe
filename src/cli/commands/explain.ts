/** `robe explain CASE|REQUIREMENT`: what a case asks, step by step, and what it stands on; or what a requirement says. */
import { readFileSync } from 'node:fs';
import type { CommandModule } from 'yargs';
import { loadSoundCatalogue } from '../../conduct/load-catalogue.js';
import { UsageError } from '../../conduct/usage-error.js';
import type { Catalogue } from '../../suite/catalogue/catalogue.js';
import { didYouMean } from '../../suite/catalogue/near-miss.js';
import { caseLines } from '../explain/case-lines.js';
import { requirementLines } from '../explain/requirement-lines.js';

interface ExplainArguments {
  readonly name: string;
  readonly cases?: readonly string[] | undefined;
}

export const command: CommandModule<object, ExplainArguments> = {
  builder: (yargs) =>
    yargs
      .positional('name', { type: 'string', demandOption: true, describe: 'Id of a case or of a requirement' })
      .option('cases', { type: 'string', array: true, requiresArg: true, nargs: 1, describe: 'Cases of your own' })
      .example('$0 explain ROBE-P1-S-02', 'What the requirement says and which cases stand on it')
      .example('$0 explain tcp.server.handshake', 'What a case does, and why'),
  handler: ({ name, cases }) => {
    const catalogue = loadSoundCatalogue(cases ?? [], process.cwd());
    const lines = explain(name, catalogue);
    if (lines === undefined) {
      const known = [
        ...catalogue.requirements.keys(),
        ...new Set(catalogue.cases.flatMap(({ id, authoredId }) => [id, authoredId])),
      ];
      throw new UsageError([
        `"${name}" is neither a case nor a requirement${didYouMean(name, known)}; \`robe list\` and \`robe coverage --details\` show what there is`,
      ]);
    }
    process.stdout.write(`${lines.join('\n')}\n`);
  },
};

const explain = (name: string, catalogue: Catalogue): readonly string[] | undefined => {
  const requirement = catalogue.requirements.get(name);
  if (requirement !== undefined) return requirementLines(requirement, catalogue);
  const expansions = catalogue.cases.filter(({ id, authoredId }) => id === name || authoredId === name);
  return expansions.length === 0 ? undefined : caseLines(expansions, catalogue, (file) => readFileSync(file, 'utf8'));
};
