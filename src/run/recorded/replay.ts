/**
 * Compares two runs of one case: finds the first difference of the second from the recorded one. Frames are compared lane
 * by lane (a path, one direction), as lanes have no order between them on a real wire. Values that either side chooses
 * anew (keys, nonces, tokens, MACs, numbers, addresses, ports) need not be equal, only correspond: where the recording
 * has the same value twice, the second run must have one value twice. Times and timestamps are not compared; pauses are
 * those of the case.
 *
 * Freedoms of the case are no differences: segments that the same step took as expected in both may differ in fields that
 * the step does not mention, and ignored segments may be missing. So the first difference is one that the case judges.
 */
import { toHex } from '../../protocol/bytes/hex.js';
import { isOpaque, wordOf } from '../../protocol/layout/field.js';
import { fieldOf, formOfOption } from '../../protocol/layout/layout.js';
import { decodeFrame } from '../../protocol/wire/frame.js';
import type { Packet, Tcp, TcpPacket } from '../../protocol/wire/packet.js';
import { layoutOf, type TcpOption } from '../../protocol/wire/tcp-option.js';
import type { Plan } from '../../suite/scenario/plan.js';
import { segmentNameOf } from '../../suite/scenario/segment-name.js';
import { tell } from '../../suite/scenario/tell.js';
import type { Trace, TraceNote } from '../../suite/trace/trace.js';

export interface Played {
  readonly plan: Plan;
  readonly trace: Trace;
}

export interface Divergence {
  /** Number of the frame in the recording; absent if the recording had no further frame. */
  readonly frame?: number;
  readonly sentBy: 'tester' | 'implementation';
  readonly path: number;
  readonly step: string;
  /** The differing field, e.g. `mp_capable.version`; `frame` if one side has none. */
  readonly field: string;
  readonly recorded: string;
  readonly now: string;
}

interface Shown {
  readonly number: number;
  readonly sentBy: Divergence['sentBy'];
  readonly path: number;
  readonly packet: Packet;
  readonly note: TraceNote | undefined;
}

/** Undefined if the second corresponds to the first. */
export const firstDivergence = (recorded: Played, now: Played): Divergence | undefined => {
  const then = lanesOf(recorded);
  const present = lanesOf(now);
  const found: Divergence[] = [];
  for (const lane of new Set([...then.keys(), ...present.keys()])) {
    const divergence = compareLanes(then.get(lane) ?? [], present.get(lane) ?? []);
    if (divergence !== undefined) found.push(divergence);
  }
  const place = ({ frame }: Divergence): number => frame ?? Number.MAX_SAFE_INTEGER;
  return found.sort((a, b) => place(a) - place(b))[0];
};

const lanesOf = ({ plan, trace }: Played): ReadonlyMap<string, readonly Shown[]> => {
  const lanes = new Map<string, Shown[]>();
  let number = 0;
  for (const { entry, note } of trace) {
    if (!('frame' in entry)) continue;
    number += 1;
    if ('event' in entry && note?.taken === 'ignored') continue;
    const sentBy = 'event' in entry ? 'implementation' : 'tester';
    const key = `${sentBy} ${entry.path}`;
    const shown = { number, sentBy, path: entry.path, packet: decodeFrame(entry.frame, plan.subtypes), note } as const;
    const lane = lanes.get(key);
    if (lane === undefined) lanes.set(key, [shown]);
    else lane.push(shown);
  }
  return lanes;
};

const nothing = 'nothing more';

const compareLanes = (then: readonly Shown[], now: readonly Shown[]): Divergence | undefined => {
  const bound = new Correspondence();
  for (let index = 0; index < Math.max(then.length, now.length); index += 1) {
    const [a, b] = [then[index], now[index]];
    const shown = a ?? b;
    if (shown === undefined) return undefined;
    const place = {
      ...(a === undefined ? {} : { frame: a.number }),
      sentBy: shown.sentBy,
      path: shown.path,
      step: shown.note?.step ?? 'none',
    };
    if (a === undefined || b === undefined)
      return {
        ...place,
        field: 'frame',
        recorded: a === undefined ? nothing : tell(a.packet),
        now: b === undefined ? nothing : tell(b.packet),
      };
    const different = compareFrames(a, b, bound);
    if (different !== undefined && !isLeftFree(a, b)) return { ...place, ...different };
  }
  return undefined;
};

/** Whether the same step took both as expected. */
const isLeftFree = (then: Shown, now: Shown): boolean =>
  then.sentBy === 'implementation' &&
  then.note?.taken === 'matched' &&
  now.note?.taken === 'matched' &&
  then.note.step === now.note.step;

