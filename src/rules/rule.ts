/**
 * One rule of the book: a condition that the segments of a host must meet in any dialogue. The rule names its requirement
 * and whom it binds; the judgement is a function in the same file, applied to each segment of a conversation.
 */
import type { MptcpVersion } from '../protocol/keys/hash.js';

/** Which host of a connection a rule binds: `client` opened it, `server` accepted it. */
export type Bound = 'client' | 'server' | 'both';

export interface Rule {
  /** A case suspends the rule by this name; it never changes. */
  readonly name: string;
  /** Id of the requirement in the register; one for each version if the versions have separate ids. */
  readonly requirement: string | Readonly<Record<MptcpVersion, string>>;
  /** Ids of sentences that say the same of a part of it. */
  readonly also?: readonly string[];
  /** A broken MUST fails a case, a broken SHOULD makes it `nonstrict`. */
  readonly level: 'MUST' | 'SHOULD';
  readonly binds: Bound;
  /** Versions of the connections to which it applies; `tcp` if it applies to every TCP flow. */
  readonly of: 'tcp' | readonly MptcpVersion[];
  /** Whether only hosts that claim RobE are bound. */
  readonly robe?: boolean;
  /** It binds hosts that declare one of these values of an open point; absent: all hosts. */
  readonly declared?: {
    readonly point: string;
    readonly binds: readonly string[];
    /** Values that leave it open: a host that would break the rule is reported, and does not fail. */
    readonly leavesOpen?: readonly string[];
  };
  /** The rule in one sentence of our own words. */
  readonly says: string;
  /** What a reader must have seen to judge; without it the outcome is `unknown`. */
  readonly needs: string;
}

/** The ids that a rule stands on. */
export const requirementsOf = ({ requirement, also = [] }: Rule): readonly string[] => [
  ...(typeof requirement === 'string' ? [requirement] : new Set(Object.values(requirement))),
  ...also,
];

/** The id that applies in a connection of that version. */
export const requirementIn = ({ requirement }: Rule, version: MptcpVersion): string =>
  typeof requirement === 'string' ? requirement : requirement[version];
