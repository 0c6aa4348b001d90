/** Settings: what runs, how large, how many. */
import { z } from 'zod';
import { mostAt } from '../limits/index.ts';
import { cronExpression } from './cron.ts';
import {
  choice,
  defaultText,
  flag,
  integer,
  list,
  map,
  optionalChoice,
  optionalInteger,
  optionalText,
  setting,
} from './setting.ts';

const image = {
  pattern: /^[a-z0-9._-]+(:\d+)?(\/[a-z0-9._-]+)*(:(?!latest$)[\w.-]{1,128}|(:[\w.-]{1,128})?@sha256:[0-9a-f]{64})$/,
  be: 'an image by its name in lower case, without https://, and a tag other than latest, or a digest',
  example: '"111122223333.dkr.ecr.us-east-1.amazonaws.com/countersign:v1.0.0"',
  regional: true,
};
const variableName = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]*$/, { error: 'must be an environment variable name such as LOG_LEVEL' });

const countError = 'must be a whole number from 0 to 500 (tasks)';
const taskCount = z.int({ error: countError }).min(0, { error: countError }).max(500, { error: countError });

/** What a container that is not Countersign's own may be granted. */
export const taskGrants = ['data-bucket', 'identity', 'mail', 'metrics', 'queues', 'secrets', 'tables'] as const;
export type TaskGrant = (typeof taskGrants)[number];

