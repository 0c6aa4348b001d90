import { regionalSettings, settingNames, settings } from './index.ts';
import { parseSettings, type RawSettings } from './parse.ts';
import type { Settings } from './resolve.ts';
import { settingRules } from './rules.ts';
import { natGateways, shapeOf } from './shape.ts';

/** A small environment that breaks no rule. */
const small: RawSettings = {
  project_name: 'shop',
  environment: 'dev',
  account_id: '111122223333',
  regions: ['us-east-1'],
  vpc_cidr: '10.0.0.0/16',
  availability_zones: ['us-east-1a', 'us-east-1b'],
  public_cidrs: ['10.0.1.0/24', '10.0.2.0/24'],
  private_cidrs: ['10.0.11.0/24', '10.0.12.0/24'],
  database_cidrs: ['10.0.21.0/24', '10.0.22.0/24'],
  nat_mode: 'single',
  container_image: 'registry.example.com/shop:v1',
  domain_name: 'mcp.example.com',
  hosted_zone_id: 'Z0123456789',
};

const problems = (changes: RawSettings): string[] => {
  const parsed = parseSettings({ ...small, ...changes });
  return parsed.ok ? [] : parsed.problems.map(({ setting, problem }) => `${setting} ${problem}`);
};
const parsed = (changes: RawSettings = {}): Settings => {
  const result = parseSettings({ ...small, ...changes });
  const [settings] = result.ok ? result.regions : [];
  if (settings === undefined) throw new Error(problems(changes).join('\n'));
  return settings;
};

const lambda = { compute_mode: 'lambda', ingress_mode: 'edge', container_image: undefined } as const;
const custom = { container: 'custom' } as const;
const edge = { ingress_mode: 'edge', cloudfront_prefix_list_id: 'pl-3b927c52' } as const;
const sso = { auth: 'sso', sso_issuer: 'https://login.example.com', sso_client_id: 'shop' } as const;
const west = {
  vpc_cidr: '10.9.0.0/16',
  availability_zones: ['us-west-2a', 'us-west-2b'],
  public_cidrs: ['10.9.1.0/24', '10.9.2.0/24'],
  private_cidrs: ['10.9.11.0/24', '10.9.12.0/24'],
  database_cidrs: ['10.9.21.0/24', '10.9.22.0/24'],
};
const both = { ...sso, regions: ['us-east-1', 'us-west-2'], region_settings: { 'us-west-2': west } } as const;
const shared = { ...both, home_region: 'us-east-1' } as const;
const weekend = { weekend_only: true } as const;

const accounts = (count: number) => Array.from({ length: count }, (_, index) => String(100_000_000_000 + index));

