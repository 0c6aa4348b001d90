/** A colour's own metrics of the load balancer: every minute by itself, a few minutes before an alarm could sound. */
import type { CloudWatchClient, MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { readRows } from '../metrics.ts';
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
    ...(parts[old] === undefined ? [] : [query('p99_old', 'TargetResponseTime', 'p99', old)]),
    query('unhealthy', 'UnHealthyHostCount', 'Maximum', fresh),
    query('balancer', 'HTTPCode_ELB_5XX_Count', 'Sum'),
  ];
};

/** A count that the load balancer does not report is 0. */
export const figuresOf = async (client: CloudWatchClient, run: Run, from: Date, to: Date): Promise<Figures> => {
  const inMilliseconds = (seconds: number | undefined) => (seconds === undefined ? undefined : seconds * 1000);
  const rows = await readRows(client, queriesOf(run), run.pace.period, from, to);
  return rows.map(({ at, value }) => ({
    at,
    requests: value('requests') ?? 0,
    errors: value('errors') ?? 0,
    p99: inMilliseconds(value('p99')),
    p99Old: inMilliseconds(value('p99_old')),
    unhealthy: value('unhealthy') ?? 0,
    balancerErrors: value('balancer') ?? 0,
  }));
};
