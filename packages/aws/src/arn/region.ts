import { readable } from '@fairway-mcp/validation';
import * as z from 'zod';

/** Input: an AWS region code such as `eu-central-1`. The form is checked, not the existence: new regions must work. */
export function region(): z.ZodString {
  return readable(
    z
      .string()
      .regex(/^[a-z]{2,4}(-[a-z]+){1,3}-\d{1,2}$/, { error: 'is not an AWS region code; expected something like eu-central-1' })
      .describe('AWS region code'),
  );
}

/** Input: a region code, or `global` for what has no region. */
export function regionOrGlobal(): z.ZodString {
  return readable(
    z
      .string()
      .regex(/^(global|[a-z]{2,4}(-[a-z]+){1,3}-\d{1,2})$/, {
        error: 'is not an AWS region code; expected something like eu-central-1, or global for what has no region',
      })
      .describe('AWS region code, or global'),
  );
}

/** Input: a 12-digit AWS account id, as text so that leading zeros survive. */
export function accountId(): z.ZodString {
  return readable(
    z
      .string()
      .regex(/^\d{12}$/, { error: 'is not an AWS account id; expected 12 digits in quotes' })
      .describe('12-digit AWS account id'),
  );
}
