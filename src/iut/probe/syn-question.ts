/** Sends one SYN and waits for an answer, a refusal, or a timeout. Resets a connection that it opened. */

import type { Clock, Time } from '../../net/clock/clock.js';
import type { Link, PathId } from '../../net/link/link.js';
import { type MpCapable, MpCapableFlag } from '../../protocol/mptcp/option.js';
import { decodeFrame, encodeTcpFrame } from '../../protocol/wire/frame.js';
import { type ChecksumState, type IpAddress, type MacAddress, TcpFlag } from '../../protocol/wire/packet.js';
import { type Seq, seq } from '../../protocol/wire/seq.js';
import type { TcpOption } from '../../protocol/wire/tcp-option.js';

export interface SynQuestion {
  readonly path: PathId;
  readonly from: IpAddress;
  readonly fromPort: number;
  readonly to: IpAddress;
  readonly toPort: number;
  readonly testerMac: MacAddress;
  readonly iutMac: MacAddress;
  /** MPTCP version to offer; absent: none. */
  readonly offer?: 0 | 1;
}

export type SynAnswer =
  | {
      readonly answer: 'syn/ack';
      /** The version of the MP_CAPABLE that came with it. */
      readonly mptcp?: number;
      /** Its flag A: whether DSS checksums are asked for. */
      readonly asksForChecksums?: boolean;
      readonly checksum: ChecksumState;
    }
  | { readonly answer: 'rst' }
  | { readonly answer: 'nothing' };

const attempts = 3;
/** Kernels answer a repeated SYN at most every half second. */
const pause: Time = 600_000_000n;
const firstSeq = seq(0x1000_0000);
/** Any key will do, as long as it is not that of another connection: it depends on where the SYN comes from. */
const keyOf = ({ fromPort }: SynQuestion): bigint => 0x726f_6265_0000_0000n + BigInt(fromPort);
/** RFC 8684 section 3.1 flag H, HMAC-SHA256; RFC 6824 section 3.1 flag H, HMAC-SHA1. */
const flagH = 0x01;

/** Settles within two seconds. */
export const askBySyn = (link: Link, clock: Clock, question: SynQuestion): Promise<SynAnswer> =>
  new Promise((resolve) => {
    let sent = 0;
    const finish = (answer: SynAnswer): void => {
      unsubscribe();
      alarm.cancel();
      resolve(answer);
    };
    const unsubscribe = link.subscribe(({ path, frame }) => {
      if (path !== question.path) return;
      const heard = hear(frame, question);
      if (heard === undefined) return;
      if (heard.reset !== undefined) link.send(path, heard.reset);
      finish(heard.answer);
    });
    const attempt = (): void => {
      if (sent === attempts) {
        finish({ answer: 'nothing' });
        return;
      }
      sent += 1;
      link.send(question.path, segment(question, TcpFlag.SYN, firstSeq, offered(question)));
      alarm = clock.at(clock.now() + pause, attempt);
    };
    let alarm = clock.at(clock.now(), attempt);
  });

const offered = (question: SynQuestion): readonly TcpOption[] => [
  { option: 'mss', value: 1400 },
  ...(question.offer === undefined ? [] : [capable(question, question.offer)]),
];

/** RFC 8684 section 3.1: a version 1 SYN carries no key, one of version 0 (RFC 6824 section 3.1) carries the sender's. */
const capable = (question: SynQuestion, version: 0 | 1): MpCapable => ({
  option: 'mp_capable',
  version,
  flags: flagH,
  ...(version === 0 ? { key: keyOf(question) } : {}),
});

const segment = (question: SynQuestion, flags: number, at: Seq, options: readonly TcpOption[]): Uint8Array => {
  const { from, fromPort, to, toPort, testerMac, iutMac } = question;
  return encodeTcpFrame({
    ethernet: { destination: iutMac, source: testerMac },
    ip: { source: from, destination: to },
    tcp: { sourcePort: fromPort, destinationPort: toPort, seq: at, flags, window: 65_535, options },
  });
};

const hear = (
  frame: Uint8Array,
  question: SynQuestion,
): { readonly answer: SynAnswer; readonly reset?: Uint8Array } | undefined => {
  const packet = decodeFrame(frame);
  if (packet.kind !== 'tcp') return undefined;
  const { ip, tcp } = packet;
  if (ip.source !== question.to || ip.destination !== question.from) return undefined;
  if (tcp.sourcePort !== question.toPort || tcp.destinationPort !== question.fromPort) return undefined;
  if ((tcp.flags & TcpFlag.RST) !== 0) return { answer: { answer: 'rst' } };
  if ((tcp.flags & TcpFlag.SYN) === 0) return undefined;
  const capable = tcp.options.find((each) => each.option === 'mp_capable');
  const spoken =
    capable === undefined ? {} : { mptcp: capable.version, asksForChecksums: (capable.flags & MpCapableFlag.A) !== 0 };
  return {
    answer: { answer: 'syn/ack', checksum: tcp.checksumState, ...spoken },
    reset: segment(question, TcpFlag.RST, tcp.ack, []),
  };
};
