/** Load balancers, and what they send to. */
import { declareTypes } from './type.ts';

const loadBalancer = ['app', 'net', 'gwy'].map(
  (kind) => `arn:aws:elasticloadbalancing:*:{account}:loadbalancer/${kind}/*`,
);
const targetGroup = ['arn:aws:elasticloadbalancing:*:{account}:targetgroup/*'];

export const trafficTypes = declareTypes({
  // Classic load balancers have an API of their own, and are not read: docs/adr/0059-sdk-clients-by-type.md.
  'elasticloadbalancing:loadbalancer': {
    label: 'Application, network or gateway load balancer',
    list: {
      'elasticloadbalancing:DescribeLoadBalancers': 'everywhere',
      'elasticloadbalancing:DescribeTags': 'everywhere',
    },
    set: { 'elasticloadbalancing:AddTags': loadBalancer },
    remove: { 'elasticloadbalancing:RemoveTags': loadBalancer },
  },
  'elasticloadbalancing:targetgroup': {
    label: 'Target group',
    list: {
      'elasticloadbalancing:DescribeTargetGroups': 'everywhere',
      'elasticloadbalancing:DescribeTags': 'everywhere',
    },
    set: { 'elasticloadbalancing:AddTags': targetGroup },
    remove: { 'elasticloadbalancing:RemoveTags': targetGroup },
  },
});
