/** A colour's own metrics of the load balancer: every minute by itself, a few minutes before an alarm could sound. */
import { type CloudWatchClient, type MetricDataQuery, paginateGetMetricData } from '@aws-sdk/client-cloudwatch';
import type { Run } from '../run.ts';
import type { Figures } from '../seen.ts';

const NAMESPACE = 'AWS/ApplicationELB';

/** The end of an ARN, as CloudWatch names it: `app/name/id`, `targetgroup/name/id`. */
const suffix = (arn = ''): string => arn.replace(/^.*:(?:loadbalancer\/)?/, '');

const queriesOf = ({ parts, variants, pace }: Run): MetricDataQuery[] => {
  const LoadBalancer = suffix(parts.loadBalancer);
  const query = (Id: string, MetricName: string, Stat: string, colour?: string): MetricDataQuery => ({
    Id,
    MetricStat: {
      Period: pace.period,
      Stat,
      Metric: {
        Namespace: NAMESPACE,
        MetricName,
        Dimensions: [
          ...(colour === undefined ? [] : [{ Name: 'TargetGroup', Value: suffix(parts[colour]) }]),
          { Name: 'LoadBalancer', Value: LoadBalancer },
        ],
      },
    },
  });
  const { old, new: fresh } = variants;
  return [
    query('requests', 'RequestCount', 'Sum', fresh),
    query('errors', 'HTTPCode_Target_5XX_Count', 'Sum', fresh),
    query('p99', 'TargetResponseTime', 'p99', fresh),
    query('p99_old', 'TargetResponseTime', 'p99', old),
    query('unhealthy', 'UnHealthyHostCount', 'Maximum', fresh),
    query('balancer', 'HTTPCode_ELB_5XX_Count', 'Sum'),
  ];
};

type Values = ReadonlyMap<number, number>;

const read = async (client: CloudWatchClient, run: Run, from: Date, to: Date): Promise<ReadonlyMap<string, Values>> => {
  const found = new Map<string, Map<number, number>>();
  const asked = {
    StartTime: from,
    EndTime: to,
    MetricDataQueries: queriesOf(run),
    ScanBy: 'TimestampAscending',
  } as const;
  for await (const { MetricDataResults = [] } of paginateGetMetricData({ client }, asked))
    for (const { Id = '', Timestamps = [], Values: values = [] } of MetricDataResults) {
      const known = found.get(Id) ?? new Map<number, number>();
      found.set(Id, known);
      for (const [index, at] of Timestamps.entries()) {
        const value = values[index];
        if (typeof value === 'number' && Number.isFinite(value)) known.set(at.getTime(), value);
      }
    }
  return found;
};

/** Rows of whole periods; a count that the load balancer does not report is 0. */
export const figuresOf = async (client: CloudWatchClient, run: Run, from: Date, to: Date): Promise<Figures> => {
  const step = run.pace.period * 1000;
  // CloudWatch's own minutes: one that began before the figures count has calls of before in it.
  const begin = Math.ceil(from.getTime() / step) * step;
  const end = Math.floor(to.getTime() / step) * step;
  if (end <= begin) return [];
  const values = await read(client, run, new Date(begin), new Date(end));
  const value = (id: string, at: number): number | undefined => values.get(id)?.get(at);
  const inMilliseconds = (seconds: number | undefined) => (seconds === undefined ? undefined : seconds * 1000);
  return Array.from({ length: (end - begin) / step }, (_, index) => begin + index * step).map((at) => ({
    at: new Date(at),
    requests: value('requests', at) ?? 0,
    errors: value('errors', at) ?? 0,
    p99: inMilliseconds(value('p99', at)),
    p99Old: inMilliseconds(value('p99_old', at)),
    unhealthy: value('unhealthy', at) ?? 0,
    balancerErrors: value('balancer', at) ?? 0,
  }));
};
