/**
 * The choices that the paper, the draft and the RFCs leave to an implementation, as named parameters of this host;
 * `defaultParameters` has their default values. A parameter that also exists in declarations to the suite has the same
 * name in both (`p1.match_states`). Three have another meaning in a declaration and are translated by
 * `iut/reference-claims.ts`: `p1.match_window_s`, `p1.foreign_host` and `p2.redundant_close_s`. No value here is `any`: a
 * host does one thing.
 */
export interface ReferenceParameters {
  /** Proposal 1: correlation of SYNs by Key-A. */
  readonly p1: {
    /** Which connections count as existing for a SYN with a known Key-A. */
    readonly match_states: 'half' | 'half+est';
    /** How long after its first SYN a key correlates, in seconds; Infinity while the connection lives. */
    readonly match_window_s: number;
    readonly match_scope: 'key' | 'key+ver+crypto+port';
    /** A known Key-A whose A flag differs. */
    readonly flag_mismatch: 'newkey' | 'rst' | 'attach';
    /** A known Key-A from an address that shares no prefix (/24, /64) with the first SYN. */
    readonly foreign_host: 'attach' | 'newkey' | 'rst';
    /** With which receiver keys that of a later SYN/ACK is compared: that of its attempt, or those of all connections. */
    readonly client_match: 'same-attempt' | 'global';
  };
  readonly robe: {
    /** A later SYN/ACK with another receiver key: reset it and join later, or leave it unanswered. */
    readonly superfluous: 'rst' | 'leave';
    /** When an attached flow may carry data. */
    readonly extra_data: 'after-ack' | 'after-peer';
    /** A third segment whose acknowledgment is acceptable but whose keys are not, in a RobE profile. */
    readonly invalid_ack: 'rst' | 'ignore';
    /** The path of an attached flow that the server reset before using it: left, or opened again by MP_JOIN. */
    readonly after_reset: 'leave' | 'join';
    /** Whether silent paths get further SYNs after the election. */
    readonly keep_syn: 'yes' | 'no';
  };
  /** Proposal 2: break-before-make. */
  readonly p2: {
    /** A correlated SYN after establishment. */
    readonly late_syn: 'rst' | 'drop' | 'synack-rst';
    readonly rst_form: 'rstack' | 'rst';
    readonly dup_until: 'rst' | 'time';
    /** How the client removes the join that parallels the initial flow, and after how many seconds. */
    readonly redundant_close: 'fin' | 'rst';
    readonly redundant_close_s: number;
  };
  readonly join: {
    readonly before_dss: 'forbid' | 'allow';
    /** When further flows are opened, at the soonest: after the first DSS, after own data was Data-ACKed, or never. */
    readonly when: 'any' | 'own-data' | 'never';
    /** MP_TCPRST reason of a refused join (v1). */
    readonly reason: number;
    /** Seconds from the moment at which a client may join to its first join. */
    readonly delay_s: number;
    /** How many joins a connection has at once, at most; more are refused. */
    readonly limit: 'any' | number;
  };
  readonly timer: {
    readonly key: 'fresh' | 'same';
    readonly value_s: number;
    readonly backoff: 'none' | 'exp';
    /** The abandoned path answers first: it wins, or its flow was abandoned with the path. */
    readonly late_synack: 'first-wins' | 'ignore-old';
  };
  readonly sim: { readonly rst: 'onsynack' | 'immediate' };
  readonly esim: {
    readonly mode: 'explicit' | 'implicit';
    readonly split: 'ab|b2' | 'abb2|' | 'bb2|a' | 'b|ab2' | 'hash';
    readonly mac_bits: 96 | 128 | 160;
    readonly crc: 'arc' | 'ccitt-false' | 'xmodem' | 'kermit' | 'x25' | 'modbus';
    readonly place: 'lsb-after-truncation' | 'msb' | 'before-truncation';
    readonly pre_established: 'wait-ack' | 'immediate';
    /** Implicit mode: send data on a joined flow only after its DSS (probe), or trust the peer. */
    readonly implicit_guard: 'probe' | 'known-peer';
    readonly en_scope: 'per-path' | 'initial-only';
    readonly cross_establish: 'allow' | 'forbid';
    readonly c_flag: 'rst' | 'allow';
    /** Most MACs a server computes for one MP_JOIN_CAP. */
    readonly candidates: number;
  };
  readonly l_rtt: {
    readonly len: 8 | 12 | 16;
    readonly unit: 'us' | 'ms';
    readonly syn_value: number;
    /** Which profiles offer and answer the option. */
    readonly use: 'ips' | 'robe' | 'never';
  };
  /** What is left out when the options of a segment exceed 40 octets. */
  readonly options: { readonly pressure: 'no-ts' | 'no-lrtt' };
  readonly mpc: {
    /**
     * v0: the third segment was lost and data with DSS comes first (I-11): TCP, or MPTCP when its data sequence number shows
     * that the sender has Key-A. TCP is only safe while no other flow of the connection can exist.
     */
    readonly lost_third: 'fallback' | 'mptcp';
    readonly high_version: 'own' | 'plain';
    readonly bad_echo: 'fallback' | 'rst';
    /** SYNs with MP_CAPABLE before one without. A host without a declaration may send six of them (I-97). */
    readonly syn_before_tcp: number;
    /** Flag A in this host's MP_CAPABLE. */
    readonly checksum: boolean;
    /** Refuse peers that ask for checksums (v1: answer without MP_CAPABLE). */
    readonly refuse_checksum: boolean;
    /** Flag C in this host's MP_CAPABLE (v1). */
    readonly no_join_here: boolean;
    /** A server acknowledges the third segment by an ACK with Data ACK, without waiting for octets. */
    readonly ack_third: boolean;
  };
  readonly opt: { readonly conflict: 'ignore' | 'rst'; readonly duplicate: 'first' | 'last' | 'ignore' };
  readonly v0: { readonly flag_b: 'drop' | 'plain' };
  readonly ips: {
    /** With which scheme initial path selection is combined. */
    readonly combine: 'none' | 'sim' | 'timer';
    /**
     * The measure by which paths are compared. This host measures only round trip times: by another measure all paths are
     * equal.
     */
    readonly by: 'rtt' | 'other';
  };
  /** Freedoms of TCP. */
  readonly tcp: {
    /**
     * Seconds after which a single segment in order is acknowledged, a second one at once (RFC 9293 section 3.8.6.3:
     * below 0.5); 0: each at once.
     */
    readonly ack_delay_s: number;
    /** Seconds from a SYN/ACK to its acknowledgment. */
    readonly third_ack_delay_s: number;
    /** First retransmission timeout, and the least one (RFC 6298 sections 2.1 and 2.4). */
    readonly initial_rto_s: number;
    readonly least_rto_s: number;
    /** Octets of the receive window of an application that reads at once, and its window scale shift. */
    readonly window: number;
    readonly window_shift: number;
    /** Most octets of payload in one segment, if the MSS allows more. */
    readonly largest_payload: number;
    /** Segments of a flow under way at most, whatever the windows allow. */
    readonly most_segments: number;
    /** A short segment waits while another one of its flow is unacknowledged (RFC 9293 section 3.7.4). */
    readonly nagle: boolean;
    /** MSS that IPv4 announces; IPv6 announces 20 less. */
    readonly mss: number;
    /** Options offered in SYNs, and answered where they are offered. */
    readonly timestamps: boolean;
    readonly sack: boolean;
    readonly window_scale: boolean;
    /** A segment without the negotiated timestamp is dropped (RFC 7323 section 3.2: SHOULD). */
    readonly timestamps_required: boolean;
    /** Resets of open flows carry an ACK. */
    readonly reset_ack: boolean;
    /**
     * `stateless`: the behaviour of a listener with SYN cookies. It repeats no SYN/ACK by itself, and only a third
     * segment has an effect on a flow in SYN-RECEIVED.
     */
    readonly listener: 'stateful' | 'stateless';
    /** How often a SYN or SYN/ACK is repeated: seven and five times, or once. */
    readonly repeats: 'any' | 'once';
    /** A SYN in the window of an established flow: challenged (RFC 5961 section 4), or a reset as before. */
    readonly syn_in_window: 'challenge' | 'reset';
    /** Whether a client's SYN offers ECN (RFC 3168 section 6.1.1). */
    readonly ecn: 'offered' | 'none';
    /** Congestion control: that of RFC 5681, or one that does not treat duplicate ACKs as congestion. */
    readonly congestion: 'standard' | 'other';
  };
  /** Freedoms of the data level (RFC 8684 section 3.3). */
  readonly dss: {
    /** Width of the DSN. */
    readonly dsn_octets: 8 | 4;
    /** Width of the Data ACK, as long as no DSN of 8 octets came, which asks for 8. */
    readonly ack_octets: 8 | 4;
    /** Seconds after which octets that are not Data-ACKed go out again by another flow, or by the same (section 3.3.6). */
    readonly retransmit_s: number;
  };
  /** Freedoms at the end of a connection. */
  readonly close: {
    /** DATA_FIN by itself; with the last octets where they wait for it; or beside the FIN of the only flow (section 3.3.3). */
    readonly data_fin: 'alone' | 'with-data' | 'with-fin';
    /** MP_FASTCLOSE of v1: option R or option A (RFC 8684 section 3.5). */
    readonly fastclose: 'rst' | 'ack';
  };
}

