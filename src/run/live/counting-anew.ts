/**
 * Counts of accepted connections, from now on. Control counts by the tester's address for the life of the implementation;
 * a reused address has the counts of the earlier case or run.
 */
import type { Control } from '../../iut/contract.js';
import type { LiveSession } from '../../iut/subject.js';
import type { ControlAnswer } from '../../suite/scenario/contract.js';
import type { Loan } from '../allocation.js';
import type { World } from '../world.js';

/** If the implementation may have seen the addresses of a case before, counting starts anew. */
export const controlFor = async (
  { control, freshStart }: Pick<LiveSession, 'control' | 'freshStart'>,
  { addresses, lentBefore }: Loan,
): Promise<World['control']> => {
  const isNew = !lentBefore && freshStart !== undefined;
  return control === undefined || isNew ? control : await countingAnew(control, addresses);
};

type Counts = ReadonlyMap<string, number>;

/** Asks control for its present counts of these addresses; the returned control subtracts them. */
const countingAnew = async (
  control: Pick<Control, 'perform'>,
  addresses: readonly string[],
): Promise<Pick<Control, 'perform'>> => {
  const before = new Map<string, Counts>();
  for (const address of addresses) before.set(address, countsIn(await ask(control, address)));
  return {
    perform(command, answered) {
      if (command.verb !== 'accepted') control.perform(command, answered);
      else {
        const from = [...new Set(command.from)];
        control.perform({ ...command, from }, (answer) => answered(without(answer, from, before)));
      }
    },
  };
};

const ask = (control: Pick<Control, 'perform'>, address: string): Promise<ControlAnswer> =>
  new Promise((resolve) => control.perform({ verb: 'accepted', from: [address] }, resolve));

const countsIn = (answer: ControlAnswer): Counts =>
  new Map(
    answer.answer === 'ok'
      ? Object.entries(answer.result).flatMap(([name, value]) => (typeof value === 'number' ? [[name, value]] : []))
      : [],
  );

const without = (
  answer: ControlAnswer,
  from: readonly string[],
  before: ReadonlyMap<string, Counts>,
): ControlAnswer => {
  if (answer.answer !== 'ok') return answer;
  const earlier = (name: string): number =>
    from.reduce((sum, address) => sum + (before.get(address)?.get(name) ?? 0), 0);
  const result = Object.entries(answer.result).map(([name, value]) => [
    name,
    typeof value === 'number' ? value - earlier(name) : value,
  ]);
  return { ...answer, result: Object.fromEntries(result) };
};
