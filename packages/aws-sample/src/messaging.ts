import { SPIKY_CURVE } from './cost.ts';
import type { Draft } from './draft.ts';
import type { ResourceOf } from './types.ts';
import type { StaffedWorkload } from './workload.ts';

export function addTopics(draft: Draft, workloads: readonly StaffedWorkload[]): void {
  const { random } = draft;
  draft.repeat('sns:topic', () => {
    const workload = random.pick(workloads);
    const isFifo = random.chance(0.08);
    const stem = draft.named(workload, 'sns:topic', random.pick(['alerts', 'orders', 'events', 'notifications']));
    const name = isFifo ? `${stem}.fifo` : stem;
    const common = draft.common({
      type: 'sns:topic',
      workload,
      id: name,
      name,
      arnResource: name,
      dollars: random.longTail(0.002, 2.5),
      curve: SPIKY_CURVE,
    });
    draft.add({ ...common, attributes: { isFifo, displayName: random.chance(0.3) ? workload.service : '' } }, workload);
  });
}

/** About every fourth queue takes what the one before it cannot handle. */
export function addQueues(draft: Draft, workloads: readonly StaffedWorkload[]): void {
  const { random } = draft;
  let last: ResourceOf<'sqs:queue'> | undefined;
  draft.repeat('sqs:queue', () => {
    const feeds = random.chance(0.4) ? last : undefined;
    const workload = feeds === undefined ? random.pick(workloads) : draft.workloadOf(feeds);
    const isFifo = feeds?.attributes.isFifo ?? random.chance(0.15);
    const stem = draft.named(workload, 'sqs:queue', random.pick(['jobs', 'events', 'mail', 'import', 'retries']));
    const name = isFifo ? `${stem}.fifo` : stem;
    const common = draft.common({
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
    last = draft.add({ ...common, attributes: { isFifo, deadLetterQueue: feeds?.arn } }, workload);
  });
}
