/** Every mutant, by topic. */

import { addressLifeMutants } from './address-life.js';
import { afterLossMutants } from './after-a-loss.js';
import { announcedMutants } from './announced.js';
import { breakBeforeMakeMutants } from './break-before-make.js';
import { clientMutants } from './client.js';
import { clientAnswerMutants } from './client-answers.js';
import { clientToleranceMutants } from './client-tolerance.js';
import { continuityMutants } from './continuity.js';
import { cryptoBitMutants } from './crypto-bits.js';
import { dataMutants } from './data.js';
import { dataSequenceMutants } from './data-sequence.js';
import { declaredMutants } from './declared.js';
import { downgradeClientMutants } from './downgrade-client.js';
import { downgradeServerMutants } from './downgrade-server.js';
import { elsewhere } from './elsewhere.js';
import { endingMutants } from './endings.js';
import { esimClientMutants } from './esim-client.js';
import { esimMisuseMutants } from './esim-misuse.js';
import { esimServerMutants } from './esim-server.js';
import { fallbackMutants } from './fallback.js';
import { icmpMutants } from './icmp.js';
import { ipsMutants } from './ips.js';
import { joinAgainMutants } from './join-again.js';
import { joinClientMutants } from './join-client.js';
import { joinReasonMutants } from './join-reasons.js';
import { joinServerMutants } from './join-server.js';
import { keyMutants } from './keys.js';
import { lateFailureMutants } from './late-failures.js';
import { limitMutants } from './limits.js';
import { listenerMutants } from './listener.js';
import { livenessMutants } from './liveness.js';
import { malformedMutants } from './malformed.js';
import { manyPiecesMutants } from './many-pieces.js';
import type { Mutant } from './mutant.js';
import { overallMutants } from './overall.js';
import { placeMutants } from './places.js';
import { rarityMutants } from './rarities.js';
import { robeAgainMutants } from './robe-again.js';
import { robeConsequenceMutants } from './robe-consequences.js';
import { robeFlowMutants } from './robe-flows.js';
import { robeFourthMutants } from './robe-fourth.js';
import { robeLateMutants } from './robe-late.js';
import { robePlaceMutants } from './robe-places.js';
import { robeSameKeyMutants } from './robe-same-key.js';
import { seldomAloneMutants } from './seldom-alone.js';
import { signalMutants } from './signals.js';
import { simMutants } from './sim.js';
import { strangerMutants } from './strangers.js';
import { tcpClientMutants } from './tcp-client.js';
import { tcpExtensionMutants } from './tcp-extensions.js';
import { tcpLateMutants } from './tcp-late.js';
import { tcpLossMutants } from './tcp-losses.js';
import { tcpNumberMutants } from './tcp-numbers.js';
import { tcpOddSegmentMutants } from './tcp-odd-segments.js';
import { tcpAgainMutants, tcpRetransmissionMutants, tcpWindowMutants } from './tcp-retransmission.js';
import { tcpServerMutants } from './tcp-server.js';
import { tcpClosingMutants, tcpStreamMutants } from './tcp-stream.js';
import { tcpTrackerBugs } from './tcp-tracker-bugs.js';
import { thirdSegmentMutants } from './third-segment.js';
import { timerMutants } from './timer.js';
import { toldAddressMutants } from './told-addresses.js';
import { toleranceMutants } from './tolerance.js';
import { trackerMutants } from './tracker-bugs.js';
import { unlikeFlowMutants } from './unlike-flows.js';
import { variantMutants } from './variants.js';
import { watchedTcpMutants } from './watched.js';
import { watchedDataMutants } from './watched-data.js';
import { watchedEndMutants } from './watched-ends.js';
import { watchedHeaderMutants } from './watched-headers.js';
import { watchedSignalMutants } from './watched-signals.js';
import { windowEdgeMutants } from './window-edges.js';

const own: readonly Mutant[] = [
  ...declaredMutants,
  ...tcpServerMutants,
  ...tcpNumberMutants,
  ...tcpStreamMutants,
  ...tcpClosingMutants,
  ...tcpClientMutants,
  ...listenerMutants,
  ...thirdSegmentMutants,
  ...cryptoBitMutants,
  ...malformedMutants,
  ...keyMutants,
  ...clientMutants,
  ...clientAnswerMutants,
  ...joinServerMutants,
  ...joinReasonMutants,
  ...joinClientMutants,
  ...dataMutants,
  ...continuityMutants,
  ...seldomAloneMutants,
  ...signalMutants,
  ...fallbackMutants,
  ...lateFailureMutants,
  ...unlikeFlowMutants,
  ...afterLossMutants,
  ...downgradeServerMutants,
  ...downgradeClientMutants,
  ...breakBeforeMakeMutants,
  ...tcpTrackerBugs,
  ...timerMutants,
  ...simMutants,
  ...esimServerMutants,
  ...esimClientMutants,
  ...ipsMutants,
  ...livenessMutants,
  ...variantMutants,
  ...icmpMutants,
  ...endingMutants,
  ...toldAddressMutants,
  ...toleranceMutants,
  ...clientToleranceMutants,
  ...strangerMutants,
  ...esimMisuseMutants,
  ...rarityMutants,
  ...overallMutants,
  ...tcpOddSegmentMutants,
  ...tcpLateMutants,
  ...tcpExtensionMutants,
  ...manyPiecesMutants,
  ...tcpLossMutants,
  ...tcpRetransmissionMutants,
  ...tcpWindowMutants,
  ...tcpAgainMutants,
  ...windowEdgeMutants,
  ...watchedTcpMutants,
  ...watchedHeaderMutants,
  ...trackerMutants,
  ...watchedDataMutants,
  ...watchedEndMutants,
  ...watchedSignalMutants,
  ...placeMutants,
  ...robePlaceMutants,
  ...joinAgainMutants,
  ...dataSequenceMutants,
  ...robeAgainMutants,
  ...robeConsequenceMutants,
  ...robeFlowMutants,
  ...robeFourthMutants,
  ...robeLateMutants,
  ...robeSameKeyMutants,
  ...announcedMutants,
  ...addressLifeMutants,
  ...limitMutants,
];

export const allMutants: readonly Mutant[] = [...own, ...elsewhere(own)];
