/** Application, network and gateway load balancers, and target groups. */
import {
  AddTagsCommand,
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
  RemoveTagsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { awsApi } from '../api.ts';
import { describedType } from './described.ts';
import { toList } from './driver.ts';
import type { TypeFacts } from './form.ts';

const PAGE = 400;

const api = awsApi('elasticloadbalancing', (config) => new ElasticLoadBalancingV2Client(config));

const ofElb: Pick<TypeFacts<ElasticLoadBalancingV2Client>, 'set' | 'remove' | 'tags'> = {
  tags: async (client, { arn }, options) => {
    const { TagDescriptions } = await client.send(new DescribeTagsCommand({ ResourceArns: [arn] }), options);
    return TagDescriptions?.find(({ ResourceArn }) => ResourceArn === arn)?.Tags;
  },
  set: (client, { arn }, tags, options) =>
    client.send(new AddTagsCommand({ ResourceArns: [arn], Tags: toList(tags) }), options),
  remove: (client, { arn }, keys, options) =>
    client.send(new RemoveTagsCommand({ ResourceArns: [arn], TagKeys: [...keys] }), options),
};

export const loadBalancer = describedType({
  type: 'elasticloadbalancing:loadbalancer',
  api,
  noun: ['load balancer', 'load balancers'],
  taggingFilter: 'elasticloadbalancing:loadbalancer',
  readsAtOnce: 20,
  missing: ['LoadBalancerNotFoundException', 'LoadBalancerNotFound'],
  page: (client, { token: Marker, named }, options) => {
    const which = named ? { LoadBalancerArns: named.map(({ arn }) => arn) } : { PageSize: PAGE };
    return client.send(new DescribeLoadBalancersCommand({ ...which, Marker }), options);
  },
  next: ({ NextMarker }) => NextMarker,
  items: ({ LoadBalancers }) => LoadBalancers,
  resource: (balancer, _place, must) => ({
    arn: must('ARN', balancer.LoadBalancerArn),
    id: must('name', balancer.LoadBalancerName),
    state: must('state', balancer.State?.Code),
    createdAt: balancer.CreatedTime,
    tags: null,
  }),
  tags: ofElb.tags,
  set: ofElb.set,
  remove: ofElb.remove,
});

export const targetGroup = describedType({
  type: 'elasticloadbalancing:targetgroup',
  api,
  noun: ['target group', 'target groups'],
  taggingFilter: 'elasticloadbalancing:targetgroup',
  readsAtOnce: 20,
  missing: ['TargetGroupNotFoundException', 'TargetGroupNotFound'],
  page: (client, { token: Marker, named }, options) => {
    const which = named ? { TargetGroupArns: named.map(({ arn }) => arn) } : { PageSize: PAGE };
    return client.send(new DescribeTargetGroupsCommand({ ...which, Marker }), options);
  },
  next: ({ NextMarker }) => NextMarker,
  items: ({ TargetGroups }) => TargetGroups,
  resource: (group, _place, must) => ({
    arn: must('ARN', group.TargetGroupArn),
    id: must('name', group.TargetGroupName),
    tags: null,
  }),
  tags: ofElb.tags,
  set: ofElb.set,
  remove: ofElb.remove,
});
