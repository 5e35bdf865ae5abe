/**
 * A recorded case as a script for packetdrill (github.com/multipath-tcp/packetdrill, which knows MPTCP v1): the tester's
 * segments are injected, the others expected, with the calls of an echoing server, or a client, in between. The language
 * has one path and names for keys that a kernel draws; a segment that it cannot express becomes a comment, and is listed.
 *
 * Sequence numbers are relative to each end's SYN, data sequence numbers to the one that follows from each end's key, as
 * the language has them. Times are seconds after the line before.
 */
import { initialDsn } from '../protocol/keys/key-digest.js';
import { DssFlag, MpCapableFlag, type MptcpOption } from '../protocol/mptcp/option.js';
import { decodeFrame } from '../protocol/wire/frame.js';
import { type Tcp, TcpFlag, type TcpPacket } from '../protocol/wire/packet.js';
import { type Seq, seqDiff } from '../protocol/wire/seq.js';
import type { TcpOption } from '../protocol/wire/tcp-option.js';
import type { Plan } from '../suite/scenario/plan.js';
import type { Trace, TraceEntry } from '../suite/trace/trace.js';

export interface PacketdrillScript {
  readonly text: string;
  /** The segments that the script leaves out, a sentence each. */
  readonly left: readonly string[];
}

const nanosecondsASecond = 1e9;
const listener = 3;
const accepted = 4;

export const writePacketdrill = ({
  plan,
  trace,
}: {
  readonly plan: Plan;
  readonly trace: Trace;
}): PacketdrillScript => {
  const writer = new ScriptWriter(plan);
  for (const entry of trace) writer.take(entry);
  return writer.finish();
};

/** Letters of the flags, in the order in which scripts have them. */
const letters: readonly (readonly [number, string])[] = [
  [TcpFlag.SYN, 'S'],
  [TcpFlag.FIN, 'F'],
  [TcpFlag.RST, 'R'],
  [TcpFlag.PSH, 'P'],
  [TcpFlag.ECE, 'E'],
  [TcpFlag.CWR, 'W'],
  [TcpFlag.ACK, '.'],
];

/** The identifiers of both ends of the script's only flow. */
interface Side {
  initial?: Seq;
  key?: bigint;
}

class ScriptWriter {
  readonly #plan: Plan;
  readonly #lines: string[] = [];
  readonly #left = new Set<string>();
  readonly #tester: Side = {};
  readonly #iut: Side = {};
  #path: number | undefined;
  #ports: string | undefined;
  #last: bigint | undefined;
  #established = false;

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  take({ at, entry, note }: TraceEntry): void {
    // Sentinels and clean-up are no part of the case.
    if (note?.step === 'sentinel' || note?.step === 'closing') return;
    if ('action' in entry && entry.action === 'send') this.#frame(at, entry.path, entry.frame, true);
    else if ('event' in entry && entry.event === 'frame') this.#frame(at, entry.path, entry.frame, false);
    else if ('action' in entry && entry.action === 'control') {
      const { verb } = entry.command;
      if (verb === 'send')
        this.#call(at, `write(${this.#socket}, ..., ${entry.command.octets.length}) = ${entry.command.octets.length}`);
      if (verb === 'close') this.#call(at, `close(${this.#socket}) = 0`);
      if (/abort|announce|withdraw|prioritise/.test(verb)) this.#cannot(`${verb}: the language has no call for it`);
    }
  }

  finish(): PacketdrillScript {
    const { case: subject, seed } = this.#plan;
    const left = [...this.#left];
    const head = [
      `// ${subject.id}: ${subject.title}`,
      `// ${subject.requirements.join(' ')}; made by robe export, seed ${seed}`,
      ...left.map((what) => `// left out: ${what}`),
    ];
    return { text: `${[...head, '', ...this.#opening(), ...this.#lines].join('\n')}\n`, left };
  }

  get #serves(): boolean {
    return this.#plan.case.role === 'server';
  }

