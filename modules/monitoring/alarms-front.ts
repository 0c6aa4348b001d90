/** Alarms on what answers clients: a load balancer, an HTTP API, CloudFront. */
import type { AlarmSpec } from './alarm.ts';
import { aws, type Formula, type Metric, type Statistic } from './metric.ts';

export interface FrontLimits {
  /** Answers 5xx in 5 minutes. */
  readonly errors: number;
  /** Periods of 5 minutes in a row. */
  readonly errorPeriods: number;
  /** Share of 5xx, in percent. Default: no such alarm. */
  readonly errorPercent?: number | undefined;
  readonly p99Milliseconds: number;
  /** Default: no such alarm. */
  readonly p95Milliseconds?: number | undefined;
}

export interface AskedFor {
  readonly cluster: string;
  /** Name of each ECS service, by colour. */
  readonly services: Readonly<Record<string, string>>;
  /** Share of them that stays while deploying, in percent. */
  readonly minimumPercent: number;
  /** Enough are this many, although more are asked for. Default: all that stay while deploying. */
  readonly enough?: number | undefined;
}

export interface LoadBalancerWatch {
  readonly arnSuffix: string;
  /** ARN suffix of each target group, by colour. */
  readonly targetGroups: Readonly<Record<string, string>>;
  /** Healthy targets below which an alarm sounds. 0: no such alarm. */
  readonly healthyHosts: number;
  /**
   * Where something else than Terraform sets the count: then fewer targets than are asked for sound, whatever that
   * count is. Default: healthyHosts alone.
   */
  readonly asked?: AskedFor | undefined;
  /** Hours of Saturday and Sunday (UTC) in which there are targets at all. Default: always. */
  readonly weekend?: { readonly start: number; readonly end: number } | undefined;
}

/** What the alarms on latency and shares need of whatever answers clients. */
interface Front {
  readonly errors: Readonly<Record<string, Metric>>;
  readonly requests: Metric;
  readonly latency: (statistic: Statistic) => Metric;
  /** Milliseconds of the unit that latency is told in. */
  readonly unit: number;
}

const fiveMinutes = 300;
// Every public address meets a scanner now and then.
const agentsAnHour = 20;

const errorRate = ({ errors, requests }: Front): Formula => ({
  expression: `100 * (${Object.keys(errors)
    .map((id) => `FILL(${id}, 0)`)
    .join(' + ')}) / requests`,
  of: { ...errors, requests },
});

const frontAlarms = (front: Front, limits: FrontLimits): AlarmSpec[] => {
  const { errorPercent, p99Milliseconds, p95Milliseconds } = limits;
  const slow = (statistic: Statistic, milliseconds: number): AlarmSpec => ({
    kind: `latency-${statistic}`,
    topic: 'ops',
    meaning: `${statistic} of the response time is over ${milliseconds} ms. See which route or tool is slow, then CPU and the store.`,
    watched: front.latency(statistic),
    sounds: 'above',
    threshold: milliseconds / front.unit,
    period: fiveMinutes,
    periods: 2,
    silence: 'fine',
  });
  return [
    slow('p99', p99Milliseconds),
    ...(p95Milliseconds === undefined ? [] : [slow('p95', p95Milliseconds)]),
    ...(errorPercent === undefined
      ? []
      : [
          {
            kind: 'error-rate',
            topic: 'ops',
            meaning: `Over ${errorPercent} % of all requests are answered 5xx. Look at the last deployment and the error log.`,
            watched: errorRate(front),
            sounds: 'above',
            threshold: errorPercent,
            period: fiveMinutes,
            periods: 2,
            silence: 'fine',
          } as const,
        ]),
  ];
};

const tooManyErrors = (kind: string, by: string, watched: Metric, limits: FrontLimits): AlarmSpec => ({
  kind,
  topic: 'ops',
  meaning: `Over ${limits.errors} answers 5xx in 5 minutes ${by}.`,
  watched,
  sounds: 'above',
  threshold: limits.errors,
  period: fiveMinutes,
  periods: limits.errorPeriods,
  silence: 'fine',
});

