/**
 * Every reading of the open points (docs/interpretations.md) that the reference can act on, besides the default one. Each is
 * declared, so that the cases of that reading apply, and a host that does what it declares keeps all of them content. Longer
 * than 300 lines because it is one table.
 */
import type { EstablishmentProfile } from '../reference/contract.js';
import type { ParameterChanges } from '../reference/parameters.js';
import type { Variant } from './variant.js';

type Value = string | number | boolean;
type Reading = readonly [value: Value, says: string];

interface OpenPoint {
  /** Its id in docs/interpretations.md. */
  readonly point: string;
  readonly group: keyof ParameterChanges;
  readonly name: string;
  readonly profiles: readonly EstablishmentProfile[];
  readonly readings: readonly Reading[];
  /** What else has to be declared for it to matter. */
  readonly with?: ParameterChanges;
}

const correlating: readonly EstablishmentProfile[] = ['robe-downgrade', 'robe-bbm'];

const openPoints: readonly OpenPoint[] = [
  {
    point: 'I-02',
    group: 'p1',
    name: 'match_states',
    profiles: correlating,
    readings: [['half', 'A key correlates only with half-open connections, as the text says.']],
  },
  {
    point: 'I-02',
    group: 'p1',
    name: 'match_window_s',
    profiles: correlating,
    readings: [[60, 'A key correlates for a minute after its first SYN.']],
  },
  {
    point: 'I-03',
    group: 'p1',
    name: 'match_scope',
    profiles: correlating,
    readings: [['key', 'The key alone decides whether two SYNs belong together.']],
  },
  {
    point: 'I-04',
    group: 'p1',
    name: 'flag_mismatch',
    profiles: correlating,
    readings: [
      ['rst', 'A known key with another flag A is refused.'],
      ['attach', 'A known key with another flag A is attached; the connection keeps its mode.'],
    ],
  },
  {
    point: 'I-05',
    group: 'p1',
    name: 'foreign_host',
    profiles: correlating,
    readings: [
      ['newkey', 'A known key from another host counts as unknown.'],
      ['rst', 'A known key from another host is refused.'],
    ],
  },
  {
    point: 'I-17',
    group: 'p1',
    name: 'client_match',
    profiles: ['robe-downgrade'],
    readings: [['global', 'The receiver key of a later SYN/ACK is compared with those of all connections.']],
  },
  {
    point: 'I-07',
    group: 'robe',
    name: 'superfluous',
    profiles: correlating,
    readings: [['leave', 'A later SYN/ACK with another key is left unanswered.']],
  },
  {
    point: 'I-10',
    group: 'robe',
    name: 'extra_data',
    profiles: ['robe-downgrade', 'robe-esim'],
    readings: [['after-peer', 'An attached flow carries data after the peer has sent something on it.']],
  },
  {
    point: 'I-14',
    group: 'robe',
    name: 'invalid_ack',
    profiles: correlating,
    readings: [['ignore', 'A third segment with wrong keys is ignored.']],
  },
  {
    point: 'I-16',
    group: 'robe',
    name: 'keep_syn',
    profiles: correlating,
    readings: [['no', 'After establishment silent paths get no further SYN.']],
  },
  {
    point: 'I-20',
    group: 'p2',
    name: 'late_syn',
    profiles: ['robe-bbm'],
    readings: [
      ['drop', 'A correlated SYN after establishment is dropped.'],
      ['synack-rst', 'A correlated SYN after establishment is answered and reset at its ACK.'],
    ],
  },
  {
    point: 'I-21',
    group: 'p2',
    name: 'rst_form',
    profiles: ['robe-bbm'],
    readings: [['rst', 'Losers are reset without ACK.']],
  },
  {
    point: 'I-22',
    group: 'join',
    name: 'before_dss',
    profiles: ['robe-bbm', 'robe-timer', 'robe-sim'],
    readings: [['allow', 'Joins follow right after the handshake, as the paper and the draft say.']],
  },
  {
    point: 'I-23',
    group: 'p2',
    name: 'dup_until',
    profiles: ['robe-bbm'],
    readings: [['time', 'Data is sent twice for a limited time.']],
  },
  {
    point: 'I-23',
    group: 'p2',
    name: 'redundant_close',
    profiles: ['robe-bbm'],
    readings: [['rst', 'The superfluous join is removed by a reset.']],
  },
  {
    point: 'I-30',
    group: 'timer',
    name: 'key',
    profiles: ['robe-timer'],
    readings: [['same', 'The SYN on the next path repeats the key, as the paper says.']],
  },
  {
    point: 'I-31',
    group: 'timer',
    name: 'value_s',
    profiles: ['robe-timer'],
    readings: [
      [0.5, 'The timer value is not prescribed: here half a second.'],
      [3, 'The timer value is not prescribed: here three seconds.'],
    ],
  },
  {
    point: 'I-34',
    group: 'timer',
    name: 'late_synack',
    profiles: ['robe-timer'],
    readings: [['ignore-old', 'An answer of the abandoned path is ignored.']],
  },
  {
    point: 'I-35',
    group: 'timer',
    name: 'backoff',
    profiles: ['robe-timer'],
    readings: [['exp', 'The timer doubles from path to path.']],
  },
  {
    point: 'I-40',
    group: 'sim',
    name: 'rst',
    profiles: ['robe-sim'],
    readings: [['immediate', 'The reset of a loser is sent at once, before its SYN/ACK arrives.']],
  },
  {
    point: 'I-50',
    group: 'esim',
    name: 'split',
    profiles: ['robe-esim'],
    readings: [
      ['abb2|', 'All three keys are the key of the HMAC.'],
      ['bb2|a', 'The keys of the server are the key of the HMAC.'],
      ['b|ab2', 'Key-B is the key of the HMAC.'],
      ['hash', 'The keys are hashed without HMAC.'],
    ],
  },
  {
    point: 'I-51',
    group: 'esim',
    name: 'mac_bits',
    profiles: ['robe-esim'],
    readings: [
      [128, 'The MAC has at least 96 bits: here 128.'],
      [160, 'The MAC has at least 96 bits: here 160.'],
    ],
  },
  {
    point: 'I-52',
    group: 'esim',
    name: 'crc',
    profiles: ['robe-esim'],
    readings: [
      ['ccitt-false', 'The CRC-16 is not prescribed: here CCITT-FALSE.'],
      ['xmodem', 'The CRC-16 is not prescribed: here XMODEM.'],
      ['kermit', 'The CRC-16 is not prescribed: here KERMIT.'],
      ['x25', 'The CRC-16 is not prescribed: here X.25.'],
      ['modbus', 'The CRC-16 is not prescribed: here MODBUS.'],
    ],
  },
  {
    point: 'I-53',
    group: 'esim',
    name: 'place',
    profiles: ['robe-esim'],
    readings: [
      ['msb', 'The fast hash is in the highest bits.'],
      ['before-truncation', 'The fast hash is put in before the MAC is cut.'],
    ],
  },
  {
    point: 'I-57',
    group: 'esim',
    name: 'pre_established',
    profiles: ['robe-esim'],
    readings: [['immediate', 'A joined flow carries data right after MP_JOIN_CAP.']],
  },
  {
    point: 'I-59',
    group: 'esim',
    name: 'implicit_guard',
    profiles: ['robe-esim'],
    readings: [['known-peer', 'The peer is known to support joins without negotiation.']],
    with: { esim: { mode: 'implicit' } },
  },
  {
    point: 'I-60',
    group: 'esim',
    name: 'en_scope',
    profiles: ['robe-esim'],
    readings: [['initial-only', 'The confirmation on the initial flow is enough for all paths.']],
  },
  {
    point: 'I-62',
    group: 'esim',
    name: 'cross_establish',
    profiles: ['robe-esim'],
    readings: [['forbid', 'An initial flow that was established by another flow waits for its own ACK.']],
  },
  {
    point: 'I-66',
    group: 'esim',
    name: 'c_flag',
    profiles: ['robe-esim'],
    readings: [['allow', 'Flows whose SYN was sent before flag C was known may join.']],
  },
  {
    point: 'I-70',
    group: 'l_rtt',
    name: 'len',
    profiles: ['robe-ips'],
    readings: [
      [12, 'The figure shows a value of 64 bits.'],
      [16, 'The figure shows a value of 96 bits.'],
    ],
  },
  {
    point: 'I-71',
    group: 'l_rtt',
    name: 'unit',
    profiles: ['robe-ips'],
    readings: [['ms', 'The unit is not prescribed: here milliseconds.']],
  },
  {
    point: 'I-71',
    group: 'l_rtt',
    name: 'syn_value',
    profiles: ['robe-ips'],
    readings: [[7, 'The value in a SYN is not prescribed: here 7.']],
  },
  {
    point: 'I-72',
    group: 'options',
    name: 'pressure',
    profiles: ['robe-esim', 'robe-ips'],
    readings: [['no-ts', 'If options do not fit, timestamps are left out.']],
  },
  {
    point: 'I-73',
    group: 'ips',
    name: 'combine',
    profiles: ['robe-ips'],
    readings: [
      ['sim', 'The selection may be combined with other schemes: all paths at once while no RTT is known.'],
      ['timer', 'The selection may be combined with other schemes: the timer against a wrong choice.'],
    ],
  },
  {
    point: 'I-74',
    group: 'ips',
    name: 'by',
    profiles: ['robe-ips'],
    readings: [['other', 'Signal strength, throughput or the rate of success, which packets do not show, may decide.']],
  },
  {
    point: 'I-75',
    group: 'l_rtt',
    name: 'use',
    profiles: ['robe-ips'],
    readings: [['never', 'A host may select by its own measurements, without the exchange of round trip times.']],
  },
  {
    point: 'I-11',
    group: 'mpc',
    name: 'lost_third',
    profiles: ['mptcp', 'robe-downgrade'],
    readings: [['fallback', 'Data with DSS in place of a lost third segment is a fallback to TCP.']],
  },
  {
    point: 'I-82',
    group: 'mpc',
    name: 'high_version',
    profiles: ['mptcp'],
    readings: [['plain', 'A version above all supported ones gets a plain answer.']],
  },
  {
    point: 'I-90',
    group: 'mpc',
    name: 'bad_echo',
    profiles: ['mptcp'],
    readings: [['rst', 'A third segment with a wrong key is reset.']],
  },
  {
    point: 'I-100',
    group: 'tcp',
    name: 'listener',
    profiles: ['tcp', 'mptcp', 'robe-downgrade', 'robe-esim'],
    readings: [['stateless', 'A listener may keep no state until the third segment (SYN cookies).']],
  },
  {
    point: 'I-101',
    group: 'tcp',
    name: 'repeats',
    profiles: ['tcp', 'mptcp', 'robe-downgrade', 'robe-esim'],
    readings: [['once', 'A host may give up after one repetition of a SYN or SYN/ACK.']],
  },
  {
    point: 'I-103',
    group: 'tcp',
    name: 'syn_in_window',
    profiles: ['tcp', 'mptcp'],
    readings: [['reset', 'Without the protection of RFC 5961 a SYN in the window resets the connection.']],
  },
  {
    point: 'I-105',
    group: 'tcp',
    name: 'ecn',
    profiles: ['tcp', 'mptcp', 'robe-downgrade', 'robe-sim'],
    readings: [['offered', 'A client may offer ECN in its SYN.']],
  },
  {
    point: 'I-106',
    group: 'tcp',
    name: 'congestion',
    profiles: ['tcp', 'mptcp'],
    readings: [
      ['other', 'Another suitable algorithm may be used (MAY-18): here one that keeps its window after a loss.'],
    ],
  },
  {
    point: 'I-102',
    group: 'join',
    name: 'limit',
    profiles: ['mptcp', 'robe-downgrade', 'robe-bbm', 'robe-timer', 'robe-esim'],
    readings: [
      [0, 'Local policy may refuse every join.'],
      [1, 'Local policy may refuse a join: here a second one beside the first.'],
      [2, 'Local policy may refuse a join: here a third one beside two.'],
    ],
  },
  {
    point: 'I-97',
    group: 'mpc',
    name: 'syn_before_tcp',
    profiles: ['mptcp'],
    readings: [
      [1, 'Local policy decides how often MPTCP is offered before a plain SYN: here once.'],
      [6, 'Local policy decides how often MPTCP is offered before a plain SYN: here six times.'],
    ],
  },
  {
    point: 'I-84',
    group: 'opt',
    name: 'conflict',
    profiles: ['mptcp'],
    readings: [['rst', 'Options that contradict each other are refused.']],
  },
  {
    point: 'I-85',
    group: 'opt',
    name: 'duplicate',
    profiles: ['mptcp'],
    readings: [
      ['last', 'If an option occurs twice, the last one is used.'],
      ['ignore', 'An option that occurs twice is ignored.'],
    ],
  },
  {
    point: 'I-87',
    group: 'join',
    name: 'reason',
    profiles: ['mptcp'],
    readings: [[3, 'A join may be refused because it is prohibited.']],
  },
];

const idOf = ({ group, name }: OpenPoint, value: Value): string =>
  `declared-${group}-${name}-${value}`
    .replaceAll('_', '-')
    .replaceAll('|', '-')
    .replaceAll('.', '-')
    .replace(/-$/, '-end');

const variantOf = (open: OpenPoint, [value, says]: Reading): Variant => {
  const { point, group, name, profiles } = open;
  return {
    id: idOf(open, value),
    sentence: { source: 'open point', section: point, says },
    about: `${group}.${name}`,
    profiles,
    role: 'both',
    declared: { ...open.with, [group]: { ...open.with?.[group], [name]: value } },
  };
};

export const openPointVariants: readonly Variant[] = openPoints.flatMap((open) =>
  open.readings.map((reading) => variantOf(open, reading)),
);