  get #socket(): number {
    return this.#serves ? accepted : listener;
  }

  #opening(): readonly string[] {
    const kind = this.#plan.case.mptcp === undefined ? 'IPPROTO_TCP' : 'IPPROTO_MPTCP';
    const socket = `0 socket(..., SOCK_STREAM, ${kind}) = ${listener}`;
    return this.#serves
      ? [
          socket,
          `+0 setsockopt(${listener}, SOL_SOCKET, SO_REUSEADDR, [1], 4) = 0`,
          `+0 bind(${listener}, ..., ...) = 0`,
          `+0 listen(${listener}, 1) = 0`,
        ]
      : [
          socket,
          `+0 fcntl(${listener}, F_SETFL, O_RDWR|O_NONBLOCK) = 0`,
          `+0 connect(${listener}, ..., ...) = -1 EINPROGRESS (Operation now in progress)`,
        ];
  }

  #cannot(what: string): void {
    this.#left.add(what);
    this.#lines.push(`// here: ${what}`);
  }

  #call(at: bigint, text: string): void {
    this.#lines.push(`${this.#after(at)} ${text}`);
  }

  #after(at: bigint): string {
    const gap = this.#last === undefined ? 0 : Number(at - this.#last) / nanosecondsASecond;
    this.#last = at;
    return `+${gap < 0.001 ? '0' : gap.toFixed(3)}`;
  }

  #frame(at: bigint, path: number, frame: Uint8Array, sent: boolean): void {
    const packet = decodeFrame(frame);
    if (packet.kind !== 'tcp') {
      if (packet.kind === 'icmp') this.#cannot('an ICMP message: its form here is not that of the language');
      return;
    }
    if (!this.#isOfTheFlow(path, packet, sent)) return;
    const { tcp } = packet;
    const [from, to] = sent ? [this.#tester, this.#iut] : [this.#iut, this.#tester];
    if ((tcp.flags & TcpFlag.SYN) !== 0) from.initial ??= tcp.seq;
    this.#learnKeys(tcp, from);
    const text = this.#segment(tcp, from, to, sent);
    if (text === undefined) return;
    this.#lines.push(`${this.#when(at, sent)} ${sent ? '<' : '>'} ${text}`);
    this.#application(tcp, sent);
  }

  /** An answer may come at any time until the case would have given up. */
  #when(at: bigint, sent: boolean): string {
    const after = this.#after(at);
    const seconds = (Number(this.#plan.timing.reaction) / nanosecondsASecond).toFixed(1);
    return sent ? after : `+0~+${seconds}`;
  }

  /** The first flow; the language has no second one. */
  #isOfTheFlow(path: number, { tcp }: TcpPacket, sent: boolean): boolean {
    const ports = sent ? `${tcp.sourcePort} ${tcp.destinationPort}` : `${tcp.destinationPort} ${tcp.sourcePort}`;
    this.#path ??= path;
    this.#ports ??= ports;
    if (path === this.#path && ports === this.#ports) return true;
    this.#cannot(
      path === this.#path
        ? 'segments of further flows: a script has one'
        : 'segments on further paths: a script has one',
    );
    return false;
  }

  #learnKeys({ options }: Tcp, from: Side): void {
    for (const option of options)
      if (option.option === 'mp_capable' && option.key !== undefined) from.key ??= option.key;
  }

  /** What an echo does with what came; and the accepting, once the handshake is over. */
  #application({ flags, payload }: Tcp, sent: boolean): void {
    if (!this.#serves) return;
    if (sent && !this.#established && (flags & (TcpFlag.SYN | TcpFlag.ACK | TcpFlag.RST)) === TcpFlag.ACK) {
      this.#established = true;
      this.#lines.push(`+0 accept(${listener}, ..., ...) = ${accepted}`);
    }
    if (!sent || payload.length === 0 || !this.#established) return;
    this.#lines.push(`+0 read(${accepted}, ..., ${payload.length}) = ${payload.length}`);
    this.#lines.push(`+0 write(${accepted}, ..., ${payload.length}) = ${payload.length}`);
  }

  #segment(tcp: Tcp, from: Side, to: Side, sent: boolean): string | undefined {
    if ((tcp.flags & TcpFlag.URG) !== 0) this.#cannot('the urgent flag and its pointer');
    if (sent && tcp.checksumState === 'invalid') {
      this.#cannot('a wrong checksum: the language computes them');
      return undefined;
    }
    const start = from.initial === undefined ? tcp.seq : seqDiff(tcp.seq, from.initial) >>> 0;
    const flags = letters.flatMap(([bit, letter]) => ((tcp.flags & bit) === 0 ? [] : [letter])).join('') || '-';
    const ack =
      (tcp.flags & TcpFlag.ACK) === 0
        ? ''
        : ` ack ${to.initial === undefined ? tcp.ack : seqDiff(tcp.ack, to.initial) >>> 0}`;
    const window = sent ? ` win ${tcp.window}` : '';
    const options = this.#options(tcp.options, from, to);
    if (options === undefined) return undefined;
    const { length } = tcp.payload;
    return `${flags} ${start}:${start + length}(${length})${ack}${window}${options === '' ? '' : ` <${options}>`}`;
  }

  /** Undefined if one of them cannot be expressed and is essential to the segment. */
  #options(options: readonly TcpOption[], from: Side, to: Side): string | undefined {
    const words = options.map((option) => this.#option(option, from, to));
    return words.includes(undefined) ? undefined : words.join(',');
  }

  #option(option: TcpOption, from: Side, to: Side): string | undefined {
    switch (option.option) {
      case 'nop':
        return 'nop';
      case 'eol':
        return 'eol';
      case 'mss':
        return `mss ${option.value}`;
      case 'window_scale':
        return `wscale ${option.shift}`;
      case 'sack_permitted':
        return 'sackOK';
      case 'timestamps':
        return `TS val ${option.value} ecr ${option.echo}`;
      case 'sack':
        return this.#sack(option.blocks, to);
      case 'mp_capable':
        return this.#capable(option, from);
      case 'dss':
        return this.#dss(option, from, to);
      case 'malformed':
      case 'raw':
      case 'unknown':
        this.#cannot('an option whose octets the language does not write');
        return undefined;
      default:
        this.#cannot(
          `${option.option.toUpperCase()}: its values depend on keys that the language does not give out, or it does not know it`,
        );
        return undefined;
    }
  }

  #sack(blocks: readonly { readonly left: number; readonly right: number }[], to: Side): string {
    const relative = (edge: number): number =>
      to.initial === undefined ? edge : seqDiff(edge as Seq, to.initial) >>> 0;
    return `sack ${blocks.map(({ left, right }) => `${relative(left)}:${relative(right)}`).join(' ')}`;
  }

  #capable(option: Extract<MptcpOption, { option: 'mp_capable' }>, from: Side): string | undefined {
    const { version, flags, key, peerKey, dataLength, checksum } = option;
    const known = MpCapableFlag.A | MpCapableFlag.C | MpCapableFlag.H;
    if (version !== 1 || (flags & ~known) !== 0) {
      this.#cannot(version === 1 ? 'flags of MP_CAPABLE other than A, C and H' : 'MPTCP version 0');
      return undefined;
    }
    const named = (['A', 'C', 'H'] as const)
      .filter((flag) => (flags & MpCapableFlag[flag]) !== 0)
      .map((flag) => `flag_${flag.toLowerCase()}`);
    const head = `mpcapable v1 flags[${named.join(',')}]`;
    if (key === undefined) return `${head} nokey`;
    const keys = [this.#keyName(key, from), ...(peerKey === undefined ? [] : [this.#peerName(peerKey, from)])];
    // A checksum is computed where flag A asks for one.
    if (checksum !== undefined && (flags & MpCapableFlag.A) === 0)
      this.#cannot('a checksum that flag A does not ask for');
    return `${head} key[${keys.join(', ')}]${dataLength === undefined ? '' : ` mpcdatalen ${dataLength}`}`;
  }

  /** The tester's key is given its value where it is written first; that of the kernel is the one that came. */
  #keyName(key: bigint, from: Side): string {
    const name = this.#nameOf(from);
    if (key !== from.key) this.#cannot('a key other than the one of its end');
    if (from !== this.#tester || this.#named) return name;
    this.#named = true;
    return `${name}=${key}`;
  }

  #named = false;

  #peerName(key: bigint, from: Side): string {
    const peer = from === this.#tester ? this.#iut : this.#tester;
    if (key !== peer.key) this.#cannot('an echo of a key other than the one of the other end');
    return this.#nameOf(peer);
  }

  /** `skey` is the server's, `ckey` the client's. */
  #nameOf(side: Side): string {
    return (side === this.#iut) === this.#serves ? 'skey' : 'ckey';
  }

  #dss(option: Extract<MptcpOption, { option: 'dss' }>, from: Side, to: Side): string | undefined {
    const { flags, ack, dsn, ssn, dataLength, checksum } = option;
    const words = ['dss'];
    const relative = (number: bigint, side: Side, wide: boolean): bigint | undefined => {
      if (side.key === undefined) return undefined;
      const first = initialDsn(1, side.key);
      return wide ? BigInt.asUintN(64, number - first) : BigInt.asUintN(32, number - first);
    };
    const wideAck = (flags & DssFlag.a) !== 0;
    const wideDsn = (flags & DssFlag.m) !== 0;
    const ackNumber = ack === undefined ? undefined : relative(ack, to, wideAck);
    const dsnNumber = dsn === undefined ? undefined : relative(dsn, from, wideDsn);
    if ((ack !== undefined && ackNumber === undefined) || (dsn !== undefined && dsnNumber === undefined)) {
      this.#cannot('DSS of an end whose key was not seen');
      return undefined;
    }
    if (ackNumber !== undefined) words.push(`dack${wideAck ? 8 : 4}=${ackNumber}`);
    if (dsnNumber !== undefined)
      words.push(`dsn${wideDsn ? 8 : 4}=${dsnNumber}`, `ssn=${ssn ?? 0}`, `dll=${dataLength ?? 0}`);
    if (checksum === undefined) words.push('nocs');
    if ((flags & DssFlag.F) !== 0) words.push('fin');
    return words.join(' ');
  }
}