export const defaultParameters: ReferenceParameters = {
  p1: {
    match_states: 'half+est',
    match_window_s: Number.POSITIVE_INFINITY,
    match_scope: 'key+ver+crypto+port',
    flag_mismatch: 'newkey',
    foreign_host: 'attach',
    client_match: 'same-attempt',
  },
  robe: { superfluous: 'rst', extra_data: 'after-ack', invalid_ack: 'rst', after_reset: 'leave', keep_syn: 'yes' },
  p2: { late_syn: 'rst', rst_form: 'rstack', dup_until: 'rst', redundant_close: 'fin', redundant_close_s: 1 },
  join: { before_dss: 'forbid', when: 'any', reason: 1, delay_s: 0, limit: 'any' },
  timer: { key: 'fresh', value_s: 1, backoff: 'none', late_synack: 'first-wins' },
  sim: { rst: 'onsynack' },
  esim: {
    mode: 'explicit',
    split: 'ab|b2',
    mac_bits: 96,
    crc: 'arc',
    place: 'lsb-after-truncation',
    pre_established: 'wait-ack',
    implicit_guard: 'probe',
    en_scope: 'per-path',
    cross_establish: 'allow',
    c_flag: 'rst',
    candidates: 8,
  },
  l_rtt: { len: 8, unit: 'us', syn_value: 0, use: 'ips' },
  options: { pressure: 'no-lrtt' },
  mpc: {
    lost_third: 'mptcp',
    high_version: 'own',
    bad_echo: 'fallback',
    syn_before_tcp: 3,
    checksum: true,
    refuse_checksum: false,
    no_join_here: false,
    ack_third: false,
  },
  opt: { conflict: 'ignore', duplicate: 'first' },
  v0: { flag_b: 'drop' },
  ips: { combine: 'none', by: 'rtt' },
  tcp: {
    ack_delay_s: 0,
    third_ack_delay_s: 0,
    initial_rto_s: 1,
    least_rto_s: 1,
    window: 65_536,
    window_shift: 7,
    largest_payload: 65_535,
    most_segments: Number.POSITIVE_INFINITY,
    nagle: false,
    mss: 1460,
    timestamps: true,
    sack: true,
    window_scale: true,
    timestamps_required: true,
    reset_ack: true,
    listener: 'stateful',
    repeats: 'any',
    syn_in_window: 'challenge',
    ecn: 'none',
    congestion: 'standard',
  },
  dss: { dsn_octets: 8, ack_octets: 8, retransmit_s: Number.POSITIVE_INFINITY },
  close: { data_fin: 'alone', fastclose: 'rst' },
};

