import { readable } from '@fairway-mcp/validation';
import * as z from 'zod';

/** The parts of an Amazon Resource Name. `region` and `account` are empty where the service leaves them out (S3, IAM). */
export interface Arn {
  partition: string;
  service: string;
  region: string;
  account: string;
  /** Everything after the fifth colon, as AWS prints it: `instance/i-1`, `function:name:1`, `bucket/key`. */
  resource: string;
}

/**
 * Splits an ARN at its first five colons, so that a resource with colons and slashes stays whole.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
 * @returns `undefined` when the text is not an ARN.
 */
export function parseArn(text: string): Arn | undefined {
  const match = /^arn:(aws[a-z-]*):([a-z0-9-]+):([a-z0-9-]*):(\d{12}|aws|cloudfront|)?:(.+)$/s.exec(text);
  if (!match) return undefined;
  const [, partition = '', service = '', region = '', account = '', resource = ''] = match;
  return { partition, service, region, account, resource };
}

export function formatArn(parts: Arn): string {
  return `arn:${parts.partition}:${parts.service}:${parts.region}:${parts.account}:${parts.resource}`;
}

/** Not only a type with nothing behind it, such as `instance/`; no name in AWS contains control characters. */
function isUsable(text: string): boolean {
  const resource = parseArn(text)?.resource;
  return resource !== undefined && !/^[\w-]+[/:]$/.test(resource) && !/\p{Cc}/u.test(text);
}

/** Input: one ARN of an AWS resource. */
export function arn(): z.ZodString {
  return readable(
    z
      .string()
      .max(2048)
      .refine(isUsable, { error: 'is not an ARN; expected arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE' })
      .describe('ARN of an AWS resource'),
  );
}
