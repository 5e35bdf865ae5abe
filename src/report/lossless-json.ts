/**
 * JSON for values that JSON lacks: bigint, octets and maps become objects with one key that begins with `$`. A written
 * value is read back equal; undefined members are left out.
 *
 *     1n -> {"$bigint":"1"}   Uint8Array -> {"$octets":"0aff"}   Map -> {"$map":[[key,value],...]}
 */
type Plain = string | number | boolean | null | readonly Plain[] | { readonly [name: string]: Plain };

export const writeLossless = (value: unknown, indent?: number): string => JSON.stringify(encode(value), null, indent);

export const readLossless = (text: string): unknown => decode(JSON.parse(text));

const encode = (value: unknown): Plain | undefined => {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError(`${value} cannot be written as JSON`);
      return value;
    case 'bigint':
      return { $bigint: value.toString() };
    case 'undefined':
      return undefined;
    case 'object':
      return value === null ? null : encodeObject(value);
    case 'function':
    case 'symbol':
      throw new TypeError(`a ${typeof value} cannot be written as JSON`);
  }
};

const encodeObject = (value: object): Plain => {
  if (value instanceof Uint8Array) return { $octets: Buffer.from(value).toString('hex') };
  if (value instanceof Map)
    return { $map: [...value].map(([key, item]) => [encode(key) ?? null, encode(item) ?? null]) };
  if (Array.isArray(value)) return value.map((item) => encode(item) ?? null);
  const written: Record<string, Plain> = {};
  for (const [name, item] of Object.entries(value)) {
    const encoded = encode(item);
    if (encoded !== undefined) written[name] = encoded;
  }
  return written;
};

const decode = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(decode);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [first] = entries;
  if (first !== undefined && entries.length === 1) {
    const [name, content] = first;
    if (name === '$bigint') {
      if (typeof content !== 'string')
        throw new SyntaxError(`$bigint holds ${JSON.stringify(content)}, expected digits in quotes`);
      return BigInt(content);
    }
    if (name === '$octets' && typeof content === 'string') return new Uint8Array(Buffer.from(content, 'hex'));
    if (name === '$map' && Array.isArray(content)) {
      return new Map(
        content.map((pair: unknown) => (Array.isArray(pair) ? [decode(pair[0]), decode(pair[1])] : [pair, undefined])),
      );
    }
  }
  return Object.fromEntries(entries.map(([name, content]) => [name, decode(content)]));
};
