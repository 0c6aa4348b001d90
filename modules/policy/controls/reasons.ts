/**
 * Why a control may fail in prod, by its id: decisions of the platform that hold for every environment. What is an
 * operator's own decision has its reason in the environment's file, in `control_reasons`.
 */
import type { RouteContract } from '../../../contracts/route.ts';
import { routes } from '../../../contracts/routes.ts';

export interface ControlReason {
  /** Whole sentences. */
  readonly reason: string;
  /** Resources that it is about, by their address. Default: all. */
  readonly of?: RegExp;
}

const endpointCost = 'an endpoint in three zones costs 22 USD a month and would be used by nothing';

const openRoutes = Object.entries<RouteContract>(routes)
  .filter(([, { auth, path }]) => auth !== 'bearer' || path === routes.mcp.path)
  .map(([name]) => `route-${name}_`);

export const controlReasons: Readonly<Record<string, ControlReason>> = {
  'APIGateway.8': {
    reason:
      'Health checks, metadata, OAuth endpoints and pages are asked by those who have no token yet; the contract says which (contracts/routes.ts). /mcp answers 401 itself, with the challenge that clients need and an authorizer cannot give. Every other route has the authorizer.',
    of: new RegExp(openRoutes.join('|')),
  },
  'APIGateway.11': {
    reason:
      'The policies it names are for REST APIs. An HTTP API has TLS_1_2 and no other (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-ciphers.html).',
  },
  'AutoScaling.6': {
    reason:
      'One instance type is chosen in instance_type, so that capacity and alarms mean the same on each. The group spans the zones.',
  },
  'CloudFront.4': {
    reason:
      'CloudFront fails over for GET, HEAD and OPTIONS alone, and every call of MCP is a POST. The load balancer spans the zones; with several regions the name of the origin is answered by latency and health.',
  },
  'CloudFront.5': {
    reason:
      'The control looks for the older kind of log, which needs a bucket with ACLs. Access is logged by CloudFront’s standard logging v2, to the log bucket.',
  },
  'DynamoDB.2': {
    reason:
      'Rows that live for minutes and can be made again: the contract says of which tables (contracts/tables.ts).',
  },
  'EC2.10': {
    reason: `Calls to EC2 are few, of the tagging tools, and go to other regions and accounts too, through NAT; ${endpointCost} else. vpc_endpoints takes ec2.`,
  },
  'EC2.55': {
    reason:
      'Where vpc_endpoints leaves out ecr.api, tasks ask for images through NAT, by TLS, when they start; the endpoint costs 22 USD a month in three zones.',
  },
  'EC2.56': { reason: 'As EC2.55, for ecr.dkr: the second of the two endpoints that pulling an image takes.' },
  'EC2.57': {
    reason: `Nothing in the VPC calls Systems Manager but ECS Exec, which is off in prod; ${endpointCost}. vpc_endpoints takes ssm.`,
  },
  'EC2.58': { reason: `Nothing here uses Incident Manager; ${endpointCost}. vpc_endpoints takes ssm-contacts.` },
  'EC2.60': { reason: `Nothing here uses Incident Manager; ${endpointCost}. vpc_endpoints takes ssm-incidents.` },
  'EC2.172': {
    reason:
      'One setting for the whole account and region, and it would cut off the load balancer and the NAT gateways. What is open is narrowed by security groups and network ACLs.',
  },
  'ELB.18': {
    reason: 'The listener on 80 answers with a redirect to HTTPS and nothing else, which is what ELB.1 asks for.',
    of: /http-redirect|listeners_redirect|listeners_http_/,
  },
  'ELB.21': {
    reason:
      'TLS ends at the load balancer: a check of health holds no secret, and stays between security groups of the VPC.',
  },
  'ELB.22': {
    reason:
      'TLS ends at the load balancer. Behind it requests stay in the VPC, where another interface cannot read them, and only the load balancer’s security group reaches the tasks. A certificate in each task would be one more secret to hand out and renew; a group’s protocol changes by replacing it.',
  },
  'GuardDuty.7': {
    reason: 'There is no EKS here, and an agent for the clusters of others in the account is theirs to decide.',
  },
  'GuardDuty.11': {
    reason:
      'Its agents are for the whole account, beside every container and on every instance of it, and it makes interface endpoints in each VPC that Terraform does not know and that keep a VPC from being removed. The owner of the account decides.',
  },
  'GuardDuty.12': {
    reason:
      'As GuardDuty.11. The agent would run in each task with its privileges; the root filesystem is read-only and the process is not root.',
  },
  'GuardDuty.13': { reason: 'As GuardDuty.11; in prod there are no instances unless compute_mode is ec2.' },
  'IAM.21': {
    reason:
      'A permissions boundary grants nothing: it limits what roles may be granted, and each role’s own policies are narrow.',
    of: /boundary/,
  },
  'RDS.23': {
    reason:
      'The database has no public address, and one security group alone reaches its port: a number nobody can connect to hides nothing. Changing the port restarts the database.',
  },
  'KMS.1': {
    reason: 'The same boundary, which grants nothing. Roles decrypt with the environment’s own keys, named one by one.',
    of: /boundary/,
  },
  'S3.9': {
    reason: 'A bucket of logs that logged its own requests would log each log, without an end.',
    of: /bucket_logs$/,
  },
  'SecretsManager.1': {
    reason:
      'What Secrets Manager can rotate, it does: RDS makes and rotates the database’s password. The others are keys of vendors, which are made at the vendor, and the service’s key ring, where a new key is added before the old one is retired and rows are sealed again in between. `npm run secrets -- rotate` does it in two steps.',
  },
  'SecretsManager.4': {
    reason:
      'As SecretsManager.1. In prod `npm run doctor` and `npm run secrets` ask for a new value after secret_rotation_days, 90 by default.',
  },
};
