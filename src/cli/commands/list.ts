/** `robe list`: the cases of the catalogue, selected as for `run`, without running any; or the rules of the book. */
import type { Argv, CommandModule } from 'yargs';
import { loadSoundCatalogue, selectOrRefuse } from '../../conduct/load-catalogue.js';
import { subjectsOf } from '../../conduct/subjects-of.js';
import { allRules, book } from '../../rules/book.js';
import { applies } from '../../suite/catalogue/applicability.js';
import type { ExpandedCase } from '../../suite/language/case.js';
import { counted } from '../../suite/verdict/counted.js';
import { boundText, describeRule } from '../explain/rule-lines.js';
import { type Kind, kinds } from '../list/kinds.js';
import { lineSink } from '../output/line-sink.js';
import { placesOf, type SelectionArguments, selectionOf, withSelection } from '../selection-options.js';

interface ListArguments extends SelectionArguments {
  readonly json: boolean;
  readonly iut?: string | undefined;
  readonly rules: boolean;
  readonly of?: Kind | undefined;
}

const builder = (yargs: Argv<object>): Argv<ListArguments> =>
  withSelection(yargs)
    .option('iut', { type: 'string', requiresArg: true, describe: 'Only cases that apply to this implementation' })
    .option('rules', {
      type: 'boolean',
      default: false,
      describe: 'List the rules for every segment instead: whom each binds, and what it says',
    })
    .option('of', {
      choices: Object.keys(kinds) as Kind[],
      requiresArg: true,
      describe: 'List these instead, one line each; `robe explain NAME` explains one',
    })
    .option('json', { type: 'boolean', default: false, describe: 'One JSON object a line' })
    .example('$0 list robe-downgrade.server', 'Every case of a topic')
    .example('$0 list --requirement ROBE-P1-S-02', 'Every case that cites a requirement')
    .example('$0 list --of fragments', 'The fragments of which cases are made')
    .example('$0 list --of parameters', 'The open points of the sources that have a parameter')
    .example('$0 list --iut lab:linux --role client', "The cases that apply to this machine's kernel as a client");

export const command: CommandModule<object, ListArguments> = {
  builder,
  handler: async (given) => {
    if (given.rules) return listRules(given.json);
    if (given.of !== undefined) return listKind(given.of, placesOf(given), given.json);
    const selected = selectOrRefuse(loadSoundCatalogue(placesOf(given), process.cwd()), selectionOf(given));
    const subjects = given.iut === undefined ? undefined : subjectsOf(given.iut);
    const cases = selected.filter(
      (each) => subjects === undefined || subjects.some(({ claims }) => applies(each, claims).applies),
    );
    const lines = lineSink(process.stdout);
    const width = Math.max(...cases.map(({ id }) => id.length));
    for (const each of cases) {
      if (!(await lines.write(given.json ? JSON.stringify(describe(each)) : `${each.id.padEnd(width)}  ${each.title}`)))
        break;
    }
    await lines.end();
    if (!given.json) process.stderr.write(`${counted(cases.length, 'case')}\n`);
  },
};

const listKind = async (kind: Kind, places: readonly string[], json: boolean): Promise<void> => {
  const listed = kinds[kind](places);
  const width = Math.max(0, ...listed.map(({ name }) => name.length));
  const lines = lineSink(process.stdout);
  for (const each of listed)
    if (!(await lines.write(json ? JSON.stringify(each) : `${each.name.padEnd(width)}  ${each.says}`))) break;
  await lines.end();
  if (!json) process.stderr.write(`${listed.length} ${kind}; \`robe explain NAME\` explains one\n`);
};

const listRules = async (json: boolean): Promise<void> => {
  const lines = lineSink(process.stdout);
  const width = Math.max(...allRules.map(({ name }) => name.length));
  for (const [topic, rules] of Object.entries(book)) {
    if (!json) await lines.write(`${topic}`);
    for (const rule of rules)
      await lines.write(
        json
          ? JSON.stringify({ topic, ...describeRule(rule) })
          : `  ${rule.name.padEnd(width)}  ${rule.level.padEnd(6)}  ${boundText(rule)}: ${rule.says}`,
      );
  }
  await lines.end();
  if (!json) process.stderr.write(`${counted(allRules.length, 'rule')}; \`robe explain RULE\` explains one\n`);
};

const describe = (each: ExpandedCase) => ({
  id: each.id,
  title: each.title,
  role: each.role,
  profiles: each.profiles,
  requirements: each.requirements,
  ip: each.ip,
  paths: each.paths,
  control: each.control,
  ...(each.mptcp === undefined ? {} : { mptcp: each.mptcp }),
  parameters: each.parameters,
  file: each.origin.file,
  line: each.origin.line,
});
