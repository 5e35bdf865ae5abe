/** Mutants with triggers as text and as JSON. */
import { sumUpTriggers, type TriggerRow } from '../../run/matrix/trigger-trial.js';
import { counted } from '../../suite/verdict/counted.js';

const isSurvivor = ({ fires, noticedBy }: TriggerRow): boolean => fires && noticedBy === undefined;

const percent = (part: number, whole: number): string =>
  whole === 0 ? '100' : ((100 * part) / whole).toFixed(1).replace(/\.0$/, '');

/** The table, then the survivors with a case in which they show, the summary last. */
export function* triggerLines(rows: readonly TriggerRow[]): Generator<string> {
  const figures = sumUpTriggers(rows);
  const width = Math.max(7, ...figures.map(({ trigger }) => trigger.length));
  const line = (name: string, ...cells: readonly (string | number)[]) =>
    [name.padEnd(width), ...cells.map((cell) => String(cell).padStart(11))].join('  ');
  yield line('trigger', 'mutants', 'never fired', 'noticed', 'by citing', 'of fired');
  for (const { trigger, mutants, neverFired, noticed, noticedByCiting } of figures)
    yield line(trigger, mutants, neverFired, noticed, noticedByCiting, `${percent(noticed, mutants - neverFired)} %`);
  yield '';
  const survivors = rows.filter(isSurvivor);
  if (survivors.length > 0) {
    yield 'Nothing notices these, though their packets differ in the case named:';
    for (const { mutant, trigger, seenIn } of survivors) yield `  ${mutant} ${trigger}: ${seenIn}`;
    yield '';
  }
  const fired = rows.filter(({ fires }) => fires).length;
  const noticed = rows.filter(({ noticedBy }) => noticedBy !== undefined).length;
  yield `${counted(rows.length, 'pair')} of mutant and trigger, ${fired} with an occasion in some dialogue, ${noticed} of these noticed (${percent(noticed, fired)} %)`;
}

/** Stable names. */
export const triggersJson = (rows: readonly TriggerRow[]): object => ({
  triggers: sumUpTriggers(rows),
  survivors: rows.filter(isSurvivor).map(({ mutant, trigger, seenIn }) => ({ mutant, trigger, seenIn })),
  uncited: rows
    .filter(({ noticedBy, citedBy }) => noticedBy !== undefined && citedBy === undefined)
    .map(({ mutant, trigger, noticedBy }) => ({ mutant, trigger, noticedBy })),
  neverFired: rows.filter(({ fires }) => !fires).map(({ mutant, trigger }) => ({ mutant, trigger })),
});
