/** Which abilities of the implementation a case needs: those that its flows name, and what it asks of control. */
import { type Ability, abilities } from '../language/ability.js';
import type { FlowDeclaration, Role } from '../language/case.js';
import { type Step, signalVerbs } from '../language/step.js';

/** Each once, in the order of the table of abilities. */
export function neededAbilities(
  role: Role,
  flows: Readonly<Record<string, FlowDeclaration>>,
  steps: readonly Step[],
): readonly Ability[] {
  const declared = Object.values(flows);
  const signals = steps.filter((step) => step.step === 'control').filter(({ verb }) => signalVerbs.includes(verb));
  const needed = new Set<Ability>();
  const second = declared.some(({ server }) => server === 2) || signals.some(({ server }) => server === 2);
  if (role === 'server' && second) needed.add('second-address');
  if (declared.some(({ port }) => port === 'second')) needed.add('second-port');
  if (signals.length > 0) needed.add(`signals-as-${role}`);
  return abilities.filter((each) => needed.has(each));
}
