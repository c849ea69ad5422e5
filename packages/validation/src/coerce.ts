import type * as z from 'zod';

/**
 * Repairs an input that failed validation because a client sent an array or an object as JSON text (`"[\"ec2:instance\"]"`), a number as
 * `"5"`, or a list as one bare string. Changes only fields that zod rejected for that reason.
 * @returns the repaired copy, or `undefined` when nothing could be repaired.
 */
export function coerceJsonStrings(input: unknown, error: z.ZodError): unknown {
  let repaired: unknown;
  for (const issue of error.issues) {
    if (issue.code !== 'invalid_type') continue;
    const found = valueAt(input, issue.path);
    const value = reinterpret(found, issue.expected);
    if (value === undefined) continue;
    repaired ??= structuredClone(input);
    assignAt(repaired, issue.path, value);
  }
  return repaired;
}

function reinterpret(value: unknown, expected: string): unknown {
  if (typeof value !== 'string') return undefined;
  const parsed = parseOrUndefined(value);
  if (expected === 'array')
    return Array.isArray(parsed) ? parsed : parsed === undefined || typeof parsed !== 'object' ? [value] : undefined;
  if (expected === 'object' || expected === 'record') return isObject(parsed) ? parsed : undefined;
  if (expected === 'number' || expected === 'int') return typeof parsed === 'number' ? parsed : undefined;
  if (expected === 'boolean') return typeof parsed === 'boolean' ? parsed : undefined;
  return undefined;
}

function parseOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((node, key) => (isObject(node) || Array.isArray(node) ? Reflect.get(node, key) : undefined), root);
}

function assignAt(root: unknown, path: readonly PropertyKey[], value: unknown): void {
  const parent = valueAt(root, path.slice(0, -1));
  const key = path.at(-1);
  if (key !== undefined && (isObject(parent) || Array.isArray(parent))) Reflect.set(parent, key, value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
