/** VPC, security groups, load balancers, instances. */
import {
  advised,
  assumedAccountSettings,
  bytes,
  characters,
  cited,
  hyphenated,
  items,
  number,
  prefix,
  text,
  variables,
} from './limit.ts';

// docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html
const group = {
  pattern: /^[a-zA-Z0-9 ._:/()#,@[\]+=&;{}!$*-]*$/,
  be: 'ASCII letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*',
};
// A name has at most 32 characters. It becomes part of a host name, so it begins and ends with a letter or a digit.
const balancer = {
  min: 1,
  max: 32,
  pattern: /^(?!internal-)[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?$/,
  be: 'letters, digits and hyphens, with no hyphen at either end, not beginning with internal-',
};
const elb = 'elasticloadbalancing/latest';

export const networkLimits = [
  ...cited(
    'vpc/latest/userguide/vpc-cidr-blocks.html',
    prefix('aws_vpc.cidr_block', 'the address range of a VPC', { min: 16, max: 28 }, 'vpc_cidr'),
  ),
  ...cited(
    'vpc/latest/userguide/subnet-sizing.html',
    prefix(
      'aws_subnet.cidr_block',
      'a subnet',
      { min: 16, max: 28 },
      'public_cidrs',
      'private_cidrs',
      'database_cidrs',
    ),
  ),
  ...cited(
    'AWSEC2/latest/UserGuide/elastic-ip-addresses-eip.html',
    advised(
      'AWS raises it on request; addresses that are there already are given in nat_eip_allocation_ids.',
      items('aws_eip per domain', 'new public addresses in a region', { max: 5 }, 'nat_mode'),
    ),
  ),
  ...cited(
    'AWSEC2/latest/APIReference/API_CreateSecurityGroup.html',
    text('aws_security_group.name', 'the name of a security group', {
      min: 1,
      max: 255,
      ...group,
      pattern: /^(?!sg-)[a-zA-Z0-9 ._:/()#,@[\]+=&;{}!$*-]*$/,
      be: `${group.be}, not beginning with sg-`,
    }),
    text('aws_security_group.description', 'the description of a security group', { min: 1, max: 255, ...group }),
  ),
  ...cited(
    'AWSEC2/latest/APIReference/API_IpRange.html',
    text('aws_vpc_security_group_ingress_rule.description', 'the description of a rule', { max: 255, ...group }),
    text('aws_vpc_security_group_egress_rule.description', 'the description of a rule', { max: 255, ...group }),
  ),
  ...cited(
    'vpc/latest/userguide/amazon-vpc-limits.html',
    items(
      'aws_vpc_security_group_ingress_rule per security_group_id',
      'inbound rules of a security group',
      { max: 60 },
      'alb_sources',
    ),
    items(
      'aws_vpc_security_group_egress_rule per security_group_id',
      'outbound rules of a security group',
      { max: 60 },
      'task_egress_ports',
    ),
    items(
      'aws_network_acl.ingress',
      'inbound rules of a network ACL',
      { max: 20 },
      'availability_zones',
      'task_egress_ports',
    ),
    items(
      'aws_network_acl.egress',
      'outbound rules of a network ACL',
      { max: 20 },
      'availability_zones',
      'task_egress_ports',
    ),
    items('aws_route per route_table_id', 'routes of a route table', { max: 50 }),
  ),
  ...cited(
    'vpc/latest/privatelink/vpc-limits-endpoints.html',
    characters('aws_vpc_endpoint.policy', 'the policy of an endpoint', 20_480, ...assumedAccountSettings),
  ),
  ...cited(
    `${elb}/APIReference/API_CreateLoadBalancer.html`,
    text('aws_lb.name', 'the name of a load balancer', balancer, 'names.load-balancer'),
  ),
  ...cited(
    `${elb}/application/application-load-balancers.html`,
    prefix(
      'aws_lb.subnets.->cidr_block',
      'a subnet of a load balancer, which needs room to grow',
      { min: 16, max: 27 },
      'public_cidrs',
      'private_cidrs',
    ),
  ),
  ...cited(
    `${elb}/APIReference/API_CreateTargetGroup.html`,
    text('aws_lb_target_group.name', 'the name of a target group', balancer, 'names.target-group'),
    text('aws_lb_target_group.name_prefix', 'the start of a target group’s name', { max: 6, ...hyphenated }),
    text(
      'aws_lb_target_group.health_check.path',
      'the path of a health check',
      { min: 1, max: 1024 },
      'health_check_path',
    ),
    number('aws_lb_target_group.port', 'a port', { min: 1, max: 65_535 }, 'container_port', 'port_blue', 'port_green'),
  ),
  ...cited(
    `${elb}/application/load-balancer-limits.html`,
    items('aws_lb_listener_rule per listener_arn', 'rules of a listener', { max: 100 }),
    items('aws_lb_listener_rule.condition.*.values', 'values of a condition of a listener’s rule', { max: 5 }),
    items('aws_lb_listener_rule.action.forward.target_group', 'target groups of a rule', { max: 5 }),
    items('aws_lb.security_groups', 'security groups of a load balancer', { max: 5 }),
  ),
  ...cited(
    'AWSEC2/latest/APIReference/API_CreateLaunchTemplate.html',
    text(
      'aws_launch_template.name',
      'the name of a launch template',
      { min: 3, max: 128, pattern: /^[a-zA-Z0-9().\-/_]*$/, be: 'letters, digits and ( ) . - / _' },
      'names.service',
    ),
  ),
  ...cited(
    'AWSEC2/latest/UserGuide/instancedata-add-user-data.html',
    bytes('aws_launch_template.user_data', 'what an instance runs when it starts', 16_384, ...variables),
  ),
  ...cited(
    'autoscaling/ec2/APIReference/API_PutScalingPolicy.html',
    text('aws_autoscaling_policy.name', 'the name of a scaling policy', { min: 1, max: 255 }, 'names.service'),
  ),
  ...cited(
    'autoscaling/ec2/APIReference/API_CreateAutoScalingGroup.html',
    text(
      'aws_autoscaling_group.name',
      'the name of an Auto Scaling group',
      { min: 1, max: 255, pattern: /^[^:]*$/, be: 'characters other than a colon' },
      'names.service',
    ),
  ),
];
