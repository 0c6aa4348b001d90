/** Where an environment is reached in one region. */
import { type Api, ApiGatewayV2Client, GetApisCommand } from '@aws-sdk/client-apigatewayv2';
import { CloudFrontClient, type DistributionSummary, paginateListDistributions } from '@aws-sdk/client-cloudfront';
import {
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingV2Client,
  type LoadBalancer,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { hostsOf, publicUrlOf } from '../../../modules/stacks/hosts.ts';
import { unlessMissing } from '../operated.ts';
import { runningNames } from '../running.ts';
import type { Around } from './check.ts';

/** Where to look, and with what. */
type Looking = Pick<Around, 'client' | 'deployment'>;

export const findLoadBalancer = async ({ client, deployment }: Looking): Promise<LoadBalancer | undefined> => {
  const command = new DescribeLoadBalancersCommand({ Names: [runningNames(deployment).loadBalancer] });
  const told = await unlessMissing(client(ElasticLoadBalancingV2Client).send(command), 'LoadBalancerNotFoundException');
  return told?.LoadBalancers?.[0];
};

/** Its comment is the name it was given. */
export const findDistribution = async ({ client, deployment }: Around): Promise<DistributionSummary | undefined> => {
  const wanted = deployment.names.of('distribution');
  for await (const { DistributionList } of paginateListDistributions(
    { client: client(CloudFrontClient, 'us-east-1') },
    {},
  ))
    for (const distribution of DistributionList?.Items ?? []) if (distribution.Comment === wanted) return distribution;
  return undefined;
};

export const findHttpApi = async ({
  client,
  deployment,
}: Pick<Around, 'client' | 'deployment'>): Promise<Api | undefined> => {
  const wanted = runningNames(deployment).httpApi;
  let NextToken: string | undefined;
  do {
    const page = await client(ApiGatewayV2Client).send(new GetApisCommand({ NextToken }));
    for (const api of page.Items ?? []) if (api.Name === wanted) return api;
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return undefined;
};

/** The address AWS gave, where there is no domain name. */
const givenUrl = async (around: Around): Promise<string | undefined> => {
  const { shape } = around.deployment;
  if (shape.distribution) {
    const domain = (await findDistribution(around))?.DomainName;
    return domain && `https://${domain}`;
  }
  if (shape.httpApi) return (await findHttpApi(around))?.ApiEndpoint;
  const dnsName = (await findLoadBalancer(around))?.DNSName;
  return dnsName && `http://${dnsName}`;
};

export interface Front {
  /** Origin that people and clients type. */
  readonly url: string;
  /** Host to connect to, where the name leads to another region. */
  readonly at?: string | undefined;
}

/** Undefined while nothing is there. */
export const findFront = async (around: Around): Promise<Front | undefined> => {
  const { deployment } = around;
  const url = publicUrlOf(deployment) ?? (await givenUrl(around));
  if (url === undefined) return undefined;
  // Every region answers to one name; this one is asked by the load balancer's own.
  const byRegion = deployment.shape.oneOfRegions && hostsOf(deployment).loadBalancer !== undefined;
  if (!byRegion || deployment.settings.ingress_mode !== 'alb') return { url };
  return { url, at: (await findLoadBalancer(around))?.DNSName };
};