/** What breaks each rule: the setting it names, changes, and part of what it says. */
const broken: readonly (readonly [setting: string, changes: RawSettings, says: RegExp])[] = [
  ['name_prefix', { project_name: 'a-project-of-24-letters1', environment: 'prod-of-europe' }, /at most 32/],
  [
    'names',
    {
      ...sso,
      data_bucket: true,
      names: { 'data-bucket': 'shop-data' },
      regions: ['us-east-1', 'us-west-2'],
      region_settings: { 'us-west-2': { availability_zones: ['us-west-2a', 'us-west-2b'] } },
    },
    /must not give data-bucket with several regions/,
  ],
  ['regions', both, /without home_region.*tokens, approvals and operations of the other/],
  ['home_region', { ...both, home_region: 'eu-west-1' }, /must be one of regions/],
  ['home_region', { home_region: 'us-east-1' }, /needs two regions/],
  [
    'regions',
    {
      ...shared,
      regions: ['us-east-1', 'us-west-2', 'eu-west-1'],
      region_settings: {
        'us-west-2': west,
        'eu-west-1': {
          availability_zones: ['eu-west-1a', 'eu-west-1b'],
        },
      },
    },
    /must be two with home_region/,
  ],
  [
    'home_region',
    {
      ...shared,
      container: 'custom',
      store_mode: 'none',
      auth: 'none',
      domain_name: undefined,
      hosted_zone_id: undefined,
      sso_issuer: undefined,
      sso_client_id: undefined,
    },
    /needs domain_name/,
  ],
  ['compute_mode', { ...shared, ...lambda }, /must be fargate with home_region/],
  ['latency_routing', { ...shared, latency_routing: true }, /must not be true with home_region/],
  ['latency_routing', { latency_routing: true }, /must not be true with container countersign/],
  ['store_mode', { ...shared, ...custom, auth: 'none' }, /must be none with home_region and container custom/],
  ['store_mode', { ...shared, store_mode: 'postgres' }, /must be dynamodb with home_region/],
  ['home_region', { ...shared, github_repository: 'a/b' }, /no workflow may/],
  ['auth', { ...shared, auth: 'cognito' }, /lives in one of them/],
  ['table_replica_regions', { ...shared, table_replica_regions: ['us-west-2'] }, /share its tables with home_region/],
  ['vpc_cidr', { vpc_cidr: undefined }, /is required/],
  ['vpc_cidr', { vpc_cidr: '172.32.0.0/16' }, /RFC 1918/],
  ['vpc_cidr', { vpc_cidr: '10.0.0.0/8' }, /must be \/16 to \/24/],
  ['availability_zones', { availability_zones: ['us-east-1a', 'eu-west-1b'] }, /must lie in the region/],
  ['availability_zones', { availability_zones: ['us-east-1a'] }, /at least two zones/],
  ...(['public_cidrs', 'private_cidrs', 'database_cidrs'] as const).flatMap(
    (tier) =>
      [
        [tier, { [tier]: ['10.0.100.0/24'] }, /one CIDR block a zone/],
        [tier, { [tier]: ['10.1.1.0/24', '10.0.100.0/24'] }, /must lie inside vpc_cidr/],
        [tier, { [tier]: ['10.0.100.1/24', '10.0.101.0/24'] }, /start at their first address/],
        [tier, { [tier]: ['10.0.100.0/23', '10.0.101.0/24'] }, /must not overlap/],
      ] as const,
  ),
  ['public_cidrs', { public_cidrs: [] }, /required for NAT/],
  ['private_cidrs', { private_cidrs: [] }, /required with NAT/],
  ['private_cidrs', { private_cidrs: [], nat_mode: 'none', ingress_mode: 'api-gateway' }, /internal load balancer/],
  [
    'database_cidrs',
    { database_cidrs: [], private_cidrs: [], nat_mode: 'none', store_mode: 'postgres' },
    /database or a cache/,
  ],
  ['nat_mode', { nat_mode: 3 }, /more gateways than there are zones/],
  [
    'nat_eip_allocation_ids',
    { nat_eip_allocation_ids: ['eipalloc-0123456789abcdef0'], nat_mode: 'per-az' },
    /one per NAT/,
  ],
  ['cloudfront_prefix_list_id', { ingress_mode: 'edge' }, /all that the load balancer admits/],
  [
    'cloudfront_prefix_list_id',
    { ingress_mode: 'edge', origin_access: 'vpc-origin' },
    /all that the load balancer admits/,
  ],
  [
    'vpc_endpoints',
    { regions: ['eu-west-1'], availability_zones: ['eu-west-1a', 'eu-west-1b'], vpc_endpoints: ['ce'] },
    /answer in us-east-1 alone/,
  ],
  ['task_egress_ports', { task_egress_ports: [80, 587, 5432, 5671, 6379, 8080, 9092] }, /at most six/],
  ['container_image', { container_image: undefined }, /is required/],
  ['container', { ...lambda, ...custom }, /must be countersign/],
  ['task_memory', { task_cpu: 1024, task_memory: 1024 }, /no pair with task_cpu/],
  ['container_port', { container_port: 80 }, /must be 1024 or higher/],
  ['container_port', { ...custom, container_port: 22 }, /must not be 22/],
  ['port_blue', { port_blue: 80 }, /must be 1024 or higher/],
  ['port_blue', { ...custom, port_blue: 22 }, /must not be 22/],
  ['port_green', { port_green: 80 }, /must be 1024 or higher/],
  ['port_green', { ...custom, port_green: 22 }, /must not be 22/],
  ['task_storage_gb', { ...lambda, task_storage_gb: 21 }, /needs compute_mode fargate/],
  ['stop_timeout_seconds', { health_check_interval_seconds: 30, health_check_unhealthy: 4 }, /must leave time to stop/],
  ['stop_timeout_seconds', { stop_timeout_seconds: 34 }, /must leave time to stop/],
  ['health_check_timeout_seconds', { container_check_interval_seconds: 5 }, /less than container_check_interval/],
  ['min_count', { autoscale: true, min_count: 3, desired_count: 2, max_count: 4 }, /not be above desired_count/],
  ['max_count', { autoscale: true, min_count: 1, desired_count: 5, max_count: 4 }, /not be below desired_count/],
  ['step_in_cpu', { step_in_cpu: 80 }, /below step_out_cpu/],
  ['health_check_timeout_seconds', { health_check_timeout_seconds: 30 }, /less than/],
  ['spot_share', { ...lambda, spot_share: 50 }, /needs compute_mode fargate/],
  ['blue_green', { ...lambda, blue_green: true }, /needs compute_mode fargate/],
  ['active_colour', { active_colour: 'green' }, /needs blue_green/],
  ['cutover_hold_hours', { cutover_hold_hours: 24 }, /needs blue_green/],
  ['execute_command', { environment: 'prod', execute_command: true }, /false in prod/],
  ['weekend_hours_end', { ...weekend, weekend_hours_start: 22, weekend_hours_end: 6 }, /after weekend_hours_start/],
  ['weekend_only', { ...lambda, ...weekend }, /needs compute_mode fargate/],
  ['destroy_albs_when_scaled_down', { destroy_albs_when_scaled_down: true }, /needs weekend_only/],
  ['destroy_albs_when_scaled_down', { ...weekend, ...edge, destroy_albs_when_scaled_down: true }, /point nowhere/],
  ['alb_enabled', { alb_enabled: false }, /only with destroy_albs/],
  [
    'scale_schedules',
    { scale_schedules: { night: { cron: 'cron(0 20 ? * * *)', min: 3, max: 2 } } },
    /min at most max/,
  ],
  [
    'scale_schedules',
    { ...lambda, scale_schedules: { night: { cron: 'cron(0 20 ? * * *)', min: 1, max: 2 } } },
    /needs compute_mode fargate/,
  ],
  ['ami_id', { compute_mode: 'ec2' }, /is required with compute_mode ec2/],
  ['service_discovery', { ...lambda, service_discovery: true }, /needs compute_mode fargate/],
  [
    'lambda_provisioned_concurrency',
    { lambda_reserved_concurrency: 5, lambda_provisioned_concurrency: 6 },
    /not be above/,
  ],
  [
    'lambda_provisioned_concurrency',
    { ...lambda, lambda_cutover: true, lambda_reserved_concurrency: 5, lambda_provisioned_concurrency: 3 },
    /above half of/,
  ],
  ['lambda_cutover', { lambda_cutover: true }, /needs compute_mode lambda/],
  ['instance_cutover', { instance_cutover: true }, /needs compute_mode ec2/],
  ['task_grants', { task_grants: ['mail'] }, /for container custom/],
  ['container_name', { xray: true, container_name: 'xray-collector' }, /ECS takes a name once in a task/],
  ['container_env.NODE_ENV', { container_env: { LOG_LEVEL: 'info', NODE_ENV: 'production' } }, /is no variable/],
  ['container_env.LOG_LEVEL', { container_env: { LOG_LEVEL: 'verbose' } }, /no task would start/],
  ['container_env.ROLE_MAP', { container_env: { ROLE_MAP: '{ops: [admin]}' } }, /no task would start/],
  ['container_env', { container_env: { ENVIRONMENT: 'local' } }, /must not give ENVIRONMENT/],
  ['container_env.ENCRYPTION_KEY', { container_env: { ENCRYPTION_KEY: 'x' } }, /holds a secret/],
  ['container_secrets.LOG_LEVEL', { container_secrets: { LOG_LEVEL: 'level' } }, /no secret of Countersign/],
  ['container_secrets.A', { ...custom, container_env: { A: 'x' }, container_secrets: { A: 'a' } }, /keep one/],
  ['ingress_mode', { ...lambda, ingress_mode: 'alb' }, /no load balancer/],
  ['ingress_mode', { ...edge, compute_mode: 'ec2', ami_id: 'ami-12c6146b' }, /must be alb/],
  ['rest_facade', { rest_facade: true }, /needs ingress_mode/],
  ['rest_facade', { ingress_mode: 'api-gateway', rest_facade: false }, /nothing would be left/],
  ['domain_name', { domain_name: undefined, hosted_zone_id: undefined }, /tokens are issued for the name/],
  ['domain_name', { ...custom, ingress_mode: 'api-gateway', domain_name: undefined }, /VPC link/],
  [
    'domain_name',
    { ...custom, ...weekend, destroy_albs_when_scaled_down: true, domain_name: undefined },
    /own name changes/,
  ],
  ['hosted_zone_id', { hosted_zone_id: undefined }, /required with domain_name/],
  ['create_hosted_zone', { create_hosted_zone: true }, /no hosted_zone_id/],
  [
    'create_hosted_zone',
    { create_hosted_zone: true, hosted_zone_id: undefined, regions: ['us-east-1', 'us-east-2'] },
    /single region/,
  ],
  [
    'hosted_zone_name',
    { create_hosted_zone: true, hosted_zone_id: undefined, hosted_zone_name: 'other.example.com' },
    /must hold domain_name/,
  ],
  [
    'hosted_zone_name',
    { ...edge, create_hosted_zone: true, hosted_zone_id: undefined, domain_name: 'example.com' },
    /origin_domain_name/,
  ],
  ['domain_name', { domain_name: `${'a'.repeat(60)}.example.com` }, /at most 64/],
  ['origin_access', { ...edge, origin_access: 'vpc-origin', regions: ['us-east-1', 'us-east-2'] }, /several regions/],
  ['names', { name_prefix: 'a'.repeat(30) }, /at most 32/],
  ['latency_routing', { ...custom, domain_name: undefined, latency_routing: true }, /needs domain_name/],
  ['alb_internal', { ingress_mode: 'api-gateway', alb_internal: false }, /VPC link reaches a private/],
  ['alb_internal', { ...edge, alb_internal: true }, /vpc-origin/],
  ['alb_sources', { alb_internal: true, alb_sources: ['203.0.113.0/24'] }, /public load balancer/],
  ['waf', { ...lambda, ingress_mode: 'api-gateway', waf: 'basic' }, /takes no web ACL/],
  ['waf_tool_rate_per_address', { waf_tool_rate_per_address: 100 }, /at least waf_tool_rate_per_minute/],
  ['waf_allowed_countries', { waf: 'basic', waf_allowed_countries: ['US'] }, /need waf full/],
  ['waf_allowed_cidrs', { waf_allowed_cidrs: ['203.0.113.0/24'] }, /need waf full/],
  ['api_key_required', { api_key_required: true }, /needs the HTTP API/],
  [
    'api_key_required',
    { ...custom, ingress_mode: 'api-gateway', auth: 'none', api_key_required: true },
    /needs the HTTP API and its authorizer/,
  ],
  ['employee_prefix', { employee_prefix: 'EMP-' }, /needs employee_claim/],
  ['employee_claim', { employee_claim: 'custom:employeeId' }, /is for container custom/],
  ['sso_issuer', { auth: 'sso' }, /are required/],
  ['sso_issuer', { sso_issuer: 'https://login.example.com' }, /is for auth sso/],
  ['auth_issuer', { ...custom, auth: 'issuer' }, /is required with auth issuer/],
  ['auth_token_type', { auth_token_type: 'JWT' }, /is for auth issuer/],
  ['auth', { auth: 'none' }, /must not be none/],
  ['auth', { auth: 'issuer', auth_issuer: 'https://login.example.com' }, /must not be issuer/],
  ['domain_name', { ...custom, domain_name: undefined, hosted_zone_id: undefined }, /return to it after signing in/],
  ['auth', { regions: ['us-east-1', 'us-east-2'] }, /lives in one of them/],
  ['cognito_callback_urls', { ...sso, cognito_callback_urls: ['https://a.example.com/in'] }, /need auth cognito/],
  ['identity_pool', { ...custom, auth: 'none', identity_pool: true }, /needs auth cognito/],
  ['allow_unauthenticated', { allow_unauthenticated: true }, /needs identity_pool/],
  [
    'cognito_saml_metadata_url',
    { ...custom, auth: 'none', cognito_saml_metadata_url: 'https://a.example.com/m.xml' },
    /needs auth cognito/,
  ],
  ['store_mode', { store_mode: 'none' }, /must not be none/],
  ['compute_mode', { ...lambda, store_mode: 'postgres', private_cidrs: [], nat_mode: 'none' }, /joins the VPC/],
  ['cache_enabled', { ...lambda, cache_enabled: true, vpc_cidr: undefined }, /needs a VPC/],
  ['db_max_gb', { db_gb: 100, db_max_gb: 109 }, /at least a tenth above db_gb/],
  [
    'table_replica_regions',
    { store_mode: 'postgres', table_replica_regions: ['us-west-2'] },
    /need store_mode dynamodb/,
  ],
  ['table_replica_regions', { table_replica_regions: ['us-east-1'] }, /besides the environment/],
  ['table_replica_regions', { table_replica_regions: ['us-west-2'], github_repository: 'a/b' }, /no workflow may/],
  ['db_copy_region', { db_copy_region: 'us-west-2' }, /needs store_mode postgres/],
  ['db_copy_region', { store_mode: 'postgres', db_copy_region: 'us-east-1' }, /another region/],
  ['domain_record', { domain_record: 'move', ingress_mode: 'api-gateway' }, /needs domain_name, hosted_zone_id/],
  ['data_bucket_cors_origins', { data_bucket_cors_origins: ['https://a.example.com'] }, /need data_bucket/],
  ['backups', { ...custom, store_mode: 'none', backups: true }, /need store_mode/],
  ['backups', { environment: 'prod', backups: false }, /not be off in prod/],
  ['backup_region', { backup_region: 'us-west-2' }, /needs backups/],
  ['backup_region', { backups: true, backup_region: 'us-east-1' }, /another region/],
  ['daily_export', { daily_export: true }, /needs store_mode dynamodb and audit_archive/],
  ['log_archive', { log_archive: true }, /needs audit_archive/],
  ['mail_from', { mail_domain: 'example.com', mail_from: 'a@example.org' }, /address of it/],
  ['secret_rotation_days', { ...custom, secret_rotation_days: 90 }, /needs secrets/],
  [
    'public_cidrs',
    { nat_mode: 'none', desired_count: 30, public_cidrs: ['10.0.1.0/27', '10.0.2.0/27'] },
    /too small for what stands in them/,
  ],
  [
    'private_cidrs',
    { autoscale: true, max_count: 40, private_cidrs: ['10.0.11.0/27', '10.0.12.0/27'] },
    /too small for what stands in them/,
  ],
  ['public_cidrs', { public_cidrs: ['10.0.1.0/28', '10.0.2.0/28'] }, /must be \/27 or larger/],
  ['private_cidrs', { alb_internal: true, private_cidrs: ['10.0.11.0/28', '10.0.12.0/28'] }, /must be \/27 or larger/],
  ...[
    'arn:aws:acm:eu-west-1:111122223333:certificate/a',
    'arn:aws:acm:us-east-1:444455556666:certificate/a',
    'arn:aws-cn:acm:us-east-1:111122223333:certificate/a',
  ].map(
    (certificate_arn) => ['certificate_arn', { certificate_arn }, /of the region itself and of account_id/] as const,
  ),
  ['cognito_domain_prefix', { project_name: 'aws-costs' }, /without aws, amazon or cognito/],
  ['cognito_domain_prefix', { name_prefix: 'my-cognito-pool' }, /without aws, amazon or cognito/],
  ['state_bucket', { state_bucket: 'xn--states' }, /a name that S3 takes/],
  ['state_bucket', { state_bucket: 'states..of-us' }, /a name that S3 takes/],
  ['estate_accounts', { estate_accounts: accounts(1000) }, /more than one role may assume/],
  [
    'estate_accounts',
    { estate_accounts: accounts(600), cross_account_role_name: 'r'.repeat(64) },
    /more than one role may assume/,
  ],
  ['estate_accounts', { ...lambda, estate_accounts: accounts(201) }, /at most 200 with compute_mode lambda/],
  [
    'scale_schedules',
    {
      scale_schedules: Object.fromEntries(
        accounts(191).map((id) => [`s${id}`, { cron: 'cron(0 20 ? * * *)', min: 1, max: 2 }]),
      ),
    },
    /must be at most 190/,
  ],
];

