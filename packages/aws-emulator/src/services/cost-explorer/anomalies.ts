import { BILL_EVENTS, dayOf, isoDay } from '@fairway-mcp/aws-sample';
import type { JsonOperation } from '../../service.ts';
import { ServiceError } from '../../wire/errors.ts';
import { todayOf } from './period.ts';

/** The anomalies of the generated bill. */
function knownAnomalies(today: number): { id: string; start: number; end: number; usual: number; actual: number; cause: object }[] {
  const { spike, anomaly } = BILL_EVENTS;
  return [
    {
      id: 'a1b2c3d4-spike',
      start: dayOf(spike.start),
      end: dayOf(spike.end) - 1,
      usual: Number(spike.usualDaily),
      actual: Number(spike.spikeDaily),
      cause: { Service: 'EC2 - Other', Region: spike.region, LinkedAccount: spike.account, UsageType: spike.usageType },
    },
    {
      id: 'a1b2c3d4-anomaly',
      start: dayOf(anomaly.start),
      end: today - 1,
      usual: Number(anomaly.usualDaily),
      actual: Number(anomaly.anomalyDaily),
      cause: { Service: anomaly.serviceName, Region: anomaly.region, LinkedAccount: anomaly.account, UsageType: anomaly.usageType },
    },
  ];
}

/**
 * Selected by their end. Amounts are JSON numbers.
 * Source: https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_GetAnomalies.html
 */
export const getAnomalies: JsonOperation = (input, call) => {
  const interval = input.record('DateInterval');
  const [from, to] = [interval?.text('StartDate'), interval?.text('EndDate')];
  if (from === undefined) throw new ServiceError('ValidationException', 'DateInterval is required');
  const [first, last] = [dayOf(from), to === undefined ? Number.POSITIVE_INFINITY : dayOf(to)];
  const known = call.settings.bill === undefined ? [] : knownAnomalies(todayOf(call.now));
  const page = call.pager.page(
    known.filter(({ end }) => end >= first && end <= last),
    {
      listing: `ce/anomalies/${input.fingerprint(['NextPageToken'])}`,
      limit: input.integer('MaxResults') ?? 100,
      token: input.text('NextPageToken'),
    },
  );
  return {
    NextPageToken: page.next,
    Anomalies: page.items.map(({ id, start, end, usual, actual, cause }) => {
      const days = end - start + 1;
      const impact = (actual - usual) * days;
      return {
        AnomalyId: id,
        MonitorArn: 'arn:aws:ce::111122223333:anomalymonitor/1',
        AnomalyStartDate: `${isoDay(start)}T00:00:00Z`,
        AnomalyEndDate: `${isoDay(end)}T00:00:00Z`,
        AnomalyScore: { MaxScore: 0.9, CurrentScore: 0.8 },
        Impact: {
          MaxImpact: actual - usual,
          TotalImpact: impact,
          TotalActualSpend: actual * days,
          TotalExpectedSpend: usual * days,
          TotalImpactPercentage: (100 * (actual - usual)) / usual,
        },
        RootCauses: [{ ...cause, Impact: { Contribution: impact } }],
      };
    }),
  };
};
