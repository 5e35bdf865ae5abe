/**
 * The sentence that a segment or a field ordinarily obeys: it is broken if the segment is wrong in a case about something
 * else. A listener answers a SYN, an MP_JOIN has the right HMAC, a mapping has the right checksum, in any dialogue.
 *
 * The rules of the book say the same about everything that the segments alone show; if a rule is about the guilty
 * segment, it takes precedence. A signature without a line below has no such sentence.
 */
type MptcpVersion = 0 | 1;
type Role = 'server' | 'client';

type Sentence = string | Readonly<Record<MptcpVersion, string>>;

interface Duty {
  /** The signatures that a duty covers: `missing/SYN-ACK after SYN+mp_join`. */
  readonly means: RegExp;
  readonly role?: Role;
  readonly sentence: Sentence;
}

const v0OrV1 = (v0: string, v1: string): Sentence => ({ 0: v0, 1: v1 });

/** The first duty that covers a signature applies. */
const duties: readonly Duty[] = [
  // The join.
  { means: /^mismatch\/.*\.mp_join\.hmac$/, sentence: v0OrV1('RFC6824-3.2-04', 'RFC8684-3.2-05') },
  { means: /\.mp_join\.token$/, sentence: v0OrV1('RFC6824-3.1-14', 'RFC8684-3.1-23') },
  { means: /^mismatch\/SYN-ACK\.mp_join/, role: 'server', sentence: 'RFC6824-3.2-02' },
  { means: /\/SYN-ACK after SYN\+mp_join/, role: 'server', sentence: 'RFC6824-3.2-02' },
  { means: /\/ACK after ACK\+mp_join$/, role: 'server', sentence: 'RFC6824-3.2-09' },
  { means: /\/RST(-ACK)? after ACK\+mp_join$/, role: 'server', sentence: 'RFC6824-3.2-07' },
  { means: /^mismatch\/SYN\.mp_join/, role: 'client', sentence: 'RFC6824-3.2-01' },
  { means: /\/SYN after (DATA|ACK)/, role: 'client', sentence: 'RFC6824-3.2-01' },
  { means: /^mismatch\/(ACK|DATA)\.mp_join$/, role: 'client', sentence: 'RFC6824-3.2-03' },
  { means: /\/ACK after SYN\/ACK\+mp_join/, role: 'client', sentence: 'RFC6824-3.2-03' },
  // MP_JOIN_CAP of RobE_eSIM.
  { means: /\.mp_join_cap\.mac$/, role: 'client', sentence: 'DRAFT-eSIM-C-06' },
  { means: /\.mp_join_cap\.key$/, role: 'client', sentence: 'DRAFT-eSIM-C-05' },
  { means: /\.mp_join_cap\.address_id$/, role: 'client', sentence: 'DRAFT-eSIM-C-08' },
  { means: /\.mp_join_cap/, role: 'client', sentence: 'DRAFT-eSIM-C-03' },
  { means: /\/ACK after ACK\+mp_join_cap$/, role: 'server', sentence: 'DRAFT-eSIM-S-02' },
  { means: /\.robe_esim_en/, role: 'client', sentence: 'DRAFT-eSIM-C-12' },
  { means: /\.robe_esim_en/, role: 'server', sentence: 'DRAFT-eSIM-S-16' },
  { means: /^mismatch\/SYN\.l_rtt_en/, role: 'client', sentence: 'DRAFT-RTT-C-01' },
  { means: /^mismatch\/SYN-ACK\.l_rtt_en/, role: 'server', sentence: 'DRAFT-RTT-S-01' },
  { means: /\.l_rtt_en/, role: 'server', sentence: 'DRAFT-RTT-S-02' },
  // MP_CAPABLE.
  { means: /\.mp_capable\.version$/, role: 'server', sentence: 'RFC8684-3.1-14' },
  { means: /\.mp_capable\.(a|checksum_required)$/, sentence: 'RFC6824-3.1-16' },
  { means: /\.mp_capable\.h$/, sentence: v0OrV1('RFC6824-3.1-12', 'RFC8684-3.1-21') },
  { means: /^mismatch\/SYN-ACK\.mp_capable/, role: 'server', sentence: v0OrV1('RFC6824-3.1-02', 'RFC8684-3.1-02') },
  { means: /^mismatch\/SYN\.mp_capable/, role: 'client', sentence: v0OrV1('RFC6824-3.1-01', 'RFC8684-3.1-01') },
  { means: /^mismatch\/ACK\.mp_capable/, role: 'client', sentence: v0OrV1('RFC6824-3.1-03', 'RFC8684-3.1-03') },
  { means: /^mismatch\/DATA\.mp_capable/, role: 'client', sentence: v0OrV1('RFC6824-3.1-03', 'RFC8684-3.1-04') },
  { means: /^mismatch\/SYN-ACK\.mptcp$/, sentence: 'RFC6824-3.1-19' },
  { means: /^mismatch\/[^.]*\.mptcp$/, role: 'client', sentence: 'RFC6824-3.1-18' },
  { means: /^mismatch\/[^.]*\.mptcp$/, role: 'server', sentence: 'RFC6824-3.6-08' },
  // Data and its acknowledgment.
  { means: /\.dss\.checksum$/, sentence: 'RFC6824-3.3-04' },
  { means: /\.dss\.ssn$/, sentence: 'RFC6824-3.3-05' },
  { means: /\.dss\.dsn$/, sentence: v0OrV1('RFC6824-3.1-15', 'RFC8684-3.1-24') },
  { means: /\.dss\.ack$/, sentence: 'RFC6824-3.3-40' },
  { means: /\.dss\.data_length$/, sentence: v0OrV1('RFC6824-3.3-01', 'RFC8684-3.3-02') },
  { means: /\.dss\.fin$/, sentence: 'RFC6824-3.3-09' },
  { means: /^mismatch\/DATA\.dss$/, sentence: 'RFC6824-3.6-02' },
  { means: /^mismatch\/(ACK|FIN)\.dss$/, sentence: 'RFC6824-3.3-40' },
  { means: /\/ACK after DATA/, sentence: 'RFC9293-3.4-01' },
  { means: /^mismatch\/DATA\.payload$/, sentence: 'RFC9293-3.4-01' },
  { means: /\/DATA after/, sentence: 'RFC9293-3.4-01' },
  { means: /\/(FIN|ACK) after (FIN|close)/, sentence: 'RFC9293-3.6-01' },
  // The handshake of TCP.
  { means: /^mismatch\/RST(-ACK)?\.(seq|ack)$/, sentence: 'RFC9293-3.10.7-06' },
  { means: /\/(SYN-ACK) after SYN/, role: 'server', sentence: 'RFC9293-3.10.7-01' },
  { means: /^mismatch\/SYN-ACK\.(ack|seq|flags)$/, role: 'server', sentence: 'RFC9293-3.10.7-01' },
  { means: /\/RST(-ACK)? after ACK/, role: 'server', sentence: 'RFC9293-3.10.7-09' },
  { means: /\/(SYN|ACK) after (connect|SYN\/ACK)/, role: 'client', sentence: 'RFC9293-3.10.7-02' },
  { means: /^mismatch\/[^.]*\.(ack|seq)$/, sentence: 'RFC9293-3.4-01' },
];

