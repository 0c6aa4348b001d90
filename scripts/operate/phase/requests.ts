/** How many requests an environment had, by the metric of what stands before it. */
import { CloudWatchClient, type Metric, paginateGetMetricData } from '@aws-sdk/client-cloudwatch';
import type { Deployment } from '../../../modules/stacks/deployment.ts';
import type { ClientOf } from '../clients.ts';
import { findHttpApi, findLoadBalancer } from '../health/front.ts';
import type { Measured } from './phases.ts';

const HOUR = 3600;

const dimension = (Name: string, Value: string | undefined): Metric['Dimensions'] => [{ Name, Value }];

/** Undefined: it does not stand. */
const metricOf = async (deployment: Deployment, client: ClientOf): Promise<Metric | undefined> => {
  const around = { deployment, client };
  if (deployment.shape.httpApi) {
    const ApiId = (await findHttpApi(around))?.ApiId;
    if (ApiId === undefined) return undefined;
    return { Namespace: 'AWS/ApiGateway', MetricName: 'Count', Dimensions: dimension('ApiId', ApiId) };
  }
  const arn = (await findLoadBalancer(around))?.LoadBalancerArn;
  const name = arn?.slice(arn.indexOf(':loadbalancer/') + ':loadbalancer/'.length);
  if (name === undefined) return undefined;
  return { Namespace: 'AWS/ApplicationELB', MetricName: 'RequestCount', Dimensions: dimension('LoadBalancer', name) };
};

export const requestsBetween = async (
  deployment: Deployment,
  client: ClientOf,
  period: { readonly from: Date; readonly to: Date },
): Promise<Measured> => {
  const metric = await metricOf(deployment, client);
  if (metric === undefined) return { why: 'neither an API nor a load balancer is there: npm run deploy' };
  const pages = paginateGetMetricData(
    { client: client(CloudWatchClient) },
    {
      StartTime: period.from,
      EndTime: period.to,
      MetricDataQueries: [{ Id: 'requests', MetricStat: { Metric: metric, Period: HOUR, Stat: 'Sum' } }],
    },
  );
  let value = 0;
  for await (const { MetricDataResults = [] } of pages)
    for (const { Values = [] } of MetricDataResults) for (const each of Values) value += each;
  return { value };
};
