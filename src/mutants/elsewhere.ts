/**
 * Defects of one implementation that another one may have just as well: the same fault in a host of another profile or in
 * the other role, which other cases have to notice.
 */
import type { EstablishmentProfile } from '../reference/contract.js';
import type { Mutant } from './mutant.js';

/** Which mutants occur once more, by where; `id as REQUIREMENT` where it breaks another sentence there. */
type Place = `${EstablishmentProfile} ${'server' | 'client'}`;
const places: Partial<Readonly<Record<Place, readonly string[]>>> = {
  'tcp client': [
    'old-segment-resets',
    'unknown-option-drops-the-segment',
    'stray-reset-from-number-zero',
    'reset-outside-window-taken',
    'reset-at-any-number-in-window',
    'syn-on-live-flow-resets-it',
    'syn-on-live-flow-starts-anew',
    'gap-acknowledged',
    'repeated-data-delivered',
    'partly-old-data-dropped',
    'data-sent-once',
    'window-ignored',
    'window-taken-unscaled',
    'timestamps-forgotten',
    'timestamps-not-agreed',
    'segment-size-ignored',
    'fin-sent-once',
    'repeated-fin-unanswered',
    'keep-alive-unanswered',
    'old-segment-unanswered',
    'illegal-option-length-crashes',
    'padding-read-as-options',
    'options-behind-nop-unread',
    'option-beside-data-drops-the-segment',
    'wrong-checksum-taken',
    'urgent-segment-dropped',
    'urgent-data-of-one-octet-alone',
    'closed-window-never-probed',
    'probes-given-up-though-answered',
    'data-without-ack-bit-taken',
    'data-beside-an-ack-of-the-unsent-taken',
    'ack-of-the-unsent-unanswered',
    'retransmission-acknowledges-as-at-first',
    'reset-with-text-dropped',
  ],
  'mptcp client': [
    'syn-never-repeated',
    'old-segment-unanswered',
    'refusal-ignored',
    'wrong-acknowledgment-accepted-in-syn-sent',
    'infinite-mapping-missing',
    'mapping-without-checksum-accepted',
    'simultaneous-open-refused',
    'announcement-not-echoed',
    'echo-without-port',
    'echo-with-another-id',
    'second-announcement-not-echoed',
    'failed-join-without-reason',
    'data-level-copies-delivered-again',
    'reset-of-one-subflow-resets-all',
    'fastclose-ignored',
    'unknown-option-drops-the-segment',
    'short-dsn-unread',
    'upper-half-of-dsn-ignored',
    'unknown-address-removed-resets',
    'checksum-failure-resets-without-mp-fail',
    'data-acks-after-infinite-mapping',
    'unknown-reset-reason-keeps-the-flow',
    'unassigned-flags-of-an-announcement-read',
    'reset-reason-without-reset-taken',
    'removal-outside-the-window-obeyed',
    'announcement-outside-the-window-obeyed',
    'data-without-data-ack-dropped',
  ],
  'mptcp server': [
    'window-ignored as RFC6824-3.3-33',
    'exact-reset-ignored',
    'reset-in-syn-received-ignored',
    'reset-in-syn-received-answered',
    'old-segment-unanswered',
    'syn-ack-acknowledges-an-octet-too-many',
    'stray-acknowledgment-ignored',
  ],
  'robe-downgrade client': [
    'syn-never-repeated',
    'further-flow-without-data',
    'attaches-after-fallback',
    'wrong-acknowledgment-accepted-in-syn-sent',
    'reset-of-one-subflow-resets-all',
    'fastclose-ignored',
    'bbm-reset-of-loser-answered',
    'further-subflow-by-mp-capable as ROBE-P1-C-10',
    'hard-icmp-error-ignored',
  ],
  'robe-downgrade server': [
    'key-of-zero-crashes',
    'repeated-syn-resets-half-open-flow',
    'syn-on-live-flow-resets-it',
    'fastclose-ignored',
    'options-after-plain-third-segment',
    'syn-ack-not-repeated',
    'any-acknowledgment-completes-the-handshake',
    'stray-acknowledgment-opens',
  ],
  'robe-bbm client': [
    'refusal-of-one-path-fails-all',
    'only-first-path-elects',
    'elects-when-all-have-answered',
    'third-segment-hesitates as ROBE-GEN-05',
    'other-key-b-attached as DERIVED-LB-01',
    'abandoned-flow-reset-at-zero',
    'stripped-path-takes-the-others-down',
  ],
  'robe-bbm server': [
    'syn-ack-acknowledges-an-octet-too-many',
    'data-level-copies-delivered-again as ROBE-P2-S-05',
    'reset-of-one-half-open-flow-ends-the-group as ROBE-P2-S-02',
  ],
  'robe-timer server': ['v1-missing-third-option-passed-over as RFC6824-3.1-22'],
  'robe-timer client': ['syn-never-repeated', 'hard-icmp-error-ignored', 'join-claims-address-id-zero'],
  'robe-sim client': [
    'join-claims-address-id-zero',
    'third-segment-hesitates as ROBE-LAW-02',
    'syn-never-repeated',
    'c-flag-ignored',
    'abandoned-flow-reset-at-zero',
  ],
  'robe-esim server': ['reset-in-syn-received-answered', 'rtt-crowds-out-mp-capable'],
  'robe-ips client': ['timer-never-changes-path'],
};

/** Throws when a name in the table is none of a mutant. */
export const elsewhere = (known: readonly Mutant[]): readonly Mutant[] =>
  Object.entries(places).flatMap(([place, names]) => {
    const [profile, role] = place.split(' ') as [EstablishmentProfile, 'server' | 'client'];
    return (names ?? []).map((name) => {
      const [id = '', requirement] = name.split(' as ');
      const mutant = known.find((each) => each.id === id);
      if (mutant === undefined) throw new RangeError(`there is no mutant ${id} that could occur as ${place}`);
      return {
        ...mutant,
        id: `${id}.${profile}-${role}`,
        profile,
        role,
        requirement: requirement ?? mutant.requirement,
      };
    });
  });
