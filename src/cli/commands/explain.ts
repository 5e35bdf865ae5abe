/**
 * `robe explain CASE|REQUIREMENT|RULE|VARIANT|MUTANT`: what a case asks, step by step, and what it stands on; what a requirement or
 * rule says; what a variant does and which sentence grants it; what a mutant does wrong.
 */
import { readFileSync } from 'node:fs';
import type { CommandModule } from 'yargs';
import { loadSoundCatalogue } from '../../conduct/load-catalogue.js';
import { UsageError } from '../../conduct/usage-error.js';
import { allMutants } from '../../mutants/index.js';
import { allRules } from '../../rules/book.js';
import type { Catalogue } from '../../suite/catalogue/catalogue.js';
import { didYouMean } from '../../suite/catalogue/near-miss.js';
import { allVariants } from '../../variants/index.js';
import { caseLines } from '../explain/case-lines.js';
import { mutantLines } from '../explain/mutant-lines.js';
import { requirementLines } from '../explain/requirement-lines.js';
import { ruleLines } from '../explain/rule-lines.js';
import { variantLines } from '../explain/variant-lines.js';

interface ExplainArguments {
  readonly name: string;
  readonly cases?: readonly string[] | undefined;
}

export const command: CommandModule<object, ExplainArguments> = {
  builder: (yargs) =>
    yargs
      .positional('name', {
        type: 'string',
        demandOption: true,
        describe: 'Id of a case, a requirement, a variant or a mutant, or name of a rule',
      })
      .option('cases', { type: 'string', array: true, requiresArg: true, nargs: 1, describe: 'Cases of your own' })
      .example('$0 explain ROBE-P1-S-02', 'What the requirement says and which cases stand on it')
      .example('$0 explain join-hmac', 'What a rule asks of every segment, and what it stands on')
      .example('$0 explain tcp.server.connection', 'What a case does, and why'),
  handler: ({ name, cases }) => {
    const catalogue = loadSoundCatalogue(cases ?? [], process.cwd());
    const lines = explain(name, catalogue);
    if (lines === undefined) {
      const known = [
        ...catalogue.requirements.keys(),
        ...allRules.map((rule) => rule.name),
        ...new Set(catalogue.cases.flatMap(({ id, authoredId }) => [id, authoredId])),
        ...allVariants.map(({ id }) => id),
        ...allMutants.map(({ id }) => id),
      ];
      throw new UsageError([
        `"${name}" is no case, requirement, rule, variant or mutant${didYouMean(name, known)}; \`robe list\`, \`robe list --rules\`, \`robe coverage --details\`, \`robe variants --list\` and \`robe mutants\` show what there is`,
      ]);
    }
    process.stdout.write(`${lines.join('\n')}\n`);
  },
};

const explain = (name: string, catalogue: Catalogue): readonly string[] | undefined => {
  const requirement = catalogue.requirements.get(name);
  if (requirement !== undefined) return requirementLines(requirement, catalogue);
  const rule = allRules.find((each) => each.name === name);
  if (rule !== undefined) return ruleLines(rule, catalogue);
  const variant = allVariants.find(({ id }) => id === name);
  if (variant !== undefined) return variantLines(variant);
  const mutant = allMutants.find(({ id }) => id === name);
  if (mutant !== undefined) return mutantLines(mutant, catalogue);
  const expansions = catalogue.cases.filter(({ id, authoredId }) => id === name || authoredId === name);
  return expansions.length === 0 ? undefined : caseLines(expansions, catalogue, (file) => readFileSync(file, 'utf8'));
};
