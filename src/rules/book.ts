/** The book of rules: every rule there is, in the order in which a connection lives. */
import { handshakeRules } from './handshake.js';
import { joinRules } from './join.js';
import { mappingRules } from './mapping.js';
import { robeRules } from './robe.js';
import type { Rule } from './rule.js';
import { signalRules } from './signals.js';
import { tcpRules } from './tcp-header.js';
import { thirdSegmentRules } from './third-segment.js';

/** Rules by topic; a topic is a file. */
export const book: Readonly<Record<string, readonly Rule[]>> = {
  'tcp header': Object.values(tcpRules),
  handshake: Object.values(handshakeRules),
  'third segment': Object.values(thirdSegmentRules),
  joins: Object.values(joinRules),
  mappings: Object.values(mappingRules),
  signals: Object.values(signalRules),
  robe: Object.values(robeRules),
};

export const allRules: readonly Rule[] = Object.values(book).flat();
