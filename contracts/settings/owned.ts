/**
 * What Terraform sets once and then leaves alone, because somebody else owns it from then on. The settings' reference,
 * plans, drift and the doctor read this table; a test compares it with every `ignore_changes` of every environment.
 */
import type { SettingName } from './index.ts';
import type { Settings } from './resolve.ts';

export interface Owned {
  /** Terraform's type of resource. */
  readonly type: string;
  /** Attributes that Terraform ignores, as they stand in `ignore_changes`. */
  readonly attributes: readonly string[];
  /** What that is, for people. */
  readonly what: string;
  /** Settings that give the first value. Empty: no setting says anything about it. */
  readonly settings: readonly SettingName[];
  /** The settings with which it is so, completing "With ...". Empty: always. */
  readonly when: string;
  /** Who sets it once it stands, with a verb. */
  readonly owner: string;
  /** What changes it. */
  readonly command: string;
}

/** Where the commands are explained. */
export const ownedRunbook = 'docs/runbooks/counts-and-weights.md';

const scale = 'npm run scale -- --environment <name>';

export const owned = [
  {
    type: 'aws_ecs_service',
    attributes: ['desired_count'],
    what: 'the count of tasks',
    settings: ['desired_count'],
    when: 'autoscale, blue_green, weekend_only or scale_schedules',
    owner: 'scaling, schedules and operators own',
    command: `${scale} --desired <tasks>`,
  },
  {
    type: 'aws_appautoscaling_target',
    attributes: ['min_capacity', 'max_capacity'],
    what: 'the bounds of the count of tasks',
    settings: ['min_count', 'max_count'],
    when: 'blue_green, weekend_only or scale_schedules',
    owner: 'schedules and operators own',
    command: `${scale} --min <tasks> --max <tasks>`,
  },
  {
    type: 'aws_appautoscaling_scheduled_action',
    attributes: ['scalable_target_action'],
    what: 'the counts of a schedule',
    settings: ['scale_schedules', 'desired_count', 'max_count'],
    when: 'blue_green',
    owner: 'operators own',
    command: `${scale} --schedule <schedule> --min <tasks> --max <tasks>`,
  },
  {
    type: 'aws_lb_listener_rule',
    attributes: ['action'],
    what: 'the weights of the colours',
    settings: ['active_colour'],
    when: 'blue_green',
    owner: 'operators own',
    command: 'npm run cutover -- --environment <name> start',
  },
  {
    type: 'aws_autoscaling_group',
    attributes: ['desired_capacity'],
    what: 'the count of instances',
    settings: ['desired_count'],
    when: 'autoscale and compute_mode ec2',
    owner: 'scaling and operators own',
    command: `${scale} --desired <instances>`,
  },
  {
    type: 'aws_lambda_alias',
    attributes: ['routing_config'],
    what: 'the weights of the versions',
    settings: [],
    when: '',
    owner: 'operators own',
    command: 'aws lambda update-alias',
  },
  {
    type: 'aws_lambda_alias',
    attributes: ['function_version'],
    what: 'the version in service',
    settings: [],
    when: 'lambda_cutover',
    owner: 'cutovers own',
    command: 'npm run cutover -- --environment <name> start',
  },
  {
    type: 'aws_autoscaling_group',
    attributes: ['launch_template[0].version'],
    what: 'the version of the launch template in service',
    settings: [],
    when: 'instance_cutover',
    owner: 'cutovers own',
    command: 'npm run cutover -- --environment <name> start',
  },
  {
    type: 'aws_elasticache_replication_group',
    attributes: ['auth_token', 'auth_token_update_strategy'],
    what: 'the token of the cache',
    settings: [],
    when: '',
    owner: 'the secret of the cache owns',
    command: 'npm run secrets -- rotate --environment <name> --name cache-credentials',
  },
  {
    type: 'aws_cognito_identity_provider',
    attributes: ['provider_details["ActiveEncryptionCertificate"]'],
    what: 'the certificate that SAML requests are encrypted for',
    settings: [],
    when: '',
    owner: 'Cognito owns',
    command: 'nothing: Cognito reads it from the metadata of the identity provider',
  },
  {
    type: 'aws_route53_record',
    attributes: ['name', 'type', 'records'],
    what: 'the record that proves a name to be ours',
    settings: [],
    when: '',
    owner: 'Certificate Manager owns',
    command: 'nothing: it asks for the same record for every certificate of an account and name',
  },
] as const satisfies readonly Owned[];

/** The rows about what a setting gives the first value of. */
export const ownedOf = (setting: SettingName): readonly Owned[] => {
  const rows: readonly Owned[] = owned;
  return rows.filter(({ settings }) => settings.includes(setting));
};

/** What of the counts is not Terraform's once it stands. */
export interface Ownership {
  readonly count: boolean;
  readonly bounds: boolean;
  /** Those that schedules set. */
  readonly schedules: boolean;
}

type Scaled = Pick<Settings, 'autoscale' | 'blue_green' | 'compute_mode' | 'scale_schedules' | 'weekend_only'>;

export const ownershipOf = (settings: Scaled): Ownership => {
  const { autoscale, blue_green, compute_mode, scale_schedules, weekend_only } = settings;
  // A function has no count.
  if (compute_mode !== 'fargate')
    return { count: autoscale && compute_mode === 'ec2', bounds: false, schedules: false };
  const scheduled = weekend_only || Object.keys(scale_schedules).length > 0;
  return { count: autoscale || blue_green || scheduled, bounds: blue_green || scheduled, schedules: blue_green };
};
