/** Names that stand for a number of the step's own flow: `scenario/scope.ts` gives their values. */
export const flowNumbers = ['isn', 'next', 'peer_isn', 'expected'] as const;
