/** Every variant, by topic. */
import { acknowledgingVariants } from './acknowledging.js';
import { applicationVariants } from './applications.js';
import { closingVariants } from './closing.js';
import { establishingVariants } from './establishing.js';
import { joinVariants } from './joins.js';
import { numberVariants } from './numbers.js';
import { openPointVariants } from './open-points.js';
import { ownJoinVariants } from './own-joins.js';
import { resetVariants } from './resets.js';
import { retransmissionVariants } from './retransmission.js';
import { schedulingVariants } from './scheduling.js';
import { segmentVariants } from './segments.js';
import { sequenceNumberVariants } from './sequence-numbers.js';
import { signalVariants } from './signals.js';
import { tcpOptionVariants } from './tcp-options.js';
import type { Variant } from './variant.js';
import { windowVariants } from './windows.js';

export const allVariants: readonly Variant[] = [
  ...acknowledgingVariants,
  ...retransmissionVariants,
  ...windowVariants,
  ...applicationVariants,
  ...segmentVariants,
  ...tcpOptionVariants,
  ...numberVariants,
  ...resetVariants,
  ...sequenceNumberVariants,
  ...signalVariants,
  ...schedulingVariants,
  ...joinVariants,
  ...ownJoinVariants,
  ...closingVariants,
  ...establishingVariants,
  ...openPointVariants,
];
