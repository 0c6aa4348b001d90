import type { RawSettings } from './parse.ts';
import { settingRules } from './rules.ts';
import { accounts, both, custom, edge, lambda, problems, shared, sso, weekendOnly, west } from './testing/small.ts';

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
  ['tool_packs', { tool_packs: [] }, /at least one pack/],
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
  ['weekend_hours_end', { ...weekendOnly, weekend_hours_start: 22, weekend_hours_end: 6 }, /after weekend_hours_start/],
  ['weekend_only', { ...lambda, ...weekendOnly }, /needs compute_mode fargate/],
  ['destroy_albs_when_scaled_down', { destroy_albs_when_scaled_down: true }, /needs weekend_only/],
  ['destroy_albs_when_scaled_down', { ...weekendOnly, ...edge, destroy_albs_when_scaled_down: true }, /point nowhere/],
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
  ['job_queue', { weekend_only: true, job_queue: 'sqs' }, /must be tables with weekend_only/],
  ['job_queue', { container: 'custom', job_queue: 'sqs' }, /must be tables with container custom/],
  ['queues', { job_queue: 'sqs', queues: ['jobs'] }, /must not name jobs/],
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
    { ...custom, ...weekendOnly, destroy_albs_when_scaled_down: true, domain_name: undefined },
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
  ['audit_export', { audit_export: true }, /needs audit_archive/],
  ['audit_export', { ...custom, audit_archive: true, audit_export: true }, /container countersign/],
  ['log_archive', { log_archive: true }, /needs audit_archive/],
  ['notice_channels', { notice_channels: true, notices: false }, /must be false with notices = false/],
  ['notice_channels', { notice_channels: true, container: 'custom' }, /must be false with container custom/],
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