const filled = (names: readonly string[]): string => names.map((name) => `FILL(${name}, 0)`).join(' + ');

// Only one colour has targets as a rule, and a group without targets has no data.
const allHosts = (groups: readonly string[]): string => (groups.length === 1 ? groups.join('') : filled(groups));

const hostsOf = (LoadBalancer: string, targetGroups: LoadBalancerWatch['targetGroups']) =>
  Object.fromEntries(
    Object.entries(targetGroups).map(([colour, TargetGroup]) => [
      colour,
      aws('AWS/ApplicationELB', 'HealthyHostCount', 'Minimum', { LoadBalancer, TargetGroup }),
    ]),
  );

/** Fewer healthy targets than ECS is asked to run. Container Insights tells that count each minute. */
const asMany = ({ arnSuffix, targetGroups }: LoadBalancerWatch, asked: AskedFor): AlarmSpec => {
  const { cluster: ClusterName, services, minimumPercent, enough } = asked;
  const counts = Object.entries(services).map(
    ([colour, ServiceName]) =>
      [
        `asked_${colour}`,
        aws('ECS/ContainerInsights', 'DesiredTaskCount', 'Average', { ClusterName, ServiceName }),
      ] as const,
  );
  const wanted = filled(counts.map(([name]) => name));
  // With a share of 0, one healthy target is still expected.
  const stays = `(${wanted}) * ${Math.max(1, minimumPercent) / 100}`;
  const least = enough === undefined ? stays : `IF((${wanted}) < ${enough}, ${wanted}, ${enough})`;
  return {
    kind: 'healthy-hosts',
    topic: 'ops',
    meaning: `Fewer healthy targets than ${enough === undefined ? 'ECS is asked to run' : `${enough}, or than ECS is asked to run where that is less`}. See why tasks stop or fail their health check; scale out meanwhile.`,
    watched: {
      expression: `${filled(Object.keys(targetGroups))} - ${enough === undefined ? least : `(${least})`}`,
      of: { ...hostsOf(arnSuffix, targetGroups), ...Object.fromEntries(counts) },
    },
    sounds: 'below',
    threshold: 0,
    period: 60,
    periods: 5,
    silence: 'wrong',
  };
};

const healthy = ({ arnSuffix, targetGroups, healthyHosts, weekend }: LoadBalancerWatch): AlarmSpec => {
  const groups = Object.keys(targetGroups);
  const hosts = allHosts(groups);
  const day = groups[0] ?? '';
  return {
    kind: 'healthy-hosts',
    topic: 'ops',
    meaning: `Fewer than ${healthyHosts} healthy targets. See why tasks stop or fail their health check; scale out meanwhile.`,
    watched: {
      expression:
        weekend === undefined
          ? hosts
          : `IF(DAY(${day}) >= 6 AND HOUR(${day}) >= ${weekend.start} AND HOUR(${day}) < ${weekend.end}, ${hosts}, ${healthyHosts})`,
      of: hostsOf(arnSuffix, targetGroups),
    },
    sounds: 'below',
    threshold: healthyHosts,
    period: 60,
    periods: 5,
    silence: weekend === undefined ? 'wrong' : 'fine',
  };
};

const healthyAlarms = (watch: LoadBalancerWatch): AlarmSpec[] => {
  if (watch.asked !== undefined) return [asMany(watch, watch.asked)];
  return watch.healthyHosts > 0 ? [healthy(watch)] : [];
};

