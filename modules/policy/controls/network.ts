/** Controls of VPCs. https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html */
import { inner, inners, isTrue, type Resource, type StackView } from '../view.ts';
import { type Control, on, onSome, pairedBy, refersTo } from './control.ts';

const everyone = ['0.0.0.0/0', '::/0'];
const isOpen = ({ block }: Resource): boolean =>
  everyone.includes(String(block.cidr_ipv4)) || everyone.includes(String(block.cidr_ipv6));

// Security Hub's own list.
const risky = [20, 21, 22, 23, 25, 110, 135, 143, 445, 1433, 1434, 3000, 3306, 3389, 4333, 5000, 5432, 5500, 5601];
const riskyHigh = [8080, 8088, 8888, 9200, 9300];

const reaches = ({ block }: Resource, port: number): boolean =>
  block.ip_protocol === '-1' || (Number(block.from_port) <= port && port <= Number(block.to_port));

const hasEndpoint = (view: StackView, vpc: Resource, service: string): boolean =>
  view
    .of('aws_vpc_endpoint')
    .some(({ block }) => refersTo(block.vpc_id, vpc) && String(block.service_name).endsWith(`.${service}`));

const endpoint = (id: string, what: string, service: string): Control =>
  on('aws_vpc', id, what, (vpc, view) => hasEndpoint(view, vpc, service));

/** The first rule that matches decides. */
const admits = (acl: Resource, port: number): boolean => {
  const [first] = inners(acl.block, 'ingress')
    .filter(({ protocol, from_port, to_port, cidr_block }) => {
      const matched = protocol === '-1' || (protocol === 'tcp' && Number(from_port) <= port && port <= Number(to_port));
      return matched && everyone.includes(String(cidr_block));
    })
    .sort((a, b) => Number(a.rule_no) - Number(b.rule_no));
  return first?.action === 'allow';
};

export const networkControls: readonly Control[] = [
  on('aws_vpc', 'EC2.2', 'VPC default security groups should not allow inbound or outbound traffic', (vpc, view) => {
    const group = pairedBy(view, vpc, 'aws_default_security_group', 'vpc_id');
    return group !== undefined && ['ingress', 'egress'].every((name) => inners(group.block, name).length === 0);
  }),
  on('aws_vpc', 'EC2.6', 'VPC flow logging should be enabled in all VPCs', (vpc, view) =>
    view.of('aws_flow_log').some(({ block }) => refersTo(block.vpc_id, vpc)),
  ),
  endpoint(
    'EC2.10',
    'Amazon EC2 should be configured to use VPC endpoints that are created for the Amazon EC2 service',
    'ec2',
  ),
  on(
    'aws_subnet',
    'EC2.15',
    'Amazon EC2 subnets should not automatically assign public IP addresses',
    ({ block }) => !isTrue(block.map_public_ip_on_launch),
  ),
  on(
    'aws_network_acl',
    'EC2.16',
    'Unused Network Access Control Lists should be removed',
    ({ block }) => Array.isArray(block.subnet_ids) && block.subnet_ids.length > 0,
  ),
  onSome(
    'aws_vpc_security_group_ingress_rule',
    isOpen,
    'EC2.18',
    'Security groups should only allow unrestricted incoming traffic for authorized ports',
    ({ block }) => block.from_port === block.to_port && [80, 443].includes(Number(block.from_port)),
  ),
  onSome(
    'aws_vpc_security_group_ingress_rule',
    isOpen,
    'EC2.19',
    'Security groups should not allow unrestricted access to ports with high risk',
    (rule) => ![...risky, ...riskyHigh].some((port) => reaches(rule, port)),
  ),
  on(
    'aws_network_acl',
    'EC2.21',
    'Network ACLs should not allow ingress from 0.0.0.0/0 to port 22 or port 3389',
    (acl) => !admits(acl, 22) && !admits(acl, 3389),
  ),
  endpoint('EC2.55', 'VPCs should be configured with an interface endpoint for ECR API', 'ecr.api'),
  endpoint('EC2.56', 'VPCs should be configured with an interface endpoint for Docker Registry', 'ecr.dkr'),
  endpoint('EC2.57', 'VPCs should be configured with an interface endpoint for Systems Manager', 'ssm'),
  endpoint(
    'EC2.58',
    'VPCs should be configured with an interface endpoint for Systems Manager Incident Manager Contacts',
    'ssm-contacts',
  ),
  endpoint(
    'EC2.60',
    'VPCs should be configured with an interface endpoint for Systems Manager Incident Manager',
    'ssm-incidents',
  ),
  on('aws_vpc', 'EC2.172', 'EC2 VPC Block Public Access settings should block internet gateway traffic', (_, view) =>
    view
      .of('aws_vpc_block_public_access_options')
      .some(({ block }) => String(block.internet_gateway_block_mode).startsWith('block')),
  ),
];

