/** The book of rules: all rules, in the order of the life of a connection. */
import { announcementRules } from './announcements.js';
import { congestionRules } from './congestion.js';
import { connectionWindowRules } from './connection-window.js';
import { dataAckRules } from './data-ack.js';
import { dataEndRules } from './data-end.js';
import { dataSequenceRules } from './data-sequence.js';
import { echoRules } from './echo.js';
import { fallbackRules } from './fallback.js';
import { handshakeRules } from './handshake.js';
import { joinRules } from './join.js';
import { joinTargetRules } from './join-targets.js';
import { mappingRules } from './mapping.js';
import { openingRules } from './openings.js';
import { optionAckRules } from './option-acks.js';
import { probeRules } from './probes.js';
import { retransmissionRules } from './retransmission.js';
import { robeRules } from './robe.js';
import type { Rule } from './rule.js';
import { secretRules } from './secrets.js';
import { signalRules } from './signals.js';
import { tcpRules } from './tcp-header.js';
import { tcpNumberRules } from './tcp-numbers.js';
import { tcpOptionRules } from './tcp-options.js';
import { thirdSegmentRules } from './third-segment.js';
import { timestampRules } from './timestamps.js';

/** Rules by topic; a topic is a file. */
export const book: Readonly<Record<string, readonly Rule[]>> = {
  'tcp header': Object.values(tcpRules),
  'tcp options': Object.values(tcpOptionRules),
  'tcp numbers': Object.values(tcpNumberRules),
  'tcp timestamps': Object.values(timestampRules),
  retransmission: Object.values(retransmissionRules),
  probes: Object.values(probeRules),
  congestion: Object.values(congestionRules),
  handshake: Object.values(handshakeRules),
  'third segment': Object.values(thirdSegmentRules),
  secrets: Object.values(secretRules),
  openings: Object.values(openingRules),
  joins: Object.values(joinRules),
  'join targets': Object.values(joinTargetRules),
  mappings: Object.values(mappingRules),
  'data sequence': Object.values(dataSequenceRules),
  'data end': Object.values(dataEndRules),
  fallback: Object.values(fallbackRules),
  'data ack': Object.values(dataAckRules),
  'connection window': Object.values(connectionWindowRules),
  echo: Object.values(echoRules),
  announcements: Object.values(announcementRules),
  signals: Object.values(signalRules),
  'acknowledgments for options': Object.values(optionAckRules),
  robe: Object.values(robeRules),
};

export const allRules: readonly Rule[] = Object.values(book).flat();