describe('rules between settings', () => {
  it('has a small environment that breaks none', () => {
    expect(problems({})).toEqual([]);
  });

  it.each(broken)('%s %j: %s', (setting, changes, says) => {
    expect(problems(changes)).toContainEqual(expect.stringMatching(new RegExp(`^${setting} .*${says.source}`)));
  });

  it('are all tried above', () => {
    const told = new Set(
      broken
        .flatMap(([, changes]) => problems(changes))
        .map((problem) =>
          problem.replace(/ \(in [\w-]+\)$/, '').replace(/^(container_env|container_secrets)\.\S+/, '$1'),
        ),
    );
    const untried = settingRules
      .map(({ setting, problem }) => `${setting} ${problem}`)
      .filter((rule) => !told.has(rule));
    expect(untried).toEqual([]);
  });
});

describe('a setting alone', () => {
  it.each<readonly [changes: RawSettings, says: string]>([
    [{ project_name: 'Shop' }, 'project_name must be 3 to 24 lower-case'],
    [{ project_name: undefined }, 'project_name is required: give "countersign"'],
    [{ environment: 'Production' }, 'environment must be 1 to 24 lower-case letters, digits and hyphens'],
    [{ environment: 'local' }, 'environment must be 1 to 24 lower-case letters, digits and hyphens, and not local'],
    [{ environment: undefined }, 'environment is required'],
    [{ kind: 'test' }, 'kind must be one of dev, staging, prod'],
    [{ kind: 'production' }, 'kind must be one of dev, staging, prod; did you mean prod?'],
    [{ ingress_mode: 'api-gatway' }, 'ingress_mode must be one of alb, api-gateway, edge; did you mean api-gateway?'],
    [{ vpc_endpoints: ['ecr', 'log'] }, '; did you mean logs?'],
    [{ account_id: '1111-2222-3333' }, 'account_id must be a 12-digit account id in quotes'],
    [{ regions: [] }, 'regions must name at least one region'],
    [{ regions: ['us-east-1', 'us-east-1'] }, 'regions names the same region twice'],
    [{ vpc_cidr: '10.0.0.0' }, 'vpc_cidr must be an IPv4 CIDR block such as 10.0.1.0/24'],
    [{ nat_mode: 'double' }, 'nat_mode must be "none", "single", "per-az" or a number of gateways from 1 to 6'],
    [{ task_cpu: '512' }, 'task_cpu must be a whole number from 256 to 16384 (CPU units, 1024 a vCPU)'],
    [{ task_cpu: 512.5 }, 'task_cpu must be a whole number from 256 to 16384 (CPU units, 1024 a vCPU)'],
    [{ autoscale: 'yes' }, 'autoscale must be true or false, without quotes'],
    [{ container_user: '0:0' }, 'container_user must be a number other than 0'],
    [
      { container_image: 'app:latest' },
      'container_image must be an image by its name in lower case, without https://,',
    ],
    [
      { container_image: 'https://app:1' },
      'container_image must be an image by its name in lower case, without https://,',
    ],
    [{ container_image: 'Team/App:1' }, 'container_image must be an image by its name in lower case'],
    [{ container_image: 'app' }, 'and a tag other than latest, or a digest'],
    [
      { names: { clusters: 'x' } },
      'names has clusters, which is no kind of resource; did you mean cluster? Known are api',
    ],
    [
      { names: { database: 'MyDb' } },
      'names.database "MyDb" is not what AWS takes for the name of a database instance',
    ],
    [{ waf_allowed_countries: ['UK'] }, 'waf_allowed_countries.0 is no country of AWS WAF; did you mean GB?'],
    [{ waf_allowed_countries: ['us'] }, 'waf_allowed_countries.0 is no country of AWS WAF; did you mean US?'],
    [{ waf_allowed_countries: ['EU'] }, 'is no country of AWS WAF: give countries, each by its ISO 3166 code'],
    [{ waf_allowed_countries: ['Germany'] }, 'waf_allowed_countries.0 must be a two-letter country code such as US'],
    [{ waf_allowed_cidrs: ['0.0.0.0/0'] }, 'waf_allowed_cidrs.0 must not be a /0, which AWS WAF refuses'],
    [{ waf_allowed_cidrs: ['195.178.188.66/29'] }, 'must begin at the first address of its block: 195.178.188.64/29'],
    [{ alb_sources: ['203.0.113.5/24'] }, 'must begin at the first address of its block: 203.0.113.0/24'],
    [{ alb_sources: ['2001:db8::/32'] }, 'alb_sources.0 must be an IPv4 CIDR block'],
    [{ cognito_callback_urls: ['https://a.example.com/#b'] }, 'cognito_callback_urls.0 must have no fragment'],
    [{ cognito_callback_urls: ['http://a.example.com/'] }, 'must be https: Cognito takes http for localhost alone'],
    [{ cognito_callback_urls: ['http://localhost.example.com/'] }, 'must be https: Cognito takes http for localhost'],
    [{ cognito_callback_urls: ['javascript:alert(1)'] }, 'must be a URL that Cognito returns people to'],
    [{ queues: ['a', 'a-dead'] }, 'not ending in -dead, as dead-letter queues do'],
    [{ github_repository: 'example/shop.git' }, 'github_repository must be owner/name of a GitHub repository, without'],
    [{ db_engine_version: '99' }, 'db_engine_version must be a PostgreSQL version from 11 to 19'],
    [{ db_gb: 65_536 }, 'db_gb must be a whole number from 20 to 59578 (GB)'],
    [{ availability_zones: ['us-east-1-bos-1a', 'us-east-1b'] }, 'availability_zones.0 must be an availability zone'],
    [{ availability_zones: ['use1-az1', 'use1-az2'] }, 'Zone ids and Local Zones are not taken'],
    [{ budget_alert_percents: [50.5] }, 'budget_alert_percents.0 must be a whole number'],
    [
      { scale_schedules: { night: { cron: 'cron(0 20 ? * * *)', min: 1, max: '2' } } },
      'scale_schedules.night.max must be a whole number from 0 to 500 (tasks)',
    ],
    [
      { scale_schedules: { night: { cron: 'cron(0 20 ? * * *)', min: 1, max: 2, desired: 1 } } },
      'scale_schedules.night has desired, which it does not know: leave it out',
    ],
    [{ tags: { 'aws:x': 'y' } }, 'tags.aws:x begins with aws:, which AWS keeps for itself'],
    [{ tags: { x: 'AWS:y' } }, 'tags.x begins with aws:, which AWS keeps for itself'],
    [{ tags: { environment: 'prod' } }, 'tags.environment is Environment, which the platform sets itself'],
    [{ tags: { Project: 'shop' } }, 'tags.Project is Project, which the platform sets itself'],
    [{ tags: { Team: 'a', TEAM: 'b' } }, 'tags.TEAM differs from Team by case alone'],
    [{ tags: { Team: 'R&D, (core) #1' } }, 'tags.Team is "R&D, (core) #1", which AWS does not take'],
    [{ tags: { 'Team!': 'a' } }, 'tags.Team! has a key that AWS does not take'],
    [{ tags: { '': 'a' } }, 'has a key of 0 characters; AWS takes 1 to 128'],
    [{ tags: { ['k'.repeat(129)]: 'a' } }, 'has a key of 129 characters; AWS takes 1 to 128'],
    [{ tags: { Team: 'v'.repeat(257) } }, 'tags.Team has 257 characters; AWS takes at most 256'],
    [{ tags: Object.fromEntries(accounts(45).map((id) => [id, id])) }, 'tags must be at most 44, not 45'],
    [{ tags: { Team: 1 } }, 'tags.Team must be a text in quotes'],
    [{ names: { authorizer: 'a'.repeat(84) } }, 'names.authorizer "aaaa'],
    [
      { names: { 'data-bucket': 'My_Bucket' } },
      'names.data-bucket "My_Bucket" is not what AWS takes for the name of a',
    ],
    [{ names: { service: 'a.b/c' } }, 'names.service "a.b/c" is not what AWS takes for the name of an ECS service'],
    [{ names: { database: 'my--db' } }, 'names.database "my--db" is not what AWS takes'],
    [{ names: { cache: 'c'.repeat(41) } }, '41 characters; AWS takes 1 to 40 characters for the name of a cache'],
    [{ names: { 'load-balancer': 'internal-web' } }, 'names.load-balancer "internal-web" is not what AWS takes'],
    [{ names: { repository: 'Upper/Case' } }, 'names.repository "Upper/Case" is not what AWS takes'],
    [{ names: { 'task-role': 'r'.repeat(65) } }, '65 characters; AWS takes 1 to 64 characters for the name of a role'],
    ...['user', 'pg_app', 'rds_app', 'admin', 'rdsadmin', 'select', 'none', 'a'.repeat(17), '1a', 'A'].map(
      (db_username) => [{ db_username }, 'db_username must be at most 16 lower-case letters'] as const,
    ),
    ...['db', 'database', 'user', 'template1', 'rdsadmin', '1a', 'a-b', 'a'.repeat(64)].map(
      (db_name) => [{ db_name }, 'db_name must be at most 63 lower-case letters'] as const,
    ),
    [{ cross_account_external_id: 'a b' }, 'cross_account_external_id must be 2 to 1224 letters'],
    [{ budget_alert_percents: accounts(10).map((_, index) => index + 1) }, 'budget_alert_percents must have at most 9'],
    [{ cognito_attributes: accounts(51).map((id) => `a${id}`) }, 'cognito_attributes must have at most 50 items'],
    [
      { cognito_callback_urls: accounts(101).map((id) => `https://a${id}.example.com`) },
      'cognito_callback_urls must have at most 100 items',
    ],
    [{ alb_sources: accounts(31).map((_, index) => `203.0.${index}.0/24`) }, 'alb_sources must have at most 30 items'],
    [
      { scale_schedules: { night: { cron: '0 20 * * *', min: 0, max: 0 } } },
      'scale_schedules.night.cron must be a six-field AWS cron',
    ],
    ...[
      'cron(0 25 ? * * *)',
      'cron(60 6 ? * * *)',
      'cron(0 6 * * * *)',
      'cron(0 6 ? * ? *)',
      'cron(0 6 32 * ? *)',
      'cron(0 6 ? 13 MON *)',
      'cron(0 6 ? * 8 *)',
      'cron(0 6 ? * MONDAY *)',
      'cron(0 6 ? * MON 1969)',
      'cron(0 6-7-8 ? * MON *)',
      'cron(*/0 6 ? * MON *)',
      'rate(5 minutes)',
    ].map(
      (cron) =>
        [{ scale_schedules: { night: { cron, min: 0, max: 2 } } }, 'scale_schedules.night.cron must be a six'] as const,
    ),
    [{ api_timeout_ms: 30_001 }, 'api_timeout_ms must be a whole number from 1000 to 30000 (milliseconds)'],
    [{ log_retention_days: 8 }, 'log_retention_days must be one of 1, 3, 5, 7'],
    [{ ops_webhooks: ['http://hooks.example.com'] }, 'ops_webhooks.0 must be an https URL'],
    [{ vpc_cdir: '10.0.0.0/16' }, 'vpc_cdir is no setting; did you mean vpc_cidr? See docs/settings.md'],
    [{ zzz: 1 }, 'zzz is no setting. See docs/settings.md'],
  ])('%j: %s', (changes, says) => {
    expect(problems(changes)).toContainEqual(expect.stringContaining(says));
  });

  it.each(settingNames)('%s refuses what it is not in words of its own', (name) => {
    const one = { cron: 1, min: '1', max: -1, x: 1 };
    const values = [0, -1, 1.5, 1e9, '', 'A B', true, [], [''], [1.5], [true], [{}], {}, { a: 1 }, { 'A b': '' }];
    const tried = [...values, { a: one }, { a: [1] }, { 'us-east-1': 1 }];
    // Zod's own words begin with a capital letter.
    expect(
      tried.flatMap((value) => problems({ [name]: value })).filter((said) => / [A-Z][a-z]+ (in|sm|bi|k|o)/.test(said)),
    ).toEqual([]);
  });

  it.each(['https://app.example.com/in', 'http://localhost:8080/in', 'http://127.0.0.1/in', 'myapp://in'])(
    'takes %s to return to, as Cognito does',
    (url) => {
      expect(problems({ cognito_callback_urls: [url] })).toEqual([]);
    },
  );

  it('says why an environment is taken for prod', () => {
    const shell = { execute_command: true, environment: 'foo' };
    expect(problems(shell)).toEqual([
      expect.stringMatching(/in prod.*: .* Without kind, foo is taken for prod: set kind if it is not$/),
    ]);
    expect(problems({ ...shell, kind: 'prod' })).toEqual([expect.not.stringContaining('Without kind')]);
  });

  it('is told once of a port of both colours', () => {
    expect(problems({ container_port: 22, container: 'custom' })).toEqual([
      'container_port must not be 22: the network ACLs refuse SSH',
    ]);
  });

  it('takes a tag beside a digest, which decides', () => {
    const digest = `@sha256:${'a'.repeat(64)}`;
    const images = [`registry.example.com:5000/a/app:v1${digest}`, `app:latest${digest}`];
    expect(images.map((container_image) => parsed({ container_image, image_green: images[0] }))).toMatchObject([
      {
        container_image: `registry.example.com:5000/a/app${digest}`,
        image_blue: `registry.example.com:5000/a/app${digest}`,
      },
      { container_image: `app${digest}`, image_green: `registry.example.com:5000/a/app${digest}` },
    ]);
    expect(problems({ container_image: `app:${'a'.repeat(129)}` })).toHaveLength(1);
    expect(problems({ container_image: `app@sha256:${'a'.repeat(63)}` })).toHaveLength(1);
  });

  it('takes any port of an image that may be root', () => {
    expect(problems({ container: 'custom', container_port: 80, auth: 'none', rest_facade: false })).toEqual([]);
  });

  it.each([
    'cron(0 6 ? * SAT,SUN *)',
    'cron(0/15 8-18 ? * MON-FRI *)',
    'cron(0 0 1,15 JAN-MAR ? 2026-2030)',
    'cron(5 4 L * ? *)',
    'cron(5 4 15W * ? *)',
    'cron(0 3 ? * 2#1 *)',
    'cron(0 3 ? * FRIL *)',
    'cron(* * * * ? *)',
  ])('takes %s', (cron) => {
    expect(problems({ scale_schedules: { night: { cron, min: 0, max: 2 } } })).toEqual([]);
  });

  it.each(['postgres', 'app_user', 'a'])('takes %s as the owner of a database', (db_username) => {
    expect(problems({ db_username })).toEqual([]);
  });

  it('takes a digest, and a port in the registry', () => {
    const digest = `localhost:5000/app@sha256:${'a'.repeat(64)}`;
    expect(parsed({ container_image: digest }).container_image).toBe(digest);
  });

  it.each(settingNames)('%s says what it means and gives an example', (name) => {
    expect(settings[name].description).toMatch(/^.{10,}\.$/s);
    expect(settings[name].example).not.toBe('');
  });
});

