/**
 * Which scheme an invariant does not bind, and the sentence that grants it. `elsewhere`: only at a server that does not know
 * the scheme. A strict pair is granted nothing, which shows what RobE is for. The sources are the paper ("RobE", ANRW 2018) and
 * the draft (draft-amend-tcpm-mptcp-robe-02).
 */
import type { Invariant } from '../ledger.js';
import type { Pair } from '../pair.js';
import { type SchemeName, schemeOf } from './scheme.js';

interface Exception {
  readonly invariant: Invariant;
  readonly schemes: readonly SchemeName[];
  readonly elsewhere?: true;
  readonly source: string;
  readonly sentence: string;
}

export const exceptions: readonly Exception[] = [
  {
    invariant: 'INV-11',
    schemes: ['tcp', 'classic'],
    source: 'paper 4.1',
    sentence:
      'If the initial path does not provide connectivity at all, MPTCP will not be able to establish new connections.',
  },
  {
    invariant: 'INV-11',
    schemes: ['ips'],
    source: 'draft, Combination of RobE_TIMER and RobE_IPS',
    sentence: 'RobE_IPS solely does not guarantee that a session can be set up based on the selection of initial path',
  },
  {
    invariant: 'INV-12',
    schemes: ['tcp', 'classic', 'ips'],
    source: 'paper 2',
    sentence: 'an initial subflow must be established over one path before any additional flows can be created',
  },
  {
    invariant: 'INV-12',
    schemes: ['bbm'],
    source: 'paper 2.2',
    sentence: 'only one flow is allowed to become fully established, while all other flows are reset',
  },
  {
    invariant: 'INV-12',
    schemes: ['timer'],
    source: 'draft, RobE_TIMER',
    sentence:
      'The first path is now seen as a subsequent path and the client sends SYN+MP_JOIN messages to create a subsequent flow.',
  },
  {
    invariant: 'INV-12',
    schemes: ['sim'],
    source: 'draft, RobE_SIM',
    sentence:
      'Host A sends then immediately a TCP RST message (SA6.1) on any other path used for simultaneous connection setup',
  },
  {
    invariant: 'INV-12',
    schemes: ['downgrade'],
    elsewhere: true,
    source: 'paper 5',
    sentence:
      'as soon as it recognizes that the peer does not support the extension, it might react accordingly and break down redundant flows',
  },
  {
    invariant: 'INV-12',
    schemes: ['esim'],
    elsewhere: true,
    source: 'draft, Fallback mechanism for explicit RobE_eSIM',
    sentence: 'MPTCP session with RobE_eSIM negotiation will seamlessly fallback to normal MPTCP process.',
  },
  {
    invariant: 'INV-16',
    schemes: ['downgrade'],
    source: 'paper 2.1',
    sentence:
      'The server performs similar actions: The first ACK that returns will create the initial flow, while all other responses received will create subsequent subflows.',
  },
  {
    invariant: 'INV-16',
    schemes: ['bbm'],
    source: 'paper 2.2',
    sentence:
      'the client does not know which flow is the initial subflow until it has received TCP resets on all paths but one',
  },
];

export const isExcepted = (invariant: Invariant, pair: Pair): boolean => {
  if (pair.strict === true || pair.strict?.includes(invariant)) return false;
  const { name, aware } = schemeOf(pair);
  return exceptions.some(
    (exception) =>
      exception.invariant === invariant && exception.schemes.includes(name) && !(exception.elsewhere && aware),
  );
};
