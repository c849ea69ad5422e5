// Own code for a measured reason: AWS's limits are token buckets. After a burst of 40 calls at 10 a second the next waits 0.1 s here; with
// p-queue 10.0.0 (intervalCap 40, interval 4000, strict) 4.0 s; and limiter 4.1.0, a token bucket too, has no AbortSignal for a waiting call.
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceName } from './services.ts';

/** How fast calls may follow each other. */
export interface Rate {
  /** Calls a second in the long run. */
  perSecond: number;
  /** Calls that may be made at once after a pause. */
  burst: number;
}

/**
 * The rates of one account's calls to one service in one region. AWS publishes some of its own limits, which all users of the
 * account share; these stay under them, at about half where the limit is a bucket of the whole account:
 * - EC2: describing calls have a bucket of 100, refilled with 20 a second; those without a filter or a page size half of that
 *   (https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html)
 * - Tagging: GetResources 15 a second (https://docs.aws.amazon.com/general/latest/gr/arg.html)
 * - Lambda: 15 a second for all calls of the control plane together (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html)
 * - ECS: reading calls have buckets of 50 to 100, refilled with 20 a second
 *   (https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html)
 * - SNS: 30 a second for ListTopics, 10 for ListTagsForResource (https://docs.aws.amazon.com/general/latest/gr/sns.html)
 * - Athena: 20 a second for starting queries, 100 for asking about them, with bursts (https://docs.aws.amazon.com/athena/latest/ug/service-limits.html)
 * - Cost Explorer: unpublished; one a second is known to be accepted.
 * For the others nothing is published; ten a second is modest, and the SDK's adaptive retry slows down further when told to.
 */
export const RATES: Readonly<Record<ServiceName, Rate>> = {
  athena: { perSecond: 10, burst: 20 },
  budgets: { perSecond: 2, burst: 4 },
  'cost-explorer': { perSecond: 1, burst: 3 },
  dynamodb: { perSecond: 10, burst: 20 },
  ec2: { perSecond: 10, burst: 40 },
  ecs: { perSecond: 10, burst: 40 },
  efs: { perSecond: 10, burst: 20 },
  elb: { perSecond: 10, burst: 20 },
  iam: { perSecond: 10, burst: 20 },
  lambda: { perSecond: 10, burst: 10 },
  rds: { perSecond: 10, burst: 20 },
  s3: { perSecond: 50, burst: 50 },
  sns: { perSecond: 10, burst: 10 },
  sqs: { perSecond: 10, burst: 20 },
  sts: { perSecond: 50, burst: 50 },
  tagging: { perSecond: 12, burst: 12 },
};

/** Lets calls proceed in order of arrival, no faster than a rate. */
export class Pace {
  readonly #intervalMs: number;
  readonly #burstMs: number;
  readonly #now: () => number;
  /** When the bucket will be full again: the generic cell rate algorithm, which needs no timer and no counter. */
  #fullAt = 0;

  constructor({ perSecond, burst }: Rate, now: () => number = () => performance.now()) {
    this.#intervalMs = 1000 / perSecond;
    this.#burstMs = this.#intervalMs * burst;
    this.#now = now;
  }

  /** Reserves the next call. @returns the milliseconds to wait before making it. */
  reserve(): number {
    const now = this.#now();
    this.#fullAt = Math.max(this.#fullAt, now) + this.#intervalMs;
    return Math.max(0, this.#fullAt - this.#burstMs - now);
  }

  /**
   * Waits until the next call may be made. It runs inside the SDK, which does not retry what an abort ended, by its name.
   * @throws an `AbortError` when the signal is aborted first
   */
  async take(signal: AbortSignal | undefined): Promise<void> {
    const waitMs = this.reserve();
    if (waitMs > 0) await sleep(waitMs, undefined, signal === undefined ? {} : { signal });
  }
}
