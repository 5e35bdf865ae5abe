/** Which abilities of the implementation a case needs: those that its flows name. */
import { type Ability, abilities } from '../language/ability.js';
import type { FlowDeclaration, Role } from '../language/case.js';

/** Each once, in the order of the table of abilities. */
export function neededAbilities(role: Role, flows: Readonly<Record<string, FlowDeclaration>>): readonly Ability[] {
  const declared = Object.values(flows);
  const needed = new Set<Ability>();
  if (role === 'server' && declared.some(({ server }) => server === 2)) needed.add('second-address');
  if (declared.some(({ port }) => port === 'second')) needed.add('second-port');
  return abilities.filter((each) => needed.has(each));
}
