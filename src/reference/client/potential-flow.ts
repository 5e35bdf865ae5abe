/** SYN-SENT of a flow that may become the initial subflow: the offer of its SYN, and the callbacks for its outcome. */
import type { Tcp } from '../../protocol/wire/packet.js';
import type { TcpOption } from '../../protocol/wire/tcp-option.js';
import type { Attempt, Potential } from '../election/election.js';
import { usesRemoteRtt } from '../listener/listener.js';
import { capableFlags } from '../mptcp/capable.js';
import { rttOption } from '../mptcp/scheduling.js';
import type { Stack } from '../stack.js';
import type { Flow, FlowEnd } from '../tcp/flow.js';
import { OpeningOwner } from '../tcp/opening-owner.js';
import { potentialEnded, synAckArrived } from './synack.js';

export class PotentialFlow extends OpeningOwner {
  readonly #attempt: Attempt;
  readonly #path: number;
  readonly #keyA: bigint;
  #capableOffered = false;

  constructor(stack: Stack, attempt: Attempt, path: number, keyA: bigint) {
    super(stack);
    this.#attempt = attempt;
    this.#path = path;
    this.#keyA = keyA;
  }

  #potential(flow: Flow): Potential {
    return { path: this.#path, flow, keyA: this.#keyA };
  }

  describe(): readonly unknown[] {
    return ['potential', this.#attempt, this.#path, this.#keyA, this.#capableOffered];
  }

  handshakeOptions(flow: Flow, transmission: number): readonly TcpOption[] {
    if (flow.state !== 'syn-sent') return [];
    const offered = this.stack.decisions.client.offersCapable(this.stack, this.#attempt, transmission);
    if (!offered) return [];
    this.#capableOffered = true;
    return synOptions(this.stack, this.#attempt, this.#keyA);
  }

  override synAckArrived(flow: Flow, segment: Tcp): void {
    synAckArrived(this.stack, this.#attempt, this.#potential(flow), segment, this.#capableOffered);
  }

  /** Simultaneous open: the ACK of the SYN/ACK completes it; without a key of the peer it is TCP (I-88). */
  thirdSegmentArrived(flow: Flow, segment: Tcp): 'established' | 'gone' {
    synAckArrived(this.stack, this.#attempt, this.#potential(flow), segment, false);
    return flow.owner === this ? 'gone' : 'established';
  }

  override ended(flow: Flow, how: FlowEnd): void {
    potentialEnded(this.stack, this.#attempt, this.#potential(flow), how);
  }
}

/** MP_CAPABLE with Key-A (v0) or without (v1), and next to it what the profile asks for. */
const synOptions = (stack: Stack, attempt: Attempt, keyA: bigint): readonly TcpOption[] => {
  const { mpc, esim, l_rtt } = stack.parameters;
  const { version, profile, paths } = attempt;
  const explicit = profile === 'robe-esim' && esim.mode === 'explicit' && paths.length > 1;
  return [
    {
      option: 'mp_capable',
      version,
      flags: capableFlags(mpc.checksum, version === 1 && mpc.no_join_here),
      ...(version === 0 ? { key: keyA } : {}),
    },
    // DRAFT-eSIM-C-12: in every SYN, next to MP_CAPABLE.
    ...(explicit ? [{ option: 'robe_esim_en', reserved: 0 } as const] : []),
    ...(usesRemoteRtt(stack, profile) ? [rttOption(stack, BigInt(l_rtt.syn_value))] : []),
  ];
};

/**
 * Whether a SYN offers MPTCP: up to the declared number, then plain SYNs follow on the same flow (RFC6824-3.1-21, I-97). Where
 * an election spreads its SYNs over paths they count together, but every path is offered MPTCP at least once.
 */
export const offersCapable = (stack: Stack, attempt: Attempt, transmission: number): boolean => {
  if (attempt.profile === 'tcp') return false;
  const limit = stack.parameters.mpc.syn_before_tcp;
  if (attempt.election.repeats === 'flow') return transmission < limit;
  return attempt.syns <= Math.max(limit, attempt.paths.length);
};
