import * as z from 'zod';

const marked = z.registry<{ readable: true }>();

/**
 * Marks a text whose form leaves no room for a secret, so that the audit trail may show it as it is. A pattern alone says nothing of that:
 * most passwords fit most patterns. Mark the schema last, for what is changed about it afterwards makes another one.
 */
export function readable<S extends z.ZodType>(schema: S): S {
  marked.add(schema, { readable: true });
  return schema;
}

export function isReadable(schema: z.ZodType): boolean {
  return marked.has(schema);
}
