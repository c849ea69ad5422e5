import type { OrganizationBuilder } from './builder.ts';
import { SPIKY_CURVE } from './cost.ts';
import type { ResourceOf } from './types.ts';
import type { OwnedWorkload } from './workload.ts';

export function addTopics(builder: OrganizationBuilder, workloads: readonly OwnedWorkload[]): void {
  const { random } = builder;
  builder.repeat('sns:topic', () => {
    const workload = random.pick(workloads);
    const isFifo = random.chance(0.08);
    const stem = builder.named(workload, 'sns:topic', random.pick(['alerts', 'orders', 'events', 'notifications']));
    const name = isFifo ? `${stem}.fifo` : stem;
    const common = builder.common({
      type: 'sns:topic',
      workload,
      id: name,
      name,
      arnResource: name,
      dollars: random.longTail(0.002, 2.5),
      curve: SPIKY_CURVE,
    });
    builder.add({ ...common, attributes: { isFifo, displayName: random.chance(0.3) ? workload.service : '' } }, workload);
  });
}

/** About every fourth queue takes what the one before it cannot handle. */
export function addQueues(builder: OrganizationBuilder, workloads: readonly OwnedWorkload[]): void {
  const { random } = builder;
  let last: ResourceOf<'sqs:queue'> | undefined;
  builder.repeat('sqs:queue', () => {
    const feeds = random.chance(0.4) ? last : undefined;
    const workload = feeds === undefined ? random.pick(workloads) : builder.workloadOf(feeds);
    const isFifo = feeds?.attributes.isFifo ?? random.chance(0.15);
    const stem = builder.named(workload, 'sqs:queue', random.pick(['jobs', 'events', 'mail', 'import', 'retries']));
    const name = isFifo ? `${stem}.fifo` : stem;
    const common = builder.common({
      type: 'sqs:queue',
      workload,
      id: name,
      name,
      arnResource: name,
      parents: feeds === undefined ? [] : [feeds.arn],
      notBefore: feeds?.createdAt,
      dollars: random.longTail(0.03, 2.5),
      curve: SPIKY_CURVE,
    });
    last = builder.add({ ...common, attributes: { isFifo, deadLetterQueue: feeds?.arn } }, workload);
  });
}