export const compute = {
  compute_mode: choice({
    description:
      'fargate: containers on ECS Fargate. lambda: the same service as a function. ec2: one small instance group.',
    values: ['fargate', 'lambda', 'ec2'],
    default: 'fargate',
  }),
  container: choice({
    description:
      'countersign: this repository’s service, whose environment follows from these settings. custom: your own image, which gets only container_env and container_secrets.',
    values: ['countersign', 'custom'],
    default: 'countersign',
  }),
  container_image: optionalText({
    description:
      'Image to run, by tag or digest. With both the digest decides. Required unless compute_mode is lambda.',
    ...image,
  }),
  image_blue: optionalText({ description: 'Image of the blue colour. Default: container_image.', ...image }),
  image_green: optionalText({ description: 'Image of the green colour. Default: container_image.', ...image }),
  container_name: defaultText({
    description: 'Name of the container in the task definition.',
    pattern: /^[a-zA-Z][\w-]{0,127}$/,
    be: 'letters, digits, _ and -',
    default: 'mcp-server',
  }),
  container_port: integer({
    description:
      'Port the container listens on; target groups, security groups and network ACLs follow it. Below 1024 only for container custom.',
    default: 3000,
    min: 1,
    max: 65535,
  }),
  port_blue: optionalInteger({
    description: 'Port of the blue colour. Default: container_port. Change one colour at a time.',
    min: 1,
    max: 65535,
  }),
  port_green: optionalInteger({
    description: 'Port of the green colour. Default: container_port. Change one colour at a time.',
    min: 1,
    max: 65535,
  }),
  container_env: map({
    description:
      'Environment variables of the container. For countersign: variables of docs/configuration.md that are no secret; they win over what follows from the settings.',
    key: variableName,
    value: z.string({ error: 'must be a text in quotes' }),
    example: '{ LOG_LEVEL = "info" }',
  }),
  container_secrets: map({
    description:
      'Environment variables from Secrets Manager: `name` or `name:key` of a JSON secret. The name follows secret_prefix; an empty secret is made, `npm run secrets` fills it.',
    key: variableName,
    value: z.string().regex(/^[\w+=.@/-]+(:\w+)?$/, { error: 'must be a secret name, or name:key' }),
    example: '{ API_KEY = "api-key", SSO_CLIENT_SECRET = "oauth-credentials:client_secret" }',
  }),
  health_check_path: defaultText({
    description: 'Path a load balancer asks.',
    pattern: /^\/[\w./-]*$/,
    be: 'a path such as /ready',
    default: '/ready',
  }),
  health_check_interval_seconds: integer({
    description:
      'Time between two health checks of the load balancer. A task that stops serves on until its balancer has noticed: this times health_check_unhealthy, and 5 seconds.',
    unit: 'seconds',
    default: 10,
    min: 5,
    max: 300,
  }),
  health_check_timeout_seconds: integer({
    description: 'Time a health check may take; less than the interval.',
    unit: 'seconds',
    default: 5,
    min: 2,
    max: 120,
  }),
  health_check_healthy: integer({
    description: 'Checks in a row that make a target healthy.',
    unit: 'checks',
    default: 2,
    min: 2,
    max: 10,
  }),
  health_check_unhealthy: integer({
    description: 'Failed checks in a row that make a target unhealthy.',
    unit: 'checks',
    default: 2,
    min: 2,
    max: 10,
  }),
  health_check_start_seconds: integer({
    description: 'Time a starting container may fail its checks.',
    unit: 'seconds',
    default: 60,
    min: 0,
    max: 300,
  }),
  container_check_interval_seconds: integer({
    description: 'Time between two of the container’s own health checks.',
    unit: 'seconds',
    default: 30,
    min: 5,
    max: 300,
  }),
  container_check_retries: integer({
    description: 'Failed checks of the container’s own in a row after which it is replaced.',
    unit: 'checks',
    default: 3,
    min: 1,
    max: 10,
  }),
  health_check_command: list({
    description:
      'The container’s own health check. Default for countersign: its own, with node. For a custom image without it there is none: slim images hold no curl.',
    item: z.string(),
    example: '["CMD-SHELL", "curl -f http://localhost:8080/health || exit 1"]',
  }),
  task_cpu: integer({
    description: 'CPU of a task.',
    unit: 'CPU units, 1024 a vCPU',
    default: 512,
    min: 256,
    max: 16384,
  }),
  task_memory: integer({
    description: 'Memory of a task; Fargate allows certain pairs with task_cpu.',
    unit: 'MiB',
    default: 1024,
    min: 512,
    max: 122880,
  }),
  task_storage_gb: integer({
    description:
      'Ephemeral storage of a task, which its image takes a part of. Fargate includes 20 GiB; more is charged by the hour.',
    unit: 'GiB',
    default: 20,
    min: 20,
    max: 200,
  }),
  cpu_architecture: choice({
    description: 'Processor of tasks and functions; ARM64 costs a fifth less and needs an image built for it.',
    values: ['X86_64', 'ARM64'],
    default: 'X86_64',
  }),
  desired_count: integer({
    description: 'Tasks to run. With autoscale: how many to start with.',
    unit: 'tasks',
    default: 2,
    min: 0,
    max: 500,
    regional: true,
  }),
  autoscale: flag({
    description: 'Scales between min_count and max_count. Schedules work without it.',
    default: false,
  }),
  min_count: optionalInteger({
    description: 'Fewest tasks with autoscale. Default: desired_count.',
    unit: 'tasks',
    min: 0,
    max: 500,
  }),
  max_count: optionalInteger({
    description: 'Most tasks with autoscale. Default: desired_count.',
    unit: 'tasks',
    min: 1,
    max: 500,
  }),
  scale_policy: choice({
    description:
      'target: keeps CPU, memory and requests near their targets. step: adds and removes one task on CPU thresholds, and follows the memory target.',
    values: ['target', 'step'],
    default: 'target',
  }),
  cpu_target: optionalInteger({ description: 'CPU to keep near. Default: 70.', unit: '%', min: 10, max: 95 }),
  memory_target: optionalInteger({ description: 'Memory to keep near. Default: none.', unit: '%', min: 10, max: 95 }),
  requests_target: optionalInteger({
    description: 'Requests per target and minute to keep near. Default: none.',
    unit: 'requests a minute',
    min: 1,
    max: 1_000_000,
  }),
  step_out_cpu: integer({
    description: 'With scale_policy step: CPU above which a task is added.',
    unit: '%',
    default: 70,
    min: 10,
    max: 99,
  }),
  step_out_minutes: integer({
    description: 'Minutes the CPU must stay above it.',
    unit: 'minutes',
    default: 3,
    min: 1,
    max: 60,
  }),
  step_in_cpu: integer({
    description: 'With scale_policy step: CPU below which a task is removed.',
    unit: '%',
    default: 30,
    min: 1,
    max: 90,
  }),
  step_in_minutes: integer({
    description: 'Minutes the CPU must stay below it.',
    unit: 'minutes',
    default: 10,
    min: 1,
    max: 60,
  }),
  scale_out_cooldown_seconds: integer({
    description: 'Pause after adding tasks.',
    unit: 'seconds',
    default: 60,
    min: 0,
    max: 3600,
  }),
  scale_in_cooldown_seconds: integer({
    description: 'Pause after removing tasks.',
    unit: 'seconds',
    default: 300,
    min: 0,
    max: 3600,
  }),
  spot_share: integer({
    description:
      'Share of the tasks on Fargate Spot, which AWS may stop with two minutes’ notice. Another share is a rolling deployment.',
    unit: '%',
    default: 0,
    min: 0,
    max: 100,
  }),
  spot_base: integer({
    description: 'Tasks that always run on demand, before the share counts. Another number is a rolling deployment.',
    unit: 'tasks',
    default: 0,
    min: 0,
    max: 100,
  }),
  blue_green: flag({
    description: 'Two services and target groups behind one weighted rule. Traffic is shifted outside Terraform.',
    default: false,
  }),
  active_colour: choice({
    description: 'Colour that takes all traffic when the rule is made first, and the one schedules scale up.',
    values: ['blue', 'green'],
    default: 'blue',
  }),
  cutover_hold_hours: optionalInteger({
    description:
      'With blue_green or lambda_cutover: how long a cutover keeps the old colour, or version, without traffic before it scales it in. With instance_cutover: how long it stays open after the last instance was replaced, so that rollback goes back. Default: until no call can be open on the old one any more (330 s).',
    unit: 'hours',
    min: 1,
    max: 720,
  }),
  minimum_healthy_percent: integer({
    description: 'Tasks that stay while deploying.',
    unit: '%',
    default: 100,
    min: 0,
    max: 100,
  }),
  maximum_percent: integer({
    description: 'Tasks that may run while deploying.',
    unit: '%',
    default: 200,
    min: 100,
    max: 400,
  }),
  circuit_breaker: flag({ description: 'Rolls a deployment back whose tasks do not become healthy.', default: true }),
  execute_command: flag({
    description:
      'ECS Exec into running tasks, its session logged and encrypted. Not in prod. Switched off, the log of past sessions goes too.',
    default: false,
  }),
  container_user: optionalText({
    description:
      'User the container runs as, by number; never root. Default: 1000:1000 with Countersign, else the one that the image names, which ECS.20 of the best practices does not see.',
    pattern: /^[1-9]\d{0,9}(:[1-9]\d{0,9})?$/,
    be: 'a number other than 0, or two with a colon, such as 1000:1000',
    example: '"1000:1000"',
  }),
  readonly_root: flag({
    description: 'Read-only root file system; /tmp stays writable. Off only for images that need it.',
    default: true,
  }),
  stop_timeout_seconds: integer({
    description: 'Time from SIGTERM to SIGKILL.',
    unit: 'seconds',
    default: 120,
    min: 2,
    max: 120,
  }),
  weekend_only: flag({
    description: 'Runs on Saturdays and Sundays only, from weekend_hours_start to weekend_hours_end.',
    default: false,
  }),
  weekend_hours_start: integer({
    description: 'Hour the weekend’s service starts.',
    unit: 'hour, UTC',
    default: 6,
    min: 0,
    max: 23,
  }),
  weekend_hours_end: integer({
    description: 'Hour the weekend’s service ends.',
    unit: 'hour, UTC',
    default: 22,
    min: 0,
    max: 23,
  }),
  destroy_albs_when_scaled_down: flag({
    description:
      'With weekend_only: the load balancer exists from 60 minutes before Saturday’s first task to 15 minutes after Sunday’s last one only; npm run weekend makes and removes it. Needs a domain name.',
    default: false,
  }),
  alb_enabled: flag({
    description: 'false removes load balancer, listeners and DNS record, and keeps target groups and services.',
    default: true,
  }),
  scale_schedules: setting(
    z
      .record(
        z.string().regex(/^[a-z][a-z0-9-]{0,30}$/, { error: 'must be a short name in lower case' }),
        z.strictObject({ cron: cronExpression, min: taskCount, max: taskCount }),
      )
      .default({}),
    {
      description: 'Other times at which the task counts change, in UTC.',
      example: '{ night = { cron = "cron(0 20 ? * * *)", min = 1, max = 2 } }',
    },
  ),
  instance_type: defaultText({
    description: 'With compute_mode ec2: the instances.',
    pattern: /^[a-z0-9-]+\.[a-z0-9]+$/,
    be: 'an instance type such as t3.micro',
    default: 't3.micro',
  }),
  ami_id: optionalText({
    description:
      'With compute_mode ec2: an image with Docker and the SSM agent (Amazon Linux 2023). Required then: plans look nothing up.',
    pattern: /^ami-[0-9a-f]{8,17}$/,
    be: 'an AMI id',
    example: '"ami-0123456789abcdef0"',
    regional: true,
  }),
  instance_disk_gb: integer({
    description: 'With compute_mode ec2: encrypted gp3 disk of each instance.',
    unit: 'GB',
    default: 20,
    min: 8,
    max: 1000,
  }),
  lambda_memory_mb: integer({
    description: 'With compute_mode lambda: memory, which also sets the CPU.',
    unit: 'MB',
    default: 1024,
    min: 256,
    max: 10240,
  }),
  lambda_storage_mb: integer({
    description: 'Size of /tmp. Lambda includes 512 MB; more is charged by the second.',
    unit: 'MB',
    default: 512,
    min: 512,
    max: 10_240,
  }),
  lambda_timeout_seconds: integer({
    description: 'With compute_mode lambda: time of a request. API Gateway waits 29 s.',
    unit: 'seconds',
    default: 29,
    min: 3,
    max: 29,
  }),
  lambda_reserved_concurrency: optionalInteger({
    description: 'With compute_mode lambda: most executions at once. Default: the account’s own limit.',
    unit: 'executions',
    min: 1,
    max: 1000,
  }),
  lambda_provisioned_concurrency: integer({
    description: 'With compute_mode lambda: executions kept warm, which cost by the hour.',
    unit: 'executions',
    default: 0,
    min: 0,
    max: 1000,
  }),
  lambda_cutover: flag({
    description:
      'With compute_mode lambda: a deployment publishes a version and leaves traffic where it is; npm run cutover shifts it. Without it a deployment shifts all traffic at once. Executions kept warm then belong to the versions, so a changed number takes effect with the next cutover, for the new version.',
    default: false,
  }),
  instance_cutover: flag({
    description:
      'With compute_mode ec2: a deployment makes a version of the launch template and leaves the instances as they are; npm run cutover replaces them, share by share, and goes back by itself. Without it a deployment replaces all of them one after the other.',
    default: false,
  }),
  task_grants: list({
    description: 'With container custom: what its task role may use.',
    item: z.enum(taskGrants, { error: `must be one of ${taskGrants.join(', ')}` }),
    example: '["data-bucket", "identity"]',
  }),
  service_discovery: flag({ description: 'A private DNS name for the tasks, with AWS Cloud Map.', default: false }),
  discovery_namespace: defaultText({
    description: 'Private DNS namespace.',
    pattern: /^[a-z0-9][a-z0-9.-]{0,62}$/,
    be: 'a DNS name',
    default: 'app-services',
  }),
  discovery_service: defaultText({
    description: 'Name of the service in it.',
    pattern: /^[a-z0-9][a-z0-9-]{0,62}$/,
    be: 'a DNS label',
    default: 'app',
  }),
  discovery_ttl_seconds: integer({
    description: 'Life of its DNS records.',
    unit: 'seconds',
    default: 60,
    min: 1,
    max: 3600,
  }),
  job_queue: optionalChoice({
    description:
      'What carries jobs between tasks. sqs: a queue with dead letters, and a schedule that ticks each minute. tables: each task looks into the tables every two seconds; a function looks beside its requests, and not without any. Default: sqs in staging and prod, tables in dev, with weekend_only and with container custom.',
    values: ['tables', 'sqs'],
  }),
  queues: list({
    description: 'Work queues (SQS, each with a dead-letter queue) besides that of jobs.',
    item: z.string().regex(/^(?!.*-dead$)[a-z][a-z0-9-]{0,40}$/, {
      error:
        'must be 1 to 41 lower-case letters, digits and hyphens, beginning with a letter and not ending in -dead, as dead-letter queues do',
    }),
    example: '["evaluations"]',
    // Each and its dead-letter queue are a line in one widget.
    most: mostAt('aws_cloudwatch_dashboard.dashboard_body.widgets.properties.metrics') / 2,
  }),
} as const;
