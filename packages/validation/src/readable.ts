import * as z from 'zod';

const marked = z.registry<{ readable: true }>();

/**
 * Marks a text schema whose values cannot be secrets, so that the audit trail shows them unchanged. A pattern alone is no proof of that:
 * most passwords match most patterns. Mark the schema last: a later change creates a new schema without the mark.
 */
export function readable<S extends z.ZodType>(schema: S): S {
  marked.add(schema, { readable: true });
  return schema;
}

export function isReadable(schema: z.ZodType): boolean {
  return marked.has(schema);
}
