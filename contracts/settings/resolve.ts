/** Defaults that depend on other settings, and the settings of one region. */
import type { GivenSettings } from './index.ts';
import { type EnvironmentKind, kindOf } from './kind.ts';

/** As given, with the name and the kind that every other default may look at. */
type NamedSettings = GivenSettings & { readonly environment: string; readonly kind: EnvironmentKind };

const backupDays = { dev: 7, staging: 14, prod: 35 } as const;

const resolveNames = (given: NamedSettings) => {
  const name_prefix = given.name_prefix ?? `${given.project_name}-${given.environment}`;
  return {
    name_prefix,
    state_bucket: given.state_bucket ?? `${given.project_name}-${given.account_id}-terraform-state`,
    state_region: given.state_region ?? given.regions[0] ?? '',
    // The first of the file, also in the settings of another region: see parse.ts.
    primary_region: given.regions[0] ?? '',
    table_prefix: given.table_prefix ?? `${name_prefix}-`,
    secret_prefix: given.secret_prefix ?? `${given.project_name}/${given.environment}`,
    cognito_domain_prefix: given.cognito_domain_prefix ?? `${name_prefix}-${given.account_id}`,
  };
};

/** Without the tag where there is a digest: AWS takes one of the two. */
const pinned = (image: string | undefined): string | undefined => image?.replace(/:[\w.-]+(?=@sha256:)/, '');

/** Between weekends nothing would take what comes to a queue. A custom container has no jobs. */
const carriesJobs = ({ kind, container, weekend_only }: NamedSettings): boolean =>
  container === 'countersign' && kind !== 'dev' && !weekend_only;

const resolveCompute = (given: NamedSettings) => ({
  job_queue: given.job_queue ?? (carriesJobs(given) ? ('sqs' as const) : ('tables' as const)),
  container_image: pinned(given.container_image),
  image_blue: pinned(given.image_blue ?? given.container_image),
  image_green: pinned(given.image_green ?? given.container_image),
  port_blue: given.port_blue ?? given.container_port,
  port_green: given.port_green ?? given.container_port,
  min_count: given.autoscale ? (given.min_count ?? given.desired_count) : given.desired_count,
  max_count: given.autoscale ? (given.max_count ?? given.desired_count) : given.desired_count,
  cpu_target: given.cpu_target ?? 70,
});

const resolveIngress = (given: GivenSettings) => {
  const lambda = given.compute_mode === 'lambda';
  const behindEdge = (prefix: string): string | undefined =>
    given.domain_name === undefined ? undefined : `${prefix}-${given.domain_name}`;
  // The registrable part of a name cannot be told from the name; with three labels or more the first is a host's.
  const labels = given.domain_name?.split('.') ?? [];
  return {
    hosted_zone_name: given.hosted_zone_name ?? (labels.length > 2 ? labels.slice(1).join('.') : given.domain_name),
    // A function is reached through the HTTP API alone; the facade is a part of it then.
    rest_facade: given.rest_facade ?? given.ingress_mode !== 'alb',
    origin_domain_name: given.origin_domain_name ?? behindEdge('origin'),
    api_domain_name: given.api_domain_name ?? behindEdge('api'),
    // Of two regions that share a state only the home is answered.
    latency_routing: given.latency_routing ?? (given.regions.length > 1 && given.home_region === undefined),
    alb_internal:
      given.alb_internal ??
      (!lambda &&
        (given.ingress_mode === 'api-gateway' ||
          (given.ingress_mode === 'edge' && given.origin_access === 'vpc-origin'))),
    api_key_header: given.api_key_header ?? 'x-api-key',
    token_audience:
      given.token_audience ?? (given.domain_name === undefined ? undefined : `https://${given.domain_name}/mcp`),
  };
};

const hasSecrets = ({ container, container_secrets }: NamedSettings): boolean =>
  container === 'countersign' || Object.keys(container_secrets).length > 0;

const resolveArchive = (given: NamedSettings) => {
  const audit_archive = given.audit_archive ?? keptFor(given);
  return {
    audit_archive,
    audit_export: given.audit_export ?? (audit_archive && given.container === 'countersign'),
    log_archive: given.log_archive ?? audit_archive,
  };
};

/** What is kept for later where nobody says otherwise. */
const keptFor = ({ kind, store_mode }: NamedSettings): boolean => kind === 'prod' && store_mode !== 'none';

const resolveState = (given: NamedSettings) => {
  const prod = given.kind === 'prod';
  return {
    deletion_protection: given.deletion_protection ?? prod,
    db_max_gb: given.db_max_gb ?? Math.min(given.db_gb * 5, 65_536),
    db_multi_az: given.db_multi_az ?? prod,
    db_backup_days: given.db_backup_days ?? backupDays[given.kind],
    apply_immediately: given.apply_immediately ?? given.kind === 'dev',
    secret_recovery_days: given.secret_recovery_days ?? (prod ? 30 : 0),
    db_insights: given.db_insights ?? prod,
    bucket_versioning: given.bucket_versioning ?? given.kind !== 'dev',
    bucket_lifecycle: given.bucket_lifecycle ?? prod,
    ...resolveArchive(given),
    // Of the best practices, SecretsManager.4 says 90.
    secret_rotation_days: given.secret_rotation_days ?? (prod && hasSecrets(given) ? 90 : undefined),
    backups: given.backups ?? keptFor(given),
  };
};

const resolveOperations = (given: NamedSettings) => {
  const prod = given.kind === 'prod';
  return {
    roles_claim: given.roles_claim ?? (given.auth === 'cognito' ? 'cognito:groups' : 'groups'),
    cognito_threat_protection: given.cognito_threat_protection ?? prod,
    cognito_mfa: given.cognito_mfa ?? (prod ? ('on' as const) : ('optional' as const)),
    log_level: given.log_level ?? (given.kind === 'dev' ? 'debug' : 'info'),
    alarm_p99_ms: given.alarm_p99_ms ?? 5000,
    guardduty: given.guardduty ?? prod,
    guardduty_findings: given.guardduty_findings ?? (given.guardduty === true || prod),
    cloudtrail: given.cloudtrail ?? prod,
    mail_from: given.mail_from ?? (given.mail_domain === undefined ? undefined : `no-reply@${given.mail_domain}`),
  };
};

const named = (given: GivenSettings): NamedSettings => {
  const environment = given.environment ?? '';
  return { ...given, environment, kind: given.kind ?? kindOf(environment) };
};

const derive = (given: NamedSettings) => ({
  environment: given.environment,
  kind: given.kind,
  ...resolveNames(given),
  ...resolveCompute(given),
  ...resolveIngress(given),
  ...resolveState(given),
  ...resolveOperations(given),
});

type Derived = ReturnType<typeof derive>;

/** All settings of one environment in one region, every default filled in. */
export type Settings = Readonly<Omit<GivenSettings, keyof Derived> & Derived>;

/** Fills in what follows from other settings. Of what nobody has named, the environment is an empty text. */
export const resolveSettings = (given: GivenSettings): Settings => ({ ...given, ...derive(named(given)) });
