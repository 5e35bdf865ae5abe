/** Every mutant, by topic. */
import { breakBeforeMakeMutants } from './break-before-make.js';
import { clientMutants } from './client.js';
import { dataMutants } from './data.js';
import { downgradeMutants } from './downgrade.js';
import { esimMutants } from './esim.js';
import { fallbackMutants } from './fallback.js';
import { ipsMutants } from './ips.js';
import { joinMutants } from './join.js';
import { keyMutants } from './keys.js';
import { listenerMutants } from './listener.js';
import { livenessMutants } from './liveness.js';
import type { Mutant } from './mutant.js';
import { simMutants } from './sim.js';
import { tcpMutants } from './tcp.js';
import { timerMutants } from './timer.js';
import { variantMutants } from './variants.js';

export const allMutants: readonly Mutant[] = [
  ...tcpMutants,
  ...listenerMutants,
  ...keyMutants,
  ...clientMutants,
  ...joinMutants,
  ...dataMutants,
  ...fallbackMutants,
  ...downgradeMutants,
  ...breakBeforeMakeMutants,
  ...timerMutants,
  ...simMutants,
  ...esimMutants,
  ...ipsMutants,
  ...livenessMutants,
  ...variantMutants,
];
