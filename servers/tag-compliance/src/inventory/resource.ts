/** One cloud resource, as far as tags are concerned. Plain data, the same from every source. */
export interface Resource {
  /** Unique. Where AWS has no ARN in its answer, the documented form of it. */
  arn: string;
  /** `service:type` in the notation of AWS tag policies: `ec2:instance`, `rds:db`, `s3:bucket`. */
  type: string;
  /** 12 digits. */
  account: string;
  /** Region code; `global` for what has no region. */
  region: string;
  /** What people call it: bucket, function, table, database name; the tag `Name` of what has none of its own; else the id. */
  name: string;
  /** All tags, `aws:` ones included. */
  tags: Readonly<Record<string, string>>;
  /** ISO instant, where the service tells it. */
  createdAt: string | undefined;
  /** Ids of what it lives in or hangs on (`vpc-1`, `subnet-2`, `i-3`, an ECS cluster's ARN), nearest first. */
  parents: readonly string[];
}