/** Every id that a duty names. */
export const dutySentences: readonly string[] = [
  ...new Set(duties.flatMap(({ sentence }) => (typeof sentence === 'string' ? [sentence] : Object.values(sentence)))),
];

/** The sentence that a signature ordinarily breaks, for a host in that role and a case of that version. */
export function dutyOf(signature: string, role: Role, version: MptcpVersion | undefined): string | undefined {
  const duty = duties.find((each) => each.means.test(signature) && (each.role === undefined || each.role === role));
  if (duty === undefined) return undefined;
  return typeof duty.sentence === 'string' ? duty.sentence : duty.sentence[version ?? 1];
}

/** Fields whose value is computed, with the words by which a sentence mentions them; by the field's last name. */
const words: Readonly<Record<string, RegExp>> = {
  // For joins; the HMAC of an announcement has a rule of its own.
  hmac: /^(?![\s\S]*ADD_ADDR)[\s\S]*HMAC/,
  mac: /\bMAC\b|crc16|fast hash/,
  token: /token/i,
  checksum: /checksum/i,
  dsn: /DSN|data sequence|mapping/i,
  ssn: /SSN|subflow (sequence )?number|mapping/i,
};

/** The names of fields that a sentence mentions. */
export const fieldsMeant = (statement: string): readonly string[] =>
  Object.entries(words).flatMap(([field, word]) => (word.test(statement) ? [field] : []));

/**
 * The name by which {@link fieldsMeant} knows the field of a subject; undefined for a field that does not select a
 * sentence.
 */
export function fieldOf(subject: string): string | undefined {
  const last = subject.slice(subject.lastIndexOf('.') + 1);
  return subject.includes('.') && Object.hasOwn(words, last) ? last : undefined;
}

/** Whether the subject of a finding is a computed field. */
export const isComputed = (subject: string): boolean => fieldOf(subject) !== undefined;
