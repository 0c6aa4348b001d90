/** Settings: the VPC. */
import { z } from 'zod';
import { zone } from './region.ts';
import { cidr, flag, list, optionalText, setting } from './setting.ts';

/** Services that interface endpoints can be made for, as they stand in the endpoint's service name. */
export const interfaceEndpointServices = [
  'athena',
  'bedrock-agent',
  'ce',
  'cloudtrail',
  'codebuild',
  'codepipeline',
  'ec2',
  'ecr.api',
  'ecr.dkr',
  'ecs',
  'eks',
  'elasticache',
  'elasticfilesystem',
  'elasticloadbalancing',
  'elasticmapreduce',
  'email',
  'fsx',
  'glue',
  'kinesis-streams',
  'kms',
  'lambda',
  'logs',
  'monitoring',
  'organizations',
  'rds',
  'redshift',
  'sagemaker.api',
  'secretsmanager',
  'sns',
  'sqs',
  'ssm',
  'ssm-contacts',
  'ssm-incidents',
  'ssmmessages',
  'states',
  'sts',
  'tagging',
  'xray',
] as const;
export type InterfaceEndpointService = (typeof interfaceEndpointServices)[number];

const cidrs = (description: string, example: string) => list({ description, item: cidr, example, regional: true });

export const network = {
  vpc_cidr: setting(cidr.optional(), {
    description: 'Address range of the VPC: private space (RFC 1918), /16 to /24. Required unless nothing needs a VPC.',
    example: '"10.0.0.0/16"',
    regional: true,
  }),
  availability_zones: list({
    description:
      'Zones to spread over, in the order of the CIDR lists. Load balancers and Multi-AZ databases need two.',
    item: zone,
    example: '["us-east-1a", "us-east-1b", "us-east-1c"]',
    regional: true,
  }),
  public_cidrs: cidrs(
    'Public subnets, one a zone: NAT gateways, public load balancers, tasks when there is no NAT.',
    '["10.0.1.0/24", "10.0.2.0/24", "10.0.3.0/24"]',
  ),
  private_cidrs: cidrs(
    'Private subnets, one a zone: tasks. Needs NAT, or interface endpoints for all they call.',
    '["10.0.11.0/24", "10.0.12.0/24", "10.0.13.0/24"]',
  ),
  database_cidrs: cidrs(
    'Database subnets, one a zone, without a route to the internet.',
    '["10.0.21.0/24", "10.0.22.0/24", "10.0.23.0/24"]',
  ),
  nat_mode: setting(
    z
      .union([z.enum(['none', 'single', 'per-az']), z.literal([1, 2, 3, 4, 5, 6])], {
        error: 'must be "none", "single", "per-az" or a number of gateways from 1 to 6',
      })
      .default('none'),
    {
      description:
        'NAT gateways for the private subnets: none, one in the first zone, one per zone, or a number in the first zones. With none, tasks run in public subnets with public addresses, or with vpc_endpoints in private ones.',
      example: '"none" | "single" | "per-az" | 2',
    },
  ),
  nat_eip_allocation_ids: list({
    description: 'Elastic IPs to reuse, one per NAT gateway, where partners have allow-listed their addresses.',
    item: z
      .string()
      .regex(/^eipalloc-[0-9a-f]{8,17}$/, { error: 'must be an allocation id such as eipalloc-0123456789abcdef0' }),
    example: '["eipalloc-0123456789abcdef0"]',
    regional: true,
  }),
  flow_logs: flag({
    description:
      'VPC flow logs of all traffic, every 60 seconds, to CloudWatch Logs. GuardDuty reads the traffic without them. Switched off, the log that was kept goes too.',
    default: true,
  }),
  vpc_endpoints: list({
    description:
      'Interface endpoints in the private subnets. Gateway endpoints for S3 and DynamoDB are always made; they are free. Without NAT there must be one for every service that the tasks call; what has none, such as Cognito, needs NAT.',
    item: z.enum(interfaceEndpointServices, { error: `must be one of ${interfaceEndpointServices.join(', ')}` }),
    example: '["secretsmanager", "ecr.api", "ecr.dkr", "logs"]',
  }),
  upstream_hosts: list({
    description:
      'Hosts that the service calls besides AWS, sign-in and what its tool packs name, as `host` or `host:port`: those of a custom image. Nothing is opened by it: without a way there the environment is refused.',
    item: z.string().regex(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}(:\d{1,5})?$/, {
      error: 'must be a host such as api.example.com, or host:port',
    }),
    example: '["api.example.com", "db.example.com:5432"]',
  }),
  task_egress_ports: list({
    description:
      'TCP ports tasks may call on the internet besides 443, such as that of a database elsewhere. Nothing else gets out.',
    item: z
      .int()
      .min(1)
      .max(65_535)
      .refine((port) => ![22, 443, 3389].includes(port), {
        error: 'must not be 443, which is open, nor 22 or 3389, which the network ACLs refuse',
      }),
    example: '[5432]',
  }),
  network_acls: flag({
    description: 'A network ACL per tier, besides the security groups; denies 22 and 3389.',
    default: true,
  }),
  cloudfront_prefix_list_id: optionalText({
    description:
      'Managed prefix list com.amazonaws.global.cloudfront.origin-facing of the region; a load balancer behind CloudFront admits only it.',
    pattern: /^pl-[0-9a-f]{8,17}$/,
    be: 'a prefix list id such as pl-3b927c52',
    example: '"pl-3b927c52"',
    regional: true,
  }),
} as const;
