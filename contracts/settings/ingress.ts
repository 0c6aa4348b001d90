/** Settings: how requests reach the service, under which names, and what is filtered. */
import { prefixLength } from '../cidr.ts';
import { mostAt } from '../limits/index.ts';
import { country } from './country.ts';
import { choice, flag, hostName, httpsOrigin, integer, list, optionalFlag, optionalText, source } from './setting.ts';

const host = { pattern: hostName, be: 'a host name such as mcp.example.com' };

export const ingress = {
  ingress_mode: choice({
    description:
      'alb: a load balancer. api-gateway: an HTTP API, through a VPC link to a private load balancer or to the function. edge: CloudFront before the load balancer (or before the HTTP API with compute_mode lambda).',
    values: ['alb', 'api-gateway', 'edge'],
    default: 'alb',
  }),
  rest_facade: optionalFlag({
    description:
      'The REST facade (/mcp/execute-tool and the like) behind API Gateway and its Lambda authorizer. Default: true with ingress_mode api-gateway, and with edge.',
  }),
  domain_name: optionalText({
    description:
      'Host name people and clients type. Without it, the load balancer serves HTTP under its own name, or AWS’s names are used.',
    ...host,
    example: '"mcp.example.com"',
  }),
  domain_record: choice({
    description:
      'Who makes the record of domain_name. With move Terraform makes none, because the name still leads to an old server and `npm run move` moves it here by weights; afterwards that record stays. Choose it before the first deployment: otherwise Terraform removes the record that it made.',
    values: ['terraform', 'move'],
    default: 'terraform',
  }),
  origin_domain_name: optionalText({
    description:
      'With ingress_mode edge: host name of the load balancer behind CloudFront. Default: `origin-` before domain_name.',
    ...host,
    example: '"origin-mcp.example.com"',
  }),
  api_domain_name: optionalText({
    description: 'With ingress_mode edge: host name of the API behind CloudFront. Default: `api-` before domain_name.',
    ...host,
    example: '"api-mcp.example.com"',
  }),
  hosted_zone_id: optionalText({
    description: 'Route 53 hosted zone of domain_name. Without it no records and certificates are made.',
    pattern: /^Z[A-Z0-9]{5,31}$/,
    be: 'a hosted zone id such as Z0123456789ABCDEFGHIJ',
    example: '"Z0123456789ABCDEFGHIJ"',
  }),
  create_hosted_zone: flag({
    description: 'Makes the hosted zone of domain_name; its name servers must then be set at the registrar.',
    default: false,
  }),
  hosted_zone_name: optionalText({
    description:
      'With create_hosted_zone: name of the zone, which holds all host names. Default: domain_name without its first label, or itself if it has only two.',
    ...host,
    example: '"example.com"',
  }),
  certificate_arn: optionalText({
    description: 'An ACM certificate of the region to use instead of one made and validated here.',
    pattern: /^arn:aws[\w-]*:acm:[\w-]+:\d{12}:certificate\/[\w-]+$/,
    be: 'the ARN of an ACM certificate',
    example: '"arn:aws:acm:us-east-1:111122223333:certificate/..."',
    regional: true,
  }),
  latency_routing: optionalFlag({
    description:
      'Latency records with a health check, so that clients reach the nearest healthy region. Default: true with several regions.',
  }),
  alb_internal: optionalFlag({
    description: 'A load balancer without public address. Default: true behind API Gateway or a CloudFront VPC origin.',
  }),
  alb_ssl_policy: choice({
    description:
      'TLS versions and ciphers of the load balancer. Those with Res have no CBC ciphers, as the best practices want it.',
    values: [
      'ELBSecurityPolicy-TLS13-1-2-2021-06',
      'ELBSecurityPolicy-TLS13-1-3-2021-06',
      'ELBSecurityPolicy-TLS13-1-2-Res-2021-06',
    ],
    default: 'ELBSecurityPolicy-TLS13-1-2-Res-2021-06',
  }),
  alb_sources: list({
    description:
      'CIDR blocks that may reach a public load balancer. Default: everyone; behind CloudFront, its prefix list.',
    item: source,
    // A rule on 443 each, and one on 80 that redirects.
    most: mostAt('aws_vpc_security_group_ingress_rule per security_group_id') / 2,
    example: '["203.0.113.0/24"]',
  }),
  alb_logs: flag({ description: 'Access and connection logs of the load balancer, to S3.', default: true }),
  alb_idle_timeout_seconds: integer({
    description: 'Idle time after which a connection is closed; longer than the heartbeat of a stream (15 s).',
    unit: 'seconds',
    default: 120,
    min: 20,
    max: 4000,
  }),
  deregistration_delay_seconds: integer({
    description: 'Time a leaving target may finish its requests.',
    unit: 'seconds',
    default: 30,
    min: 0,
    max: 3600,
  }),
  stickiness: flag({
    description: 'A client keeps its target. The service needs no such thing: its state is shared.',
    default: false,
  }),
  preview_header: flag({
    description:
      'With blue_green: requests with a secret x-mcp-preview header reach the colour it names, for smoke tests.',
    default: true,
  }),
  origin_access: choice({
    description:
      'With ingress_mode edge: how CloudFront reaches the load balancer. vpc-origin: a private one. public: a public one that admits CloudFront’s prefix list and the origin-verify secret only.',
    values: ['vpc-origin', 'public'],
    default: 'public',
  }),
  waf: choice({
    description:
      'off; basic: rate limit and AWS’s managed groups; full: rate, geography, attack patterns and methods, sizes, suspicious agents. On CloudFront with ingress_mode edge, else on the load balancer.',
    values: ['off', 'basic', 'full'],
    default: 'off',
  }),
  waf_rate_per_minute: integer({
    description:
      'Requests a minute one address may make. With waf full, those to /mcp are counted apart. An office behind one NAT gateway is one address, and each page is four requests; the service limits browsers and people itself.',
    unit: 'requests a minute',
    default: 2000,
    min: 10,
    max: 2_000_000,
  }),
  waf_tool_rate_per_minute: integer({
    description:
      'With waf full: requests a minute to /mcp and below that one caller may make, told by address and Authorization header together.',
    unit: 'requests a minute',
    default: 600,
    min: 10,
    max: 2_000_000,
  }),
  waf_tool_rate_per_address: integer({
    description:
      'With waf full: requests a minute to /mcp and below that all callers of one address may make. Everybody who uses Claude in the cloud comes from a few addresses.',
    unit: 'requests a minute',
    default: 12_000,
    min: 10,
    max: 2_000_000,
  }),
  waf_allowed_countries: list({
    description: 'With waf full: countries that may connect. Empty: all.',
    item: country,
    example: '["US", "CA", "GB"]',
  }),
  waf_allowed_cidrs: list({
    description: 'With waf full: office networks that may connect from anywhere. With no country named, only they may.',
    item: source.refine((block) => prefixLength(block) > 0, {
      error: 'must not be a /0, which AWS WAF refuses: with no country and no network named, everybody may connect',
    }),
    most: mostAt('aws_wafv2_ip_set.addresses'),
    example: '["203.0.113.0/24"]',
  }),
  waf_max_body_bytes: integer({
    description: 'With waf full: largest request body, by Content-Length.',
    unit: 'bytes',
    default: 999_999,
    min: 1024,
    max: 9_999_999,
  }),
  waf_max_header_bytes: integer({
    description: 'With waf full: largest sum of request headers.',
    unit: 'bytes',
    default: 8192,
    min: 1024,
    max: 8192,
  }),
  api_throttle_rate: integer({
    description: 'Requests a second the HTTP API lets through, all clients together.',
    unit: 'requests a second',
    default: 10_000,
    min: 1,
    max: 100_000,
  }),
  api_throttle_burst: integer({
    description: 'Burst of the HTTP API.',
    unit: 'requests',
    default: 5000,
    min: 1,
    max: 100_000,
  }),
  api_timeout_ms: integer({
    description: 'Time an HTTP API waits for the service; API Gateway ends at 30 s.',
    unit: 'milliseconds',
    default: 29_000,
    min: 1000,
    max: 30_000,
  }),
  cors_origins: list({
    description: 'Browser origins that may call the HTTP API and /mcp.',
    item: httpsOrigin,
    example: '["https://app.example.com"]',
  }),
  api_key_required: flag({
    description:
      'The authorizer demands the caller’s API key besides the token; two keys are valid while one is rotated.',
    default: false,
  }),
  api_key_header: optionalText({
    description: 'Header of that key. Default: x-api-key.',
    pattern: /^x-[a-z0-9-]{2,60}$/,
    be: 'a header name in lower case that starts with x-',
    example: '"x-platform-api-key"',
  }),
  employee_claim: optionalText({
    description: 'Claim a token must have to pass the authorizer.',
    pattern: /^[\w:./-]{1,128}$/,
    be: 'a claim name',
    example: '"custom:employeeId"',
  }),
  employee_prefix: optionalText({ description: 'What that claim must start with.', example: '"EMP-"' }),
} as const;
