/**
 * The keys that a schema permits at a place, over all alternatives there. Used to suggest a key for an unknown one. Reads
 * schemas only, never values.
 */
import { z } from 'zod';

/** The keys of the maps permitted at `path` under `schema`, sorted; none if any key or no map is permitted. */
export function knownKeys(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  const at = path.reduce<z.core.$ZodType[]>(
    (schemas, step) => schemas.flatMap((each) => below(each, step)),
    spread(schema),
  );
  return [...new Set(at.flatMap(keysOf))].sort();
}

function keysOf(schema: z.core.$ZodType): string[] {
  if (schema instanceof z.ZodObject) return Object.keys(schema.shape);
  if (schema instanceof z.ZodRecord && schema.keyType instanceof z.ZodEnum) return schema.keyType.options.map(String);
  return [];
}

/** A schema as the plain ones it may stand for: through optionality, defaults, laziness, pipes, unions, intersections. */
function spread(schema: z.core.$ZodType): z.core.$ZodType[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodReadonly)
    return spread(schema.unwrap());
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) return spread(schema.unwrap());
  if (schema instanceof z.ZodLazy) return spread(schema.unwrap());
  if (schema instanceof z.ZodPipe) return spread(schema.in instanceof z.ZodTransform ? schema.out : schema.in);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(spread);
  if (schema instanceof z.ZodIntersection) return [...spread(schema.def.left), ...spread(schema.def.right)];
  return [schema];
}

function below(schema: z.core.$ZodType, step: PropertyKey): z.core.$ZodType[] {
  if (schema instanceof z.ZodObject) {
    const member: unknown = Object.hasOwn(schema.shape, step) ? Reflect.get(schema.shape, step) : schema.def.catchall;
    return member instanceof z.ZodType ? spread(member) : [];
  }
  if (schema instanceof z.ZodArray) return spread(schema.element);
  if (schema instanceof z.ZodRecord) return spread(schema.valueType);
  if (schema instanceof z.ZodTuple) {
    const item: unknown = schema.def.items[Number(step)];
    return item instanceof z.ZodType ? spread(item) : [];
  }
  return [];
}
