/** Every mutant, by topic. */
import type { Mutant } from './mutant.js';
import { tcpMutants } from './tcp.js';

export const allMutants: readonly Mutant[] = [...tcpMutants];
