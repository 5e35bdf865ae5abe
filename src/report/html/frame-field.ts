/** One field of a frame: which octets it takes, its name and its value. */
export interface FrameField {
  /** First octet. */
  readonly from: number;
  /** Octet after the last. */
  readonly to: number;
  /** `ethernet.source`, `ip.ttl`, `seq`, `mp_join.token`. */
  readonly name: string;
  readonly value: string;
}
