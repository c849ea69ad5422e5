import { isReadable } from '@fairway-mcp/validation';
import * as z from 'zod';

const MAX_ITEMS = 20;
const MAX_READABLE = 300;
/** ISO date or span. */
const DATE = /^\d{4}-\d{2}-\d{2}(\/\d{4}-\d{2}-\d{2})?$/;

/**
 * Arguments for the audit row. Numbers, booleans, choices, dates and what its schema marks as readable stay; other text is replaced by its
 * length, because users paste anything.
 */
export function auditArguments(value: unknown, schema?: z.ZodType): unknown {
  const known = schema === undefined ? undefined : unwrap(schema);
  if (typeof value === 'string') return isSafe(value, known) ? value : `[text, ${value.length} characters]`;
  if (typeof value !== 'object' || value === null) return value ?? null;
  if (Array.isArray(value)) {
    const item = known instanceof z.ZodArray ? (known.element as z.ZodType) : undefined;
    const shown = value.slice(0, MAX_ITEMS).map((element) => auditArguments(element, item));
    return value.length > MAX_ITEMS ? [...shown, `[${value.length - MAX_ITEMS} more]`] : shown;
  }
  const shape = known instanceof z.ZodObject ? known.shape : {};
  const entries = Object.entries(value).filter(([key]) => Object.hasOwn(shape, key));
  const unknown = Object.keys(value).length - entries.length;
  const shown = Object.fromEntries(entries.slice(0, MAX_ITEMS).map(([key, item]) => [key, auditArguments(item, shape[key] as z.ZodType)]));
  return unknown > 0 ? { ...shown, '[unknown]': unknown } : shown;
}

function isSafe(text: string, schema: z.ZodType | undefined): boolean {
  if (text.length > MAX_READABLE) return false;
  if (DATE.test(text)) return true;
  return schema !== undefined && (schema instanceof z.ZodEnum || isReadable(schema)) && schema.safeParse(text).success;
}

function unwrap(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return unwrap(schema.unwrap() as z.ZodType);
  return schema;
}
