/**
 * One rule of the book: something that must hold of the segments of a host whatever a dialogue is about. The rule says what
 * it stands on and whom it binds; the judgement itself is code beside the rule, a fold over one conversation.
 */
import type { MptcpVersion } from '../protocol/keys/hash.js';

/** Which host of a connection a rule binds: `client` opened it, `server` accepted it. */
export type Bound = 'client' | 'server' | 'both';

export interface Rule {
  /** By this name a case suspends the rule; it never changes. */
  readonly name: string;
  /** Id of the requirement in the register; by version where the versions have ids of their own. */
  readonly requirement: string | Readonly<Record<MptcpVersion, string>>;
  /** Ids of sentences that say the same of a part of it. */
  readonly also?: readonly string[];
  /** A broken MUST fails a case, a broken SHOULD makes it `nonstrict`. */
  readonly level: 'MUST' | 'SHOULD';
  readonly binds: Bound;
  /** Versions in whose connections it holds; `tcp` where it holds of every TCP flow. */
  readonly of: 'tcp' | readonly MptcpVersion[];
  /** Whether only hosts that claim RobE are bound. */
  readonly robe?: boolean;
  /** It binds hosts that declare one of these values of an open point; absent: whatever they declare. */
  readonly declared?: {
    readonly point: string;
    readonly binds: readonly string[];
    /** Values that leave it open: what would break the rule is told of a host, and held against nobody. */
    readonly leavesOpen?: readonly string[];
  };
  /** What must hold, in one sentence of our own words. */
  readonly says: string;
  /** What a reader must have seen to tell; without it the outcome is `unknown`. */
  readonly needs: string;
}

/** The ids that a rule stands on. */
export const requirementsOf = ({ requirement, also = [] }: Rule): readonly string[] => [
  ...(typeof requirement === 'string' ? [requirement] : new Set(Object.values(requirement))),
  ...also,
];

/** The id that counts in a connection of that version. */
export const requirementIn = ({ requirement }: Rule, version: MptcpVersion): string =>
  typeof requirement === 'string' ? requirement : requirement[version];
