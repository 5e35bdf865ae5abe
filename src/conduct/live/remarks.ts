/** Remarks of a runner on a run as a whole, one sentence each, with a few examples. */
import { counted } from '../../suite/verdict/counted.js';

const fewForeign = 3;

export const tellForeign = (connections: readonly string[]): string =>
  `the implementation still had ${counted(connections.length, 'connection')} of an earlier run, which no case was shown and ` +
  `which were reset: ${connections.slice(0, fewForeign).join(', ')}` +
  (connections.length > fewForeign ? ` and ${connections.length - fewForeign} more` : '');

const fewVoided = 3;

export const tellVoided = (attempts: readonly string[]): string =>
  `this machine was held up, so ${counted(attempts.length, 'attempt')} showed nothing and began again: ` +
  attempts.slice(0, fewVoided).join(', ') +
  (attempts.length > fewVoided ? ` and ${attempts.length - fewVoided} more` : '');
