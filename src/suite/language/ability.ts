/**
 * What an implementation may be able to do beyond what its role and profiles say. A case that needs an ability applies to those
 * who declare it, and to nobody else.
 */
export const abilityMeanings = {
  'second-address': 'the host serves at a second address of its own',
  'second-port': 'the host serves at a second port',
  'signals-as-client': 'control has a client announce, withdraw and prioritise its addresses',
  'signals-as-server': 'control has a server announce, withdraw and prioritise its addresses',
} as const;

export type Ability = keyof typeof abilityMeanings;

export const abilities = Object.keys(abilityMeanings) as readonly Ability[];