describe('several regions', () => {
  // A custom image keeps no state here that regions could share.
  const two = {
    ...both,
    container: 'custom',
    store_mode: 'none',
    auth: 'none',
    sso_issuer: undefined,
    sso_client_id: undefined,
  };

  it('have settings of their own, and share the rest', () => {
    const result = parseSettings({ ...small, ...two });
    expect(result).toMatchObject({
      ok: true,
      regions: [
        { regions: ['us-east-1', 'us-west-2'], vpc_cidr: '10.0.0.0/16', task_cpu: 512, latency_routing: true },
        { regions: ['us-west-2', 'us-east-1'], vpc_cidr: '10.9.0.0/16', task_cpu: 512, state_region: 'us-east-1' },
      ],
    });
  });

  it('share one state where one of them is the home, and are not chosen by latency', () => {
    const result = parseSettings({ ...small, ...shared, home_region: 'us-west-2' });
    const same = { home_region: 'us-west-2', primary_region: 'us-east-1', latency_routing: false };
    expect(result).toMatchObject({ ok: true, regions: [same, same] });
    const shapes = result.ok ? result.regions.map(shapeOf) : [];
    for (const shape of shapes) expect(shape).toMatchObject({ sharedState: true, oneOfRegions: true });
  });

  it('are named by what is wrong in them', () => {
    const wrong = { ...two.region_settings['us-west-2'], vpc_cidr: '10.8.0.0/16' };
    expect(problems({ ...two, region_settings: { 'us-west-2': wrong } })).toContain(
      'region_settings.us-west-2.public_cidrs must lie inside vpc_cidr (in us-west-2)',
    );
    expect(problems({ regions: ['us-east-1', 'us-west-2'] })).toContainEqual(
      expect.stringMatching(/^availability_zones must lie in the region.*\(in us-west-2\)$/),
    );
  });

  it('take regional settings only, for regions of the environment only', () => {
    expect(
      problems({
        ...two,
        region_settings: { 'us-west-2': { ...two.region_settings['us-west-2'], log_retention_days: 7 } },
      }),
    ).toEqual([
      `region_settings.us-west-2.log_retention_days cannot differ between regions; these can: ${regionalSettings.join(', ')}`,
    ]);
    expect(problems({ region_settings: { 'eu-west-1': {} } })).toEqual([
      'region_settings.eu-west-1 is no region of this environment: add it to regions',
    ]);
  });
});

