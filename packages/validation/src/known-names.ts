import * as z from 'zod';

/**
 * The names of the fields that an object of an input may have.
 * @param path where the object is in the input: `['filters', 2]`
 * @returns nothing where the schema does not say which names it takes
 */
export function namesAt(schema: z.ZodType | undefined, path: readonly PropertyKey[]): string[] {
  const found = path.reduce<z.ZodType | undefined>((at, part) => (at === undefined ? undefined : inside(unwrap(at), part)), schema);
  const object = found === undefined ? undefined : unwrap(found);
  return object instanceof z.ZodObject ? Object.keys(object.shape) : [];
}

function inside(schema: z.ZodType, part: PropertyKey): z.ZodType | undefined {
  if (schema instanceof z.ZodObject) {
    const shape: Readonly<Record<PropertyKey, z.ZodType>> = schema.shape;
    return Object.hasOwn(shape, part) ? shape[part] : undefined;
  }
  if (schema instanceof z.ZodArray) return schema.element as z.ZodType;
  return schema instanceof z.ZodRecord ? (schema.valueType as z.ZodType) : undefined;
}

function unwrap(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodPipe) return unwrap(schema.in as z.ZodType);
  const isWrapped =
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodReadonly ||
    schema instanceof z.ZodCatch;
  return isWrapped ? unwrap(schema.unwrap() as z.ZodType) : schema;
}