const template = 'aws_launch_template';

export const instanceControls: readonly Control[] = [
  on(
    'aws_autoscaling_group',
    'AutoScaling.1',
    'Auto Scaling groups associated with a load balancer should use ELB health checks',
    ({ block }) => block.target_group_arns === undefined || block.health_check_type === 'ELB',
  ),
  on(
    'aws_autoscaling_group',
    'AutoScaling.2',
    'Amazon EC2 Auto Scaling group should cover multiple Availability Zones',
    ({ block }) => Array.isArray(block.vpc_zone_identifier) && block.vpc_zone_identifier.length > 1,
  ),
  on(
    'aws_autoscaling_group',
    'AutoScaling.6',
    'Auto Scaling groups should use multiple instance types in multiple Availability Zones',
    ({ block }) => inners(inner(inner(block, 'mixed_instances_policy'), 'launch_template'), 'override').length > 1,
  ),
  on(
    'aws_autoscaling_group',
    'AutoScaling.9',
    'Amazon EC2 Auto Scaling groups should use Amazon EC2 launch templates',
    ({ block }) => block.launch_configuration === undefined,
  ),
  on(template, 'EC2.3', 'Attached Amazon EBS volumes should be encrypted at-rest', ({ block }) =>
    inners(block, 'block_device_mappings').every((device) => isTrue(inner(device, 'ebs').encrypted)),
  ),
  on(
    template,
    'EC2.8',
    'EC2 instances should use Instance Metadata Service Version 2 (IMDSv2)',
    ({ block }) => inner(block, 'metadata_options').http_tokens === 'required',
  ),
  on(template, 'EC2.9', 'Amazon EC2 instances should not have a public IPv4 address', ({ block }) =>
    inners(block, 'network_interfaces').every((card) => !isTrue(card.associate_public_ip_address)),
  ),
  on(
    template,
    'EC2.17',
    'Amazon EC2 instances should not use multiple ENIs',
    ({ block }) => inners(block, 'network_interfaces').length <= 1,
  ),
  on(
    template,
    'EC2.24',
    'Amazon EC2 paravirtual instance types should not be used',
    ({ block }) => !/^(c1|c3|m1|m2|m3|t1|hs1)\./.test(String(block.instance_type)),
  ),
  on(
    template,
    'EC2.25',
    'Amazon EC2 launch templates should not assign public IPs to network interfaces',
    ({ block }) => inners(block, 'network_interfaces').every((card) => !isTrue(card.associate_public_ip_address)),
  ),
  on(
    template,
    'EC2.170',
    'EC2 launch templates should use Instance Metadata Service Version 2 (IMDSv2)',
    ({ block }) => inner(block, 'metadata_options').http_tokens === 'required',
  ),
  on(template, 'EC2.181', 'EC2 launch templates should enable encryption for attached EBS volumes', ({ block }) =>
    inners(block, 'block_device_mappings').every((device) => isTrue(inner(device, 'ebs').encrypted)),
  ),
];
