import * as z from 'zod';

/** One cloud resource. Plain data, the same from every source. */
export interface Resource {
  /** Unique. Built in its documented form where AWS does not return it. */
  arn: string;
  /** `service:type` in the notation of AWS tag policies: `ec2:instance`, `rds:db`, `s3:bucket`. */
  type: string;
  /** 12 digits. */
  account: string;
  /** Region code; `global` for what has no region. */
  region: string;
  /** Its own name (of a bucket, function, table or database); else its tag `Name`; else its id. */
  name: string;
  /** All tags, `aws:` ones included. */
  tags: Readonly<Record<string, string>>;
  /** ISO instant, where the service returns it. */
  createdAt: string | undefined;
  /** Ids of what it is in or attached to (`vpc-1`, `subnet-2`, `i-3`, an ECS cluster's ARN), nearest first. */
  parents: readonly string[];
  /** The service says that AWS made it without being asked: a default VPC, its subnets, a VPC's default security group. */
  isAwsDefault?: true;
}

/** The form of a {@link Resource} in a cache that other programs can write to. */
export const resourceSchema = z.object({
  arn: z.string(),
  type: z.string(),
  account: z.string(),
  region: z.string(),
  name: z.string(),
  tags: z.record(z.string(), z.string()),
  createdAt: z.iso.datetime({ offset: true }).optional(),
  parents: z.array(z.string()),
  isAwsDefault: z.literal(true).optional(),
});
