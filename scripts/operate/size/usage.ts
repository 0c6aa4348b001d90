/** What the tasks of a service used, minute by minute, as CloudWatch keeps it for 15 days. */
import { type CloudWatchClient, paginateGetMetricData } from '@aws-sdk/client-cloudwatch';
import type { Usage } from './judge.ts';

export const USAGE_DAYS = 14;
const MINUTE = 60;

export interface Period {
  readonly from: Date;
  readonly to: Date;
}

/** Averages of minutes, by the name of the metric. */
export const minutesOf = async (
  client: CloudWatchClient,
  of: {
    readonly namespace: string;
    readonly dimensions: Readonly<Record<string, string>>;
    readonly metrics: readonly string[];
  },
  { from, to }: Period,
): Promise<(metric: string) => readonly number[]> => {
  const Dimensions = Object.entries(of.dimensions).map(([Name, Value]) => ({ Name, Value }));
  const query = (MetricName: string, index: number) => ({
    Id: `m${index}`,
    // A percentile of CloudWatch's would be of averages over longer times.
    MetricStat: { Metric: { Namespace: of.namespace, MetricName, Dimensions }, Period: MINUTE, Stat: 'Average' },
  });
  const found = new Map<string, number[]>();
  const asked = { StartTime: from, EndTime: to, MetricDataQueries: of.metrics.map(query) };
  for await (const { MetricDataResults = [] } of paginateGetMetricData({ client }, asked))
    for (const { Id = '', Values = [] } of MetricDataResults) found.set(Id, [...(found.get(Id) ?? []), ...Values]);
  return (metric) => found.get(`m${of.metrics.indexOf(metric)}`) ?? [];
};

export const usageOf = async (
  client: CloudWatchClient,
  { cluster, service }: { readonly cluster: string; readonly service: string },
  period: Period,
): Promise<Usage> => {
  const metrics = ['CPUUtilization', 'MemoryUtilization'];
  const dimensions = { ClusterName: cluster, ServiceName: service };
  const found = await minutesOf(client, { namespace: 'AWS/ECS', dimensions, metrics }, period);
  return { cpu: found('CPUUtilization'), memory: found('MemoryUtilization') };
};