type Difference = Pick<Divergence, 'field' | 'recorded' | 'now'>;

const compareFrames = (then: Shown, now: Shown, bound: Correspondence): Difference | undefined => {
  const [a, b] = [fieldsOf(then, bound.recorded), fieldsOf(now, bound.now)];
  for (const { field, value, chosen } of a) {
    const other = b.find((each) => each.field === field);
    const same = other !== undefined && (chosen ? bound.correspond(field, value, other.value) : value === other.value);
    if (!same) return { field, recorded: value, now: other?.value ?? 'absent' };
  }
  const extra = b.find(({ field }) => !a.some((each) => each.field === field));
  return extra === undefined ? undefined : { field: extra.field, recorded: 'absent', now: extra.value };
};

/** The mapping between values of both runs, one to one, and the start of numbering in each. */
class Correspondence {
  readonly recorded = new Map<string, number>();
  readonly now = new Map<string, number>();
  readonly #forth = new Map<string, string>();
  readonly #back = new Map<string, string>();

  /** Binds on first sight; afterwards tells whether both have the bound values. */
  correspond(field: string, recorded: string, now: string): boolean {
    const kind = field.split('.').at(-1) ?? field;
    const [there, here] = [`${kind} ${recorded}`, `${kind} ${now}`];
    const known = this.#forth.get(there);
    if (known === undefined && !this.#back.has(here)) {
      this.#forth.set(there, here);
      this.#back.set(here, there);
      return true;
    }
    return known === here;
  }
}

interface Field {
  readonly field: string;
  readonly value: string;
  /** Whether a side may choose it anew. */
  readonly chosen: boolean;
}

const exactly = (field: string, value: string | number | boolean): Field => ({
  field,
  value: String(value),
  chosen: false,
});

const fieldsOf = ({ packet, note }: Shown, origins: Map<string, number>): readonly Field[] => [
  ...(packet.kind === 'tcp' ? segmentFields(packet, origins) : [exactly('packet', packet.kind)]),
  // How it was taken comes last: a difference on the wire says more.
  exactly('judged', note?.taken ?? 'not at all'),
];

const segmentFields = ({ ip, tcp }: TcpPacket, origins: Map<string, number>): readonly Field[] => {
  const flow = `${ip.source} ${tcp.sourcePort} ${ip.destination} ${tcp.destinationPort}`;
  return [
    exactly('segment', segmentNameOf(tcp)),
    exactly('options', tcp.options.map(({ option }) => option).join(', ') || 'none'),
    ...tcp.options.flatMap((option, index) => optionFields(option, nameOf(tcp.options, index))),
    exactly('payload', toHex(tcp.payload)),
    exactly('sequence number', relative(`${flow} seq`, tcp.seq, origins)),
    ...(hasAck(tcp) ? [exactly('acknowledgement number', relative(`${flow} ack`, tcp.ack, origins))] : []),
    { field: 'flow', value: flow, chosen: true },
  ];
};

const hasAck = ({ flags }: Tcp): boolean => (flags & 0x10) !== 0;

/** From the first number of its kind on the flow. */
const relative = (kind: string, value: number, origins: Map<string, number>): number => {
  const origin = origins.get(kind) ?? value;
  origins.set(kind, origin);
  return (value - origin) | 0;
};

/** Fields that depend on time, or follow from other fields. */
const passedOver: ReadonlySet<string> = new Set(['timestamps', 'nop', 'eol']);
/** Its kind; with its place among those of the same kind if there are several. */
const nameOf = (options: readonly TcpOption[], index: number): string => {
  const kind = options[index]?.option ?? '';
  const before = options.slice(0, index).filter(({ option }) => option === kind).length;
  return before === 0 ? kind : `${kind} ${before + 1}`;
};

/** Opaque values are chosen anew; measured times are not compared, nor options without a layout. */
const optionFields = (option: TcpOption, kind: string): readonly Field[] => {
  const layout = passedOver.has(option.option) ? undefined : layoutOf(option.option);
  const form = layout === undefined ? undefined : formOfOption(layout, option);
  if (form === undefined) return [];
  const fields = form.fields.flatMap(([name, described]): readonly Field[] => {
    const value = fieldOf(option, name);
    const field = `${kind}.${wordOf(name)}`;
    if (value === undefined || (described.kind === 'long' && !isOpaque(described))) return [];
    return [
      isOpaque(described)
        ? { field, value: value instanceof Uint8Array ? toHex(value) : `0x${value.toString(16)}`, chosen: true }
        : exactly(field, String(value)),
    ];
  });
  return form.form === undefined ? fields : [exactly(`${kind}.form`, form.form), ...fields];
};