const unhealthy = (LoadBalancer: string, colour: string, TargetGroup: string): AlarmSpec => ({
  kind: 'unhealthy-hosts',
  of: colour,
  topic: 'ops',
  meaning: `A target of ${colour} fails its health check for 5 minutes. Read the log of its task before it is replaced.`,
  watched: aws('AWS/ApplicationELB', 'UnHealthyHostCount', 'Maximum', { LoadBalancer, TargetGroup }),
  sounds: 'above',
  threshold: 0,
  period: 60,
  periods: 5,
  silence: 'fine',
});

export const loadBalancerAlarms = (watch: LoadBalancerWatch, limits: FrontLimits): AlarmSpec[] => {
  const LoadBalancer = watch.arnSuffix;
  const of = (
    name: 'HTTPCode_Target_5XX_Count' | 'HTTPCode_ELB_5XX_Count' | 'RequestCount' | 'TargetResponseTime',
    statistic: Statistic,
  ) => aws('AWS/ApplicationELB', name, statistic, { LoadBalancer });
  const service = of('HTTPCode_Target_5XX_Count', 'Sum');
  const balancer = of('HTTPCode_ELB_5XX_Count', 'Sum');
  const front: Front = {
    errors: { service, balancer },
    requests: of('RequestCount', 'Sum'),
    latency: (statistic) => of('TargetResponseTime', statistic),
    unit: 1000,
  };
  return [
    tooManyErrors('errors', 'from the service', service, limits),
    tooManyErrors('load-balancer-errors', 'from the load balancer itself, which reaches no target', balancer, limits),
    ...frontAlarms(front, limits),
    ...healthyAlarms(watch),
    ...Object.entries(watch.targetGroups).map(([colour, group]) => unhealthy(LoadBalancer, colour, group)),
  ];
};

/** @param alone nothing behind it has alarms on requests of its own */
export const apiAlarms = (ApiId: string, limits: FrontLimits, alone: boolean): AlarmSpec[] => {
  const errors = aws('AWS/ApiGateway', '5xx', 'Sum', { ApiId });
  const front: Front = {
    errors: { errors },
    requests: aws('AWS/ApiGateway', 'Count', 'Sum', { ApiId }),
    latency: (statistic) => aws('AWS/ApiGateway', 'Latency', statistic, { ApiId }),
    unit: 1,
  };
  return [
    tooManyErrors('api-errors', 'from the HTTP API: the service, its link or its authorizer', errors, limits),
    ...(alone ? frontAlarms(front, limits) : []),
  ];
};

/** CloudFront's metrics, and so its alarms, exist in us-east-1 only. */
export const edgeAlarms = (DistributionId: string, { errorPercent = 5 }: FrontLimits): AlarmSpec[] => [
  {
    kind: 'edge-errors',
    topic: 'ops',
    meaning: `Over ${errorPercent} % of CloudFront's answers are 5xx. If nothing behind it has an alarm, its origin cannot be reached.`,
    watched: aws('AWS/CloudFront', '5xxErrorRate', 'Average', { DistributionId, Region: 'Global' }),
    sounds: 'above',
    threshold: errorPercent,
    period: fiveMinutes,
    periods: 2,
    silence: 'fine',
  },
];

export interface WebAclWatch {
  /** Its name, which is also that of its metrics. */
  readonly webAcl: string;
  readonly rule: string;
  /** Region of a web ACL of a load balancer. Default: CloudFront's, which has none. */
  readonly region?: string;
}

export const webAclAlarms = ({ webAcl, rule, region }: WebAclWatch): AlarmSpec[] => [
  {
    kind: 'suspicious-agents',
    topic: 'security',
    meaning: `The web ACL counted over ${agentsAnHour} requests of attack tools in an hour. They are let through: see which addresses, and what they asked for.`,
    watched: aws(
      'AWS/WAFV2',
      'CountedRequests',
      'Sum',
      region === undefined ? { WebACL: webAcl, Rule: rule } : { WebACL: webAcl, Rule: rule, Region: region },
    ),
    sounds: 'above',
    threshold: agentsAnHour,
    period: 3600,
    periods: 1,
    silence: 'fine',
  },
];
