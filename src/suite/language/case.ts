/**
 * A case after loading: validated, matrices expanded, still symbolic (names, not values).
 * Ids are `<authored id>` plus one readable suffix a matrix dimension, e.g. `….v1.ip6`, and never change by position.
 */
import type { Ability } from './ability.js';
import type { Origin, Step } from './step.js';

export type Role = 'server' | 'client';
export const ipVersions = [4, 6] as const;
export type IpVersion = (typeof ipVersions)[number];
export type MptcpVersion = 0 | 1;

/** How much control over the IUT a case needs: 0 black box, 1 hooks, 2 shim. */
export type ControlTier = 0 | 1 | 2;

export interface ExpandedCase {
  readonly id: string;
  /** The id as authored, shared by all expansions. */
  readonly authoredId: string;
  readonly title: string;
  readonly why?: string;
  readonly requirements: readonly string[];
  /** Those of them that mention a field, by its name: `hmac`, `checksum`. */
  readonly about?: Readonly<Record<string, readonly string[]>>;
  /** The role of the implementation under test. */
  readonly role: Role;
  /** Claims that make it applicable: the IUT must claim at least one. */
  readonly profiles: readonly string[];
  /** Profiles that exclude it: an IUT claiming one of these is judged by other cases. */
  readonly unless: readonly string[];
  readonly mptcp?: MptcpVersion;
  readonly ip: IpVersion;
  readonly paths: number;
  readonly control: ControlTier;
  /** Parameters (dotted names) whose declared value must be among those given, or the case does not apply. */
  readonly parameters: Readonly<Record<string, readonly (string | number | boolean)[]>>;
  /** The worst verdict of its own steps, if its citations permit no failure of a host that need not claim RobE. */
  readonly gravest?: 'nonstrict';
  /** Raised when the case's behaviour changes. */
  readonly version: number;
  readonly flows: Readonly<Record<string, FlowDeclaration>>;
  /** Abilities that the flows and steps need beyond role and profiles. */
  readonly needs: readonly Ability[];
  readonly ignore: readonly string[];
  /** Rules of the book that this case suspends by name, each with the reason. */
  readonly suspended: Readonly<Partial<Record<string, string>>>;
  /**
   * Options that the tester adds to those of the case: `minimal` an MSS on SYNs, `usual` those that stacks send today.
   */
  readonly companions: 'minimal' | 'usual';
  readonly steps: readonly Step[];
  /** Where it was written. */
  readonly origin: Origin;
}

/** Settings of a flow that differ from the default. */
export interface FlowDeclaration {
  /** Tester host, from 1. */
  readonly host?: number;
  /** Port of the IUT; `second` is another one at which it serves. */
  readonly port?: 'server' | 'second' | 'closed';
  /** Port of the tester; `same` is the number of the destination port. */
  readonly sourcePort?: number | 'same';
  /** Address of the server: 2 is the second address of the serving side, the IUT or the tester. */
  readonly server?: 1 | 2;
  /** IP version, where it is not that of the case. */
  readonly ip?: IpVersion;
  /** The tester's initial sequence number. */
  readonly isn?: number;
}

/** Every IP version that a case uses, its own first. */
export const ipVersionsOf = ({ ip, flows }: Pick<ExpandedCase, 'ip' | 'flows'>): readonly IpVersion[] => [
  ...new Set([ip, ...Object.values(flows).map((flow) => flow.ip ?? ip)]),
];
