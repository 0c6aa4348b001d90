/** Rules of what runs: sizes, counts, images, modes. */

import { environment, type VariableName } from '../environment.ts';
import { fargateMemory } from './fargate.ts';
import type { Settings } from './resolve.ts';
import { partRule, rule } from './rule.ts';
import { shapeOf } from './shape.ts';
import { drainSeconds, LEAST_GRACE, STOP_MARGIN } from './stopping.ts';

const fargate = (s: Settings) => s.compute_mode === 'fargate';
const own = (s: Settings) => s.container === 'countersign';
const isVariable = (name: string): name is VariableName => Object.hasOwn(environment, name);
const isSecret = (name: string): boolean => isVariable(name) && environment[name].secret;
/** The service refuses to start with it. It takes an empty variable for one that is not set. */
const isRefused = (name: string, value = ''): boolean =>
  isVariable(name) && !isSecret(name) && !environment[name].schema.safeParse(value || undefined).success;

/** A colour without a port of its own is not told of that of both. */
const isOwn = (s: Settings, port: 'container_port' | 'port_blue' | 'port_green'): boolean =>
  port === 'container_port' || s[port] !== s.container_port;

export const computeRules = [
  rule(
    'container_image',
    'is required unless compute_mode is lambda: an image with a tag or digest',
    (s) => s.compute_mode !== 'lambda' && s.container_image === undefined,
  ),
  rule(
    'container',
    'must be countersign with compute_mode lambda: a custom image is run by fargate or ec2',
    (s) => s.compute_mode === 'lambda' && !own(s),
  ),
  rule(
    'task_memory',
    'is no pair with task_cpu that Fargate takes, such as 256/512, 512/1024, 1024/2048, 1024/3072, 2048/4096',
    (s) => fargate(s) && fargateMemory[s.task_cpu]?.includes(s.task_memory) !== true,
  ),
  rule(
    'task_storage_gb',
    'needs compute_mode fargate: instance_disk_gb is the disk of an instance, lambda_storage_mb that of a function',
    (s) => s.task_storage_gb > 20 && !fargate(s),
  ),
  ...(['container_port', 'port_blue', 'port_green'] as const).flatMap((port) => [
    rule(
      port,
      'must be 1024 or higher for container countersign, which runs without root',
      (s) => isOwn(s, port) && own(s) && s[port] < 1024,
    ),
    rule(port, 'must not be 22: the network ACLs refuse SSH', (s) => isOwn(s, port) && s[port] === 22),
  ]),
  rule(
    'container_name',
    'must not be xray-collector with xray: the collector beside it is called so, and ECS takes a name once in a task',
    (s) => s.xray && s.container_name === 'xray-collector',
  ),
  rule('min_count', 'must not be above desired_count', (s) => s.min_count > s.desired_count),
  rule('max_count', 'must not be below desired_count', (s) => s.max_count < s.desired_count),
  rule('step_in_cpu', 'must be below step_out_cpu', (s) => s.step_in_cpu >= s.step_out_cpu),
  rule(
    'health_check_timeout_seconds',
    'must be less than health_check_interval_seconds',
    (s) => s.health_check_timeout_seconds >= s.health_check_interval_seconds,
  ),
  rule(
    'health_check_timeout_seconds',
    'must be less than container_check_interval_seconds',
    (s) => s.health_check_timeout_seconds >= s.container_check_interval_seconds,
  ),
  rule(
    'stop_timeout_seconds',
    'must leave time to stop: health_check_interval_seconds x health_check_unhealthy, and 15 seconds more; check more often, or need fewer failures',
    (s) => own(s) && shapeOf(s).targetGroups && s.stop_timeout_seconds < drainSeconds(s) + LEAST_GRACE + STOP_MARGIN,
  ),
  rule('spot_share', 'needs compute_mode fargate', (s) => s.spot_share > 0 && !fargate(s)),
  rule('blue_green', 'needs compute_mode fargate', (s) => s.blue_green && !fargate(s)),
  rule(
    'cutover_hold_hours',
    'needs blue_green, lambda_cutover or instance_cutover: there is nothing to keep',
    (s) => s.cutover_hold_hours !== undefined && !s.blue_green && !s.lambda_cutover && !s.instance_cutover,
  ),
  rule('instance_cutover', 'needs compute_mode ec2', (s) => s.instance_cutover && s.compute_mode !== 'ec2'),
  rule(
    'job_queue',
    'must be tables with weekend_only: between weekends nobody takes the ticks',
    (s) => s.job_queue === 'sqs' && s.weekend_only,
  ),
  rule(
    'job_queue',
    'must be tables with container custom: only Countersign has jobs',
    (s) => s.job_queue === 'sqs' && !own(s),
  ),
  rule(
    'queues',
    'must not name jobs with job_queue sqs: that is the queue of jobs itself',
    (s) => s.job_queue === 'sqs' && s.queues.includes('jobs'),
  ),
  rule('lambda_cutover', 'needs compute_mode lambda', (s) => s.lambda_cutover && s.compute_mode !== 'lambda'),
  rule(
    'lambda_provisioned_concurrency',
    'must not be above half of lambda_reserved_concurrency with lambda_cutover: two versions are kept warm for a while',
    (s) =>
      s.lambda_cutover &&
      s.lambda_reserved_concurrency !== undefined &&
      s.lambda_provisioned_concurrency * 2 > s.lambda_reserved_concurrency,
  ),
  rule('active_colour', 'green needs blue_green', (s) => s.active_colour === 'green' && !s.blue_green),
  rule(
    'execute_command',
    'must be false in prod, the kind of this environment: a shell in a task bypasses every approval',
    (s) => s.execute_command && s.kind === 'prod',
  ),
  rule(
    'weekend_hours_end',
    'must be after weekend_hours_start, both hours of one day in UTC',
    (s) => s.weekend_only && s.weekend_hours_end <= s.weekend_hours_start,
  ),
  rule('weekend_only', 'needs compute_mode fargate', (s) => s.weekend_only && !fargate(s)),
  rule(
    'destroy_albs_when_scaled_down',
    'needs weekend_only',
    (s) => s.destroy_albs_when_scaled_down && !s.weekend_only,
  ),
  rule(
    'destroy_albs_when_scaled_down',
    'cannot be with CloudFront or a VPC link, which would point nowhere: use ingress_mode alb',
    (s) => s.destroy_albs_when_scaled_down && s.ingress_mode !== 'alb',
  ),
  rule(
    'alb_enabled',
    'may be false only with destroy_albs_when_scaled_down',
    (s) => !s.alb_enabled && !s.destroy_albs_when_scaled_down,
  ),
  rule('scale_schedules', 'must have min at most max in every schedule', (s) =>
    Object.values(s.scale_schedules).some(({ min, max }) => min > max),
  ),
  rule(
    'scale_schedules',
    'needs compute_mode fargate',
    (s) => Object.keys(s.scale_schedules).length > 0 && !fargate(s),
  ),
  rule(
    'ami_id',
    'is required with compute_mode ec2: an Amazon Linux 2023 image of the region',
    (s) => s.compute_mode === 'ec2' && s.ami_id === undefined,
  ),
  rule('service_discovery', 'needs compute_mode fargate', (s) => s.service_discovery && !fargate(s)),
  rule(
    'lambda_provisioned_concurrency',
    'must not be above lambda_reserved_concurrency',
    (s) =>
      s.lambda_reserved_concurrency !== undefined && s.lambda_provisioned_concurrency > s.lambda_reserved_concurrency,
  ),
  rule(
    'task_grants',
    'are for container custom: Countersign’s own role follows from its tool packs',
    (s) => own(s) && s.task_grants.length > 0,
  ),
  rule(
    'container_env',
    'must not give ENVIRONMENT: it is the name of the environment, and local would open the sandbox',
    (s) => own(s) && Object.hasOwn(s.container_env, 'ENVIRONMENT'),
  ),
  partRule('container_env', 'is no variable of Countersign: see docs/configuration.md', (s) =>
    own(s) ? Object.keys(s.container_env).find((name) => !isVariable(name)) : undefined,
  ),
  partRule('container_env', 'holds a secret: move it to container_secrets', (s) =>
    own(s) ? Object.keys(s.container_env).find(isSecret) : undefined,
  ),
  partRule(
    'container_env',
    'is not what the variable takes, and no task would start: docs/configuration.md says what it must be',
    (s) => (own(s) ? Object.keys(s.container_env).find((name) => isRefused(name, s.container_env[name])) : undefined),
  ),
  partRule('container_secrets', 'is no secret of Countersign: see docs/configuration.md', (s) =>
    own(s) ? Object.keys(s.container_secrets).find((name) => !isSecret(name)) : undefined,
  ),
  partRule('container_secrets', 'is given by container_env too: keep one', (s) =>
    Object.keys(s.container_secrets).find((name) => Object.hasOwn(s.container_env, name)),
  ),
];
