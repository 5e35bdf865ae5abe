/**
 * Abilities of an implementation beyond its role and profiles. A case that needs an ability applies only to
 * implementations that declare it.
 */
export const abilityMeanings = {
  'second-address': 'the host serves at a second address of its own',
  'second-port': 'the host serves at a second port',
  'signals-as-client': 'control has a client announce, withdraw and prioritise its addresses',
  'signals-as-server': 'control has a server announce, withdraw and prioritise its addresses',
} as const;

export type Ability = keyof typeof abilityMeanings;

export const abilities = Object.keys(abilityMeanings) as readonly Ability[];