describe('defaults that follow from other settings', () => {
  it('tell of threats wherever there may be a detector', () => {
    expect(parsed({ environment: 'prod', guardduty: false }).guardduty_findings).toBe(true);
    expect(parsed({ guardduty: true }).guardduty_findings).toBe(true);
    expect(parsed({ guardduty: true, guardduty_findings: false }).guardduty_findings).toBe(false);
  });

  it('turn on in prod what protects data', () => {
    const keeps = [
      'deletion_protection',
      'db_multi_az',
      'backups',
      'audit_archive',
      'log_archive',
      'guardduty',
      'guardduty_findings',
    ] as const;
    const [dev, prod] = [parsed(), parsed({ environment: 'prod' })];
    expect(keeps.map((name) => [dev[name], prod[name]])).toEqual(keeps.map(() => [false, true]));
    expect([dev.db_backup_days, parsed({ environment: 'staging' }).db_backup_days, prod.db_backup_days]).toEqual([
      7, 14, 35,
    ]);
  });

  it.each([
    ['dev', 'dev'],
    ['test', 'dev'],
    ['qa', 'staging'],
    ['eu-staging', 'staging'],
    ['production', 'prod'],
    ['eu-prod', 'prod'],
    ['prod-test', 'prod'],
    ['mine', 'prod'],
  ])('look at the kind, which for %s is %s unless it is given', (environment, kind) => {
    expect(parsed({ environment })).toMatchObject({ environment, kind, deletion_protection: kind === 'prod' });
    expect(parsed({ environment, kind: 'dev' })).toMatchObject({ kind: 'dev', deletion_protection: false });
  });

  it('take the name of the file for that of the environment, unless one is given', () => {
    const named = (raw: RawSettings) => parseSettings({ ...small, ...raw }, 'eu-prod');
    expect(named({ environment: undefined })).toMatchObject({
      ok: true,
      regions: [{ environment: 'eu-prod', kind: 'prod', name_prefix: 'shop-eu-prod', secret_prefix: 'shop/eu-prod' }],
    });
    expect(named({})).toMatchObject({ ok: true, regions: [{ environment: 'dev', kind: 'dev' }] });
  });

  it('name things after the project and the environment', () => {
    expect(parsed()).toMatchObject({
      name_prefix: 'shop-dev',
      table_prefix: 'shop-dev-',
      secret_prefix: 'shop/dev',
      state_bucket: 'shop-111122223333-terraform-state',
      token_audience: 'https://mcp.example.com/mcp',
      origin_domain_name: 'origin-mcp.example.com',
    });
  });

  it('keep a fixed count unless it scales', () => {
    expect(parsed({ desired_count: 4 })).toMatchObject({ min_count: 4, max_count: 4 });
    expect(parsed({ desired_count: 4, autoscale: true, min_count: 2, max_count: 9 })).toMatchObject({
      min_count: 2,
      max_count: 9,
    });
  });

  it('keep a value that was given, false included', () => {
    expect(parsed({ environment: 'prod', deletion_protection: false, guardduty: false })).toMatchObject({
      deletion_protection: false,
      guardduty: false,
    });
  });
});

