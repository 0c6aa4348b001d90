/** What the tasks of a service used, minute by minute, as CloudWatch keeps it for 15 days. */
import { type CloudWatchClient, paginateGetMetricData } from '@aws-sdk/client-cloudwatch';
import type { Usage } from './judge.ts';

export const USAGE_DAYS = 14;
const MINUTE = 60;

export const usageOf = async (
  client: CloudWatchClient,
  { cluster, service }: { readonly cluster: string; readonly service: string },
  { from, to }: { readonly from: Date; readonly to: Date },
): Promise<Usage> => {
  const Dimensions = [
    { Name: 'ClusterName', Value: cluster },
    { Name: 'ServiceName', Value: service },
  ];
  const query = (Id: string, MetricName: string) => ({
    Id,
    // A percentile of CloudWatch's would be of averages over longer times.
    MetricStat: { Metric: { Namespace: 'AWS/ECS', MetricName, Dimensions }, Period: MINUTE, Stat: 'Average' },
  });
  const found = new Map<string, number[]>();
  const pages = paginateGetMetricData(
    { client },
    {
      StartTime: from,
      EndTime: to,
      MetricDataQueries: [query('cpu', 'CPUUtilization'), query('memory', 'MemoryUtilization')],
    },
  );
  for await (const { MetricDataResults = [] } of pages)
    for (const { Id = '', Values = [] } of MetricDataResults) found.set(Id, [...(found.get(Id) ?? []), ...Values]);
  return { cpu: found.get('cpu') ?? [], memory: found.get('memory') ?? [] };
};
