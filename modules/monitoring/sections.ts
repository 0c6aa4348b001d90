/** What the dashboard shows of each part of an environment. */
import type { MetricContract } from '../../contracts/metric.ts';
import { aws, type Metric, type Watched } from './metric.ts';
import {
  budgetChanges,
  callsByPerson,
  metricOverTime,
  requestsByAddress,
  requestsByCountry,
  safetyEvents,
  sumOverTime,
  topTools,
} from './queries.ts';
import { answer, byStatistic, graph, type Section } from './widget.ts';

type ByName = Readonly<Record<string, string>>;
const percentiles = ['p50', 'p95', 'p99'] as const;

const each = (names: ByName, of: (value: string) => Watched): Record<string, Watched> =>
  Object.fromEntries(Object.entries(names).map(([name, value]) => [name, of(value)]));

const share = (part: Metric, whole: Metric): Watched => ({
  expression: '100 * FILL(part, 0) / whole',
  of: { part, whole },
});

export const loadBalancerSection = (region: string, LoadBalancer: string): Section => {
  const of = { LoadBalancer };
  const requests = aws('AWS/ApplicationELB', 'RequestCount', 'Sum', of);
  const refused = aws('AWS/ApplicationELB', 'HTTPCode_Target_4XX_Count', 'Sum', of);
  const failed = aws('AWS/ApplicationELB', 'HTTPCode_Target_5XX_Count', 'Sum', of);
  return {
    title: 'Requests',
    widgets: [
      graph({ title: 'Requests a minute', region, period: 60 }, { requests }),
      graph({ title: 'Error rate, %', region }, { '4xx': share(refused, requests), '5xx': share(failed, requests) }),
      graph(
        { title: 'Response time, s', region },
        byStatistic(['Average', ...percentiles], (statistic) =>
          aws('AWS/ApplicationELB', 'TargetResponseTime', statistic, of),
        ),
      ),
    ],
  };
};

export const apiSection = (region: string, ApiId: string): Section => {
  const of = { ApiId };
  const requests = aws('AWS/ApiGateway', 'Count', 'Sum', of);
  return {
    title: 'HTTP API',
    widgets: [
      graph({ title: 'Requests a minute', region, period: 60 }, { requests }),
      graph(
        { title: 'Error rate, %', region },
        {
          '4xx': share(aws('AWS/ApiGateway', '4xx', 'Sum', of), requests),
          '5xx': share(aws('AWS/ApiGateway', '5xx', 'Sum', of), requests),
        },
      ),
      graph(
        { title: 'Response time, ms', region },
        byStatistic(['Average', ...percentiles], (statistic) => aws('AWS/ApiGateway', 'Latency', statistic, of)),
      ),
    ],
  };
};

export const servicesSection = (region: string, ClusterName: string, services: ByName): Section => {
  const of = (name: 'CPUUtilization' | 'MemoryUtilization', statistic: 'Average' | 'SampleCount') =>
    each(services, (ServiceName) => aws('AWS/ECS', name, statistic, { ClusterName, ServiceName }));
  return {
    title: 'Tasks',
    widgets: [
      // Every task reports its CPU once a minute: the number of reports is that of tasks.
      graph({ title: 'Running tasks', region, period: 60, stacked: true }, of('CPUUtilization', 'SampleCount')),
      graph({ title: 'CPU, %', region }, of('CPUUtilization', 'Average')),
      graph({ title: 'Memory, %', region }, of('MemoryUtilization', 'Average')),
    ],
  };
};

export const scalingGroupSection = (region: string, AutoScalingGroupName: string): Section => ({
  title: 'Instances',
  widgets: [
    graph(
      { title: 'CPU, %', region },
      { instances: aws('AWS/EC2', 'CPUUtilization', 'Average', { AutoScalingGroupName }) },
    ),
  ],
});

/** @param functions their names, by what they do */
export const functionsSection = (region: string, functions: ByName): Section => {
  const of = (
    name: 'ConcurrentExecutions' | 'Duration' | 'Errors' | 'Invocations' | 'Throttles',
    statistic: 'Maximum' | 'p95' | 'Sum',
  ) => each(functions, (FunctionName) => aws('AWS/Lambda', name, statistic, { FunctionName }));
  return {
    title: 'Functions',
    widgets: [
      graph({ title: 'Invocations', region }, of('Invocations', 'Sum')),
      graph({ title: 'Errors', region }, of('Errors', 'Sum')),
      graph({ title: 'Throttles', region }, of('Throttles', 'Sum')),
      graph({ title: 'Duration p95, ms', region }, of('Duration', 'p95')),
      graph({ title: 'At once', region }, of('ConcurrentExecutions', 'Maximum')),
    ],
  };
};

export const databaseSection = (region: string, DBInstanceIdentifier: string): Section => {
  const of = { DBInstanceIdentifier };
  return {
    title: 'Database',
    widgets: [
      graph({ title: 'Connections', region }, { connections: aws('AWS/RDS', 'DatabaseConnections', 'Average', of) }),
      graph(
        { title: 'Query latency, s', region },
        { read: aws('AWS/RDS', 'ReadLatency', 'Average', of), write: aws('AWS/RDS', 'WriteLatency', 'Average', of) },
      ),
      graph({ title: 'Free storage, bytes', region }, { free: aws('AWS/RDS', 'FreeStorageSpace', 'Minimum', of) }),
    ],
  };
};