/** Parameters with some groups changed; absent members keep their defaults. */
export type ParameterChanges = {
  readonly [Group in keyof ReferenceParameters]?: Partial<ReferenceParameters[Group]>;
};

/** The defaults with `changes` laid over them. */
export const withParameters = (changes: ParameterChanges): ReferenceParameters => ({
  p1: { ...defaultParameters.p1, ...changes.p1 },
  robe: { ...defaultParameters.robe, ...changes.robe },
  p2: { ...defaultParameters.p2, ...changes.p2 },
  join: { ...defaultParameters.join, ...changes.join },
  timer: { ...defaultParameters.timer, ...changes.timer },
  sim: { ...defaultParameters.sim, ...changes.sim },
  esim: { ...defaultParameters.esim, ...changes.esim },
  l_rtt: { ...defaultParameters.l_rtt, ...changes.l_rtt },
  options: { ...defaultParameters.options, ...changes.options },
  mpc: { ...defaultParameters.mpc, ...changes.mpc },
  opt: { ...defaultParameters.opt, ...changes.opt },
  v0: { ...defaultParameters.v0, ...changes.v0 },
  ips: { ...defaultParameters.ips, ...changes.ips },
  tcp: { ...defaultParameters.tcp, ...changes.tcp },
  dss: { ...defaultParameters.dss, ...changes.dss },
  close: { ...defaultParameters.close, ...changes.close },
});
