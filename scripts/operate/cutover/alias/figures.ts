/**
 * A version's own metrics. Lambda tells the versions behind an alias with weights apart by ExecutedVersion
 * (https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-view.html).
 */
import type { CloudWatchClient, MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { readRows } from '../metrics.ts';
import type { Run } from '../run.ts';
import type { Figures } from '../seen.ts';
import { versionOf } from './weights.ts';

const queriesOf = ({ parts, variants, pace, share }: Run): MetricDataQuery[] => {
  const { function: name = '', alias = '' } = parts;
  const query = (Id: string, MetricName: string, Stat: string, variant: string): MetricDataQuery => ({
    Id,
    MetricStat: {
      Period: pace.period,
      Stat,
      Metric: {
        Namespace: 'AWS/Lambda',
        MetricName,
        Dimensions: [
          { Name: 'FunctionName', Value: name },
          { Name: 'Resource', Value: `${name}:${alias}` },
          // Only weights make Lambda tell versions apart; with all traffic the alias' figures are the version's.
          ...(share === 100 ? [] : [{ Name: 'ExecutedVersion', Value: versionOf(variant) }]),
        ],
      },
    },
  });
  return [
    query('requests', 'Invocations', 'Sum', variants.new),
    query('errors', 'Errors', 'Sum', variants.new),
    query('p99', 'Duration', 'p99', variants.new),
    ...(share === 100 ? [] : [query('p99_old', 'Duration', 'p99', variants.old)]),
  ];
};

/** Errors are executions that failed or timed out: a 5xx that the service answers itself is the API's metric. */
export const figuresOf = async (client: CloudWatchClient, run: Run, from: Date, to: Date): Promise<Figures> =>
  (await readRows(client, queriesOf(run), run.pace.period, from, to)).map(({ at, value }) => ({
    at,
    requests: value('requests') ?? 0,
    errors: value('errors') ?? 0,
    p99: value('p99'),
    p99Old: value('p99_old'),
    unhealthy: 0,
    balancerErrors: 0,
  }));