export const tablesSection = (region: string, tables: ByName): Section => {
  const of = (name: 'ConsumedReadCapacityUnits' | 'ConsumedWriteCapacityUnits' | 'WriteThrottleEvents') =>
    each(tables, (TableName) => aws('AWS/DynamoDB', name, 'Sum', { TableName }));
  return {
    title: 'Tables',
    widgets: [
      graph({ title: 'Units read', region, stacked: true }, of('ConsumedReadCapacityUnits')),
      graph({ title: 'Units written', region, stacked: true }, of('ConsumedWriteCapacityUnits')),
      graph({ title: 'Throttled writes', region, stacked: true }, of('WriteThrottleEvents')),
    ],
  };
};

/** @param members ids of the nodes, by name */
export const cacheSection = (region: string, members: ByName): Section => {
  const of = (name: 'CacheHitRate' | 'DatabaseMemoryUsagePercentage' | 'Evictions', statistic: 'Average' | 'Sum') =>
    each(members, (CacheClusterId) => aws('AWS/ElastiCache', name, statistic, { CacheClusterId }));
  return {
    title: 'Cache',
    widgets: [
      graph({ title: 'Hit rate, %', region }, of('CacheHitRate', 'Average')),
      graph({ title: 'Evictions', region }, of('Evictions', 'Sum')),
      graph({ title: 'Memory, %', region }, of('DatabaseMemoryUsagePercentage', 'Average')),
    ],
  };
};

/** @param queues names of work and dead-letter queues, by name */
export const queuesSection = (region: string, queues: ByName): Section => ({
  title: 'Queues',
  widgets: [
    graph(
      { title: 'Waiting', region },
      each(queues, (QueueName) => aws('AWS/SQS', 'ApproximateNumberOfMessagesVisible', 'Maximum', { QueueName })),
    ),
    graph(
      { title: 'Oldest, s', region },
      each(queues, (QueueName) => aws('AWS/SQS', 'ApproximateAgeOfOldestMessage', 'Maximum', { QueueName })),
    ),
  ],
});

export interface UsageWatch {
  readonly region: string;
  readonly log: string;
  readonly writes: 'countersign' | 'json';
  /** Some tool that is served changes budgets. */
  readonly budgets: boolean;
  /** Some enabled pack calls APIs outside AWS. */
  readonly callsOut: boolean;
  /** The web ACL's log, and the region it stands in. Without it, addresses stand for geography. */
  readonly webAclLog?: { readonly name: string; readonly region: string } | undefined;
}

export const usageSection = ({ region, log, writes, budgets, callsOut, webAclLog }: UsageWatch): Section => ({
  title: 'Who does what',
  widgets: [
    answer({ title: 'Top tools', region }, 'bar', log, topTools),
    answer({ title: 'Calls by person', region }, 'pie', log, callsByPerson),
    ...(budgets ? [answer({ title: 'Budget changes', region }, 'timeSeries', log, budgetChanges)] : []),
    ...(writes === 'countersign'
      ? [answer({ title: 'Changes applied', region }, 'timeSeries', log, sumOverTime('ChangesApplied', 'Outcome'))]
      : []),
    ...(callsOut
      ? [answer({ title: 'Calls of upstreams', region }, 'timeSeries', log, sumOverTime('UpstreamCalls', 'Outcome'))]
      : []),
    answer({ title: 'Safety events', region }, 'table', log, safetyEvents),
    webAclLog === undefined
      ? answer({ title: 'Requests by address', region }, 'table', log, requestsByAddress)
      : answer({ title: 'Requests by country', region: webAclLog.region }, 'table', webAclLog.name, requestsByCountry),
  ],
});

export interface PackWatch {
  readonly region: string;
  readonly log: string;
  readonly title: string;
  readonly metrics: Readonly<Record<string, MetricContract>>;
}

/** What a pack counts, from the environment's own log: its metrics have no dimension of the environment. */
export const packSection = ({ region, log, title, metrics }: PackWatch): Section => ({
  title,
  widgets: Object.entries(metrics).map(([name, metric]) =>
    answer({ title: metric.description, region }, 'timeSeries', log, metricOverTime(name, metric)),
  ),
});

const charges = aws('AWS/Billing', 'EstimatedCharges', 'Maximum', { Currency: 'USD' });

/** AWS keeps charges in us-east-1, and only once billing alerts are switched on in the account. */
export const spendSection: Section = {
  title: 'Spend',
  widgets: [
    graph(
      { title: 'Daily spend of the account, USD', region: 'us-east-1', period: 86_400, view: 'bar' },
      // Charges count up through the month and start again.
      { 'a day': { expression: 'IF(DIFF(month) >= 0, DIFF(month), month)', of: { month: charges } } },
    ),
  ],
};
