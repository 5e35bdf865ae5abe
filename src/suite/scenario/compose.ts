/** From a segment of a case to its frames: given fields are written exactly, the others come from the flow. */
import { dssChecksum } from '../../protocol/keys/dss-checksum.js';
import { initialDsn } from '../../protocol/keys/key-digest.js';
import { decodeFrame, encodeTcpFrame } from '../../protocol/wire/frame.js';
import { type Tcp, type TcpDraft, TcpFlag } from '../../protocol/wire/packet.js';
import { seq } from '../../protocol/wire/seq.js';
import type { tcpHeader } from '../../protocol/wire/tcp.js';
import type { TcpOption } from '../../protocol/wire/tcp-option.js';
import { ExpressionError, evaluate, integer, type Value } from '../language/expression.js';
import { headerFields, optionLanguage } from '../language/option-language.js';
import { alphabet, type Fields, type SegmentName, type SegmentPattern } from '../language/segment-pattern.js';
import { composeOption, type OptionContext } from './compose-option.js';
import { cut } from './cut.js';
import type { Flow, Told } from './flow.js';
import type { Plan } from './plan.js';
import { type Bindings, choosingScope, versionOf } from './scope.js';

export interface Composed {
  /** One, or more if the peer's MSS is smaller. */
  readonly frames: readonly Uint8Array[];
  readonly flags: number;
  readonly payload: number;
  /** Whether the case gave the sequence number itself. */
  readonly ownSeq: boolean;
  /** Its acknowledgment, if it has one. */
  readonly told?: Told;
  /** The shift that it offers, if it is a SYN with window scale. */
  readonly scale?: number;
  /** Names that this segment bound. */
  readonly bound: Bindings;
}

/** The tester's offer if a case gives none. */
export const usualWindow = 65535;

const flagsOf: Readonly<Record<SegmentName, number>> = {
  SYN: TcpFlag.SYN,
  'SYN/ACK': TcpFlag.SYN | TcpFlag.ACK,
  ACK: TcpFlag.ACK,
  DATA: TcpFlag.PSH | TcpFlag.ACK,
  FIN: TcpFlag.FIN | TcpFlag.ACK,
  RST: TcpFlag.RST,
  'RST/ACK': TcpFlag.RST | TcpFlag.ACK,
  any: TcpFlag.ACK,
};

function payloadOf(segment: SegmentPattern): Uint8Array {
  if (segment.payload === undefined) return new Uint8Array(0);
  if (segment.payload.is === 'octets') return segment.payload.octets;
  return alphabet(segment.payload.length);
}

/** The values of fields; `auto` and `wrong` are left to the caller. */
function valuesOf(
  fields: Fields,
  bitsOf: (name: string) => number,
  plan: Plan,
  flow: Flow,
  bindings: Map<string, Value>,
): Map<string, Value> {
  const values = new Map<string, Value>();
  for (const [name, field] of Object.entries(fields)) {
    if (field.is !== 'value') throw new ExpressionError(`\`${name}\` needs one value when it is sent`);
    if (field.value.op === 'name' && (field.value.name === 'auto' || field.value.name === 'wrong')) {
      values.set(name, field.value.name);
      continue;
    }
    const scope = choosingScope(plan, flow, bindings, bitsOf(name), (n, v) => bindings.set(n, v));
    values.set(name, evaluate(field.value, scope));
  }
  return values;
}

/** RFC 8684 section 3.3.1: the checksum covers the pseudo-header of the mapping and the payload. */
function fillChecksum(name: string, values: Map<string, Value>, plan: Plan, payload: Uint8Array): void {
  const asked = values.get('checksum');
  if (asked !== 'auto' && asked !== 'wrong') return;
  const key = values.get('key');
  const dsn =
    name === 'mp_capable' ? initialDsn(versionOf(plan), integer(key ?? 0n)) + 1n : integer(values.get('dsn') ?? 0n);
  const right = dssChecksum(
    {
      dsn: BigInt.asUintN(64, dsn),
      ssn: name === 'mp_capable' ? 1 : Number(integer(values.get('ssn') ?? 1n)),
      dataLength: Number(integer(values.get('data_length') ?? BigInt(payload.length))),
    },
    payload,
  );
  values.set('checksum', BigInt(asked === 'wrong' ? right ^ 1 : right));
}

/** Options that every host adds to those of a case: `minimal` an MSS, `usual` those that stacks send today. */
function companions(plan: Plan, flow: Flow, context: OptionContext): readonly TcpOption[] {
  const usual = plan.case.companions === 'usual';
  const timestamps: TcpOption = { option: 'timestamps', ...context.timestamps };
  if (!context.syn) return usual && flow.peerTimestamp !== undefined ? [timestamps] : [];
  const mss: TcpOption = { option: 'mss', value: flow.local.address.includes(':') ? 1440 : 1460 };
  if (!usual) return [mss];
  // A SYN/ACK has timestamps only if the SYN had them (RFC 7323 section 2.2).
  const answering = context.ack && flow.peerTimestamp === undefined;
  return [mss, { option: 'sack_permitted' }, ...(answering ? [] : [timestamps]), { option: 'window_scale', shift: 7 }];
}

type Values = ReturnType<typeof valuesOf>;

