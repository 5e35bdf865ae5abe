/** Before a case that depends on the past: the implementation as it is when it was just started. */
import type { LiveSession } from '../../iut/subject.js';

/** Makes it so, as far as these addresses see it; else says why the case is in doubt. */
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
