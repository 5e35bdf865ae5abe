/** Every variant, by topic. */
import { acknowledgingVariants } from './acknowledging.js';
import { applicationVariants } from './applications.js';
import { establishingVariants } from './establishing.js';
import { joinVariants } from './joins.js';
import { openPointVariants } from './open-points.js';
import { resetVariants } from './resets.js';
import { schedulingVariants } from './scheduling.js';
import { segmentVariants } from './segments.js';
import { sequenceNumberVariants } from './sequence-numbers.js';
import { signalVariants } from './signals.js';
import { tcpOptionVariants } from './tcp-options.js';
import type { Variant } from './variant.js';
import { windowVariants } from './windows.js';

export const allVariants: readonly Variant[] = [
  ...acknowledgingVariants,
  ...windowVariants,
  ...applicationVariants,
  ...segmentVariants,
  ...tcpOptionVariants,
  ...resetVariants,
  ...sequenceNumberVariants,
  ...signalVariants,
  ...schedulingVariants,
  ...joinVariants,
  ...establishingVariants,
  ...openPointVariants,
];
