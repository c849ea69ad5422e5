import type * as z from 'zod';

const forms = new WeakMap<z.ZodType, z.ZodType>();

/**
 * Marks a text schema whose values cannot be secrets, so that the audit trail shows them unchanged. A pattern alone is no proof of that:
 * most passwords match most patterns. Mark the schema last: a later change creates a new schema without the mark.
 * @param form which values are shown, where the schema accepts more than those
 */
export function readable<S extends z.ZodType>(schema: S, form: z.ZodType = schema): S {
  forms.set(schema, form);
  return schema;
}

/** What a value must be to be shown in the audit trail; `undefined` where no value is. */
export function readableForm(schema: z.ZodType): z.ZodType | undefined {
  return forms.get(schema);
}
