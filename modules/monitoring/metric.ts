/** CloudWatch metrics that AWS services emit, by name and dimensions: a misspelt one does not compile. */

/** A percentile is written p95. */
export type Statistic = 'Average' | 'Maximum' | 'Minimum' | 'SampleCount' | 'Sum' | `p${number}`;

export interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: Statistic;
}

/** Metric math over metrics, by the letters that stand for them in it. */
export interface Formula {
  readonly expression: string;
  readonly of: Readonly<Record<string, Metric>>;
}

export type Watched = Metric | Formula;
export const isFormula = (watched: Watched): watched is Formula => 'expression' in watched;

const catalogue = {
  'AWS/ApiGateway': ['4xx', '5xx', 'Count', 'IntegrationLatency', 'Latency'],
  'AWS/ApplicationELB': [
    'HealthyHostCount',
    'HTTPCode_ELB_5XX_Count',
    'HTTPCode_Target_4XX_Count',
    'HTTPCode_Target_5XX_Count',
    'RequestCount',
    'TargetResponseTime',
    'UnHealthyHostCount',
  ],
  'AWS/Billing': ['EstimatedCharges'],
  'AWS/CloudFront': ['4xxErrorRate', '5xxErrorRate', 'Requests'],
  'AWS/DynamoDB': [
    'ConsumedReadCapacityUnits',
    'ConsumedWriteCapacityUnits',
    'ReadThrottleEvents',
    'WriteThrottleEvents',
  ],
  'AWS/EC2': ['CPUUtilization'],
  'AWS/ECS': ['CPUUtilization', 'MemoryUtilization'],
  'AWS/ElastiCache': ['CacheHitRate', 'DatabaseMemoryUsagePercentage', 'EngineCPUUtilization', 'Evictions'],
  'AWS/Firehose': ['DeliveryToS3.DataFreshness'],
  'AWS/Lambda': ['ConcurrentExecutions', 'Duration', 'Errors', 'Invocations', 'Throttles'],
  'AWS/RDS': ['CPUUtilization', 'DatabaseConnections', 'FreeStorageSpace', 'ReadLatency', 'WriteLatency'],
  'AWS/SQS': ['ApproximateAgeOfOldestMessage', 'ApproximateNumberOfMessagesVisible', 'NumberOfMessagesSent'],
  'AWS/WAFV2': ['AllowedRequests', 'BlockedRequests', 'CountedRequests'],
  'ECS/ContainerInsights': ['DesiredTaskCount'],
} as const;

/** The sets of dimensions under which each service keeps its metrics. An alarm on any other set sees no data. */
interface DimensionsOf {
  'AWS/ApiGateway': { ApiId: string };
  'AWS/ApplicationELB': { LoadBalancer: string } | { LoadBalancer: string; TargetGroup: string };
  'AWS/Billing': { Currency: 'USD' };
  'AWS/CloudFront': { DistributionId: string; Region: 'Global' };
  'AWS/DynamoDB': { TableName: string };
  'AWS/EC2': { AutoScalingGroupName: string };
  'AWS/ECS': { ClusterName: string; ServiceName: string };
  'AWS/ElastiCache': { CacheClusterId: string };
  'AWS/Firehose': { DeliveryStreamName: string };
  'AWS/Lambda': { FunctionName: string };
  'AWS/RDS': { DBInstanceIdentifier: string };
  'AWS/SQS': { QueueName: string };
  'AWS/WAFV2': { WebACL: string; Rule: string } | { WebACL: string; Rule: string; Region: string };
  'ECS/ContainerInsights': { ClusterName: string; ServiceName: string };
}

type Namespace = keyof typeof catalogue;

/** A metric of an AWS service. */
export const aws = <N extends Namespace>(
  namespace: N,
  name: (typeof catalogue)[N][number],
  statistic: Statistic,
  dimensions: DimensionsOf[N],
): Metric => ({ namespace, name, statistic, dimensions: { ...dimensions } });
