/** The abilities of the implementation that a case needs: by its flows, and by its requests to control. */
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
