/** Before a case that depends on the past: resets the implementation to its state after a start. */
import type { LiveSession } from '../../iut/subject.js';

/** Resets it, as far as these addresses are concerned; otherwise says why the case is in doubt. */
export const startAfresh = async (
  freshStart: LiveSession['freshStart'],
  addresses: readonly string[],
): Promise<string | undefined> => {
  const cannot = 'the implementation may remember earlier cases';
  if (freshStart === undefined) return `${cannot}: its control has no way to reset it`;
  const answer = await freshStart.begin(addresses);
  switch (answer.answer) {
    case 'ok':
      return undefined;
    case 'unsupported':
      return `${cannot}: its control does not support a reset`;
    case 'failed':
    case 'lost':
      return `${cannot}: ${answer.why}`;
  }
};
