/** Every variant, by topic. */
import { ackHabitVariants } from './ack-habits.js';
import { acknowledgingVariants } from './acknowledging.js';
import { applicationVariants } from './applications.js';
import { carriageVariants } from './carriage.js';
import { closingVariants } from './closing.js';
import { congestionVariants } from './congestion.js';
import { dataLevelVariants } from './data-level.js';
import { establishingVariants } from './establishing.js';
import { firstDataVariants } from './first-data.js';
import { gapVariants } from './gaps.js';
import { joinVariants } from './joins.js';
import { keepaliveVariants } from './keepalives.js';
import { lateSignalVariants } from './late-signals.js';
import { numberVariants } from './numbers.js';
import { openPointVariants } from './open-points.js';
import { otherMptcpVariants } from './other-mptcp.js';
import { otherStackVariants } from './other-stacks.js';
import { ownJoinVariants } from './own-joins.js';
import { pacingVariants } from './pacing.js';
import { resetVariants } from './resets.js';
import { retransmissionVariants } from './retransmission.js';
import { schedulingVariants } from './scheduling.js';
import { segmentVariants } from './segments.js';
import { sequenceNumberVariants } from './sequence-numbers.js';
import { sharedMappingVariants } from './shared-mappings.js';
import { signalVariants } from './signals.js';
import { tcpOptionVariants } from './tcp-options.js';
import type { Variant } from './variant.js';
import { windowVariants } from './windows.js';

export const allVariants: readonly Variant[] = [
  ...acknowledgingVariants,
  ...ackHabitVariants,
  ...keepaliveVariants,
  ...pacingVariants,
  ...congestionVariants,
  ...carriageVariants,
  ...retransmissionVariants,
  ...gapVariants,
  ...windowVariants,
  ...applicationVariants,
  ...segmentVariants,
  ...tcpOptionVariants,
  ...numberVariants,
  ...resetVariants,
  ...sequenceNumberVariants,
  ...signalVariants,
  ...lateSignalVariants,
  ...dataLevelVariants,
  ...firstDataVariants,
  ...sharedMappingVariants,
  ...schedulingVariants,
  ...joinVariants,
  ...ownJoinVariants,
  ...closingVariants,
  ...establishingVariants,
  ...otherStackVariants,
  ...otherMptcpVariants,
  ...openPointVariants,
];
