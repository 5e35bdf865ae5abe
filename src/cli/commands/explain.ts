/**
 * `robe explain NAME`: explains a case step by step and its requirements; a requirement or rule; a variant and the
 * sentence that grants it; the defect of a mutant; the steps of a fragment; an open point; a parameter and its values.
 */
import { readFileSync } from 'node:fs';
import type { CommandModule } from 'yargs';
import { readCatalogueFiles } from '../../conduct/catalogue-files.js';
import { loadSoundCatalogue } from '../../conduct/load-catalogue.js';
import { UsageError } from '../../conduct/usage-error.js';
import { allMutants } from '../../mutants/index.js';
import { allRules } from '../../rules/book.js';
import type { Catalogue } from '../../suite/catalogue/catalogue.js';
import { listFragments } from '../../suite/catalogue/list-fragments.js';
import { didYouMean } from '../../suite/catalogue/near-miss.js';
import { parameterDefaults } from '../../suite/language/parameters.js';
import { allVariants } from '../../variants/index.js';
import { caseLines } from '../explain/case-lines.js';
import { fragmentLines } from '../explain/fragment-lines.js';
import { mutantLines } from '../explain/mutant-lines.js';
import { readOpenPoints } from '../explain/open-points.js';
import { parameterLines, pointLines } from '../explain/point-lines.js';
import { requirementLines } from '../explain/requirement-lines.js';
import { ruleLines } from '../explain/rule-lines.js';
import { variantLines } from '../explain/variant-lines.js';
import { folded } from '../output/fold.js';

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
        describe:
          'A case, requirement, rule, fragment, parameter, open point (I-05), mutant or variant, by its id or name',
      })
      .option('cases', { type: 'string', array: true, requiresArg: true, nargs: 1, describe: 'Cases of your own' })
      .example('$0 explain ROBE-P1-S-02', 'A requirement, and the cases that test it')
      .example('$0 explain join-hmac', 'A rule for every segment, and its requirement')
      .example('$0 explain p1.flag_mismatch', 'A parameter, its values, and the cases that depend on it')
      .example('$0 explain established', 'A fragment, with its steps')
      .example('$0 explain tcp.server.connection', 'A case, its steps, and why'),
  handler: ({ name, cases }) => {
    const catalogue = loadSoundCatalogue(cases ?? [], process.cwd());
    const lines = explain(name, catalogue, cases ?? []);
    if (lines === undefined) {
      const known = [
        ...catalogue.requirements.keys(),
        ...allRules.map((rule) => rule.name),
        ...new Set(catalogue.cases.flatMap(({ id, authoredId }) => [id, authoredId])),
        ...allVariants.map(({ id }) => id),
        ...allMutants.map(({ id }) => id),
        ...Object.keys(parameterDefaults),
      ];
      throw new UsageError([
        `"${name}" is no case, requirement, rule, variant, mutant, fragment, parameter or open point${didYouMean(name, known)}; \`robe list\` and \`robe list --of KIND\` show what there is`,
      ]);
    }
    process.stdout.write(`${folded(lines.join('\n'), process.stdout)}\n`);
  },
};

const explain = (name: string, catalogue: Catalogue, places: readonly string[]): readonly string[] | undefined => {
  const requirement = catalogue.requirements.get(name);
  if (requirement !== undefined) return requirementLines(requirement, catalogue);
  const rule = allRules.find((each) => each.name === name);
  if (rule !== undefined) return ruleLines(rule, catalogue);
  const variant = allVariants.find(({ id }) => id === name);
  if (variant !== undefined) return variantLines(variant);
  const mutant = allMutants.find(({ id }) => id === name);
  if (mutant !== undefined) return mutantLines(mutant, catalogue);
  if (Object.hasOwn(parameterDefaults, name)) return parameterLines(name, catalogue);
  const point = readOpenPoints().find(({ id }) => id === name);
  if (point !== undefined) return pointLines(point);
  const read = (file: string): string => readFileSync(file, 'utf8');
  const expansions = catalogue.cases.filter(({ id, authoredId }) => id === name || authoredId === name);
  if (expansions.length > 0) return caseLines(expansions, catalogue, read);
  const fragments = listFragments(readCatalogueFiles(places, process.cwd())).filter((each) => each.name === name);
  return fragments.length === 0
    ? undefined
    : fragments.flatMap((each, index) => [...(index > 0 ? [''] : []), ...fragmentLines(each, read)]);
};
