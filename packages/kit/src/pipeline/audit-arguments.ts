import { readableForm } from '@fairway-mcp/validation';
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
  const known = schema === undefined ? UNKNOWN : factsOf(schema);
  if (typeof value === 'string') return isSafe(value, known) ? value : `[text, ${value.length} characters]`;
  if (typeof value !== 'object' || value === null) return value ?? null;
  if (Array.isArray(value)) {
    const shown = value.slice(0, MAX_ITEMS).map((element) => auditArguments(element, known.item));
    return value.length > MAX_ITEMS ? [...shown, `[${value.length - MAX_ITEMS} more]`] : shown;
  }
  const { shape } = known;
  const entries = Object.entries(value).filter(([key]) => Object.hasOwn(shape, key));
  const unknown = Object.keys(value).length - entries.length;
  const shown = Object.fromEntries(entries.slice(0, MAX_ITEMS).map(([key, item]) => [key, auditArguments(item, shape[key])]));
  return unknown > 0 ? { ...shown, '[unknown]': unknown } : shown;
}

/** What is asked of a schema. It is asked of every argument of every call, so that it is found out once. */
interface SchemaFacts {
  item: z.ZodType | undefined;
  shape: Readonly<Record<string, z.ZodType>>;
  /** Of text whose values may be recorded. */
  readable: z.ZodType | undefined;
}

const UNKNOWN: SchemaFacts = { item: undefined, shape: {}, readable: undefined };
const remembered = new WeakMap<z.ZodType, SchemaFacts>();

function factsOf(schema: z.ZodType): SchemaFacts {
  let facts = remembered.get(schema);
  if (facts === undefined) {
    const inner = unwrap(schema);
    facts = {
      item: inner instanceof z.ZodArray ? (inner.element as z.ZodType) : undefined,
      shape: inner instanceof z.ZodObject ? (inner.shape as Record<string, z.ZodType>) : {},
      readable: inner instanceof z.ZodEnum ? inner : readableForm(inner),
    };
    remembered.set(schema, facts);
  }
  return facts;
}

function isSafe(text: string, { readable }: SchemaFacts): boolean {
  if (text.length > MAX_READABLE) return false;
  return DATE.test(text) || readable?.safeParse(text).success === true;
}

function unwrap(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return unwrap(schema.unwrap() as z.ZodType);
  return schema;
}
