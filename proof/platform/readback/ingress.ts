/** What the API tells of the ways in: load balancers with their rules, HTTP APIs with their routes. */
import {
  type Api,
  GetApisCommand,
  GetAuthorizerCommand,
  type GetAuthorizerResponse,
  GetIntegrationsCommand,
  GetRoutesCommand,
  GetStagesCommand,
  type Integration,
  type Route,
  type Stage,
} from '@aws-sdk/client-apigatewayv2';
import {
  DescribeListenersCommand,
  DescribeLoadBalancerAttributesCommand,
  DescribeRulesCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  type Listener,
  type LoadBalancer,
  paginateDescribeLoadBalancers,
  type Rule,
  type TargetGroup,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { all, type Clients } from '../clients.ts';

type Attributes = Readonly<Record<string, string>>;

export interface BalancerSeen {
  readonly balancer: LoadBalancer;
  readonly attributes: Attributes;
  readonly listeners: readonly { readonly listener: Listener; readonly rules: readonly Rule[] }[];
}
export interface ApiSeen {
  readonly api: Api;
  readonly routes: readonly Route[];
  readonly integrations: readonly Integration[];
  /** Those that a route asks. */
  readonly authorizers: readonly GetAuthorizerResponse[];
  readonly stages: readonly Stage[];
}
export interface IngressSeen {
  readonly balancers: readonly BalancerSeen[];
  readonly targetGroups: readonly { readonly group: TargetGroup; readonly attributes: Attributes }[];
  readonly apis: readonly ApiSeen[];
}

const attributesOf = (list: readonly { Key?: string | undefined; Value?: string | undefined }[] = []): Attributes =>
  Object.fromEntries(list.map(({ Key = '', Value = '' }) => [Key, Value]));

const readBalancer = async ({ balancing: client }: Clients, balancer: LoadBalancer): Promise<BalancerSeen> => {
  const { LoadBalancerArn } = balancer;
  const { Attributes } = await client.send(new DescribeLoadBalancerAttributesCommand({ LoadBalancerArn }));
  const { Listeners = [] } = await client.send(new DescribeListenersCommand({ LoadBalancerArn }));
  const listeners = Listeners.map(async (listener) => {
    const { Rules = [] } = await client.send(new DescribeRulesCommand({ ListenerArn: listener.ListenerArn }));
    return { listener, rules: Rules };
  });
  return { balancer, attributes: attributesOf(Attributes), listeners: await Promise.all(listeners) };
};

const readApi = async ({ api: client }: Clients, api: Api): Promise<ApiSeen> => {
  const { ApiId } = api;
  const of = { ApiId, MaxResults: '100' };
  const [{ Items: routes = [] }, { Items: integrations = [] }, { Items: stages = [] }] = await Promise.all([
    client.send(new GetRoutesCommand(of)),
    client.send(new GetIntegrationsCommand(of)),
    client.send(new GetStagesCommand(of)),
  ]);
  // The stand-in lists no authorizers.
  const ids = new Set(routes.flatMap(({ AuthorizerId }) => AuthorizerId ?? []));
  const authorizers = [...ids].map((AuthorizerId) => client.send(new GetAuthorizerCommand({ ApiId, AuthorizerId })));
  return { api, routes, integrations, stages, authorizers: await Promise.all(authorizers) };
};

export const readIngress = async (clients: Clients): Promise<IngressSeen> => {
  const { balancing: client, api } = clients;
  const balancers = await all(paginateDescribeLoadBalancers({ client }, {}), ({ LoadBalancers }) => LoadBalancers);
  const { TargetGroups = [] } = await client.send(new DescribeTargetGroupsCommand({}));
  const targetGroups = TargetGroups.map(async (group) => {
    const command = new DescribeTargetGroupAttributesCommand({ TargetGroupArn: group.TargetGroupArn });
    return { group, attributes: attributesOf((await client.send(command)).Attributes) };
  });
  const { Items = [] } = await api.send(new GetApisCommand({}));
  return {
    balancers: await Promise.all(balancers.map((balancer) => readBalancer(clients, balancer))),
    targetGroups: await Promise.all(targetGroups),
    apis: await Promise.all(Items.map((item) => readApi(clients, item))),
  };
};