describe('the shape of an environment', () => {
  it.each([
    [
      'a public load balancer',
      {},
      { containers: true, vpc: true, loadBalancer: true, httpApi: false, distribution: false, waf: 'none', tls: true },
    ],
    [
      'an HTTP API before containers',
      { ingress_mode: 'api-gateway' },
      { httpApi: true, vpcLink: true, authorizer: true, distribution: false },
    ],
    ['CloudFront', { ...edge, waf: 'full' }, { distribution: true, httpApi: true, vpcLink: true, waf: 'distribution' }],
    ['a web ACL on the load balancer', { waf: 'basic' }, { waf: 'load-balancer' }],
    [
      'a function',
      lambda,
      {
        containers: false,
        vpc: false,
        loadBalancer: false,
        targetGroups: false,
        httpApi: true,
        vpcLink: false,
        distribution: true,
      },
    ],
    ['a function with PostgreSQL', { ...lambda, store_mode: 'postgres' }, { vpc: true, loadBalancer: false }],
    ['no NAT', { nat_mode: 'none' }, { publicTasks: true }],
    [
      'no load balancer between weekends',
      { ...weekend, destroy_albs_when_scaled_down: true, alb_enabled: false },
      { loadBalancer: false, targetGroups: true },
    ],
    ['two colours', { blue_green: true }, { colours: ['blue', 'green'] }],
  ])('%s', (_, changes, shape) => {
    expect(shapeOf(parsed(changes))).toMatchObject(shape);
  });

  it.each([
    ['none', 0],
    ['single', 1],
    ['per-az', 2],
    [2, 2],
  ])('nat_mode %s makes %s gateways', (nat_mode, count) => {
    expect(natGateways(parsed({ nat_mode }))).toBe(count);
  });
});