/** Header fields that the segment gives itself. */
const givenFields = (header: Values): Partial<Pick<Tcp, keyof typeof tcpHeader>> =>
  Object.fromEntries(
    [...header].flatMap(([word, value]) => {
      const known = headerFields[word];
      return known === undefined || typeof value === 'string'
        ? []
        : [[known.field, Number(BigInt.asUintN(known.bits, integer(value)))]];
    }),
  );

/** The options that the segment names, and its raw octets before and after them. */
function ownOptions(
  segment: SegmentPattern,
  payload: Uint8Array,
  context: OptionContext,
  valuesFor: (fields: Fields, bits: (field: string) => number) => Values,
  plan: Plan,
): readonly TcpOption[] {
  const raw = (octets: Uint8Array): TcpOption => ({ option: 'raw', octets });
  const named = segment.options.flatMap(({ name, pattern }) => {
    if (pattern.presence === 'absent') return [];
    const words = optionLanguage[name]?.fields ?? {};
    const values = valuesFor(pattern.fields, (field) => words[field]?.bits ?? 64);
    if (name === 'dss' && values.has('dsn') && !values.has('data_length'))
      values.set('data_length', BigInt(payload.length));
    fillChecksum(name, values, plan, payload);
    return [composeOption(name, values, context)];
  });
  return [...segment.rawBefore.map(raw), ...named, ...segment.rawOptions.map(raw)];
}

/** Builds the frames of a send step at a time (nanoseconds); throws an ExpressionError if the case is inconsistent. */
export function compose(plan: Plan, flow: Flow, segment: SegmentPattern, bindings: Bindings, at: bigint): Composed {
  const bound = new Map(bindings);
  const payload = payloadOf(segment);
  const named = flagsOf[segment.segment];
  const header = valuesOf(segment.fields, (name) => headerFields[name]?.bits ?? 64, plan, flow, bound);
  const given = givenFields(header);
  const flags = given.flags ?? named;
  const context: OptionContext = {
    syn: (flags & TcpFlag.SYN) !== 0,
    ack: (flags & TcpFlag.ACK) !== 0,
    version: versionOf(plan),
    subtypes: plan.subtypes,
    timestamps: { value: Number(BigInt.asUintN(32, at / 1_000_000n)), echo: flow.peerTimestamp ?? 0 },
  };
  const own = ownOptions(segment, payload, context, (fields, bits) => valuesOf(fields, bits, plan, flow, bound), plan);
  const absent = new Set(segment.options.filter((o) => o.pattern.presence === 'absent').map((o) => o.name));
  const beside = companions(plan, flow, context).filter(
    (option) => !absent.has(option.option) && !own.some((o) => o.option === option.option),
  );
  const draft: TcpDraft = {
    ethernet: { source: flow.local.mac, destination: flow.remote.mac },
    ip: { source: flow.local.address, destination: flow.remote.address },
    tcp: {
      sourcePort: flow.local.port,
      destinationPort: flow.remote.port,
      seq: flow.next,
      ack: seq(context.ack ? (flow.expected ?? 0) : 0),
      flags,
      window: usualWindow,
      options: [...beside, ...own],
      payload,
      ...given,
    },
  };
  const frameOf = (piece: TcpDraft): Uint8Array =>
    header.get('checksum') === 'wrong' ? withWrongChecksum(piece, plan) : encodeTcpFrame(piece, plan.subtypes);
  const { ack, window } = draft.tcp;
  const frames = encoded(() => cut(draft, flow).map(frameOf));
  return {
    frames,
    flags,
    payload: payload.length,
    ownSeq: given.seq !== undefined,
    ...(context.ack && ack !== undefined && window !== undefined
      ? { told: { ack, window, ...toldBeside([...beside, ...own]) } }
      : {}),
    ...(context.syn ? scaleOf(frames, plan) : {}),
    bound,
  };
}

function toldBeside(options: readonly TcpOption[]): Pick<Told, 'dataAck' | 'timestamp'> {
  const dss = options.find((option) => option.option === 'dss');
  const timestamps = options.find((option) => option.option === 'timestamps');
  return {
    ...(dss?.option === 'dss' && dss.ack !== undefined ? { dataAck: dss.ack } : {}),
    ...(timestamps?.option === 'timestamps' ? { timestamp: timestamps.value } : {}),
  };
}

/** Read from the wire, where the option may stand as raw octets. */
function scaleOf([frame]: readonly Uint8Array[], plan: Plan): { readonly scale?: number } {
  const syn = frame === undefined ? undefined : decodeFrame(frame, plan.subtypes);
  const options = syn?.kind === 'tcp' ? syn.tcp.options : [];
  const offered = options.find(({ option }) => option === 'window_scale');
  return offered?.option === 'window_scale' ? { scale: offered.shift } : {};
}

/** A value that does not fit on the wire is a mistake of the case. */
function encoded<Encoded>(encode: () => Encoded): Encoded {
  try {
    return encode();
  } catch (cause) {
    if (cause instanceof RangeError) throw new ExpressionError(cause.message.replace('dataOffset', '`data_offset`'));
    throw cause;
  }
}

/** The frame with the lowest bit of its right checksum inverted. */
function withWrongChecksum(draft: TcpDraft, plan: Plan): Uint8Array {
  const right = decodeFrame(encodeTcpFrame(draft, plan.subtypes), plan.subtypes);
  const checksum = right.kind === 'tcp' ? right.tcp.checksum ^ 1 : 1;
  return encodeTcpFrame({ ...draft, tcp: { ...draft.tcp, checksum } }, plan.subtypes);
}
