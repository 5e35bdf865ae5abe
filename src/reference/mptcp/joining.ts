/**
 * Opening a further subflow (RFC 6824 and RFC 8684 section 3.2), the initiator's side.
 *
 * | state        | entered by               | left by                                                            |
 * |--------------|--------------------------|--------------------------------------------------------------------|
 * | SYN sent     | gate open                | SYN/ACK with right HMAC-B -> third segment; anything else -> reset  |
 * | third sent   | HMAC-A on the third ACK  | any segment of the peer: the flow is a member that carries data     |
 */
import type { IpAddress, Tcp } from '../../protocol/wire/packet.js';
import type { TcpOption } from '../../protocol/wire/tcp-option.js';
import type { Stack } from '../stack.js';
import type { Flow } from '../tcp/flow.js';
import { createFlow } from '../tcp/flow-table.js';
import { OpeningOwner } from '../tcp/opening-owner.js';
import { resetFlow, sendSyn } from '../tcp/transmission.js';
import { findOption } from './capable.js';
import type { Session } from './connection.js';
import { ResetReason, resetReason } from './fallback.js';
import { attach, sendThird } from './subflow.js';

interface JoinTarget {
  readonly path: number;
  readonly local: IpAddress;
  readonly remote: IpAddress;
  readonly remotePort: number;
  /** Address ID of `local` (RFC6824-3.4-02: one address each). */
  readonly localId: number;
}

/** Sends SYN MP_JOIN with a fresh nonce and the token of the peer's key. */
export const openJoin = (stack: Stack, session: Session, target: JoinTarget): Flow => {
  const flow = createFlow(stack, {
    path: target.path,
    local: target.local,
    localPort: stack.decisions.tcp.sourcePort(stack, target),
    remote: target.remote,
    remotePort: target.remotePort,
    opener: 'active',
    owner: new JoiningFlow(stack, session, target.localId, stack.entropy.nonce()),
  });
  sendSyn(stack, flow, true);
  return flow;
};

class JoiningFlow extends OpeningOwner {
  readonly #session: Session;
  readonly #localId: number;
  readonly #nonce: number;

  constructor(stack: Stack, session: Session, localId: number, nonce: number) {
    super(stack);
    this.#session = session;
    this.#localId = localId;
    this.#nonce = nonce;
  }

  describe(): readonly unknown[] {
    return ['joining', this.#session, this.#localId, this.#nonce];
  }

  handshakeOptions(): readonly TcpOption[] {
    return [
      {
        option: 'mp_join',
        form: 'syn',
        backup: false,
        reserved: 0,
        addressId: this.#localId,
        token: this.#session.remoteToken,
        nonce: this.#nonce,
      },
    ];
  }

  override synAckArrived(flow: Flow, segment: Tcp): void {
    const { stack } = this;
    const session = this.#session;
    const answer = findOption(segment.options, 'mp_join', stack.parameters.opt.duplicate);
    const live = session.connection.session === session;
    // RFC6824-3.2-06 and -08: no MP_JOIN, or one that does not verify, resets the flow and nothing else.
    const proven =
      answer?.form === 'syn/ack' &&
      findOption(segment.options, 'mp_capable') === undefined &&
      stack.decisions.join.verifiesHmacB(session, this.#nonce, answer);
    if (!live || !proven) {
      resetFlow(stack, flow, resetReason(session.version, ResetReason.mptcp));
      return;
    }
    const third: TcpOption = {
      option: 'mp_join',
      form: 'ack',
      reserved: 0,
      hmac: stack.decisions.join.hmacA(session, this.#nonce, answer.nonce),
    };
    const member = attach(stack, session, flow, {
      by: 'join',
      localId: this.#localId,
      remoteId: answer.addressId,
      backup: answer.backup,
      awaiting: 'ack',
      third: [third],
    });
    sendThird(stack, session, member);
  }

  thirdSegmentArrived(): 'held' {
    // A simultaneous open of a join is not taken further (RFC 8684 section 3.9 leaves it open).
    return 'held';
  }
}
