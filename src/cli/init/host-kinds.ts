/**
 * Which kind of host an implementation is, where the RFCs leave every host a choice: the questions of `robe init`, one for each
 * open point, and the roles that it is about. What is left at the first value need not be declared.
 */
export interface HostKind {
  /** The open point, as an IUT file declares it. */
  readonly parameter: string;
  readonly question: string;
  /** The default first. */
  readonly values: readonly string[];
  /** Any whole number is a value as well. */
  readonly counts?: true;
  readonly role: 'server' | 'client' | 'both';
  readonly mptcp: boolean;
}

const hostKinds: readonly HostKind[] = [
  {
    parameter: 'tcp.listener',
    question: 'State before the third segment; stateless means SYN cookies',
    values: ['stateful', 'stateless'],
    role: 'server',
    mptcp: false,
  },
  {
    parameter: 'tcp.repeats',
    question: 'How often a SYN or SYN/ACK without answer is repeated',
    values: ['any', 'once'],
    role: 'both',
    mptcp: false,
  },
  {
    parameter: 'tcp.syn_in_window',
    question: 'What a SYN in the window of a connection draws: a challenge ACK or a reset',
    values: ['any', 'challenge', 'reset'],
    role: 'both',
    mptcp: false,
  },
  {
    parameter: 'tcp.ecn',
    question: 'ECN in the SYN of a client',
    values: ['any', 'offered', 'none'],
    role: 'client',
    mptcp: false,
  },
  {
    parameter: 'tcp.congestion',
    question: 'Congestion control: standard (RFC 5681, CUBIC) or other',
    values: ['any', 'standard', 'other'],
    role: 'both',
    mptcp: false,
  },
  {
    parameter: 'mpc.checksum',
    question: 'Flag A of its MP_CAPABLE: checksums asked for',
    values: ['any', 'true', 'false'],
    role: 'both',
    mptcp: true,
  },
  {
    parameter: 'mpc.refuse_checksum',
    question: 'An offer of MPTCP that asks for checksums is refused',
    values: ['false', 'true'],
    role: 'both',
    mptcp: true,
  },
  {
    parameter: 'join.limit',
    question: 'Joins that a connection takes at once (any, or a number)',
    values: ['any'],
    counts: true,
    role: 'server',
    mptcp: true,
  },
  {
    parameter: 'join.when',
    question: 'When a client joins: as soon as it may, after own data was Data-ACKed, or never',
    values: ['any', 'own-data', 'never'],
    role: 'client',
    mptcp: true,
  },
];

/** Those that a host with these roles and versions can be asked about. */
export const kindsFor = (roles: readonly string[], versions: readonly number[]): readonly HostKind[] =>
  hostKinds.filter(({ role, mptcp }) => (role === 'both' || roles.includes(role)) && (!mptcp || versions.length > 0));

/** The value that a text names, or the sentence that says what was expected. */
export const kindFrom =
  ({ values, counts, parameter }: HostKind) =>
  (text: string): { readonly value: string } | string =>
    values.includes(text) || (counts === true && /^\d+$/.test(text))
      ? { value: text }
      : `${parameter} is ${values.join(', ')}${counts === true ? ' or a number' : ''}, got ${text}`;
