/**
 * The layouts of TCP options other than MPTCP's that cases may write (RFC 9293 section 3.1, RFC 7323, RFC 2018). Their codec is
 * in `tcp-options.ts` and is proved against these.
 */
import { type Fields, number, octets, type RecordOf } from '../layout/field.js';
import { formOf, type Layout } from '../layout/layout.js';

/** Kinds of the options that are read. */
export const Kind = { eol: 0, nop: 1, mss: 2, windowScale: 3, sackPermitted: 4, sack: 5, timestamps: 8 } as const;

/** Kind and length stand before the fields. */
const fieldsFrom = 16;

const plainOption = <const N extends string, const F extends Fields>(
  option: N,
  kind: number | undefined,
  meaning: string,
  fields: F,
): Layout<RecordOf<{ readonly option: N }, F>> => ({
  option,
  meaning,
  kind,
  from: fieldsFrom,
  forms: [formOf(undefined, fields)],
  fits: () => true,
});

export const mss = plainOption('mss', Kind.mss, 'maximum segment size', {
  value: number(16, 'octets', { usual: 1460, tshark: 'tcp.options.mss_val' }),
});

export const windowScale = plainOption('window_scale', Kind.windowScale, 'window scale', {
  shift: number(8, 'shift count', { usual: 7, tshark: 'tcp.options.wscale.shift' }),
});

export const sackPermitted = plainOption('sack_permitted', Kind.sackPermitted, 'SACK permitted', {});

export const timestamps = plainOption('timestamps', Kind.timestamps, 'timestamps', {
  value: number(32, 'TSval', { usual: 0, tshark: 'tcp.options.timestamp.tsval' }),
  echo: number(32, 'TSecr', { usual: 0, tshark: 'tcp.options.timestamp.tsecr' }),
});

/** An option of another kind; its own kind is its first field. */
export const unknown = plainOption('unknown', undefined, 'an option of another kind', {
  kind: number(8, 'option kind', { usual: 253, at: 0 }),
  data: octets({ least: 0 }, 'octets after kind and length', { usual: new Uint8Array(0) }),
});
