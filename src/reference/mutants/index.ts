/** Every mutant, by topic. */
import { joinMutants } from './join.js';
import { keyMutants } from './keys.js';
import { listenerMutants } from './listener.js';
import type { Mutant } from './mutant.js';
import { tcpMutants } from './tcp.js';

export const allMutants: readonly Mutant[] = [...tcpMutants, ...listenerMutants, ...keyMutants, ...joinMutants];
