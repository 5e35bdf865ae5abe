/** A web page as data: what is fetched over how many connections, and in what rounds it becomes known. */
import { parse } from 'yaml';
import { z } from 'zod';

const count = z.int().min(1);

export const pageShape = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9-]+$/),
    kind: z.string().min(1),
    /** Where the numbers are from. */
    origin: z.string().min(1),
    /** Octets of the first thing fetched. */
    document: count,
    /** Octets of everything, the document included. */
    octets: count,
    /** Things fetched besides the document. */
    objects: count,
    connections: count,
    /** How many times something fetched names something new. */
    rounds: count,
  })
  .refine(
    ({ document, octets, objects }) => octets >= document + objects,
    'octets must hold the document and every object',
  )
  .refine(
    ({ rounds, objects, connections }) => rounds <= objects && connections <= objects,
    'more rounds or connections than objects',
  );

const fileShape = z.strictObject({ format: z.literal('robe-pages/1'), pages: z.array(pageShape).min(1) });

export type PageProfile = Readonly<z.infer<typeof pageShape>>;

/** Throws a RangeError that says what is wrong with the text. */
export const parsePages = (text: string): readonly PageProfile[] => {
  let value: unknown;
  try {
    value = parse(text);
  } catch (cause) {
    throw new RangeError(`no YAML: ${cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause)}`);
  }
  const read = fileShape.safeParse(value);
  if (read.success) return read.data.pages;
  const [issue] = read.error.issues;
  throw new RangeError(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not a file of pages'}`);
};

/** The largest object has so many times the octets of the smallest: pages have many small things and a few large ones. */
const spread = 60;

/** Octets of each object: a geometric series that adds up to what the page has besides its document. */
export const objectSizes = ({ octets, document, objects }: PageProfile): readonly number[] => {
  const weights = Array.from({ length: objects }, (_, index) => spread ** (index / Math.max(objects - 1, 1)));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const rest = octets - document - objects;
  return weights.map((weight) => 1 + Math.floor((weight / total) * rest));
};
